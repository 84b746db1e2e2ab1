load net

# Programs that know nothing of ll-net, and special cases of some.

LAYERS=(ll-exec sandbox.sh)

# with_server SCRIPT COMMAND...: runs the command in the world, beside what SCRIPT starts, which ends with it.
with_server() {
  cat >server.sh <<'BASH'
. "./$1"
shift
"$@"
status=$?
kill $(jobs -p) 2>/dev/null
exit $status
BASH
  world env HOME="${T}" bash server.sh "$@"
}

# sshd changes to other users, which the user namespace of one user does not have.
needs_sshd() {
  ((EUID == 0)) || skip 'needs root'
  world() { capture unshare -nm "${PYTHON}" "${WORLD}" "$@"; }
  needs_program ssh ssh-keygen
  [[ -x /usr/sbin/sshd ]] || skip 'needs /usr/sbin/sshd'
  ssh-keygen -q -t ed25519 -N '' -f host
  ssh-keygen -q -t ed25519 -N '' -f key
  cp key.pub authorized
  cat >sshd_config <<CONFIG
HostKey ${T}/host
AuthorizedKeysFile ${T}/authorized
StrictModes no
UsePAM no
PidFile none
PasswordAuthentication no
PermitRootLogin yes
CONFIG
  cat >serve <<'BASH'
mkdir -p /run/sshd 2>/dev/null || { mount -t tmpfs tmpfs /run && mkdir /run/sshd; }
/usr/sbin/sshd -D -e -f sshd_config -o ListenAddress=203.0.113.10:2222 2>sshd.log &
until (exec 3<>/dev/tcp/203.0.113.10/2222) 2>/dev/null; do sleep 0.02; done
BASH
  SSH=(ssh -F none -i "${T}/key" -p 2222 -o StrictHostKeyChecking=no -o UserKnownHostsFile=known -o BatchMode=yes
    -o IdentitiesOnly=yes)
  with_server serve "${SSH[@]}" root@four.test echo it works
  [[ ${status} == 0 ]] || skip "ssh does not work here without a sandbox: ${errors##*$'\n'}"
}

@test "ssh connects to a granted name, and not to another" {
  needs_world
  needs_sshd
  local layer
  for layer in "${LAYERS[@]}"; do
    rm -f known
    sandbox "${layer}" --dev /dev --connect four.test:2222 -- "${SSH[@]}" root@four.test echo it works
    with_server serve "${words[@]}"
    is "${status} ${output}" "0 it works" || { printf '%s\n' "${layer}" "${errors}"; return 1; }
    sandbox "${layer}" --dev /dev --connect api.test:2222 -- "${SSH[@]}" root@four.test echo it works
    with_server serve "${words[@]}"
    is "${status} ${output}" "255 "
    [[ ${errors} == *'four.test'*'Name or service not known'* ]]
  done
}

@test "git clones over ssh with one connect rule" {
  needs_world
  needs_program git
  needs_sshd
  git init -q --bare repository.git
  git -c init.defaultBranch=main init -q work
  git -C work -c user.name=a -c user.email=a@b commit -q --allow-empty -m first
  git -C work push -q "${T}/repository.git" HEAD:refs/heads/main
  local layer
  for layer in "${LAYERS[@]}"; do
    sandbox "${layer}" --dev /dev --connect four.test:2222 --env "GIT_SSH_COMMAND=${SSH[*]}" --env PATH --env HOME -- git ls-remote \
      "ssh://root@four.test${T}/repository.git" refs/heads/main
    with_server serve "${words[@]}"
    [[ ${status} == 0 && ${output} == *refs/heads/main ]] || { printf '%s\n' "${layer}" "${errors}"; return 1; }
  done
}

