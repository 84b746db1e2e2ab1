load helpers

# ll-exec as a file, and the system calls that it makes.

@test "ll-exec has no relocations" {
  needs_program readelf
  is "$(readelf -rW "${LL_EXEC}" 2>/dev/null | tr -d '\n')" "There are no relocations in this file."
}

@test "ll-exec has no ELF interpreter and needs no library" {
  needs_program readelf
  local headers
  headers=$(readelf -lWd "${LL_EXEC}" 2>/dev/null)
  [[ ${headers} != *INTERP* && ${headers} != *NEEDED* ]]
}

@test "no segment of ll-exec is writable and executable, and its stack is not executable" {
  needs_program readelf
  local segments
  segments=$(readelf -lW "${LL_EXEC}")
  [[ ${segments} == *LOAD* ]]
  [[ ! ${segments} =~ (LOAD|GNU_STACK)[^$'\n']*\ RWE\  ]]
  [[ ${segments} == *GNU_STACK* ]]
}

@test "ll-exec is position independent" {
  needs_program readelf
  [[ $(readelf -hW "${LL_EXEC}") == *"DYN ("* ]]
}

# The goal is 48 KiB (make bench reports the difference); this keeps it from growing.
@test "ll-exec is at most 96 KiB without symbols" {
  needs_program strip
  strip -o stripped "${LL_EXEC}"
  local size
  size=$(stat -c %s stripped)
  ((size <= 98304)) || { printf '%s bytes\n' "${size}"; return 1; }
  assert_success ./stripped --rx "${PROBE}" -- "${PROBE}" pid
}

@test "ll-exec works in a root with only itself and a static command" {
  needs_root
  mkdir root
  cp "${LL_EXEC}" root/ll-exec
  cp "${PROBE}" root/probe
  assert_success chroot root /ll-exec --rx / -- /probe list /
  is "$(sort <<<"${output}")" $'.\n..\nll-exec\nprobe'
  refused EACCES chroot root /ll-exec --rx /probe -- /probe list /
}

@test "ll-exec works with a static busybox in an otherwise empty root" {
  needs_root
  needs_program busybox
  mkdir root
  cp "${LL_EXEC}" root/ll-exec
  cp "$(command -v busybox)" root/busybox
  chroot root /busybox true || skip "needs a static busybox"
  assert_success chroot root /ll-exec --rx / -- /busybox sh -c 'echo $((6 * 7))'
  is "${output}" 42
  printf 'rx /busybox\nrw -/dev\n' >root/p.policy
  assert_success chroot root /ll-exec -p /p.policy -- /busybox echo hello
  is "${output}" hello
}

@test "ll-exec works as an ordinary user in an empty root" {
  needs_root
  mkdir root
  cp "${LL_EXEC}" "${PROBE}" root/
  assert_success chroot --userspec="${ORDINARY}:${ORDINARY}" root /ll-exec --rx /probe -- /probe exit 0
}

# trace OUTPUT OPTION...: the system calls of ll-exec, up to its execve.
trace() {
  local file=$1
  shift
  as_user strace -o "${file}" -- "${LL_EXEC}" "$@" --rx "${PROBE}" -- "${PROBE}" exit 0
  # From the first execve, made by strace, to the second, of the command.
  awk '/^execve\(/ { if (seen++) exit; next } { print }' "${file}" >"${file}.calls"
}

can_trace() {
  needs_program strace
  as_user strace -o "${T}/probe" true 2>/dev/null || skip "needs ptrace"
}

@test "ll-exec allocates no memory: no brk and no mmap" {
  can_trace
  trace calls --ro /etc --rw "${T}" --connect 443 --limit nofile=64
  [[ -s calls.calls ]]
  ! grep -E '^(brk|mmap|mremap|munmap)\(' calls.calls
}

@test "ll-exec makes at most 3 system calls for a path rule, and 30 others" {
  can_trace
  local count i calls
  for count in 1 10 200; do
    for ((i = 0; i < count; i++)); do
      : >"f${i}"
      printf 'ro f%s\n' "${i}"
    done >p.policy
    trace calls -p p.policy
    calls=$(wc -l <calls.calls)
    ((calls <= 3 * (count + 1) + 30)) || { printf '%s rules: %s calls\n' "${count}" "${calls}"; return 1; }
  done
}

@test "ll-exec reads no file but the policies that it is given" {
  can_trace
  printf 'ro %s\n' /etc >p.policy
  trace calls -p p.policy
  is "$(grep -E '^open' calls.calls | grep -v O_PATH | grep -c -v p.policy)" 0
}

@test "errors of ll-exec are written to standard error only" {
  capture "${LL_EXEC}" --ro /nonexistent -- true
  is "${status} ${output}" "125 "
  [[ -n ${errors} ]]
}

@test "ll-exec runs the command with standard error closed" {
  assert_success "${PROBE}" with-closed 2 "${LL_EXEC}" --best-effort --rx "${PROBE}" -- "${PROBE}" exit 0
  capture "${PROBE}" with-closed 2 "${LL_EXEC}" --ro /nonexistent --rx "${PROBE}" -- "${PROBE}" exit 0
  is "${status}" 125
}
