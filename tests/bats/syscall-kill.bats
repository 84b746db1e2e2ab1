load sandbox

# `syscall action kill`: a message says why the command was killed.

setup_file() {
  make_box
  install -m 755 "${PROBE}" "${LL_BUILT}/ll-trace" "${BOX}/"
}

killed=(--syscall 'deny personality' --syscall 'action kill')

@test "a command killed for a system call is reported with the policy line that killed it" {
  export HOME=/nonexistent
  capture "${BOXED[@]}" --rx "${PROBE}" "${killed[@]}" "${PROBE}" personality 0
  is "${status}" 159
  is "${errors}" "sandbox.sh: argument 6: the command was killed for a system call
    --syscall action kill
                     ^~~~
  ll-trace names it"
  policy p.policy 'syscall deny personality' 'syscall action kill'
  capture "${BOXED[@]}" --rx "${PROBE}" -p ./p.policy "${PROBE}" personality 0
  is "${status} ${errors%%$'\n'*}" "159 sandbox.sh: ./p.policy:2:16: the command was killed for a system call"
  capture "${BOXED[@]}" -q --rx "${PROBE}" "${killed[@]}" "${PROBE}" personality 0
  is "${status} ${errors}" "159 "
  capture "${BOXED[@]}" --rx "${PROBE}" --syscall 'deny personality' "${PROBE}" personality 0
  is "${status} ${errors}" "1 personality: EPERM"
}

@test "a command killed by another SIGSYS, or with exit status 159, is not reported" {
  export HOME=/nonexistent
  capture "${BOXED[@]}" sh -c 'exit 159'
  is "${status} ${errors}" "159 "
  capture "${BOXED[@]}" sh -c 'kill -SYS $$'
  [[ ${errors} != *'was killed for'* ]]
}

@test "the report names the system call where the kernel log is readable" {
  needs_root
  as_root
  local mark=probe-${RANDOM}
  cp "${PROBE}" "${BOX}/${mark}"
  capture "${BOXED[@]}" --rx "${BOX}/${mark}" "${killed[@]}" "${BOX}/${mark}" personality 0
  is "${status}" 159
  dmesg 2>/dev/null | grep "comm=\"${mark}\"" | grep -q 'sig=31' || skip "this kernel logs nothing of seccomp, or somebody else has the log"
  is "${errors%%$'\n'*}" "sandbox.sh: argument 6: the command was killed for the system call personality"
}

@test "ll-trace names the system call that a command was killed for" {
  capture "${AS[@]}" "${BOX}/ll-trace" -q --rx "${PROBE}" "${killed[@]}" -- "${PROBE}" personality 0
  is "${status}" 159
  [[ ${errors} == *'the filter refuses personality (it was killed)'* ]]
}