@test "redis-cli connects to a granted name, and to a redis-server inside" {
  needs_world
  needs_program redis-cli redis-server
  cat >serve <<'BASH'
redis-server --port 6379 --bind 203.0.113.10 --save '' --protected-mode no --dir . >redis.log 2>&1 &
until (exec 3<>/dev/tcp/203.0.113.10/6379) 2>/dev/null; do sleep 0.02; done
BASH
  with_server serve redis-cli -h four.test set key value
  is "${output}" OK
  local layer
  for layer in "${LAYERS[@]}"; do
    sandbox "${layer}" --connect four.test:6379 -- bash -c 'redis-cli -h four.test set key value && redis-cli -h four.test get key'
    with_server serve "${words[@]}"
    is "${status} ${output}" $'0 OK\nvalue' || { printf '%s\n' "${layer}" "${errors}"; return 1; }
  done
  sandbox ll-exec --connect api.test:443 --bind 6379 -- redis-server --port 6379 --bind 203.0.113.10 --save '' --protected-mode no
  printf '%q ' "${words[@]}" >serve
  printf '>redis.log 2>&1 &\nuntil (exec 3<>/dev/tcp/203.0.113.10/6379) 2>/dev/null; do sleep 0.02; done\n' >>serve
  with_server serve redis-cli -h 203.0.113.10 ping
  is "${output}" PONG
}

@test "a background process connects while the command lives, and not afterwards" {
  needs_world
  cat >daemon.py <<'PYTHON'
import errno, os, socket, time
def attempt():
    try:
        socket.create_connection(("203.0.113.10", 8080)).close()
        return "connected"
    except OSError as error:
        return errno.errorcode[error.errno]
first, first_in = os.pipe()
command = os.getpid()
if os.fork() == 0:
    os.setsid()
    if os.fork() != 0:
        os._exit(0)
    supervisor = os.getppid()
    with open("during", "w") as file:
        print(attempt(), file=file)
    os.write(first_in, b"x")
    for number in (0, 1, 2):
        os.close(number)
    while True:
        result = attempt()
        if result != "connected":
            break
        time.sleep(0.01)
    with open("after.new", "w") as file:
        print(result, file=file)
    os.rename("after.new", "after")
    os._exit(0)
os.wait()
os.read(first, 1)
PYTHON
  sandbox ll-exec --connect 203.0.113.10:8080 -- "${PYTHON}" daemon.py
  world bash -c '"$@"; echo "$?"; for ((i = 0; i < 3000; i++)); do if [[ -e after ]]; then break; fi; sleep 0.01; done; cat during after' \
    _ "${words[@]}"
  prints 0 connected ENOSYS
}

@test "a program with PR_SET_DUMPABLE 0 connects" {
  needs_world
  cat >agent.py <<'PYTHON'
import ctypes, socket
print(ctypes.CDLL(None).prctl(4, 0, 0, 0, 0), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
socket.create_connection(("203.0.113.10", 8080)).close()
print("connected")
PYTHON
  world "${PYTHON}" agent.py
  prints "0 0" connected
  local layer
  for layer in "${LAYERS[@]}"; do
    sandbox "${layer}" --connect 203.0.113.10:8080 -- "${PYTHON}" agent.py
    world "${words[@]}"
    [[ ${output} == "0 "*$'\n'connected ]] || { printf '%s\n' "${layer}" "${output}" "${errors}"; return 1; }
  done
}

@test "a program whose file is not readable cannot connect, and -v and ll-trace say why" {
  needs_world
  install -m 755 "${LL_TOOLS}/race" connects
  local -a places=(203.0.113.10:8080 203.0.113.11:8080)
  # As a user who owns these files, without the capabilities to read them regardless of permissions.
  sandbox ll-exec -v --connect 203.0.113.10:8080 -- ./connects address 1 "${places[@]}"
  world "${words[@]}"
  [[ ${output} == *'1 tries'* && ${errors} != *'may not be read'* ]]
  chmod 111 connects
  world "${words[@]}"
  [[ ${output} == *'0 to the one, 0 to the other'* ]]
  [[ ${errors} == *'refused: a connection of an unreadable program, connects'* ]] || { printf '%s\n' "${errors}"; return 1; }
  sandbox ll-trace --ro /proc --connect 203.0.113.10:8080 -- ./connects address 1 "${places[@]}"
  world "${words[@]}"
  [[ ${errors} == *'ll-net refuses connect a connection of an unreadable program: connects'* ]] || { printf '%s\n' "${errors}"; return 1; }
}
