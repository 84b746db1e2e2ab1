load sandbox

# Limits without a cgroup: processes counted by the user namespace, data of each process, processors by
# affinity, size of file systems. No test starts more than 64 processes, with or without a limit.

# Where a cgroup can be made, the limits use it, and these tests do not apply.
needs_no_cgroup() {
  if "${AS[@]}" "${LL_NS_PROGRAM}" --check --memory 64M >/dev/null 2>&1; then skip "a cgroup can be divided here"; fi
}

setup() {
  enter_test_folder
  "${AS[@]}" "${LL_NS_PROGRAM}" --check >/dev/null || skip "no namespaces here"
}

boxed() { "${BOXED[@]}" -q --ro "${PROBE%/*}" --rx "${PROBE}" "$@"; }

# ---- processes

@test "--pids limits processes by the user namespace, and neither counts nor limits the user's other processes" {
  needs_no_cgroup
  assert_success boxed "${PROBE}" forks 64
  is "${output}" 64
  start "${AS[@]}" sh -c 'echo started; sleep 100'
  assert_success boxed --pids 32 "${PROBE}" forks 64
  is "${output}" 31
  assert_success boxed --pids 32 --init "${PROBE}" forks 64
  is "${output}" 30
  assert_success boxed --pids 32 --root "${PROBE}" forks 64
  is "${output}" 31
  # Other processes of the user are neither counted nor limited.
  assert_success "${AS[@]}" "${PROBE}" forks 40
  is "${output}" 40
  [[ $(state_of "${started_pid}") == [SR] ]]
}

@test "--pids is enforced without ll-exec as well, and cannot be raised inside" {
  needs_no_cgroup
  assert_success "${WALL[@]}" --rx "${PROBE}" --pids 8 -- "${PROBE}" forks 64
  is "${output}" 7
  assert_success "${WALL[@]}" "${SYSTEM[@]}" --pids 8 -- sh -c 'ulimit -p 2>&- || ulimit -u'
  is "${output}" 8
  fails "${WALL[@]}" "${SYSTEM[@]}" --pids 8 -- bash -c 'ulimit -u 9'
  assert_success "${WALL[@]}" "${SYSTEM[@]}" -- bash -c 'ulimit -S -u 9'
}

@test "two sandboxes of one user may have --pids processes each" {
  needs_no_cgroup
  begin boxed --pids 8 sh -c 'echo started; sleep 100 & sleep 100 & sleep 100 & sleep 100 & wait'
  assert_success boxed --pids 8 "${PROBE}" forks 64
  is "${output}" 7
}

@test "--pids as root without a cgroup is refused, with advice to run as an ordinary user" {
  needs_root
  as_root
  needs_no_cgroup
  capture "${BOXED[@]}" --pids 8 true
  is "${status}" 125
  assert_stderr "run it as an ordinary user"
  assert_success "${BOXED[@]}" -q true
}

# ---- memory

@test "--memory without a cgroup is refused, with advice to use --memory-each" {
  needs_no_cgroup
  capture "${BOXED[@]}" --memory 64M true
  is "${status} ${output}" "125 "
  assert_stderr "--memory-each, with --pids"
}

@test "--memory-each: an allocation above the limit fails with ENOMEM, one below works, and the process lives on" {
  assert_success boxed "${PROBE}" map 0x8000000 3 0x22
  assert_success boxed --memory-each 64M "${PROBE}" map 0x2000000 3 0x22
  refused ENOMEM boxed --memory-each 64M "${PROBE}" map 0x8000000 3 0x22
  # Mapped read-only and made writable afterwards.
  assert_success boxed --memory-each 64M "${PROBE}" map 0x8000000 1 0x22
  refused ENOMEM boxed --memory-each 64M "${PROBE}" map 0x8000000 1 0x22 3
  assert_success boxed --memory-each 64M sh -c "${PROBE} map 0x8000000 3 0x22 2>/dev/null; echo alive"
  is "${output}" alive
  refused ENOMEM "${WALL[@]}" --rx "${PROBE}" --memory-each 64M -- "${PROBE}" map 0x8000000 3 0x22
}

@test "--memory-each refuses memory that the data limit does not count: shared and grow-down mappings, memfd" {
  local flags
  for flags in 0x21 0x122; do
    assert_success boxed "${PROBE}" map 0x8000000 3 "${flags}"
    refused ENOMEM boxed --memory-each 64M "${PROBE}" map 0x8000000 3 "${flags}"
    refused ENOMEM "${WALL[@]}" --rx "${PROBE}" --memory-each 64M -- "${PROBE}" map 0x8000000 3 "${flags}"
  done
  assert_success "${WALL[@]}" --rx "${PROBE}" -- "${PROBE}" memfd
  refused ENOSYS "${WALL[@]}" --rx "${PROBE}" --memory-each 64M -- "${PROBE}" memfd
  assert_success boxed --syscall 'allow memfd_create' "${PROBE}" memfd
  refused ENOSYS boxed --memory-each 64M --syscall 'allow memfd_create' "${PROBE}" memfd
  assert_success boxed --ipc sysv true
  capture boxed --memory-each 64M --ipc sysv true
  is "${status}" 125
  assert_stderr "no limit of a process counts shared memory"
}

