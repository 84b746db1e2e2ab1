load net

# A stopped supervisor, programs of many kinds, and many sockets behave as without ll-net.

LAYERS=(ll-exec sandbox.sh)
RACE=${LL_TOOLS:-}/race

# talk SCRIPT COMMAND...: runs bash with SCRIPT, connected to the command: ${pid} is the command, `hear`
# prints its next line, `tell` writes a line to it.
talk() {
  cat >talk.sh <<'BASH'
script=$1
shift
rm -f in out
mkfifo in out
"$@" <in >out &
pid=$!
exec 3>in 4<out
hear() { local line; read -r line <&4 && printf '%s\n' "${line}"; }
tell() { echo "$*" >&3; }
state_of() { sed -n 's/^State:.\(.\).*/\1/p' "/proc/$1/status"; }
. "./${script}"
BASH
  world bash talk.sh "$@"
}

# ---- a stopped supervisor

@test "connections wait while the supervisor is stopped, and go on afterwards" {
  needs_world
  cat >held.py <<'PYTHON'
import socket, sys, threading, time
link = socket.create_connection(("203.0.113.10", 8080))
print("connected", flush=True)
sys.stdin.readline()

def make():
    socket.create_connection(("203.0.113.10", 8080))
    print("made", flush=True)

thread = threading.Thread(target=make)
thread.start()
link.sendall(b"x")
print(link.recv(1).decode(), flush=True)
thread.join(0.5)
print("hangs" if thread.is_alive() else "does not hang", flush=True)
sys.stdin.readline()
thread.join()
print("ends", flush=True)
PYTHON
  cat >script <<'BASH'
hear
kill -STOP $pid
until [[ $(state_of $pid) == T ]]; do sleep 0.01; done
tell
hear
hear
kill -CONT $pid
tell
hear
hear
wait $pid
echo "status $?"
BASH
  local layer
  for layer in "${LAYERS[@]}"; do
    sandbox "${layer}" --connect 203.0.113.10:8080 -- "${PYTHON}" held.py
    talk script "${words[@]}"
    prints connected x hangs made ends 'status 0' || { printf '%s\n' "${layer}" "${errors}"; return 1; }
  done
}

@test "SIGTERM ends a command whose supervisor is stopped" {
  needs_world
  printf '%s\n' 'import os, socket, sys' 'print(os.getpid(), flush=True)' 'sys.stdin.readline()' \
    'socket.create_connection(("203.0.113.10", 8080))' >hang.py
  cat >script <<'BASH'
command=$(hear)
kill -STOP $pid
until [[ $(state_of $pid) == T ]]; do sleep 0.01; done
tell
until grep -q seccomp "/proc/${command}/wchan" 2>/dev/null || [[ $(<"/proc/${command}/syscall") == "41 "* || $(<"/proc/${command}/syscall") == "42 "* ]]; do
  sleep 0.01
  ((SECONDS < 20)) || break
done
kill -TERM "${command}"
until [[ $(state_of "${command}") == Z ]]; do sleep 0.01; done
echo ended
kill -CONT $pid
wait $pid
echo "status $?"
BASH
  sandbox ll-exec --connect 203.0.113.10:8080 -- "${PYTHON}" hang.py
  talk script "${words[@]}"
  prints ended 'status 143'
}

# ---- as without a sandbox

@test "a storm of signals causes no error that does not occur without a sandbox" {
  needs_world
  local layer kind
  local -a places=(203.0.113.10:9000 203.0.113.11:9000)
  for kind in restart-blocking blocking restart none; do
    world "${RACE}" serve "${places[@]}" -- "${RACE}" storm 5000 "${places[0]}" "${kind}"
    is "${status}" 0
    local bare=" ${output%%$'\n'*}"
    # A call that waits for the supervisor is a blocking call: a handler without SA_RESTART makes it fail with EINTR.
    if [[ ${kind} != restart* ]]; then bare+="EINTR "; fi
    for layer in "${LAYERS[@]}"; do
      sandbox "${layer}" --connect "${places[0]}" -- "${RACE}" storm 5000 "${places[0]}" "${kind}"
      world "${RACE}" serve "${places[@]}" -- "${words[@]}"
      is "${status}" 0
      local result
      for result in ${output%%$'\n'*}; do
        [[ ${bare} == *" ${result} "* ]] || { printf '%s\n' "${layer} ${kind}: ${bare}" "${errors}"; return 1; }
      done
      [[ ${output} == *connected* ]]
    done
  done
}

