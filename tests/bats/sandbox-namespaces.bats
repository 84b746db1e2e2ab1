load sandbox

# sandbox.sh: namespaces, and machines where none can be created.

# ---- network, names, users

@test "--net host uses the network of the host, and a port rule implies it" {
  begin "${PROBE}" serve tcp
  local port=${started}
  assert_success "${BOXED[@]}" --rx "${PROBE}" --connect "${port}" "${PROBE}" connect "${port}"
  assert_success "${BOXED[@]}" --rx "${PROBE}" --net host --connect "${port}" "${PROBE}" connect "${port}"
  refused EACCES "${BOXED[@]}" --rx "${PROBE}" --net host "${PROBE}" connect "${port}"
  refused "errno 101" "${BOXED[@]}" --rx "${PROBE}" --net none --connect "${port}" "${PROBE}" connect "${port}"
  assert_success "${BOXED[@]}" --net host readlink /proc/self/ns/net
  is "${output}" "$(readlink /proc/self/ns/net)"
}

@test "--net with an unknown value is refused" {
  capture "${BOXED[@]}" --net bridge true
  is "${status}" 125
  assert_stderr "'bridge' is not a network
    --net bridge
          ^~~~~~
  none or host"
}

@test "an outside abstract socket is not reachable, unless the policy grants it" {
  begin "${PROBE}" serve unix "@ll-tests-${T##*/}"
  assert_success "${AS[@]}" "${PROBE}" connect-unix "@ll-tests-${T##*/}"
  refused ECONNREFUSED "${WALL[@]}" --rx "${PROBE}" -- "${PROBE}" connect-unix "@ll-tests-${T##*/}"
  assert_success "${WALL[@]}" --share net --rx "${PROBE}" -- "${PROBE}" connect-unix "@ll-tests-${T##*/}"
  assert_success "${BOXED[@]}" --rx "${PROBE}" --ipc abstract-unix --unix any "${PROBE}" connect-unix "@ll-tests-${T##*/}"
}

namespace() { readlink "/proc/self/ns/$1"; }

@test "every namespace is new, and --share keeps one of the host" {
  local one other
  assert_success "${BOXED[@]}" sh -c 'for one in user mnt cgroup ipc net pid uts; do echo "${one} $(readlink "/proc/self/ns/${one}")"; done'
  local -A inside=()
  while read -r one other; do inside[${one}]=${other}; done <<<"${output}"
  for one in user mnt cgroup ipc net pid uts; do
    [[ -n ${inside[${one}]} && ${inside[${one}]} != "$(namespace "${one}")" ]] || { printf 'shared: %s\n' "${one}"; return 1; }
  done
  for one in cgroup ipc net pid uts; do
    assert_success "${BOXED[@]}" --share "${one}" sh -c 'for one; do readlink "/proc/self/ns/${one}"; done' - user mnt cgroup ipc net pid uts
    local -i own=0
    while IFS= read -r other; do
      if [[ ${other} == "$(namespace "${one}")" ]]; then own+=1; fi
      [[ ${other} == "${one}:"* ]] || [[ ${other} != "$(namespace "${other%%:*}")" ]] || { printf 'shared too: %s\n' "${other}"; return 1; }
    done <<<"${output}"
    is "${own}" 1
  done
}

@test "--share of an unknown namespace is refused" {
  capture "${BOXED[@]}" --share mount true
  is "${status}" 125
  assert_stderr "'mount' is not a namespace that can be shared
    --share mount
            ^~~~~
  cgroup, ipc, net, pid or uts"
}

@test "--hostname sets the name inside, and not outside" {
  local name
  name=$(uname -n)
  assert_success "${BOXED[@]}" --hostname box-of-tests uname -n
  is "${output}" box-of-tests
  is "$(uname -n)" "${name}"
  assert_success "${BOXED[@]}" uname -n
  is "${output}" "${name}"
}

