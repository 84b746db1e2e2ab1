load net

LAYERS=(ll-exec sandbox.sh)

# ---- the restrictions behind the supervisor

@test "without the supervisor no connection can be made, and an open one goes on" {
  needs_world
  cat >after.py <<'PYTHON'
import errno, os, signal, socket, time

def attempt(act):
    try:
        act()
        return "done"
    except OSError as error:
        return errno.errorcode[error.errno]

supervisor = os.getppid()
link = socket.create_connection(("203.0.113.10", 8080))
os.kill(supervisor, signal.SIGKILL)
while os.getppid() == supervisor:
    time.sleep(0.01)
with open("after", "w") as file:
    for _ in range(3):
        print(attempt(lambda: socket.create_connection(("203.0.113.10", 8080))), file=file)
    print(attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)), file=file)
    link.sendall(b"x")
    print(link.recv(1), file=file)
os.rename("after", "done")
PYTHON
  sandbox ll-exec --connect 203.0.113.10:8080 --ipc signal -- "${PYTHON}" after.py
  world bash -c '"$@"; for ((i = 0; i < 3000; i++)); do if [[ -e done ]]; then break; fi; sleep 0.01; done; cat done' \
    _ "${words[@]}"
  prints ENOSYS ENOSYS ENOSYS ENOSYS "b'x'"
}

@test "a command cannot send signals to its supervisor" {
  needs_world
  needs_abi 6
  sandbox ll-exec --connect 203.0.113.10:8080 -- bash -c 'kill -KILL "${PPID}"; echo "$?"'
  world "${words[@]}"
  prints 1
}

@test "hosts need Landlock ABI 4, with --best-effort as well" {
  local -a act=("${NET}/ll-exec" --abi 3 --connect api.test:443 --rx / -- touch marker)
  local option
  for option in "" --best-effort; do
    capture "${act[@]:0:1}" ${option:+"${option}"} "${act[@]:1}"
    is "${status}" 125
    [[ ${errors} == *"'connect api.test:443' needs Landlock ABI 4 (Linux 6.7): without it the supervisor can be bypassed"* ]]
    [[ ! -e marker ]]
  done
}

@test "without ll-net no command is run" {
  needs_abi 4
  install -m 755 "${NET}/ll-exec" alone
  capture ./alone --connect api.test:443 --rx / --rw . -- touch marker
  is "${status}" 125
  [[ ${errors} == "ll-exec: argument 2: hosts need ll-net: ENOENT (no such file or directory)"* ]]
  [[ ! -e marker ]]
}

@test "a sandbox with hosts does not start in a sandbox with hosts" {
  needs_world
  sandbox ll-exec --connect api.test:8080 -- "${NET}/ll-exec" --rx / --connect api.test:8080 -- echo run
  world "${words[@]}"
  is "${status} ${output}" "125 "
}

# ---- the command behaves as without a supervisor

@test "exit statuses and signals that kill are the command's" {
  needs_abi 4
  local -a act=("${NET}/ll-exec" --connect api.test:443 --rx / --dev /dev/null --)
  capture "${act[@]}" bash -c 'exit 7'
  is "${status}" 7
  capture "${act[@]}" nothing-like-this
  is "${status}" 127
  local name
  for name in TERM KILL SEGV; do
    capture bash -c '"$@"; :' _ bash -c "kill -${name} \$\$"
    local bare=${status}
    capture "${act[@]}" bash -c "kill -${name} \$\$"
    is "${status}" "$((128 + $(kill -l "${name}")))"
    : "${bare}"
  done
}

@test "signals to the supervisor are passed to the command" {
  needs_abi 4
  local name
  for name in TERM USR1 USR2 WINCH; do
    rm -f started
    start "${NET}/ll-exec" --connect api.test:443 --rx / --dev /dev/null -- \
      bash -c "trap 'echo got; exit 3' ${name}; echo ready; while :; do sleep 0.02; done"
    kill "-${name}" "${started_pid}"
    status=0
    wait "${started_pid}" || status=$?
    started_pid=
    is "${name} ${status} $(tail -n 1 started)" "${name} 3 got"
  done
}

