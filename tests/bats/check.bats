load explain

# ---- --check

@test "--check says what this machine supports, and has exit status 0 where it can restrict" {
  needs_abi 1
  assert_success "${LL_EXEC}" --check
  [[ ${output} == "  Linux $(uname -r), $(uname -m)
  Landlock ABI           $(abi)
  Landlock works         yes
  seccomp filters work   yes
"* ]]
}

@test "--check names what a kernel with an older ABI lacks" {
  needs_abi 6
  assert_success "${OLD_KERNEL}" 5 "${LL_EXEC}" --check
  [[ ${output} == *"
  Landlock ABI           5
"* && ${output} == *"
  missing: signal                    Landlock ABI 6, Linux 6.12"* ]]
  [[ ${output} != *"missing: bind_tcp"* ]]
}

@test "--check reports a right that is missing although the ABI has it" {
  needs_abi 6
  assert_success "${OLD_KERNEL}" 6-scope1 "${LL_EXEC}" --check
  [[ ${output} == *"missing: signal "* && ${output} != *"missing: abstract_unix_socket "* ]]
}

@test "--check has exit status 1 without Landlock, and says why" {
  capture "${OLD_KERNEL}" absent "${LL_EXEC}" --check
  is "${status}" 1
  is "$(sed -n 2,3p <<<"${output}")" "  Landlock ABI           none: not in this kernel
  Landlock works         no: ENOSYS (not supported by this kernel)"
  capture "${OLD_KERNEL}" off "${LL_EXEC}" --check
  is "${status}" 1
  [[ ${output} == *EOPNOTSUPP* ]]
}

@test "--check works as an ordinary user" {
  needs_abi 1
  assert_success as_user "${LL_EXEC}" --check
  [[ ${output} == *"Landlock works         yes"* ]]
}

@test "--check --json is valid JSON" {
  needs_program python3
  assert_success "${LL_EXEC}" --check --json
  is_json "${output}"
  is "$(field 'd["landlock_abi"]')" "$(abi)"
  is "$(field 'd["landlock_refuses"]')" True
  capture "${OLD_KERNEL}" absent "${LL_EXEC}" --check --json
  is_json "${output}"
  is "${status}" 1
}
