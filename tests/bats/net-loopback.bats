load net

# `localhost own`: many listen on the same port and reach their own servers; and `publish`.

LAYERS=(ll-exec sandbox.sh)

# A server that sends NAME to every client at HOST:PORT, then connects there itself; it ends with its input.
servers() {
  cat >own.py <<'PYTHON'
import errno, socket, sys, threading

name, host, port, asked = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]

def attempt(act):
    try:
        return act()
    except OSError as error:
        return errno.errorcode[error.errno]

server = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
outcome = attempt(lambda: server.bind((host, port)))
if outcome is not None:
    print(name, outcome, flush=True)
    sys.exit()
server.listen(64)

def serve():
    while True:
        link, _ = server.accept()
        link.sendall(name.encode())
        link.close()

threading.Thread(target=serve, daemon=True).start()

def ask(place):
    at, _, number = place.rpartition(",")
    with socket.create_connection((at, int(number or port)), 5) as link:
        return link.recv(100).decode()

print(name, "is there", flush=True)
sys.stdin.readline()
print(name, *[attempt(lambda: ask(place)) for place in asked], flush=True)
sys.stdin.readline()
PYTHON
}

# Starts COUNT servers under a layer, with bash functions to talk to them; see `talk`.
talk() { # SCRIPT COMMAND...
  cat >talk.sh <<'BASH'
declare -A to=() from=() pids=()
script=$1
shift
words=("$@")
begin() { # NAME ARGUMENT...
  mkfifo "in.$1" "out.$1"
  "${words[@]}" "$@" <"in.$1" >"out.$1" &
  pids[$1]=$!
  exec {to[$1]}>"in.$1" {from[$1]}<"out.$1"
  hear "$1"
}
hear() { local line; read -r line <&"${from[$1]}" && printf '%s\n' "${line}"; }
tell() { echo >&"${to[$1]}"; hear "$1"; }
end() { exec {to[$1]}>&-; wait "${pids[$1]}"; }
reach() { (exec 3<>"/dev/tcp/$1/$2"; read -r -u 3 line; [[ ${line} ]] && printf '%s\n' "${line}") 2>/dev/null || echo refused; }
. "./${script}"
BASH
  world bash talk.sh "$@"
}

@test "three listeners on one port are reached by their own addresses, and not from the host" {
  needs_world
  servers
  cat >script <<'BASH'
begin a 127.0.0.1 9000 127.0.0.1, ::1, localhost, 0.0.0.0,
begin b :: 9000 127.0.0.1, ::1, localhost, 0.0.0.0,
begin c 0.0.0.0 9000 127.0.0.1, ::1, localhost, 0.0.0.0,
for name in a b c; do tell "${name}"; done
reach 127.0.0.1 9000
reach 203.0.113.10 9000
for name in a b c; do end "${name}"; done
BASH
  # Control: without the private loopback only one of them can listen, and gets the clients of all.
  talk script "${PYTHON}" own.py
  [[ ${output} == *'b EADDRINUSE'* && ${output} == *'a a '* ]]
  local layer
  for layer in "${LAYERS[@]}"; do
    rm -f in.* out.*
    sandbox "${layer}" --localhost own --bind 9000 --connect 9000 -- "${PYTHON}" own.py
    talk script "${words[@]}"
    prints 'a is there' 'b is there' 'c is there' 'a a a a a' 'b b b b b' 'c c c c c' refused refused ||
      { printf '%s\n' "${layer}"; return 1; }
  done
}

@test "a published port is reachable on the host, and another is not" {
  needs_world
  servers
  cat >script <<'BASH'
begin a 127.0.0.1 9000 127.0.0.1, ::1, 127.0.0.1,19000
reach 127.0.0.1 9000
reach 127.0.0.1 19000
reach 203.0.113.10 19000
tell a
end a
BASH
  local layer
  for layer in "${LAYERS[@]}"; do
    rm -f in.* out.*
    sandbox "${layer}" --localhost own --publish 9000=19000 --bind 9000-9001 --connect 9000 -- "${PYTHON}" own.py
    talk script "${words[@]}"
    prints 'a is there' refused a refused 'a a a EACCES' || { printf '%s\n' "${layer}"; return 1; }
  done
}

@test "a connect in the sandbox to a published port does not reach a listener on the host" {
  needs_world
  sandbox ll-exec --localhost own --publish 9000=8080 --bind 9000 --connect 9000 -- "${PYTHON}" "${CLIENT}" to=127.0.0.1,9000
  world "${words[@]}"
  prints ECONNREFUSED
  servers
  printf 'begin a 127.0.0.1 9000\n' >script
  sandbox ll-exec --localhost own --publish 9000=8080 --bind 9000 --connect 9000 -- "${PYTHON}" own.py
  talk script "${words[@]}"
  prints 'a EADDRINUSE'
}