@test "--root maps to UID 0, and grants nothing more" {
  assert_success "${BOXED[@]}" sh -c 'id -u; id -g'
  is "${output}" "$("${AS[@]}" id -u)"$'\n'"$("${AS[@]}" id -g)"
  assert_success "${BOXED[@]}" --root sh -c 'id -u; id -g'
  is "${output}" $'0\n0'
  mkdir -m 777 d
  assert_success "${BOXED[@]}" --root --rw d sh -c 'echo x >d/file'
  is "$(stat -c %u d/file)" "$("${AS[@]}" id -u)"
  fails "${BOXED[@]}" --root chown 1 /tmp
  fails "${BOXED[@]}" --root mount -t tmpfs none /tmp
}

no_privilege() {
  local line
  assert_success "${BOXED[@]}" "$@" grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status
  for line in CapInh CapPrm CapEff CapBnd CapAmb; do
    is "$(sed -n "s/^${line}:\t//p" <<<"${output}")" 0000000000000000
  done
  is "$(sed -n 's/^NoNewPrivs:\t//p' <<<"${output}") $(sed -n 's/^Seccomp:\t//p' <<<"${output}")" "1 2"
}

@test "the command has no capability, cannot gain one, and has the seccomp filter" {
  as_user_and_root no_privilege
  no_privilege --root
}

@test "no namespace can be created inside, in each layer" {
  assert_success "${AS[@]}" "${PROBE}" unshare-user
  refused "errno 28" "${WALL[@]}" --rx "${PROBE}" -- "${PROBE}" unshare-user
  refused EPERM "${BOXED[@]}" --rx "${PROBE}" "${PROBE}" unshare-user
}

# ---- nested, and where namespaces are refused

@test "sandbox.sh within sandbox.sh is refused with the reason" {
  assert_success "${BOXED[@]}" --rx "${BOX}" "${SANDBOX}" --print true
  capture "${BOXED[@]}" --rx "${BOX}" "${SANDBOX}" true
  is "${status} ${output}" "125 "
  assert_stderr "sandbox.sh: cannot enter new namespaces: "
  assert_stderr "a sandbox or container around this one refuses"
}

@test "sandbox.sh --best-effort within sandbox.sh uses ll-exec alone, with one warning" {
  [[ -r /etc/hostname ]] || skip "there is no /etc/hostname"
  local -a outer=("${BOXED[@]}" --rx "${BOX}" --ro /etc/hostname)
  assert_success "${outer[@]}" cat /etc/hostname
  capture "${outer[@]}" "${SANDBOX}" --best-effort cat /etc/hostname
  is "${status}" 1
  assert_stderr "cat: /etc/hostname: Permission denied"
  printf 'x\n' >file
  capture "${outer[@]}" "${SANDBOX}" --best-effort cat file
  is "${status} ${output}" "0 x"
  [[ ${errors} == "sandbox.sh: NOT enforced, as --best-effort allows: "* && ${errors} != *$'\n'* ]] || { printf '%s\n' "${errors}"; return 1; }
  assert_success "${BOXED[@]}" --rx "${BOX}" "${SANDBOX}" -q --best-effort true
  assert_status 7 "${BOXED[@]}" --rx "${BOX}" "${SANDBOX}" -q --best-effort sh -c 'exit 7'
}

@test "in a Landlock domain without a filter, where the kernel refuses mounts, the start fails with the reason" {
  local -a domain=("${AS[@]}" "${BOX}/ll-exec" --rwx / --syscall
    'allow unshare clone3 clone mount move_mount open_tree mount_setattr fsopen fsconfig fsmount pivot_root setns umount2')
  assert_success "${domain[@]}" "${SANDBOX}" --print true
  assert_success "${domain[@]}" unshare -Ur true
  capture "${domain[@]}" "${SANDBOX}" true
  is "${status} ${output}" "125 "
  [[ ${errors} == *": EPERM (not permitted)"*$'\n'*" refuse"* ]] || { printf '%s\n' "${errors}"; return 1; }
  capture "${domain[@]}" "${SANDBOX}" --best-effort sh -c 'cat /etc/shadow; exit 6'
  is "${status}" 6
  [[ ${errors} == "sandbox.sh: NOT enforced, as --best-effort allows: "*$'\n'"cat: /etc/shadow: Permission denied" ]]
}

