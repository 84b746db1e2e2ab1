#!/usr/bin/env bats
# Attacks on and misuse of a program that uses libllexec.
load helpers
load capi

setup_file() { build_capi; }

@test "a command inherits no file descriptor of the caller but those that are passed" {
  needs_capi
  capture attack secrets
  # 3 is the descriptor of the shell for the directory that it lists.
  is "$(sed 's/root:.*/text/' <<<"${output}")" $'0 1 2 3 7 9 text\nstatus 0'
}

@test "a denial in one policy does not carry over to the next" {
  needs_capi
  printf 'x\n' >secret
  capture attack two_policies "${T}"
  is "${output}" $'first 1\nsecond 0\nsecond alone 0'
}

@test "16 threads start commands while others open files: no descriptor, zombie or memory leaks" {
  needs_capi
  capture attack threads 16 20
  is "${output}" $'wrong 0\ndescriptors 0\ngrown 0\nzombies 0'
}

@test "10,000 starts in 16 threads leak no descriptor, zombie or memory" {
  needs_capi
  needs_time
  capture attack threads 16 625
  is "${output}" $'wrong 0\ndescriptors 0\ngrown 0\nzombies 0'
}

@test "signal handlers of the caller do not run in the child, and signals do not make a start fail" {
  needs_capi
  capture attack storm
  is "${output}" $'failed 0\nalarms 1'
}

@test "without free descriptors or memory a start fails, runs nothing and leaves no descriptor open" {
  needs_capi
  capture attack exhausted
  is "$(grep -v '^made with' <<<"${output}")" $'spawn without descriptors -1\nEMFILE\nleft open 0\nspawn without memory -1\nENOMEM\nagain 0'
}

@test "where no process can be created a start fails and runs nothing" {
  needs_capi
  capture as_user "${CAPI}/attacks" no_processes
  is "${output}" $'spawn without processes -1\nEAGAIN'
}

@test "standard descriptors that the caller has closed are opened to /dev/null" {
  needs_capi
  capture attack closed
  is "$(sed -n '1p;3p' <<<"${output}" | sort -u)" /dev/null
  is "$(tail -n 2 <<<"${output}")" $'status 0\n0 is still closed 1'
}

@test "a seventeenth Landlock layer fails with an error that says why" {
  needs_capi
  needs_abi 1
  capture attack layers
  [[ ${output} == "layers 16"$'\n'*"the kernel allows no more"* ]]
}

@test "the library works in a child forked while other threads use it" {
  needs_capi
  capture attack forks
  is "${output}" "wrong 0"
}

@test "NUL, arguments of 100 KB, query options, unknown sizes and unknown flags are errors" {
  needs_capi
  capture attack odd_input
  is "${output}" $'0 nul:1:8\n0 argument:1:0\n0 --explain\n0 --help\n0 --check\n0 --ldd\n0 --status-fd=9\n0 -\n0 word\n0 -p-
nothing granted, nothing run -1\nno command -1\nan empty name -1\nan unknown flag 125\nan unknown size 125'
}

@test "a directory moved into the place of a granted one after the policy was made is not granted" {
  needs_capi
  mkdir in secret
  printf 'file\n' >in/file
  printf 'secret\n' >secret/file
  capture attack replaced "${T}"
  is "${output}" $'file\nbefore 0\nafter 1'
}

@test "a socket that is passed cannot send to any address, or is refused" {
  needs_capi
  capture attack sockets
  [[ ${output} == $'a socket that reaches nobody 0\n'@(held|refused) ]]
}

@test "ll_restrict_self restricts the calling thread, and other threads stay unrestricted" {
  needs_capi
  capture attack this_thread
  is "${output}" $'the thread 0\nthe others 0'
}

@test "ll_restrict_self restricts all threads or none, with an error that says what to do" {
  needs_capi
  capture as_user "${CAPI}/attacks" all_threads
  if (($(abi) >= 8)); then
    is "${output}" $'status 0\nthis one reads 0\nthe other reads 0\nalone 0'
  else
    is "$(head -n 3 <<<"${output}")" $'status 125\nthis one reads 1\nthe other reads 1'
    [[ ${output} == *"Landlock ABI 8"*"alone 0" ]]
  fi
}

@test "several threads query one policy at the same time" {
  needs_capi
  capture attack json_in_threads
  is "${output}" $'wrong 0\nan unknown question 0'
}

@test "a command starts with no signal blocked, SIGPIPE and SIGXFSZ at default, and ignored signals still ignored" {
  needs_capi
  trap '' HUP
  capture attack dispositions
  # 32 and 33 are glibc's own signals, which a parent that used posix_spawn(3), as make does, leaves ignored.
  local ignored
  ignored=$(sed -n 's/^SigIgn:\t//p' <<<"${output}")
  is "$((16#${ignored} & 0x7fffffff))" 1
  is "$(grep -vE 'Cgt|Ign' <<<"${output}")" $'SigBlk:\t0000000000000000\nstatus 0\nstill blocked 1'
}

@test "each system call of a start fails with each errno, and nothing runs with fewer restrictions" {
  needs_capi
  printf 'secret\n' >secret
  cp "${CAPI}/report" report
  capture ./report "${T}/secret"
  is "${status}" 77
  capture attack faults "${T}/report" "${T}/secret"
  is "${output}" $'not run 1\nrestricted 1\nnot restricted 0'
}

@test "memory settings of a policy apply to the command, not to the caller" {
  needs_capi
  capture attack modes "${PROBE}"
  is "${output}" $'without 0\nwith 1\nhuge -1\ntold\ncaller\'s 0'
}

@test "many commands under ll-net at once leave nothing behind, and a passed descriptor reaches its command alone" {
  needs_capi
  needs_abi 4
  capture attack hosts
  is "${output}" $'wrong 0\nmissing 1\ndescriptors 0\nstart 0\nat the end 0\nended by 15\nzombies 0'
}
