# bats file_tags=check
load helpers

# The lines of /proc/self/status that match NAMES, with single blanks.
shows() {
  grep -E "^($1):" <<<"${output}" | tr -s '\t ' ' '
}

NO_CAPABILITIES="CapInh: 0000000000000000
CapPrm: 0000000000000000
CapEff: 0000000000000000
CapBnd: 0000000000000000
CapAmb: 0000000000000000"

@test "no_new_privs is set" {
  assert_success sandboxed --ro /proc -- read /proc/self/status
  is "$(shows NoNewPrivs)" "NoNewPrivs: 1"
}

@test "root keeps no capability in any set" {
  needs_root
  assert_success "${PROBE}" read /proc/self/status
  [[ $(shows CapPrm) != *0000000000000000 ]]
  assert_success sandboxed --ro /proc -- read /proc/self/status
  is "$(shows 'Cap...')" "${NO_CAPABILITIES}"
}

@test "root cannot read another user's file, and can without ll-exec" {
  needs_root
  printf x >file
  chown "${ORDINARY}" file
  chmod 600 file
  assert_success "${PROBE}" read "${T}/file"
  refused EACCES sandboxed --ro file -- read "${T}/file"
  assert_success sandboxed --ro file --cap dac_override -- read "${T}/file"
}

@test "cap keeps exactly the capabilities that it names, for root" {
  needs_root
  assert_success sandboxed --ro /proc --cap net_bind_service -- read /proc/self/status
  is "$(shows 'Cap...')" "${NO_CAPABILITIES//000000000000000/000000000000040}"
}

@test "several capabilities are kept together, also written as CAP_NAME" {
  needs_root
  policy p.policy "cap CAP_CHOWN net_bind_service"
  assert_success sandboxed --ro /proc -p p.policy -- read /proc/self/status
  is "$(shows CapEff)" "CapEff: 0000000000000401"
}

@test "cap keeps an ordinary user's ambient capability and no other" {
  needs_root
  local -a user=(setpriv --reuid="${ORDINARY}" --regid="${ORDINARY}" --clear-groups
    --inh-caps +net_bind_service,+chown --ambient-caps +net_bind_service,+chown --)
  assert_success "${user[@]}" "${PROBE}" read /proc/self/status
  is "$(shows CapEff)" "CapEff: 0000000000000401"
  assert_success "${user[@]}" "${LL_EXEC}" --rx "${PROBE}" --ro /proc --cap net_bind_service -- \
    "${PROBE}" read /proc/self/status
  is "$(shows 'CapInh|CapPrm|CapEff|CapAmb')" "CapInh: 0000000000000400
CapPrm: 0000000000000400
CapEff: 0000000000000400
CapAmb: 0000000000000400"
}

@test "an ordinary user's ambient capabilities are dropped" {
  needs_root
  local -a user=(setpriv --reuid="${ORDINARY}" --regid="${ORDINARY}" --clear-groups
    --inh-caps +chown --ambient-caps +chown --)
  assert_success "${user[@]}" "${LL_EXEC}" --rx "${PROBE}" --ro /proc -- "${PROBE}" read /proc/self/status
  is "$(shows 'CapInh|CapPrm|CapEff|CapAmb')" "CapInh: 0000000000000000
CapPrm: 0000000000000000
CapEff: 0000000000000000
CapAmb: 0000000000000000"
}

@test "cap of a capability that the process lacks is refused" {
  capture as_user "${LL_EXEC}" --cap net_bind_service --rx "${PROBE}" -- "${PROBE}" create "${T}/marker"
  is "${errors}" "ll-exec: argument 2: this process does not have the capability net_bind_service
    --cap net_bind_service
          ^~~~~~~~~~~~~~~~
  run ll-exec as root, or drop the rule"
  is "${status}" 125
}

@test "an unknown capability is refused, and the nearest name suggested" {
  rejects_line "cap net_bind_servic" "ll-exec: p.policy:1:5: unknown capability 'net_bind_servic'
    cap net_bind_servic
        ^~~~~~~~~~~~~~~
  one of capabilities(7), such as net_bind_service"
}

@test "a set-user-ID program does not run with its owner's UID" {
  needs_root
  cp "${PROBE}" tool
  chmod 4755 tool
  printf x >file
  chmod 600 file
  assert_success as_user "${T}/tool" read "${T}/file"
  capture as_user "${LL_EXEC}" --ro file --rx tool -- "${T}/tool" read "${T}/file"
  is "${status} ${errors}" "1 read: EACCES"
}
