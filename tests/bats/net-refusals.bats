load net

LAYERS=(ll-exec sandbox.sh)

# Refused with a rule for one host: its other port, another host's address, a name, a name with a private address.
OPTIONS=(--connect api.test:8080 --connect rebind0.test:8080 --noconnect 203.0.113.11)
REFUSED=(to=203.0.113.10,8080 tcp=api.test,8080 to=203.0.113.10,8081 to=203.0.113.10,8081 to=203.0.113.11,8080
  to=2001:db8::11,8080 name=other.test name=rebind0.test to=10.9.8.7,8080 to=127.0.0.1,8080)
CAME=(EACCES echo EACCES EACCES EACCES EACCES EAI_NONAME EAI_NONAME EACCES EACCES)

@test "-v reports each refused connection once, with its name and the rule that would allow it" {
  needs_world
  local layer
  for layer in "${LAYERS[@]}"; do
    steps_under "${layer}" -v "${OPTIONS[@]}" -- "${REFUSED[@]}"
    prints "${CAME[@]}"
    is "$(grep -A 1 refused <<<"${errors}")" "ll-exec: refused: 203.0.113.10, TCP port 8080
  allow it: connect 203.0.113.10:8080
ll-exec: refused: api.test (203.0.113.10), TCP port 8081
  allow it: connect api.test:8081
ll-exec: refused: 203.0.113.11, TCP port 8080
  'noconnect 203.0.113.11' denies it
ll-exec: refused: 2001:db8::11, TCP port 8080
  allow it: connect [2001:db8::11]:8080
ll-exec: refused: no line names other.test, which was looked up
  allow it: connect other.test:PORT
ll-exec: refused: rebind0.test (10.9.8.7)
  allow it: connect rebind0.test:PORT/private
ll-exec: refused: rebind0.test (10.9.8.7), TCP port 8080
  allow it: connect rebind0.test:8080/private
ll-exec: refused: 127.0.0.1, TCP port 8080
  allow it: connect 127.0.0.1:8080"
    steps_under "${layer}" "${OPTIONS[@]}" -- "${REFUSED[@]}"
    prints "${CAME[@]}"
    is "${errors}" ""
  done
}

@test "the rule that -v suggests allows the connection" {
  needs_world
  local -a lines=()
  steps_under ll-exec -v --connect api.test:8080 -- tcp=api.test,8080 to=203.0.113.10,8081 to=2001:db8::11,8080 \
    to=fd00::1,8081
  mapfile -t lines < <(sed -n 's/^ *allow it: connect /--connect=/p' <<<"${errors}")
  is "${#lines[@]}" 3
  steps_under ll-exec -v --connect api.test:8080 "${lines[@]}" -- tcp=api.test,8080 to=203.0.113.10,8081 \
    to=2001:db8::11,8080 to=fd00::1,8081
  prints echo 203.0.113.10 2001:db8::11 fd00::1
  is "${errors}" ""
}

@test "-v reports a refused datagram to a granted port, and sockets made for the command" {
  needs_world
  local layer
  for layer in "${LAYERS[@]}"; do
    steps_under "${layer}" -v --connect api.test:8080/udp -- udp=203.0.113.11,8080
    prints silence
    [[ ${errors} == *"refused: 203.0.113.11, UDP port 8080"*"allow it: connect 203.0.113.11:8080/udp"* ]]
  done
}