@test "with localhost own no loopback address of the host is reached" {
  needs_world
  local layer
  steps to=127.0.0.1,8080 to=127.0.0.2,8080 to=::1,8080
  prints 127.0.0.1 127.0.0.2 ::1
  for layer in "${LAYERS[@]}"; do
    steps_under "${layer}" --localhost own --connect 8080 --connect 127.0.0.0/8:8080 --connect '[::1]:8080' -- \
      to=127.0.0.1,8080 to=127.0.0.2,8080 to=::1,8080 to=0.0.0.0,8080 to=::ffff:127.0.0.1,8080 to=127.255.255.254,8080 \
      to=203.0.113.10,8080
    prints ECONNREFUSED EACCES ECONNREFUSED ECONNREFUSED ECONNREFUSED EACCES 203.0.113.10
  done
}

@test "with localhost own only ports of bind rules can be bound, whatever the address" {
  needs_world
  cat >bind.py <<'PYTHON'
import errno, socket, sys
for host, port in (("127.0.0.1", 9000), ("127.0.0.1", 9001), ("203.0.113.10", 9000), ("127.0.0.2", 9000), ("::1", 9001),
                   ("2001:db8::10", 9000), ("0.0.0.0", 0)):
    link = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        link.bind((host, port))
        print("bound")
    except OSError as error:
        print(errno.errorcode[error.errno])
    link.close()
PYTHON
  world "${PYTHON}" bind.py
  prints bound bound bound bound bound bound bound
  local layer
  for layer in "${LAYERS[@]}"; do
    sandbox "${layer}" --localhost own --bind 9000 -- "${PYTHON}" bind.py
    world "${words[@]}"
    prints bound EACCES EACCES EACCES EACCES EACCES EACCES || { printf '%s\n' "${layer}"; return 1; }
  done
}

@test "connecting to the private loopback needs a connect rule, and noconnect private does not refuse it" {
  needs_world
  servers
  printf 'begin a 127.0.0.1 9000 127.0.0.1, localhost,\ntell a\nend a\n' >script
  local -a act=(--localhost own --bind 9000)
  sandbox ll-exec "${act[@]}" --connect api.test:8080 -- "${PYTHON}" own.py
  talk script "${words[@]}"
  prints 'a is there' 'a EACCES EACCES'
  rm -f in.* out.*
  sandbox ll-exec "${act[@]}" --connect localhost:9000 --noconnect private -- "${PYTHON}" own.py
  talk script "${words[@]}"
  prints 'a is there' 'a a a'
  rm -f in.* out.*
  sandbox ll-exec "${act[@]}" --connect localhost:9000 --noconnect 127.0.0.0/8 -- "${PYTHON}" own.py
  talk script "${words[@]}"
  prints 'a is there' 'a EACCES EACCES'
}

@test "without the supervisor no port is bound on the loopback of the host" {
  needs_world
  cat >after.py <<'PYTHON'
import errno, os, signal, socket, time
supervisor = os.getppid()
os.kill(supervisor, signal.SIGKILL)
while os.getppid() == supervisor:
    time.sleep(0.01)
link = socket.socket()
with open("after", "w") as file:
    try:
        link.bind(("127.0.0.1", 9000))
        print("bound", file=file)
    except OSError as error:
        print(errno.errorcode[error.errno], file=file)
os.rename("after", "done")
PYTHON
  sandbox ll-exec --localhost own --bind 9000 --ipc signal -- "${PYTHON}" after.py
  world bash -c '"$@"; for ((i = 0; i < 3000; i++)); do if [[ -e done ]]; then break; fi; sleep 0.01; done; cat done' \
    _ "${words[@]}"
  prints ENOSYS
}

@test "invalid values of localhost and publish are refused at the start" {
  needs_abi 4
  local row
  local -a rows=(
    "--localhost yes|'yes' is not own"
    "--localhost own --publish 80|'80' is not N=HOSTPORT"
    "--localhost own --publish 0=80 --bind any|'0=80' is not N=HOSTPORT"
    "--localhost own --publish 80=65536 --bind any|'80=65536' is not N=HOSTPORT"
    "--publish 80=8080 --bind 80|'publish 80=8080' needs 'localhost own'"
    "--localhost own --publish 80=8080 --bind 81|'publish 80=8080' needs 'bind 80'"
  )
  for row in "${rows[@]}"; do
    # shellcheck disable=SC2086 # options
    capture "${NET}/ll-exec" ${row%%|*} --rx / -- touch marker
    [[ ${status} == 125 && ${errors} == *"${row#*|}"* ]] || { printf '%s\n' "${row}" "${errors}"; return 1; }
  done
  [[ ! -e marker ]]
}

@test "--explain shows a private loopback and the published ports" {
  needs_abi 4
  capture "${NET}/ll-exec" --localhost own --publish 8080=18080 --bind 8080 --explain
  [[ ${output} == *"granted a private loopback, and no other "*"granted port 8080 is 127.0.0.1:18080 outside "* ]] ||
    { printf '%s\n' "${output}"; return 1; }
  capture "${NET}/ll-exec" --localhost own --publish 8080=18080 --bind 8080 --explain --json
  [[ ${output} == *'"directive":"localhost","value":"own"'*'"directive":"publish","value":"8080=18080"'* ]] ||
    { printf '%s\n' "${output}"; return 1; }
}
