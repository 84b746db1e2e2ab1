load net

# Checked on the wire and in the servers, never by the output of the command alone.

LAYERS=(ll-exec sandbox.sh)
RACE=${LL_TOOLS:-}/race

# captured COMMAND...: runs it in the world. Sets ${packets}: the destinations of its packets. Not of the world's own
# connections that hang, which it tries again every few seconds.
captured() {
  world "${PYTHON}" "${BATS_TEST_DIRNAME}/capture.py" packets "$@"
  packets=$(grep -v '^tcp 203\.0\.113\.10 8090$' packets) || true
}

captured_under() {
  local layer=$1
  shift
  local -a options=()
  while [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  shift
  sandbox "${layer}" "${options[@]}" -- "$@"
  captured "${words[@]}"
}

# ---- packets

# A routing header by which a packet goes to another host first: RFC 8754.
routed() {
  cat >routed.py <<'PYTHON'
import errno, socket, struct
hops = socket.inet_pton(socket.AF_INET6, "2001:db8::10") + socket.inet_pton(socket.AF_INET6, "2001:db8::11")
headers = {57: struct.pack("!BBBBBBH", 0, 4, 4, 1, 1, 0, 0) + hops,
           55: bytes(8), 54: bytes(8), 59: bytes(8), 6: bytes(8), 32: bytes(32)}
for option, value in headers.items():
    with socket.socket(socket.AF_INET6) as link:
        link.settimeout(0.5)
        try:
            link.setsockopt(socket.IPPROTO_IPV6, option, value)
            outcome = "set"
        except OSError as error:
            outcome = errno.errorcode[error.errno]
        if option == 57:
            print(outcome)
        try:
            link.connect(("2001:db8::10", 8080))
        except OSError:
            pass
PYTHON
}

@test "an IP source route redirects packets without a sandbox, and is refused under one" {
  needs_world
  routed
  captured "${PYTHON}" routed.py
  prints set
  [[ ${packets} == *'tcp 2001:db8::11 8080'* ]]
  local layer
  for layer in "${LAYERS[@]}"; do
    captured_under "${layer}" --connect '[2001:db8::10]:8080' -- "${PYTHON}" routed.py
    prints ENOPROTOOPT
    is "${packets}" 'tcp 2001:db8::10 8080'
  done
}

# All ways to send: with an address, connected, many at once, with control messages, as an IPv4-mapped address.
datagrams() {
  cat >datagrams.py <<'PYTHON'
import ctypes, socket
libc = ctypes.CDLL(None, use_errno=True)

def attempt(act):
    try:
        act()
    except OSError:
        pass

for host in ("203.0.113.11", "::ffff:203.0.113.11", "2001:db8::11", "169.254.169.254"):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in (53, 8080, 8081):
        place = (host, port)
        with socket.socket(family, socket.SOCK_DGRAM) as link:
            attempt(lambda: link.sendto(b"x", place))
            attempt(lambda: link.sendmsg([b"x"], [], 0, place))
            attempt(lambda: link.sendmsg([b"x"], [(socket.IPPROTO_IP, socket.IP_TTL, b"\x40\0\0\0")], 0, place))
            attempt(lambda: link.connect(("203.0.113.10" if family == socket.AF_INET else "2001:db8::10", 8080)))
            attempt(lambda: link.sendto(b"x", place))
            attempt(lambda: link.connect(place))
            attempt(lambda: link.send(b"x"))
            attempt(lambda: link.sendto(b"x", socket.MSG_CONFIRM, place))
        with socket.socket(family, socket.SOCK_DGRAM) as link:
            attempt(lambda: link.connect(place))
            with link.dup() as other:
                attempt(lambda: other.send(b"x"))
    with socket.socket(family, socket.SOCK_STREAM) as link:
        attempt(lambda: link.sendto(b"x", socket.MSG_FASTOPEN, (host, 8081)))
print("done")
PYTHON
}

@test "no form of send emits a packet to an address that no rule names" {
  needs_world
  datagrams
  captured "${PYTHON}" datagrams.py
  local place
  for place in 'udp 203.0.113.11 8080' 'udp 2001:db8::11 8080' 'udp 169.254.169.254 53' 'tcp 203.0.113.11 8081'; do
    [[ ${packets} == *"${place}"* ]] || { printf '%s\n' "${place}" "${packets}"; return 1; }
  done
  local layer
  for layer in "${LAYERS[@]}"; do
    captured_under "${layer}" --connect 203.0.113.10:8080 --connect 203.0.113.10:8080/udp -- "${PYTHON}" datagrams.py
    prints done
    is "${packets}" ''
    # For a name only its query leaves, to the name server of the machine.
    captured_under "${layer}" --connect api.test:8080 --connect api.test:8080/udp -- "${PYTHON}" "${CLIENT}" name=api.test \
      name=other.test udp=203.0.113.10,8080 udp=203.0.113.11,8080
    is "${packets}" "udp 127.0.0.1 53
udp 203.0.113.10 8080"
  done
}

# ---- races

# race KIND: under each layer. The second server is never reached.
races() {
  local layer tries=20000
  if [[ -n ${LL_LONG:-} ]]; then tries=1000000; fi
  local -a places=(203.0.113.10:9000 203.0.113.11:9000)
  for layer in "${LAYERS[@]}"; do
    sandbox "${layer}" --connect "${places[0]}" --unix any -- "${RACE}" "$1" "${tries}" "${places[@]}"
    world "${RACE}" serve "${places[@]}" -- "${words[@]}"
    is "${status} $(tail -n 1 <<<"${output}")" "0 reached 0"
    [[ ${output} == "$1: ${tries} tries, "*", 0 to the other"* ]]
  done
}

@test "an address that another thread rewrites reaches no other address" {
  needs_world
  races address
  [[ ${output} != *' 0 to the one'* ]]
}

@test "a descriptor that another thread replaces reaches no other address" {
  needs_world
  races descriptor
}

@test "a unix address that another thread rewrites reaches no other socket, as Landlock refuses it" {
  needs_world
  local tries=200000
  if [[ -n ${LL_LONG:-} ]]; then tries=1000000; fi
  local -a places=(203.0.113.10:9000 203.0.113.11:9000)
  # Control: without the sandbox the race is won.
  world "${RACE}" serve "${places[@]}" -- "${RACE}" without-wall "${tries}" "${places[@]}"
  [[ ${output} == *'1 to the other'*'reached 1' ]] || { printf '%s\n' "${output}"; return 1; }
  races continue
}

# ---- the supervisor

@test "with the supervisor killed no socket connects, and an open connection goes on" {
  needs_world
  cat >killed.py <<'PYTHON'
import ctypes, errno, os, socket, sys, time
libc = ctypes.CDLL(None, use_errno=True)

def attempt(act):
    try:
        act()
        return "done"
    except OSError as error:
        return errno.errorcode[error.errno]

before = socket.socket()
link = socket.create_connection(("203.0.113.10", 8080))
print("connected", flush=True)
sys.stdin.readline()
print(attempt(lambda: before.connect(("203.0.113.10", 8080))))
print(attempt(lambda: socket.create_connection(("203.0.113.10", 8080))))
print(attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("203.0.113.10", 8080))))
print(attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)))
link.sendall(b"x")
print(link.recv(1))
# ll-net ended with the status of the command.
with open("done.new", "w") as file:
    print("done", file=file)
os.rename("done.new", "done")
PYTHON
  cat >kill.sh <<'BASH'
mkfifo in out
"$@" <in >out &
exec 3>in 4<out
read -r line <&4
echo "${line}"
kill -KILL $!
wait $! 2>/dev/null
echo >&3
cat <&4
BASH
  sandbox ll-exec --connect 203.0.113.10:8080 -- "${PYTHON}" killed.py
  world bash kill.sh "${words[@]}"
  prints connected ENOSYS ENOSYS ENOSYS EACCES "b'x'"
}

@test "SIGKILL of sandbox.sh kills all processes of a sandbox with hosts" {
  needs_world
  local marker=1000.${RANDOM}${RANDOM}
  running() { grep -l -z -x -F -e "${marker}" -- /proc/[0-9]*/cmdline >/dev/null 2>&1; }
  gone() { ! running; }
  start "${NET}/sandbox.sh" --rx / --connect api.test:443 -- bash -c 'setsid sleep "$1" & echo ready; exec sleep "$1"' - "${marker}"
  waits_until running
  kill -KILL "${started_pid}"
  status=0
  wait "${started_pid}" || status=$?
  started_pid=
  is "${status}" 137
  waits_until gone
}