@test "where user namespaces are disabled the exit status is 125, and the message names the sysctl" {
  # In a user namespace of the test.
  # shellcheck disable=SC2016
  local -a off=("${AS[@]}" unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' -)
  assert_success "${off[@]}" true
  capture "${off[@]}" "${SANDBOX}" echo ran
  is "${status} ${output} ${errors}" "125  sandbox.sh: cannot enter new namespaces: ENOSPC (no space left)
  disabled on this machine: sysctl user.max_user_namespaces=10000 as root
  --no-namespaces does without: Landlock and the seccomp filter alone, with a private TMPDIR"
  printf 'text\n' >file
  capture "${off[@]}" "${SANDBOX}" --best-effort sh -c 'cat file; cat /etc/shadow; exit 3'
  is "${status} ${output} ${errors}" "3 text sandbox.sh: NOT enforced, as --best-effort allows: cannot enter new namespaces: ENOSPC (no space left)
cat: /etc/shadow: Permission denied"
  capture "${off[@]}" "${SANDBOX}" --best-effort -q echo ran
  is "${status} ${output} ${errors}" "0 ran "
}

@test "--best-effort enters namespaces where they are available" {
  assert_success "${BOXED[@]}" --best-effort sh -c 'echo $$'
  is "${output}" 1
}

@test "--check says what this machine supports" {
  assert_success "${AS[@]}" "${LL_NS_PROGRAM}" --check
  [[ ${output} =~ ^\ *namespaces\ +yes$ ]]
  # shellcheck disable=SC2016
  capture "${AS[@]}" unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' - "${LL_NS_PROGRAM}" --check
  is "${status}" 1
  [[ ${output} == *"namespaces"*" no: "*"sysctl user.max_user_namespaces"* ]]
}

@test "sandbox.sh --check prints one table of what works, and what would allow the rest" {
  assert_success "${AS[@]}" "${BOX}/ll-exec" --check
  local table=${output}
  [[ ${table} == *$'\n  namespaces             yes'*$'\n  overlayfs              '*$'\n  without namespaces     yes'* ]]
  assert_success "${BOXED[@]}" --check
  is "${output}" "${table}"
  # shellcheck disable=SC2016
  local -a off=("${AS[@]}" unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' -)
  capture "${off[@]}" "${SANDBOX}" --check
  is "${status}" 1
  [[ ${output} == *$'\n  namespaces             no: ENOSPC (no space left)\n'*'sysctl user.max_user_namespaces=10000 as root'*'--no-namespaces --overlay works in a copy'* ]]
  assert_success "${off[@]}" "${SANDBOX}" --no-namespaces --check
  needs_program jq
  capture "${off[@]}" "${SANDBOX}" --check --json
  is "${status} $(jq -r '.sandbox | "\(.namespaces) \(.without_namespaces) \(.advice.namespaces)"' <<<"${output}")" \
    '1 false true disabled on this machine: sysctl user.max_user_namespaces=10000 as root'
  # ll-exec alone reports what it knows itself.
  cp "${BOX}/ll-exec" alone
  assert_success "${AS[@]}" ./alone --check
  [[ ${output} == *'missing: ll-net'* && ${output} != *'without namespaces'* ]]
}

@test "sandbox.sh works in a user namespace, as root of a container" {
  assert_success "${AS[@]}" unshare -Urmpf --mount-proc "${SANDBOX}" sh -c 'id -u; echo $$'
  is "${output}" $'0\n1'
}
