load net

# Queries about hosts that run nothing: --explain, --why, --check.

hosts_policy() {
  policy p.policy 'connect api.test:443 *.zone.test:8000-8010/private 10.0.0.0/8:any [2001:db8::]:443/udp 192.0.2.0/24:80' \
    'connect localhost:80' 'noconnect private 192.0.2.1'
}

LOADER=${NET}/ll-exec

# why TARGET STATUS LINE...: the answer of --why connect
why() {
  local target=$1 expected=$2
  shift 2
  capture "${LOADER}" -p p.policy --why connect "${target}"
  is "${status} ${output}" "${expected} $(printf '%s\n' "$@")"
}

@test "--why connect names the rule that grants a host" {
  needs_abi 4
  hosts_policy
  local never='  unless its address is one of noconnect private  p.policy:3:11
  unless its address is one of noconnect 192.0.2.1  p.policy:3:19'
  why api.test:443 0 'granted connect api.test:443' '  by connect api.test:443  p.policy:1:9' \
    '  at public addresses only; /private after the port adds private ones' "${never}"
  why API.Test.:443/tcp 0 'granted connect API.Test.:443/tcp' '  by connect api.test:443  p.policy:1:9' \
    '  at public addresses only; /private after the port adds private ones' "${never}"
  why a.b.zone.test:8005 0 'granted connect a.b.zone.test:8005' \
    '  by connect *.zone.test:8000-8010/private  p.policy:1:22' '  also at private addresses' "${never}"
  why '[2001:db8::]:443/udp' 0 'granted connect [2001:db8::]:443/udp' '  by connect [2001:db8::]:443/udp  p.policy:1:67'
  why 192.0.2.2:80 0 'granted connect 192.0.2.2:80' '  by connect 192.0.2.0/24:80  p.policy:1:88'
  why ::ffff:192.0.2.2:80 125
}

@test "--why connect names the rule that refuses a host, the nearest rule, and the rule that would grant it" {
  needs_abi 4
  hosts_policy
  why 10.1.2.3:5 1 'refused connect 10.1.2.3:5' '  by noconnect private  p.policy:3:11'
  why '[::ffff:10.1.2.3]:5' 1 'refused connect [::ffff:10.1.2.3]:5' '  by noconnect private  p.policy:3:11'
  why 0.0.0.0:80 1 'refused connect 0.0.0.0:80' '  by noconnect private  p.policy:3:11'
  why 192.0.2.1:80 1 'refused connect 192.0.2.1:80' '  by noconnect 192.0.2.1  p.policy:3:19'
  why zone.test:8005 1 'refused connect zone.test:8005' '  no rule covers it' \
    '  to grant it: --connect zone.test:8005'
  why api.test:444 1 'refused connect api.test:444' '  the nearest rule is connect api.test:443  p.policy:1:9' \
    '  to grant it: --connect api.test:444'
  why '[2001:db8::]:443' 1 'refused connect [2001:db8::]:443' \
    '  the nearest rule is connect [2001:db8::]:443/udp  p.policy:1:67' \
    '  unless a granted name was resolved to this address before' \
    '  to grant it: --connect [2001:db8::]:443'
  why 443 1 'refused connect 443' '  no rule covers it' '  to grant it: --connect 443'
}

@test "--why connect answers without host rules as well, and ll-policy why answers the same" {
  needs_abi 4
  policy p.policy 'connect 443'
  why api.test:443 0 'granted connect api.test:443' '  by connect 443/tcp  p.policy:1:9'
  why 443 0 'granted connect 443' '  by connect 443/tcp  p.policy:1:9'
  why api.test:80 1 'refused connect api.test:80' '  no rule covers it' '  to grant it: --connect api.test:80'
  hosts_policy
  capture "${LL_BUILT}/ll-policy" why connect api.test:443 -p p.policy
  [[ ${status} == 0 && ${output} == 'granted connect api.test:443'*'p.policy:1:9'* ]]
}

@test "--why connect refuses an invalid host or port, and needs ll-net" {
  needs_abi 4
  local wrong
  for wrong in api.test '*.zone.test:443' 10.0.0.0/8:443 api.test:70000 api.test:443/udp/private :443 api.test:; do
    capture "${LOADER}" --why connect "${wrong}"
    is "${status} ${output} ${errors%%$'\n'*}" "125  ll-exec: argument 2: '${wrong}' is not a host and a port"
  done
  capture "${LOADER}" -p - --why connect api.test:443 <<<'connect 443'
  is "${status} ${output}" "125 "
  cp "${LOADER}" alone
  capture ./alone --why connect api.test:443
  is "${status} ${errors%%$'\n'*}" "125 ll-exec: argument 2: unknown right 'connect'"
}

# The network part of --explain, without the locations of rules.
network() { sed -n '/^network/,/^$/{s/ *p\.policy:.*//; s/^  //; /^network/d; /^$/d; p}' <<<"${output}"; }

