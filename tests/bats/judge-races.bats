load judge

LAYERS=(ll-exec sandbox.sh)
RACE=${LL_TOOLS:-}/judge-race

# An allowed directory, a refused one, and one of the command with a symlink to both.
prepare() {
  needs_judge
  [[ -x ${RACE} ]] || skip 'needs judge-race'
  install -m 755 "${RACE}" race
  mkdir -m 755 pub priv
  mkdir -m 777 work
  echo open >pub/f
  echo secret >priv/f
  tries=3000
  if [[ -n ${LL_LONG:-} ]]; then tries=1000000; fi
}

# The control: repeats the race until it is won.
leaks() { # KIND ARGUMENT...
  local i
  for ((i = 0; i < 30; i++)); do
    ln -sfn "${T}/pub" work/link
    if capture ./race naive "$1" 3000 "${@:2}" && [[ ${status} == 1 ]]; then return; fi
    is "${status}" 0
  done
  return 1
}

holds() { # LAYER ASK KIND ARGUMENT...
  ln -sfn "${T}/pub" work/link
  chmod 1777 work
  chown -h "${ORDINARY}" work/link 2>/dev/null || true
  local -a options=(-q --rx "${T}/race" --rw "${T}/work")
  if [[ $1 == sandbox.sh ]]; then options+=(-p base); fi
  capture as_user "${NET}/$1" "${options[@]}" --ask "$2" --judge "${T}/race judge ${T}/pub ${ports[0]}" -- "${T}/race" "$3" "${tries}" "${@:4}"
  is "${status}" 0
  # Both outcomes occurred: the race did take place.
  [[ ${output} =~ ^had\ [1-9][0-9]*,\ refused\ [1-9][0-9]*,\ secret\ 0$ ]]
}

@test "a path that another thread rewrites opens nothing that was not judged" {
  local -a ports=(0)
  prepare
  leaks path "${T}"
  holds ll-exec open path "${T}"
}

@test "a directory replaced between verdict and open opens nothing that was not judged" {
  local -a ports=(0)
  prepare
  leaks link "${T}"
  holds ll-exec open link "${T}"
}

@test "a directory descriptor that dup2 replaces opens nothing that was not judged" {
  local -a ports=(0)
  prepare
  leaks descriptor "${T}"
  holds ll-exec open descriptor "${T}"
}

@test "an address that another thread rewrites does not reach the other server" {
  needs_abi 4
  prepare
  local -a ports
  "${PYTHON}" -c '
import select, socket
servers = [socket.create_server(("127.0.0.1", 0), backlog=500) for _ in range(2)]
with open("ports.new", "w") as file:
    print(*(server.getsockname()[1] for server in servers), file=file)
import os; os.rename("ports.new", "ports")
while True:
    for server in select.select(servers, [], [])[0]:
        server.accept()[0].close()
' 3>&- &
  started_pid=$!
  until [[ -e ports ]]; do sleep 0.02; done
  read -ra ports <ports
  leaks address "${ports[@]}"
  local layer
  for layer in "${LAYERS[@]}"; do holds "${layer}" connect address "${ports[@]}"; done
}

@test "pipelines of a shell do not hang under a storm of signals" {
  needs_judge
  needs_program dash
  local runs=100
  if [[ -n ${LL_LONG:-} ]]; then runs=1000; fi
  cat >storm.py <<'PYTHON'
import os, signal, subprocess, sys, time
command = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True)
while not os.path.exists("in/pid"):
    time.sleep(0.01)
with open("in/pid") as file:
    shell = int(file.read())
sent = 0
while command.poll() is None:
    try:
        os.kill(shell, signal.SIGALRM)
        sent += 1
    except ProcessLookupError:
        break
    time.sleep(0.001)
print(command.communicate()[0].strip(), "storm" if sent > 100 else "none")
PYTHON
  judge_of_all="${PYTHON} ${JUDGE} ${T}/heard remember ${T}/out/open"
  capture timeout 600 "${PYTHON}" storm.py "${NET}/ll-exec" -q --rx /usr --rx -/lib --rx -/lib64 --rx -/bin --ro /etc --rw "${T}/in" \
    --dev /dev/null --ask open --judge "${judge_of_all}" -- dash -c "trap : ALRM CHLD; echo \$\$ >in/new; mv in/new in/pid
      i=0; bad=0; while [ \$i -lt ${runs} ]; do i=\$((i + 1))
        [ \"\$(echo abc | cat | cat)\" = abc ] || bad=\$((bad + 1)); [ \"\$(cat out/open/f)\" = open ] || bad=\$((bad + 1)); done; echo \$i \$bad"
  is "${output}" "${runs} 0 storm"
}

@test "git, python, node, go and java work with a judge that refuses everything" {
  needs_judge
  local -a act=(as_user env HOME="${T}/in" TMPDIR="${T}/in" GOCACHE="${T}/in/go" GOFLAGS=-mod=mod "${NET}/ll-exec" -q --rx /usr --rx -/lib --rx -/lib64 --rx -/bin
    --ro /etc --ro /proc --ro -/sys --rw "${T}/in" --dev /dev/null --ro /dev/urandom --ask open --judge "${PYTHON} ${JUDGE} /dev/null yes" --)
  local tried=0
  attempt() { # PROGRAM COMMAND
    if ! PATH=/usr/bin:/bin type -P "$1" >/dev/null; then return; fi
    capture as_user env HOME="${T}/in" TMPDIR="${T}/in" GOCACHE="${T}/in/go" sh -c "$2"
    if [[ ${status} != 0 ]]; then return; fi # the command fails without a sandbox as well
    tried=1
    capture "${act[@]}" sh -c "$2"
    is "${status}" 0 || { printf '%s: %s\n' "$1" "${errors}"; return 1; }
  }
  attempt git 'cd in && rm -rf r && git init -q r && cd r && echo a >a && git add a && git -c user.name=a -c user.email=a@b commit -qm a && git log --oneline'
  attempt python3 "${PYTHON} -c 'import json, ssl, threading, subprocess; subprocess.run([\"true\"], check=True)'"
  attempt node 'node -e "require(\"fs\").readdirSync(\"/etc\"); setTimeout(() => {}, 10)"'
  attempt go 'cd in && printf "package main\nfunc main() {}\n" >m.go && go build -o m m.go && test -s m'
  attempt java 'cd in && printf "class M { public static void main(String[] a) {} }" >M.java && java M.java'
  ((tried)) || skip 'needs one of them'
}
