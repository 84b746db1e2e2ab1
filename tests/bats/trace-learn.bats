load trace

# ll-trace --learn: writes a policy from a run of the command.

# ---- --learn

@test "--learn sees a terminal opened without a path, and script works under the policy" {
  needs_ptrace
  needs_program script
  mkdir work
  cd work
  assert_success script -qc 'echo in a terminal' /dev/null
  capture "${LL_TRACE}" --learn ../learned.policy -- script -qc 'echo in a terminal' /dev/null
  is "${status}" 0
  grep -qx 'dev /dev/ptmx /dev/pts' ../learned.policy
  assert_success "${TRACER}/ll-exec" -p ../learned.policy -- script -qc 'echo in a terminal' /dev/null
  [[ ${output} == 'in a terminal'* ]]
}

@test "a refused ioctl is seen, whatever the registers hold" {
  needs_ptrace
  needs_abi 5
  needs_program /usr/bin/python3
  capture "${LL_TRACE}" -p base --rx /usr --rw /dev/ptmx -- /usr/bin/python3 -c 'import fcntl, os
try: fcntl.ioctl(os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY), 0x80045430, b"    ")
except PermissionError: print("refused")'
  [[ ${output} == refused && ${errors} == *'Landlock refuses ioctl_dev /dev/ptmx'*'allow it: dev /dev/ptmx'* ]]
}

@test "a learned policy describes its command, passes check without a warning, and is unchanged by a second run" {
  needs_ptrace
  mkdir -p work home/.ssh home/.config/tool
  printf x | tee work/in home/.ssh/id_rsa home/.config/tool/f >/dev/null
  cp "${PROBE}" home/tool
  local -a run=(env -C work HOME="${T}/home" MY_TOKEN=x "${LL_TRACE}" --learn ../learned.policy -- sh -c
    'cat in ~/.ssh/id_rsa ~/.config/tool/f; echo y >out; [ -e ~/.config/none ]; cat ~/.config/none; : $MY_TOKEN')
  capture "${run[@]}"
  [[ $(head -n 1 learned.policy) == '# sh: '* ]]
  cp learned.policy before
  capture "${run[@]}"
  cmp before learned.policy
  [[ ! -x ${LL_BUILT}/ll-policy ]] || assert_success env HOME="${T}/home" "${LL_BUILT}/ll-policy" check --strict ./learned.policy
}

@test "a learned policy works in another directory, with other input, and under both layers through a symlink" {
  needs_ptrace
  mkdir work other
  printf 'one\n' >work/in
  printf 'two\n' >other/another
  ln -s "${PROBE}" link
  local program
  local -a programs=(awk sh)
  [[ ! -L /usr/bin/python3 ]] || programs+=(/usr/bin/python3)
  for program in "${programs[@]}"; do
    local -a script=('{ print }')
    [[ ${program} != sh ]] || script=(-c 'while read -r line; do echo "$line"; done <"$1"' sh)
    [[ ${program} != *python3 ]] || script=(-c 'import sys; print(open(sys.argv[1]).read(), end="")')
    rm -f learned.policy
    capture env -C work "${LL_TRACE}" --learn ../learned.policy -- "${program}" "${script[@]}" in
    is "${status}" 0
    assert_success env -C other "${TRACER}/ll-exec" -p ../learned.policy -- "${program}" "${script[@]}" another
    is "${output}" two
    "${TRACER}/sandbox.sh" -q --rx / -- true >/dev/null 2>&1 || continue
    assert_success env -C other "${TRACER}/sandbox.sh" -p ../learned.policy -- "${program}" "${script[@]}" another
    is "${output}" two
  done
}

@test "--learn passes variables that the programs name, and leaves secrets to decide" {
  needs_ptrace
  mkdir work
  printf 'echo "$NAMED_HERE $NAMED_TOKEN"\n' >work/script
  capture env -C work NAMED_HERE=1 NAMED_TOKEN=2 NAMED_NOWHERE=3 "${LL_TRACE}" --learn ../learned.policy -- sh script
  is "${status}" 0
  [[ $(grep '^env ' learned.policy) == *' NAMED_HERE'* ]]
  [[ $(grep -v '^#' learned.policy) != *NAMED_NOWHERE* && $(grep -v '^#' learned.policy) != *NAMED_TOKEN* ]]
  grep -q '^# deny? env .*NAMED_TOKEN' learned.policy
  assert_success env -C work NAMED_HERE=1 NAMED_TOKEN=2 "${TRACER}/ll-exec" -p ../learned.policy -- sh script
  is "${output}" '1 '
}

# learns LINE... : the learned policy is `use base` and these lines, and the command works under it.
learns() {
  is "$(sed '/^#/d; /^use base$/d; /^env /d' learned.policy)" "$(printf '%s\n' "$@")"
}