@test "the supervisor stops when the command stops, and SIGCONT continues both" {
  needs_abi 4
  start "${NET}/ll-exec" --connect api.test:443 --rx / --dev /dev/null -- \
    bash -c 'echo ready; kill -STOP $$; exit 5'
  stopped() { [[ $(state_of "${started_pid}") == T ]]; }
  waits_until stopped
  kill -CONT "${started_pid}"
  status=0
  wait "${started_pid}" || status=$?
  started_pid=
  is "${status}" 5
}

@test "a blocking connect ends by a signal handler that raises, and by its own timeout" {
  needs_world
  local -a steps=(interrupt=203.0.113.10,8090 timeout=203.0.113.10,8090)
  steps "${steps[@]}"
  prints interrupted EINPROGRESS
  local layer
  for layer in "${LAYERS[@]}"; do
    steps_under "${layer}" --connect 203.0.113.10:8090 -- "${steps[@]}"
    prints interrupted EINPROGRESS
  done
}

@test "a connection is made while many others hang" {
  needs_world
  cat >many.py <<'PYTHON'
import socket, threading, time

def hang():
    try:
        socket.create_connection(("203.0.113.10", 8090))
    except OSError:
        pass

for _ in range(400):
    threading.Thread(target=hang, daemon=True).start()
time.sleep(0.5)
for _ in range(200):
    socket.create_connection(("203.0.113.10", 8080)).close()
print("connected", flush=True)
import os
os._exit(0)
PYTHON
  local layer
  for layer in "${LAYERS[@]}"; do
    sandbox "${layer}" --connect 203.0.113.10:8080 --connect 203.0.113.10:8090 -- "${PYTHON}" many.py
    world "${words[@]}"
    prints connected
  done
}

@test "sockets created early connect later, and many connections leave nothing behind" {
  needs_world
  cat >later.py <<'PYTHON'
import socket

waiting = [socket.socket() for _ in range(900)]
for link in waiting:
    link.connect(("203.0.113.10", 8080))
    link.close()
for _ in range(2000):
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    link.connect(("203.0.113.10", 8080))
    link.close()
print("done")
PYTHON
  local layer
  for layer in "${LAYERS[@]}"; do
    sandbox "${layer}" --connect 203.0.113.10:8080 -- "${PYTHON}" later.py
    world "${words[@]}"
    prints done
  done
}

# ---- rules

@test "a host is written in one of four forms, each with ports" {
  needs_abi 4
  local line
  for line in api.test:443 '*.api.test:1-9' 192.0.2.1:any 192.0.2.0/24:443/tcp '[2001:db8::/32]:443' \
    '[::1]:1' api.test:443/private api.test:443/tcp/private localhost:8080; do
    capture "${NET}/ll-exec" --explain --connect "${line}"
    [[ ${status} == 0 && ${output} == *"granted connect ${line} "* ]] || { printf '%s\n' "${line}" "${errors}"; return 1; }
  done
  local advice='as in: connect api.example.com:443 *.example.com:443 192.0.2.0/24:443 [2001:db8::]:443'
  for line in '*:443' 'a..b:443' '-a.b:443' 'a.1:443' 192.0.2.1.5:443 192.0.2.256:443 192.0.2.01:443 192.0.2.1/24:443 \
    192.0.2.0/33:443 '[2001:db8::/129]:443' '[2001:db8::1/32]:443' '[1::2::3]:443' '[12345::]:443' '[::1]' 2001:db8::1 \
    '[api.test]:443' '*.192.0.2.1:443' ':443' 'a b:443' "$(printf 'a%.0s' {1..64}).test:443"; do
    capture "${NET}/ll-exec" --explain --connect "${line}"
    [[ ${status} == 125 ]] || { printf '%s: %s\n' "${line}" "${status}"; return 1; }
    [[ ${errors} == *"'${line}' is not a host and a port"*"${advice}"* || ${errors} == *'is not a port'* ]] ||
      { printf '%s\n' "${line}" "${errors}"; return 1; }
  done
}