@test "-v stops at a limit of reports" {
  needs_world
  cat >scan.py <<'PYTHON'
import socket
for number in range(1500):
    link = socket.socket()
    link.connect_ex(("10.%d.%d.1" % (number // 200, number % 200), 80))
    link.close()
PYTHON
  sandbox ll-exec -v --connect api.test:8080 -- "${PYTHON}" scan.py
  world "${words[@]}"
  is "${status} $(grep -c 'refused: ' <<<"${errors}")" "0 512"
  is "$(tail -n 1 <<<"${errors}")" "limit reached; further refusals are not reported"
}

@test "ll-trace names connections that ll-net refuses" {
  needs_world
  needs_program jq
  sandbox ll-trace --ro /proc --json report.json "${OPTIONS[@]}" -- "${PYTHON}" "${CLIENT}" "${REFUSED[@]}"
  world "${words[@]}"
  prints "${CAME[@]}"
  is "$(jq -r '.[] | select(.layer == "ll-net") | "\(.what) \(.target) > \(.line // (.nearest | sub("  .*"; "")))"' report.json)" \
    "connect 203.0.113.10, TCP port 8080 > connect 203.0.113.10:8080
connect api.test (203.0.113.10), TCP port 8081 > connect api.test:8081
connect 203.0.113.11, TCP port 8080 > noconnect 203.0.113.11
connect 2001:db8::11, TCP port 8080 > connect [2001:db8::11]:8080
to look up other.test > connect other.test:PORT
to look up rebind0.test (10.9.8.7) > connect rebind0.test:PORT/private
connect rebind0.test (10.9.8.7), TCP port 8080 > connect rebind0.test:8080/private
connect 127.0.0.1, TCP port 8080 > connect 127.0.0.1:8080"
  [[ ${errors} == *"ll-net refuses connect api.test (203.0.113.10), TCP port 8081: python"*"allow it: connect api.test:8081"* ]]
}

@test "ll-trace names connections that ll-net refuses under both layers, and keeps the exit status" {
  needs_world
  world bash -c 'exec 7>report.json; "$@"' _ "${NET}/ll-ns" --loader="${NET}/ll-trace" --report=7 --rx / --rw "${T}" \
    --dev /dev/null --connect api.test:8080 -- bash -c '"$@"; exit 7' _ "${PYTHON}" "${CLIENT}" tcp=api.test,8080 \
    to=203.0.113.10,8081 name=other.test
  is "${status}" 7
  prints echo EACCES EAI_NONAME
  [[ $(<report.json) == *'"target":"api.test (203.0.113.10), TCP port 8081"'*'"line":"connect api.test:8081"'*'"target":"other.test"'* ]]
}

@test "a unix socket that Landlock refuses is named beside hosts as well" {
  needs_world
  needs_abi 9
  "${PYTHON}" -c 'import socket; s = socket.socket(socket.AF_UNIX); s.bind("granted")'
  cat >unix.py <<'PYTHON'
import socket
for path in ("granted", "/run/other"):
    for _ in range(2):
        link = socket.socket(socket.AF_UNIX)
        print(link.connect_ex(path))
PYTHON
  sandbox ll-trace --ro /proc --unix "${T}/granted" --connect api.test:8080 -- "${PYTHON}" unix.py
  world bash -c 'python3 -c "import socket; s = socket.socket(socket.AF_UNIX); s.bind(\"/run/other\")"; "$@"' _ "${words[@]}"
  [[ ${errors} == *"Landlock refuses resolve_unix"*"/run/other"* ]]
  [[ ${errors} != *granted* ]]
}

@test "ll-trace --apply writes the rules that make the command work, and comments for what a person must decide" {
  needs_world
  sandbox ll-trace --apply ./p.policy -- "${PYTHON}" "${CLIENT}" tcp=api.test,8080 to=203.0.113.10,8081 name=other.test
  printf 'connect api.test:8080\n' >p.policy
  world "${words[@]}"
  prints echo EACCES EAI_NONAME
  is "$(grep connect p.policy)" "connect api.test:8080
connect api.test:8081
# connect other.test:PORT"
  steps_under ll-exec -p ./p.policy -- tcp=api.test,8080 to=203.0.113.10,8081
  prints echo 203.0.113.10
}

@test "--learn writes hosts by the names that were looked up, and the command works under the policy" {
  needs_world
  world "${NET}/ll-trace" --learn ./learned.policy -- "${PYTHON}" "${CLIENT}" tcp=api.test,8080 tcp=a.b.zone.test,8081 \
    to=203.0.113.11,8080 tcp=localhost,8080 tcp=alias.test,8080 tcp=rebind0.test,8080 udp=203.0.113.11,8080
  is "${status}" 0
  prints echo echo 203.0.113.11 echo echo echo "x from 203.0.113.11" \
    echo echo 203.0.113.11 echo echo echo "x from 203.0.113.11"
  is "$(grep '^connect' learned.policy)" "connect api.test:8080
connect a.b.zone.test:8081
connect 203.0.113.11:8080
connect localhost:8080
connect alias.test:8080
connect rebind0.test:8080/private
connect 203.0.113.11:8080/udp"
}

@test "--learn writes ports where no name was looked up" {
  needs_world
  world "${NET}/ll-trace" --learn ./learned.policy -- "${PYTHON}" "${CLIENT}" to=127.0.0.1,8080 to=203.0.113.10,8081
  is "${status} $(grep '^connect' learned.policy)" "0 connect 8080
connect 8081"
}

@test "--learn adds only missing hosts to an existing policy" {
  needs_world
  printf 'use base\nconnect *.zone.test:8080-8081\n' >learned.policy
  world "${NET}/ll-trace" --learn ./learned.policy -- "${PYTHON}" "${CLIENT}" tcp=a.b.zone.test,8081 to=10.9.8.7,8080
  is "$(grep '^connect' learned.policy)" "connect *.zone.test:8080-8081
connect 10.9.8.7:8080"
}

@test "--learn sees the names that programs with their own resolvers look up" {
  needs_world
  local row
  local -a tried=(
    "node|node -e 'require(\"dns\").resolve4(\"api.test\", (e, found) => require(\"net\").connect(8080, found[0], () => process.exit()))'"
  )
  if type -P go >/dev/null; then
    printf '%s\n' 'package main' 'import "net"' 'func main() { if _, e := net.Dial("tcp", "api.test:8080"); e != nil { panic(e) } }' >main.go
    CGO_ENABLED=0 GO111MODULE=off GOCACHE=${BATS_FILE_TMPDIR}/go go build -o "${T}/dial" main.go
    tried+=("${T}/dial|${T}/dial")
  fi
  for row in "${tried[@]}"; do
    type -P "${row%%|*}" >/dev/null || continue
    rm -f learned.policy
    world "${NET}/ll-trace" --learn ./learned.policy -- bash -c "${row#*|}"
    is "${status} $(grep '^connect' learned.policy)" "0 connect api.test:8080"
  done
}