@test "--learn writes a sufficient policy, and verifies it by a second run" {
  needs_ptrace
  mkdir work
  printf x >work/in
  capture env -C work "${LL_TRACE}" --learn ../learned.policy -- "${PROBE}" read in
  is "${status} ${output}" '0 xx'
  is "${errors}" 'll-trace: ../learned.policy is written; the command runs again under it'
  learns "rx ${PROBE}" 'ro $PWD' 'deny -$PWD/.env -$PWD/.npmrc -$PWD/.netrc -$PWD/.git-credentials'
  capture env -C work "${LL_EXEC}" -p ../learned.policy --ro -/lib -- "${PROBE}" read in
}

@test "--learn grants writing to the directories that were written to, and not to their parents" {
  needs_ptrace
  mkdir -p work/out work/in
  printf x >work/in/f
  capture env -C work "${LL_TRACE}" --learn ../learned.policy -- sh -c 'cat in/f >out/f; mkdir -p out/deep/er; echo y >out/deep/er/g; rm -r out/*'
  is "${status}" 0
  is "$(grep '^rw' learned.policy)" "rw -\$PWD/out"
  is "$(grep -c 'refus' <<<"${errors}")" 0
}

@test "--learn does not grant the parent of an existing directory" {
  needs_ptrace
  mkdir -p work/here
  capture env -C work "${LL_TRACE}" --learn ../learned.policy -- "${PROBE}" mkdir "${T}/work/here"
  [[ $(<learned.policy) != *rw* ]]
}

@test "--learn leaves secrets and the whole home directory for a person to decide" {
  needs_ptrace
  mkdir -p home/.ssh work
  printf x >home/.ssh/id_rsa
  capture env -C work HOME="${T}/home" "${LL_TRACE}" --learn ../learned.policy -- "${PROBE}" read "${T}/home/.ssh/id_rsa"
  [[ $(<learned.policy) == *"# deny? ro \$HOME/.ssh/id_rsa  # a secret"* ]]
  [[ $(grep -v '^#' learned.policy) != *ssh* ]]
  [[ ${errors} == *'is for you to decide'* && ${errors} == *"Landlock refuses read_file ${T}/home/.ssh/id_rsa"* ]]
  rm learned.policy
  capture env -C work HOME="${T}/home" "${LL_TRACE}" --learn ../learned.policy -- "${PROBE}" create "${T}/home/new"
  [[ $(<learned.policy) == *"# deny? rw \$HOME  # more than was written"* ]]
}

@test "--learn adds to an existing policy what it lacks, and nothing twice" {
  needs_ptrace
  mkdir work
  printf x | tee work/a work/b >/dev/null
  policy learned.policy '# mine' "rx ${PROBE}" 'ro work/a'
  capture env -C work "${LL_TRACE}" --learn ../learned.policy -- "${PROBE}" read a
  is "$(<learned.policy)" "# mine
rx ${PROBE}
ro work/a"
  capture env -C work "${LL_TRACE}" --learn ../learned.policy -- "${PROBE}" read b
  is "$(sed -n '5,$p' learned.policy)" 'ro $PWD
deny -$PWD/.env -$PWD/.npmrc -$PWD/.netrc -$PWD/.git-credentials'
  is "$(head -n 3 learned.policy)" "# mine
rx ${PROBE}
ro work/a"
}

@test "--learn grants the ports of connections, and not those of a UDP socket used only to query an address" {
  needs_ptrace
  needs_abi 4
  mkdir work
  capture env -C work "${LL_TRACE}" --learn ../learned.policy -- "${PROBE}" connect 1
  learns "rx ${PROBE}" 'connect 1'
  rm learned.policy
  capture env -C work "${LL_TRACE}" --learn ../learned.policy -- "${PROBE}" connect-udp 1
  learns "rx ${PROBE}"
}

@test "--learn refuses an invalid file name, and conflicting options" {
  capture "${LL_TRACE}" --learn name -- "${PROBE}" exit 0
  is "${status}" 125
  [[ ${errors} == *"'name' does not name a file"* && ${errors} == *'write ./name'* ]]
  capture "${LL_TRACE}" --learn ./x --apply ./y -- "${PROBE}" exit 0
  is "${status}" 125
}

# ---- everyday programs

# learnt NAME COMMAND...: the policy learned from the command in its directory is sufficient and short.
learnt() {
  local name=$1
  shift
  mkdir -p "${T}/${name}"
  capture env -C "${T}/${name}" timeout 100 "${LL_TRACE}" --learn "../${name}.policy" -- "$@"
  is "${status}" 0
  [[ ${errors} == *"../${name}.policy is written; the command runs again under it"* ]]
  if [[ ${errors} == *refus* ]]; then printf '%s\n%s\n' "${name}" "${errors}" "$(<"${name}.policy")"; return 1; fi
  (($(wc -l <"${name}.policy") <= 25))
  if grep -E '^rwx? ' "${name}.policy" | tr ' ' '\n' | grep -vE '^(rwx?|[$]PWD(/.*)?|/dev/.*|/tmp)$'; then return 1; fi
}