@test "a rule that would bypass the host rules is refused at the start" {
  local line
  for line in 53 50-60 53/udp 123/udp any/udp api.test:53/udp api.test:any/udp; do
    capture "${NET}/ll-exec" --connect api.test:443 --connect "${line}" --rx / -- true
    is "${status}" 125
    [[ ${errors} == *"would bypass 'connect api.test:443'"* ]] || { printf '%s\n' "${errors}"; return 1; }
  done
}

@test "noconnect accepts addresses, and refuses names" {
  needs_abi 4
  capture "${NET}/ll-exec" --explain --connect any --noconnect 10.0.0.0/8 --noconnect '[fd00::/8]:22' --noconnect private
  is "${status} ${errors}" "0 "
  capture "${NET}/ll-exec" --explain --connect any --noconnect evil.test
  is "${status}" 125
  [[ ${errors} == *"'evil.test' is a name; only addresses can be refused"* ]]
}

@test "a program with its own resolver works where there are user namespaces" {
  needs_world
  needs_program node
  cat >ask.js <<'NODE'
require("dns").resolve4("api.test", (error, found) => {
  console.log(error ? error.code : found.join(" "));
  process.exit();
});
NODE
  local layer
  for layer in "${LAYERS[@]}"; do
    sandbox "${layer}" --connect api.test:8080 -- node ask.js
    world "${words[@]}"
    prints 203.0.113.10
    sandbox "${layer}" --connect other.test:8080 -- node ask.js
    world "${words[@]}"
    prints ENOTFOUND
  done
}

# ---- other sandboxes and supervisors

@test "without user namespaces names are resolved, and UDP datagrams reach nothing" {
  needs_world
  sandbox ll-exec --connect api.test:8080 -- "${PYTHON}" "${CLIENT}" tcp=api.test,8080 name=other.test \
    udp=203.0.113.10,8080 udp-connected=203.0.113.10,8080
  world bash -c 'echo 0 >/proc/sys/user/max_user_namespaces; if unshare -Ur true; then exit 99; fi; "$@"' _ "${words[@]}"
  prints echo EAI_NONAME silence ENETUNREACH
}

@test "where pidfd_getfd is refused, the supervisor makes the sockets of the command" {
  needs_world
  # As in Docker's default profile: pidfd_getfd is refused, process_vm_readv is not.
  local -a outer=("${NET}/ll-exec" --rx / --rw "${T}" --dev /dev/null --ro /proc --connect any --connect any/udp
    --syscall 'allow process_vm_readv' --)
  sandbox ll-exec -v --connect api.test:8080 -- "${PYTHON}" "${CLIENT}" to=203.0.113.10,8080 tcp=api.test,8080 \
    to=203.0.113.10,8080 to=203.0.113.10,8081 to=::ffff:203.0.113.11,8080 name=other.test epoll=api.test,8080 \
    udp=203.0.113.10,8080
  world "${outer[@]}" "${words[@]}"
  prints EACCES echo 203.0.113.10 EACCES EACCES EAI_NONAME "0 y None" silence
  [[ ${errors} == *"ll-exec: ll-net makes the command's sockets, because it cannot access the command's own: EPERM (not permitted)"* ]]
}

@test "where the command's memory cannot be read, the command is not run" {
  needs_world
  local -a outer=("${NET}/ll-exec" --rx / --rw "${T}" --dev /dev/null --connect any --connect any/udp --)
  sandbox ll-exec --connect api.test:8080 -- touch marker
  world "${outer[@]}" "${words[@]}"
  is "${status}" 125
  [[ ${errors} == "ll-exec: cannot read the command's memory: EPERM (not permitted)"* ]]
  [[ ! -e marker ]]
}