@test "--explain shows hosts, refused addresses, and that ll-net decides" {
  needs_abi 4
  hosts_policy
  assert_success "${LOADER}" -p p.policy --abi 4 --explain
  is "$(network)" 'granted connect api.test:443
granted connect *.zone.test:8000-8010/private
granted connect 10.0.0.0/8:any
granted connect [2001:db8::]:443/udp
granted connect 192.0.2.0/24:80
granted connect localhost:80
refused connect to private addresses, whatever grants it
refused connect to 192.0.2.1, whatever grants it
refused connect to every other host and port, and looking up every other name
ll-net decides each connection; Landlock refuses what bypasses it
refused listen on a TCP port that is not granted'
  policy p.policy 'connect 443' 'noconnect private'
  assert_success "${LOADER}" -p p.policy --abi 4 --explain
  is "$(network)" 'granted connect 443/tcp on any host
refused connect to private addresses, whatever grants it
refused connect to every other host and port
ll-net decides each connection; Landlock refuses what bypasses it
refused listen on a TCP port that is not granted'
}

@test "--explain --json has the hosts, whether private addresses are included, and whether ll-net decides" {
  needs_abi 4
  needs_program python3
  hosts_policy
  assert_success "${LOADER}" -p p.policy --explain --json
  is "$(python3 -c '
import json, sys
plan = json.load(sys.stdin)
print(plan["supervised"])
for rule in plan["rules"]:
    print(*[rule.get(key, "-") for key in ("directive", "host", "private", "protocol", "low", "high", "value")])' <<<"${output}")" \
    'True
connect api.test False tcp 443 443 -
connect *.zone.test True tcp 8000 8010 -
connect 10.0.0.0/8 False tcp 0 65535 -
connect [2001:db8::] False udp 443 443 -
connect 192.0.2.0/24 False tcp 80 80 -
connect localhost False tcp 80 80 -
noconnect - - - - - private
noconnect - - - - - 192.0.2.1'
}

# row NAME: a row of --check
row() { sed -n "s|^  $1  *||p" <<<"${output}"; }

@test "--check says what hosts need, and whether this machine has it" {
  needs_abi 4
  needs_program unshare
  unshare -Urn true 2>/dev/null || skip "needs user namespaces"
  assert_success "${LOADER}" --check
  is "$(row connect\ HOST:PORT)" yes
  is "$(row connect\ HOST:PORT/udp)" yes
  assert_success "${LOADER}" --abi 3 --check
  is "$(row connect\ HOST:PORT)" 'no: EOPNOTSUPP (not supported); needs Landlock ABI 4, Linux 6.7'
  # No further user namespace can be created in this one.
  assert_success unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' - "${LOADER}" --check
  is "$(row connect\ HOST:PORT)" yes
  [[ $(row connect\ HOST:PORT/udp) == 'no: ENOSPC'*'; needs user namespaces'* ]]
  # Under a supervisor there is no second one.
  capture "${LOADER}" --rwx / --connect api.test:443 -- "${LOADER}" --check
  [[ $(row connect\ HOST:PORT) == 'no: EBUSY'*"another supervisor's listener"* ]]
  cp "${LOADER}" alone
  assert_success ./alone --check
  is "$(row 'missing:')" $'ll-net\n'"$("${LOADER}" --check | sed -n 's/^  missing:  *//p')"
}

@test "--check --json has each requirement of hosts" {
  needs_abi 4
  needs_program python3
  assert_success "${LOADER}" --check --json
  is "$(python3 -c 'import json, sys; print(*json.load(sys.stdin)["hosts"])' <<<"${output}")" \
    'connect udp landlock listener memory descriptors'
  assert_success "${LOADER}" --abi 3 --check --json
  is "$(python3 -c 'import json, sys; hosts = json.load(sys.stdin)["hosts"]; print(hosts["connect"], hosts["landlock"])' \
    <<<"${output}")" 'False False'
}

@test "hosts are refused with a policy from a pipe, as ll-net cannot read it again" {
  needs_abi 4
  printf 'secret\n' >secret
  local rule
  for rule in "deny '${T}/secret'" ''; do
    printf '%s\n' "${rule}" 'connect api.test:443' >p.policy
    assert_success "${LOADER}" -p p.policy --ro "${T}" --rx / -- true
    # shellcheck disable=SC2016 # of the script
    capture bash -c '"$@" -p <(cat p.policy) --ro . --rx / -- cat secret' - "${LOADER}"
    is "${status} ${output}" "125 "
    [[ ${errors} == 'll-exec: /dev/fd/'*'hosts need ll-net: ESPIPE'* ]]
    capture bash -c '"$@" -p <(printf "%s\n" "$0") --connect api.test:443 --ro . --rx / -- cat secret' "${rule}" "${LOADER}"
    is "${status} ${output}" "125 "
    capture "${LOADER}" -p - --ro . --rx / -- cat secret <p.policy
    is "${status} ${output}" "125 "
  done
  assert_success bash -c '"$@" -p <(echo connect 443) --ro . --rx / -- cat secret' - "${LOADER}"
  is "${output}" secret
}

@test "ll-exec finds ll-net without /proc" {
  needs_abi 4
  needs_program unshare
  unshare -Ur true 2>/dev/null || skip "needs user namespaces"
  mkdir -p tree/bin
  cp "${NET}"/{ll-exec,ll-net} tree/bin/
  ln -s bin/ll-exec tree/link
  assert_success unshare -Ur chroot tree /link --connect api.test:443 --why connect api.test:443
  rm tree/bin/ll-net
  capture unshare -Ur chroot tree /link --connect api.test:443 --why connect api.test:443
  is "${status} ${errors%%$'\n'*}" "125 ll-exec: argument 2: hosts need ll-net: ENOENT (no such file or directory)"
}
