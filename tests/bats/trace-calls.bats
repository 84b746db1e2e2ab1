load trace

# ll-trace --learn FILE --calls: the system calls of a program, and no other.

setup() {
  enter_test_folder
  needs_ptrace
  mkdir work
  cd work
  printf 'b\na\n' >list
}

learn() { capture "${LL_TRACE}" -q --learn ../learned.policy --calls "$@"; }
under() { capture "${TRACER}/ll-exec" -q -p ../learned.policy "$@"; }

# The calls that the policy names, except those of @default.
named() { sed -n 's/^syscall only //p' ../learned.policy | tr ' ' '\n'; }
group() { "${LL_EXEC}" --list syscalls | sed -n "/^$1\$/,/^[^ ]/s/^  //p"; }

@test "--calls writes the system calls of a run, and the program works under them with others killed" {
  learn -- sort -o out list
  is "${status} ${errors}" "0 "
  is "$(<out)" $'a\nb'
  grep -q '^syscall only ' ../learned.policy
  under --syscall 'action kill' -- sort -o again list
  is "${status} $(<again)" $'0 a\nb'
}

@test "a learned list is at most half of @system-service, and other calls are refused or kill the program" {
  learn -- sort -o out list
  local -i most count
  most=$(group @system-service | wc -l)
  count=$({ named; group @default; } | sort -u | wc -l)
  ((most > 200 && count <= most / 2)) || { printf '%d of %d\n' "${count}" "${most}"; return 1; }
  if named | grep -qx -e mount -e ptrace -e personality -e setsid; then return 1; fi
  under --rx "${PROBE}" -- "${PROBE}" pid
  is "${status}" 0
  assert_success sandboxed -- personality 0
  under --rx "${PROBE}" -- "${PROBE}" personality 0
  is "${status} ${errors}" "1 personality: EPERM"
  under --rx "${PROBE}" --syscall 'action kill' -- "${PROBE}" personality 0
  is "${status}" 159
}

@test "a learned list has the calls for error messages and abort, although they were not seen" {
  learn -- sort -o out list
  under -- sort nothing-there
  is "${status}" 2
  [[ ${errors} == *'No such file'* ]]
  rm ../learned.policy
  learn -- sh -c ':'
  under --syscall 'action kill' -- sh -c 'echo last; kill -ABRT $$'
  is "${status} ${output}" "134 last"
}

@test "another run adds the missing calls, and nothing twice" {
  learn -- sort -o out list
  cp ../learned.policy before
  learn -- sort -o out list
  cmp before ../learned.policy
  learn -- sh -c 'sort list | cat >out'
  is "${status}" 0
  named | grep -qx clone
  is "$(named | sort | uniq -d)" ""
  under -- sh -c 'sort list | cat'
  is "${status} ${output}" $'0 a\nb'
}

@test "a learned list has the whole family of a call, for both architectures" {
  learn -- sort -o out list
  local name
  for name in open openat stat newfstatat access faccessat dup2 dup3; do
    { named; group @default; } | grep -qx "${name}" || { printf 'no %s\n' "${name}"; return 1; }
  done
}

@test "a call that the policy denies stays denied, and is not learned" {
  printf 'rx /\nrw .\nsyscall deny personality\n' >../learned.policy
  learn -- "${PROBE}" personality 0
  if named | grep -qx personality; then return 1; fi
}

@test "a call that action log allowed is reported as logged, with the line that allows it, and not as refused" {
  cat >../p.policy <<'END'
syscall only @basic-io @file-system @process @signal
syscall action log
END
  capture "${LL_TRACE}" -q -p ../p.policy --rx "${PROBE}" -- "${PROBE}" personality 0
  is "${status}" 0
  is "$(sed -n 's/^  logged, not refused: //p; s/^    allow it: //p; 1p' <<<"${errors}")" "ll-trace: 0 refusals, 1 logged
personality: probe
syscall only personality"
  capture "${LL_TRACE}" -q -p ../p.policy --syscall 'action errno' --rx "${PROBE}" -- "${PROBE}" personality 0
  is "${status}" 1
  [[ ${errors} == *'the filter refuses personality'* ]]
}

@test "--calls is refused without --learn" {
  capture "${LL_TRACE}" --calls -- true
  is "${status}" 125
  [[ ${errors} == *'--calls needs --learn'* ]]
}