@test "the learned policies of everyday programs are sufficient and short, and grant no other writing" {
  needs_ptrace
  local tried=0
  # The directory of the tests may be in /tmp, which mktemp(1) writes to.
  export TMPDIR=${T}/tmp
  mkdir tmp
  learnt shell sh -c 'for i in 1 2 3; do echo "$i" >>log; done; ls | wc -l; mkdir -p a/b; mv log a/b; cat a/b/log; rm -r a'
  learnt tar sh -c 'echo 1 >f; tar -cf a.tar f; rm f; tar -xf a.tar; cat f'
  if command -v git >/dev/null; then
    learnt git sh -c 'rm -rf a b; git init -q a && cd a && echo x >x && git add x && git -c user.name=x -c user.email=x@x commit -qm x && cd .. && git clone -q a b'
    tried=$((tried + 1))
  fi
  if command -v sqlite3 >/dev/null; then
    learnt sqlite sqlite3 t.db 'create table if not exists t(a); insert into t values(1);'
    tried=$((tried + 1))
  fi
  if [[ -x /usr/bin/python3 ]]; then
    learnt python /usr/bin/python3 -c 'import json, subprocess, threading; open("o", "w").write(json.dumps(1)); subprocess.run(["/bin/true"])'
    tried=$((tried + 1))
  fi
  if command -v gcc >/dev/null && command -v make >/dev/null; then
    mkdir gcc
    printf 'int main(){return 0;}\n' >gcc/m.c
    printf 'all: m n\n%%: m.c\n\tgcc -o $@ m.c\n' >gcc/Makefile
    learnt gcc env -u TMPDIR sh -c 'rm -f m n; make -j2 && ./m'
    tried=$((tried + 1))
  fi
  printf '%s more tried\n' "${tried}"
}

@test "--learn attributes a thread's UDP socket, and ignores a signal to an ended child" {
  needs_ptrace
  needs_program /usr/bin/python3
  mkdir work
  capture env -C work "${LL_TRACE}" --learn ../learned.policy -- /usr/bin/python3 -c '
import os, socket, threading, time
def send():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(("127.0.0.1", 9)); s.send(b"x")
t = threading.Thread(target=send); t.start(); t.join()
child = os.fork()
if child == 0: os._exit(0)
os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT); os.kill(child, 15); os.wait()'
  is "${status}" 0
  local have udp=9
  have=$(abi)
  ((have >= 10)) || udp=any
  [[ $(<learned.policy) == *"connect ${udp}/udp"* ]]
  [[ $(<learned.policy) != *'ipc signal'* && $(<learned.policy) != *"connect 9"$'\n'* ]]
}

@test "--learn grants writing only to the /proc file of its own that a thread wrote" {
  needs_ptrace
  needs_program /usr/bin/python3
  mkdir work
  capture env -C work "${LL_TRACE}" --learn ../learned.policy -- /usr/bin/python3 -c '
import threading
def write():
    open("/proc/self/stat").read()
    open("/proc/1/stat").read()
    open("/proc/self/coredump_filter", "r+").write("0x33")
t = threading.Thread(target=write); t.start(); t.join()'
  is "${status}" 0
  is "$(grep '^rw' learned.policy)" "rw /proc/self/coredump_filter"
}

@test "--learn leaves writing to another process's files for a person to decide" {
  needs_ptrace
  mkdir work
  capture env -C work "${LL_TRACE}" --learn ../learned.policy -- sh -c 'sh -c "cat /proc/1/stat; echo 0x33 >/proc/self/coredump_filter"; :'
  is "$(grep '^rw' learned.policy || true)" ""
  [[ $(<learned.policy) == *"# deny? rw /proc  # more than was written"* ]]
}

@test "--learn does not grant paths of another root" {
  needs_ptrace
  needs_program unshare
  mkdir -p root
  cp "${PROBE}" root/probe
  printf x >root/inside
  as_user unshare -r chroot root /probe read /inside >/dev/null 2>&1 || skip "needs user namespaces"
  capture as_user "${LL_TRACE}" --learn ./learned.policy -- unshare -r chroot root /probe read /inside
  [[ ${output} == x* ]]
  [[ $(<learned.policy) == *'# deny? syscall allow unshare  # it weakens the sandbox'* ]]
  [[ $(<learned.policy) == *'# deny? syscall allow chroot'* ]]
  [[ $(<learned.policy) != *'/inside'* && $(<learned.policy) != *' /probe'* ]]
}