@test "--memory-each sets a hard limit of the stack no higher than itself" {
  assert_success boxed --memory-each 4M "${PROBE}" limits
  grep -q '^data 4194304 4194304$' <<<"${output}"
  grep -q '^stack 4194304 4194304$' <<<"${output}"
  assert_success boxed --memory-each 4M --limit data=2M "${PROBE}" limits
  grep -q '^data 2097152 2097152$' <<<"${output}"
  grep -q '^as -1 -1$' <<<"${output}"
}

# The sizes that ll-ns(1) names. A program that does not start without a sandbox is skipped.
starts_with() { # SIZE COMMAND...
  assert_success "${AS[@]}" "${@:2}"
  assert_success "${BOXED[@]}" -q --rx "${T}" --memory-each "$1" "${@:2}"
}

@test "with --memory-each a shell starts in 4M, Python in 16M, Go and Node.js in 64M, Java in 1G" {
  starts_with 4M sh -c 'echo hello | cat'
  local python program
  if program=$(command -v python3); then
    python=$("${program}" -c 'import os, sys; print(os.path.realpath(sys.executable))')
    [[ ${python} != /usr/* ]] || starts_with 16M "${python}" -c 'import json; print("hello")'
  fi
  if "${AS[@]}" node -e 0 2>/dev/null; then starts_with 64M node -e 'console.log("hello")'; fi
  if command -v go >/dev/null; then
    printf 'package main\nfunc main() { println("hello") }\n' >hello.go
    if GOCACHE=${T}/cache GOTOOLCHAIN=local HOME=${T} go build -o hello hello.go 2>/dev/null; then
      capture "${BOXED[@]}" -q --rx "${T}" --memory-each 64M ./hello
      is "${status} ${errors}" "0 hello"
    fi
  fi
  if "${AS[@]}" java -version >/dev/null 2>&1; then
    capture "${BOXED[@]}" -q --memory-each 1G java -version
    is "${status}" 0
  fi
}

# ---- processors

@test "--cpus sets an affinity for a whole number, and needs a cgroup for a fraction" {
  needs_no_cgroup
  needs_program nproc
  assert_success "${BOXED[@]}" -q --cpus 1 nproc
  is "${output}" 1
  assert_success boxed "${PROBE}" every-processor
  refused EPERM boxed --cpus 1 "${PROBE}" every-processor
  refused EPERM "${WALL[@]}" --rx "${PROBE}" --cpus 1 -- "${PROBE}" every-processor
  assert_success "${BOXED[@]}" -q --cpus 4096 nproc
  is "${output}" "$("${AS[@]}" nproc)"
  capture "${BOXED[@]}" -q --cpus 0.5 nproc
  is "${status}" 125
  assert_stderr "a whole number of processors, which needs no cgroup"
}

# ---- file systems

@test "--disk limits the size of /tmp and /dev/shm, and writing beyond it fails with ENOSPC" {
  assert_success "${BOXED[@]}" -q --disk 1M sh -c 'head -c 500000 /dev/zero >/tmp/file'
  fails "${BOXED[@]}" -q --disk 1M sh -c 'head -c 2000000 /dev/zero >/tmp/file'
  assert_stderr "No space left on device"
  fails "${BOXED[@]}" -q --disk 1M --tmpfs /srv:64M sh -c 'head -c 2000000 /dev/zero >/srv/file'
  assert_stderr "No space left on device"
  fails "${BOXED[@]}" -q --disk 1M --rw /dev/shm sh -c 'head -c 2000000 /dev/zero >/dev/shm/file'
  assert_stderr "No space left on device"
  assert_success "${BOXED[@]}" -q --disk 4M --tmpfs /srv:64M sh -c 'head -c 2000000 /dev/zero >/tmp/file; head -c 2000000 /dev/zero >/srv/file'
}

@test "--disk refuses a writable directory of the host, and --best-effort warns instead" {
  mkdir work
  chmod 777 work
  capture "${BOXED[@]}" --disk 1M --rw work true
  is "${status}" 125
  assert_stderr "--disk does not limit what is written to ${T}/work"
  assert_success "${BOXED[@]}" -q --best-effort --disk 1M --rw work true
  assert_success "${BOXED[@]}" -q --disk 1M --ro work true
  capture "${BOXED[@]}" -q --disk 1M --host-root true
  is "${status}" 125
}

layered() { # SIZE COMMAND
  capture "${BOXED[@]}" -q --disk "$1" --overlay work sh -c "cd work && $2"
  if [[ ${errors} == *'no user extended attributes'* ]]; then skip "needs Linux 6.6"; fi
}

writes_to_layer() {
  rm -rf work
  "${AS[@]}" sh -c 'mkdir -p work/folder && echo old >work/file && echo in >work/folder/in'
  layered 1M 'echo new >file; rm -r folder; mkdir folder; echo n >folder/n; ln -s file link'
  is "${status} ${errors}" "0 "
  is "$(<work/file) $(ls work/folder) $(readlink work/link)" "new n file"
  layered 1M 'echo newer >file; head -c 2000000 /dev/zero >big'
  is "${status}" 1
  assert_stderr "No space left on device"
  is "$(<work/file) $(ls work)" $'new file\nfolder\nlink'
  # A program that ignores the error: truncated output is not committed either.
  layered 1M 'echo newer >file; head -c 2000000 /dev/zero >big; true'
  is "${status}" 125
  assert_stderr "nothing is committed: the limit of --disk is reached"
  is "$(<work/file) $(ls work)" $'new file\nfolder\nlink'
  layered 4M 'head -c 2000000 /dev/zero >big'
  is "${status} $(wc -c <work/big)" "0 2000000"
}

@test "--disk limits an overlay's layer: changes within it are committed, and beyond it nothing is" {
  chmod 777 .
  as_user_and_root writes_to_layer
}

@test "--disk leaves nothing behind, is shared by two overlays, and works with --dry-run" {
  "${AS[@]}" mkdir layers one two
  capture env TMPDIR="${T}/layers" "${BOXED[@]}" -q --disk 2M --overlay one --overlay two sh -c \
    'head -c 1500000 /dev/zero >one/a; head -c 1500000 /dev/zero >two/b'
  if [[ ${errors} == *'no user extended attributes'* ]]; then skip "needs Linux 6.6"; fi
  is "${status} $(ls one two)" $'1 one:\n\ntwo:'
  capture env TMPDIR="${T}/layers" "${BOXED[@]}" -q --disk 2M --overlay one --dry-run sh -c 'echo x >one/new'
  is "${status}" 0
  assert_stderr "A one/new"
  is "$(ls -A layers one)" $'layers:\n\none:'
}

@test "--disk excludes keeping a layer, and refuses a layer made elsewhere" {
  mkdir work
  chmod 777 work
  capture "${BOXED[@]}" --disk 1M --overlay work --keep-in layer true
  is "${status}" 125
  assert_stderr "--disk keeps changes in memory"
  capture "${BOXED[@]}" --disk 1M --overlay work --on-failure keep true
  is "${status}" 125
  capture "${BOXED[@]}" --disk 1X --overlay work true
  is "${status}" 125
  assert_stderr "is not a size"
  mkdir -p layer/{upper,work}
  capture "${AS[@]}" "${LL_NS_PROGRAM}" --disk 1M --overlay work layer -- true
  is "${status}" 125
  assert_stderr "ll-changes run --disk"
}

# ---- messages

@test "--explain says which limits are for all processes and which for each, and the worst case" {
  needs_no_cgroup
  assert_success "${BOXED[@]}" -q --explain --pids 4 --cpus 1 --memory-each 64M --disk 1G --limit stack=8M true
  local said=${output##*$'\nlimits'}
  [[ ${said} == *"pids "*"4 processes and threads, counted by its user namespace"* ]]
  [[ ${said} == *"cpus "*"1 of the processors, by affinity"* ]]
  [[ ${said} == *"memory-each "*"64M of data for each process, not for all together"* ]]
  [[ ${said} =~ "at most 4 x (64M and a stack of "([0-9]+)"M) = "([0-9]+)"M" ]]
  ((BASH_REMATCH[2] == 4 * (64 + BASH_REMATCH[1])))
  [[ ${said} == *"disk "*"1G in each private file system"* ]]
  assert_success "${BOXED[@]}" -q --explain --memory-each 64M true
  [[ ${output} == *"unlimited: give --pids, too"* ]]
  assert_success "${BOXED[@]}" -q --explain --memory 64M true
  [[ ${output} == *"NOT POSSIBLE HERE: "* ]]
  assert_success "${BOXED[@]}" -q --explain true
  [[ ${output} != *$'\nlimits'* && ${output} != limits* ]]
}

@test "an invalid limit is refused, and --best-effort limits each process, but never its address space" {
  local -a word
  for word in "--memory-each 1X|is not a size" "--memory-each 0|is not a size" "--disk 0|is not a size" "--disk x|is not a size" \
    "--layers 5|is not a descriptor and a directory" "--layers 1:/x|is not a descriptor from 3 up"; do
    # shellcheck disable=SC2086 # words
    capture "${BOXED[@]}" ${word%%|*} true
    is "${status}" 125
    assert_stderr "${word#*|}"
  done
  needs_no_cgroup
  capture boxed --best-effort --memory 256M --pids 40 "${PROBE}" limits
  is "${status}" 0
  grep -q '^data 268435456 268435456$' <<<"${output}"
  grep -q '^nproc 40 40$' <<<"${output}"
  grep -q '^as -1 -1$' <<<"${output}"
}
