# bats file_tags=check
load helpers

# The seccomp filter and the directives that change it. The escape probes test it in breadth; this file
# tests the directives.

INET=2 UNIX=1 NETLINK=16 STREAM=1 DGRAM=2 RAW=3

@test "only sockets of granted kinds can be created" {
  refused EACCES sandboxed -- socket "${INET}" "${STREAM}" 0
  refused EACCES sandboxed -- socket "${INET}" "${DGRAM}" 0
  refused EACCES sandboxed -- socket "${NETLINK}" "${RAW}" 0
  assert_success "${PROBE}" socket "${INET}" "${STREAM}" 0
  assert_success "${PROBE}" socket "${INET}" "${DGRAM}" 0
  assert_success "${PROBE}" socket "${NETLINK}" "${RAW}" 0
  assert_success sandboxed --connect any -- socket "${INET}" "${STREAM}" 0
  assert_success sandboxed --connect any/udp -- socket "${INET}" "${DGRAM}" 0
}

@test "granting TCP grants no UDP, MPTCP, SCTP or raw socket" {
  refused EACCES sandboxed --connect any -- socket "${INET}" "${DGRAM}" 0
  refused EACCES sandboxed --connect any -- socket "${INET}" "${STREAM}" 262
  refused EACCES sandboxed --connect any -- socket "${INET}" "${STREAM}" 132
  refused EACCES sandboxed --connect any -- socket "${INET}" "${RAW}" 1
}

@test "a unix socket is refused below ABI 9, and unix any allows it" {
  local have
  have=$(abi)
  ((have < 9)) || skip "this kernel tells unix sockets apart"
  refused EACCES sandboxed -- socket "${UNIX}" "${STREAM}" 0
  assert_success sandboxed --unix any -- socket "${UNIX}" "${STREAM}" 0
}

@test "changing metadata is refused where no directory is writable, and allowed where one is" {
  printf x >file
  assert_success "${PROBE}" chmod "${T}/file"
  refused EPERM sandboxed --ro "${T}" -- chmod "${T}/file"
  assert_success sandboxed --rw "${T}" -- chmod "${T}/file"
}

@test "a file that is granted rw can be touched through its descriptor, and no other file by its name" {
  needs_program touch
  printf x >file
  printf x >other
  local -a touch=(-q -p "${ROOT}/policies/base.policy" --rx /usr/bin/touch)
  touch -d 2001-01-01 file other
  assert_success "${LL_EXEC}" "${touch[@]}" --rw file -- touch -d 2002-02-02 file
  is "$(date -r file +%F)" 2002-02-02
  capture "${LL_EXEC}" "${touch[@]}" --rw file --ro other -- touch -c -d 2002-02-02 other
  is "${status} $(date -r other +%F)" "1 2001-01-01"
  assert_success "${PROBE}" chmod "${T}/other"
  refused EPERM sandboxed --rw file -- chmod "${T}/other"
  capture "${LL_EXEC}" "${touch[@]}" --rw file --metadata deny -- touch -d 2003-03-03 file
  is "${status} $(date -r file +%F)" "1 2002-02-02"
  capture "${LL_EXEC}" "${touch[@]}" --ro file -- touch -d 2003-03-03 file
  is "${status} $(date -r file +%F)" "1 2002-02-02"
}

@test "metadata deny and metadata allow override the default" {
  printf x >file
  refused EPERM sandboxed --rw "${T}" --metadata deny -- chmod "${T}/file"
  assert_success sandboxed --metadata allow --ro "${T}" -- chmod "${T}/file"
}

@test "System V IPC is refused, and ipc sysv allows it" {
  assert_success "${PROBE}" shmget
  refused EPERM sandboxed -- shmget
  assert_success sandboxed --ipc sysv -- shmget
}

@test "creating a user namespace is refused" {
  as_user "${PROBE}" unshare-user || skip "this machine refuses them to all"
  refused EPERM sandboxed_as_user -- unshare-user
}

@test "io_uring fails with ENOSYS" {
  refused ENOSYS sandboxed -- io-uring
}

@test "below ABI 3 a file that is granted ro cannot be truncated" {
  printf x >file
  refused EACCES sandboxed --abi 2 --ro file -- truncate "${T}/file"
  refused EACCES sandboxed --abi 2 --ro file -- open-truncating "${T}/file"
  is "$(<file)" x
  assert_success "${PROBE}" open-truncating "${T}/file"
}

# ---- syscall

@test "syscall deny refuses a call, and without it the call works" {
  assert_success sandboxed -- directory
  refused EPERM sandboxed --syscall 'deny getcwd' -- directory
}

@test "syscall deny of a group refuses its calls" {
  mkdir folder
  refused EPERM sandboxed --ro "${T}" --syscall 'deny @file-system' -- list "${T}/folder"
}

@test "syscall allow removes a call from those refused by default" {
  assert_success sandboxed --syscall 'allow shmget' -- shmget
  policy p.policy "syscall allow @sysv-ipc"
  assert_success sandboxed -p p.policy -- shmget
}