@test "addresses, errors and flags of a socket are the same as without a sandbox" {
  needs_world
  cat >names.py <<'PYTHON'
import errno, socket, struct

def say(act):
    try:
        return act()
    except OSError as error:
        return errno.errorcode[error.errno]

def attempt(host, port, prepare):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as link:
        prepare(link)
        print(say(lambda: link.connect((host, port))),
              say(lambda: link.getpeername()[:2]), say(lambda: link.getsockname()[0]),
              link.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR),
              say(lambda: link.connect((host, port))), link.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR),
              say(lambda: link.getpeername()[:2]), link.getblocking(), link.get_inheritable())

nothing = lambda link: None
for host in ("203.0.113.10", "2001:db8::10"):
    attempt(host, 8080, nothing)
    attempt(host, 9, nothing)
    attempt(host, 8080, lambda link: link.bind((host, 0)))
attempt("203.0.113.10", 8090, lambda link: link.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", 0, 100000)))
with socket.socket() as link:
    link.setblocking(False)
    link.connect_ex(("203.0.113.10", 8090))
    print(errno.errorcode[link.connect_ex(("203.0.113.10", 8090))])
PYTHON
  world "${PYTHON}" names.py
  local bare=${output} layer
  for layer in "${LAYERS[@]}"; do
    sandbox "${layer}" --connect '203.0.113.10:any' --connect '[2001:db8::10]:any' --bind any -- "${PYTHON}" names.py
    world "${words[@]}"
    prints "${bare}" || { printf '%s\n' "${layer}"; return 1; }
  done
}

@test "3,000 unconnected sockets connect later" {
  needs_world
  cat >waiting.py <<'PYTHON'
import socket
waiting = [socket.socket() for _ in range(3000)]
for link in waiting:
    link.connect(("203.0.113.10", 8080))
    link.close()
print("done")
PYTHON
  local layer
  for layer in "${LAYERS[@]}"; do
    sandbox "${layer}" --connect 203.0.113.10:8080 -- "${PYTHON}" waiting.py
    world bash -c 'ulimit -n 4096 || exit 99; "$@"' _ "${words[@]}"
    if ((status == 99)); then skip 'needs a limit of 4096 descriptors'; fi
    prints done
  done
}

@test "many connections leak no file descriptor and no memory" {
  needs_world
  local count=4000
  if [[ -n ${LL_LONG:-} ]]; then count=50000; fi
  cat >many.py <<PYTHON
import socket, sys
for turn in range(3):
    for _ in range(500 if turn == 0 else ${count}):
        with socket.socket() as link:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\\1\\0\\0\\0\\0\\0\\0\\0")
            link.connect(("203.0.113.10", 9000))
    print("turn", flush=True)
    sys.stdin.readline()
PYTHON
  cat >script <<'BASH'
shopt -s nullglob
for turn in 0 1 2; do
  hear >/dev/null
  descriptors=(/proc/$pid/fd/*)
  echo "${#descriptors[@]} $(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' /proc/$pid/status)"
  tell
done
wait $pid
BASH
  local layer
  local -a places=(203.0.113.10:9000 203.0.113.11:9000) rows
  for layer in "${LAYERS[@]}"; do
    sandbox "${layer}" --connect "${places[0]}" -- "${PYTHON}" many.py
    talk script "${RACE}" serve "${places[@]}" -- "${words[@]}"
    mapfile -t rows <<<"${output}"
    [[ ${rows[2]} =~ ^[0-9]+\ [0-9]+$ ]] || { printf '%s\n' "${layer}" "${output}" "${errors}"; return 1; }
    # After the first round no more descriptors than then, and only pages that were touched for the first time.
    local -i before=${rows[0]#* } after=${rows[2]#* }
    [[ ${rows[1]% *} -le ${rows[0]% *} && ${rows[2]% *} -le ${rows[0]% *} ]] &&
      ((after <= before + 64 && after <= 2048)) || { printf '%s\n' "${layer}" "${rows[@]}"; return 1; }
  done
}
