# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2154 # for sh; for the tests, and of helpers.bash
# Shared by the tests of policies that name hosts: load this instead of policies.bash. Local services stand in
# for those that the policies name, under the same names: see services.py. Nothing leaves the machine.
load policies-build

SERVICES=${BATS_TEST_DIRNAME}/services.py

# hosts_of POLICY: the hosts that it names itself, one per line, in order, without ports.
hosts_of() {
  local line word
  while IFS= read -r line; do
    [[ ${line} == connect\ *:* ]] || continue
    for word in ${line#connect }; do printf '%s\n' "${word%:443}"; done
  done <"${ROOT}/policies/$1.policy"
}

needs_services() {
  needs_certificate
  begin_world
}

needs_certificate() {
  needs_program curl python3 openssl unshare nsenter ip
  needs_abi 4
  own unshare -Urmn true || skip "needs user namespaces"
  certify
}

# An /etc that trusts a certificate for all the names, with resolv.conf as a symlink into /run, as in distributions.
certify() {
  local names=DNS:host.test,DNS:other.test,DNS:host.inside policy host
  for policy in "${ROOT}"/policies/*.policy; do
    for host in $(hosts_of "$(basename "${policy}" .policy)"); do names+=,DNS:${host}; done
  done
  own openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=host.test -addext "subjectAltName=${names}" \
    -keyout "${T}/key.pem" -out "${T}/cert.pem" 2>/dev/null
  own sh -c 'cat "$1/key.pem" "$1/cert.pem" >"$1/both.pem"' - "${T}"
  own mkdir -p "${T}/etc/ssl/certs" "${T}/run/systemd/resolve" "${T}/served"
  own cp "${T}/cert.pem" "${T}/etc/ssl/certs/ca-certificates.crt"
  own cp /etc/passwd /etc/group /etc/ld.so.cache "${T}/etc/"
  own cp -r /etc/alternatives "${T}/etc/"
  printf 'hosts: files dns\n' | own_file "${T}/etc/nsswitch.conf"
  printf 'nameserver 127.0.0.1\n' | own_file "${T}/run/systemd/resolve/stub-resolv.conf"
  own ln -s ../run/systemd/resolve/stub-resolv.conf "${T}/etc/resolv.conf"
}

# served HOST PATH: a file from standard input, which the stand-in of HOST serves.
served() {
  own mkdir -p "$(dirname "${T}/served/$1/$2")"
  own_file "${T}/served/$1/$2"
}

# Starts the services, for all commands of the test: see services.py.
begin_world() {
  mkfifo "${T}/serving"
  "${AS[@]}" env HOME="${HOME}" unshare -Urmn sh -ec 'mount --bind "$0/etc" /etc; mount --bind "$0/run" /run
    cd "$0"; exec python3 "$1" both.pem "$0/served"' "${T}" "${SERVICES}" >"${T}/serving" 3>&- &
  started_pids+=("$!")
  WORLD=$!
  read -r _ <"${T}/serving"
}

# in_world COMMAND...
in_world() {
  : >"${T}/asked"
  own nsenter --preserve-credentials -U -m -n -t "${WORLD}" env -C "${PWD}" "$@"
}

# reaches POLICY [OPTION...] -- COMMAND...: sets ${status}, ${output}, ${errors}
reaches() {
  local policy=$1
  shift
  capture in_world "${BOX}/${WALL}" -q --best-effort -p "${policy}" "$@"
}

# gets POLICY [OPTION...] -- COMMAND...: it succeeds
gets() {
  reaches "$@"
  ((status == 0)) || { printf '%s: status %s\n%s\n%s\n' "$*" "${status}" "${output}" "${errors}"; return 1; }
}

# gets_nothing POLICY [OPTION...] -- COMMAND...: it fails, but not at the start of the sandbox
gets_nothing() {
  reaches "$@"
  ((status != 0 && status != 125)) || { printf '%s: status %s\n%s\n%s\n' "$*" "${status}" "${output}" "${errors}"; return 1; }
}