@test "syscall deny overrides syscall allow" {
  refused EPERM sandboxed --syscall 'allow getcwd' --syscall 'deny getcwd' -- directory
  refused EPERM sandboxed --syscall 'deny getcwd' --syscall 'allow getcwd' -- directory
}

@test "syscall only allows the calls that it names and no others" {
  policy p.policy "syscall only @system-service"
  assert_success sandboxed -p p.policy -- directory
  policy p.policy "syscall only @basic-io @file-system @process @signal"
  assert_success sandboxed -p p.policy -- directory
  refused EPERM sandboxed --connect any -p p.policy -- socket "${INET}" "${STREAM}" 0
}

@test "syscall action kill kills a command that makes a denied call" {
  capture sandboxed --syscall 'deny getcwd' --syscall 'action kill' -- directory
  is "${status}" 159
  capture sandboxed --syscall 'deny getcwd' --syscall 'action errno' -- directory
  is "${status} ${errors}" "1 directory: EPERM"
}

@test "syscall action log allows calls outside syscall only, warns, and allows nothing else" {
  local said="ll-exec: NOT REFUSED, but logged: what 'syscall only' leaves out"
  policy p.policy "syscall only @basic-io @file-system @process @signal" "syscall action log"
  capture sandboxed -p p.policy -- personality 0
  is "${status} ${errors}" "0 ${said}"
  refused EPERM sandboxed -q -p p.policy --syscall 'action errno' -- personality 0
  refused EPERM sandboxed -q -p p.policy --syscall 'deny personality' -- personality 0
  refused EACCES sandboxed -q -p p.policy -- socket "${INET}" "${STREAM}" 0
  refused EPERM sandboxed -q -p p.policy -- shmget
  assert_success "${PROBE}" shmget
  capture "${LL_EXEC}" -p p.policy --explain
  [[ ${output} == *"${said#*: }"* ]]
  capture "${LL_EXEC}" -p p.policy --syscall 'action kill' --explain
  [[ ${output} != *"${said#*: }"* ]]
}

@test "the audit log names the calls that syscall action log allowed" {
  needs_root
  dmesg >/dev/null 2>&1 || skip "the kernel's log cannot be read here"
  local mark=probe-${RANDOM}
  cp "${PROBE}" "${BIN}/${mark}"
  capture "${LL_EXEC}" -q --syscall 'only @basic-io @file-system' --syscall 'action log' --rx "${BIN}/${mark}" -- \
    "${BIN}/${mark}" personality 0
  rm "${BIN}/${mark}"
  is "${status}" 0
  dmesg | grep -q "comm=\"${mark}\"" || skip "this kernel logs nothing of seccomp, or somebody else has the log"
  dmesg | grep "comm=\"${mark}\"" | grep -q "$([[ $(uname -m) == x86_64 ]] && echo syscall=135 || echo syscall=92) "
}

@test "an unknown verb, call, group or action of syscall is refused" {
  rejects_line "syscall foo getcwd" "ll-exec: p.policy:1:9: unknown verb 'foo'
    syscall foo getcwd
            ^~~
  allow, deny or only with calls or @groups; or action"
  rejects_line "syscall deny ptrce" "ll-exec: p.policy:1:14: unknown system call 'ptrce'
    syscall deny ptrce
                 ^~~~~
  did you mean 'ptrace'?"
  rejects_line "syscall deny @mont" "ll-exec: p.policy:1:14: unknown system call '@mont'
    syscall deny @mont
                 ^~~~~
  did you mean '@mount'?"
  rejects_line "syscall deny nonsense" "ll-exec: p.policy:1:14: unknown system call 'nonsense'
    syscall deny nonsense
                 ^~~~~~~~
  ll-exec --list syscalls names them"
  rejects_line "syscall action stop" "ll-exec: p.policy:1:16: unknown action 'stop'
    syscall action stop
                   ^~~~
  errno, kill or log"
}

@test "syscall with a verb and no call is refused" {
  local verb
  for verb in allow deny only action; do
    rejects_line "syscall ${verb}" "ll-exec: p.policy:1:1: 'syscall' has no value
    syscall ${verb}
    ^~~~~~~
  write syscall VERB NAME"
  done
}

@test "metadata with a value other than allow or deny is refused" {
  rejects_line "metadata no" "ll-exec: p.policy:1:10: 'no' is not allow or deny
    metadata no
             ^~
  write metadata allow, or metadata deny"
}

@test "--list syscalls names every group and its calls" {
  assert_success "${LL_EXEC}" --list syscalls
  [[ ${output} == *$'\n@mount\n  '* && ${output} == *$'\n  umount2\n'* ]]
  [[ ${output} == *$'\n@system-service\n'* ]]
}

@test "--list of an unknown table is refused" {
  capture "${LL_EXEC}" --list files
  is "${errors}" "ll-exec: argument 2: 'files' cannot be listed
    --list files
           ^~~~~
  one of: directives rights syscalls"
  is "${status}" 125
}
