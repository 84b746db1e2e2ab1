load trace

# ll-trace: which refusal it was, and which line allows it.

# A row: the options | the deed | what is refused and the line for it, several behind one another |
# what is granted to see that the line is right: "line" is the line itself, "-" is not tried.
# P is the folder of `plant`, B and U what the kernel can grant of TCP and UDP.
planted() {
  local tcp=PORT udp=PORT/udp raw=
  # What needs a capability as well no line gives to an ordinary user.
  ((EUID != 0)) || raw=" syscall allow socket"
  ((ABI >= 4)) || tcp=any
  ((ABI >= 10)) || udp=any/udp
  cat <<EOF
|read P/f|Landlock read_file P/f > ro P/f|line
|read f|Landlock read_file P/f > ro P/f|line
|read d/../f|Landlock read_file P/f > ro P/f|line
|read P/link|Landlock read_file P/f > ro P/f|line
|read P/sp ace|Landlock read_file P/sp ace > ro 'P/sp ace'|-
|read /proc/self/stat|Landlock read_file /proc/self/stat > ro /proc/self|line
|read /etc/passwd|Landlock read_file /etc/passwd > ro /etc/passwd|line
--ro P/d|read P/f|Landlock read_file P/f > ro P/f|line
--rw P/e|read P/d/f|Landlock read_file P/d/f > ro P/d/f|line
--ro P --deny P/d|read P/d/f|Landlock read_file P/d/f >|-
--rw P --keep P/d/f|create P/n|Landlock write_file,make_reg P/n >|-
--rw P --deny P/d/f|mkdir P/d/n|Landlock make_dir P/d/n >|-
|write P/f|Landlock write_file P/f > rw P/f|line
--ro P|write P/f|Landlock write_file P/f > rw P/f|line
--rw P/d|write P/e/f|Landlock write_file P/e/f > rw P/e/f|line
|create P/n|Landlock write_file,make_reg P/n > rw P|line
--ro P|create P/n|Landlock write_file,make_reg P/n > rw P|line
--rw P/d|create P/e/n|Landlock write_file,make_reg P/e/n > rw P/e|line
|overwrite P/f|Landlock write_file,truncate P/f > rw P/f|line
--fs write_file\ P/f|overwrite P/f|Landlock truncate P/f > rw P/f|line
--ro P|truncate P/f|Landlock truncate P/f > rw P/f|line
--fs write_file\ P/f|ftruncate P/f|Landlock truncate P/f > rw P/f|line
--ro P|open-truncating P/f|Landlock truncate P/f > rw P/f|line
|list P/d|Landlock read_dir P/d > ro P/d|line
|list .|Landlock read_dir P > ro P|line
--ro P/f|list P/d|Landlock read_dir P/d > ro P/d|line
|list /|Landlock read_dir / > fs read_dir /|line
--ro P|mkdir P/n|Landlock make_dir P/n > rw P|line
--ro P|mkdir P/d/n|Landlock make_dir P/d/n > rw P/d|line
--ro P|rmdir P/d/s|Landlock remove_dir P/d/s > rw P/d|line
--protect P|rmdir P/d/s|Landlock remove_dir P/d/s > rw P/d|-
--ro P|unlink P/d/f|Landlock remove_file P/d/f > rw P/d|line
--ro P|unlink P/link|Landlock remove_file P/link > rw P|line
--protect P|unlink P/d/f|Landlock remove_file P/d/f > rw P/d|-
--ro P|rename P/d/f P/d/g|Landlock remove_file P/d/f > rw P/d;Landlock make_reg P/d/g > rw P/d|line
--ro P|rename P/d/s P/d/t|Landlock remove_dir P/d/s > rw P/d;Landlock make_dir P/d/t > rw P/d|line
--rw P/d --ro P/e|rename P/d/f P/e/g|Landlock make_reg,refer P/e/g > rw P/e|line
--rw P/d --ro P/e|exchange P/d/f P/e/f|Landlock remove_file,make_reg,refer P/e/f > rw P/e|line
--ro P|link P/d/f P/d/l|Landlock make_reg P/d/l > rw P/d|line
--rw P/e|link P/d/f P/e/l|Landlock refer P/d/f > rw P/d|line
--ro P|symlink x P/d/l|Landlock make_sym P/d/l > rw P/d|line
--ro P|mkfifo P/d/l|Landlock make_fifo P/d/l > rw P/d|line
--ro P|mknod-sock P/d/l|Landlock make_sock P/d/l > rw P/d|line
|exec P/deed exit 0|Landlock execute,read_file P/deed > rx P/deed|line
--ro P|exec P/deed exit 0|Landlock execute P/deed > rx P/deed|line
--rx P/script|exec P/script|Landlock execute,read_file P/deed > rx P/deed|line
--ro P|chmod P/f|filter chmod P/f > metadata allow|line
|shmget|filter shmget > ipc sysv|line
|unshare-user|filter unshare > syscall allow unshare|line
|io-uring|filter io_uring_setup > syscall allow io_uring_setup|-
--syscall deny\ getcwd|directory|filter getcwd >|-
|connect 1|filter socket AF_INET SOCK_STREAM > connect ${tcp}|connect 1
|connect-udp 1|filter socket AF_INET SOCK_DGRAM > connect ${udp}|-
--connect any|connect-udp 1|filter socket AF_INET SOCK_DGRAM > connect ${udp}|-
|socket 10 1 0|filter socket AF_INET6 SOCK_STREAM > connect ${tcp}|connect 1
|socket 16 3 0|filter socket AF_NETLINK SOCK_RAW > connect PORT|connect 1
|socket 16 3 9|filter socket AF_NETLINK SOCK_RAW protocol 9 > syscall allow socket|line
|socket 17 3 0|filter socket AF_PACKET SOCK_RAW >${raw}|-
|socket 40 1 0|filter socket AF_VSOCK SOCK_STREAM > syscall allow socket|line
|socket 2 1 262|filter socket AF_INET SOCK_STREAM protocol 262 > syscall allow socket|line
|socket 2 1 132|filter socket AF_INET SOCK_STREAM protocol 132 > syscall allow socket|line
--connect any|socket 2 3 1|filter socket AF_INET SOCK_RAW protocol 1 >${raw}|-
--unix any --ro P|bind-unix P/d/k|Landlock make_sock P/d/k > rw P/d|line
--ro P|read P/none|file permissions openat P/none >|-
--rw P|write P/readable|file permissions openat P/readable >|-
--ro P|list P/closed|file permissions openat P/closed >|-
--rwx P|exec P/f|file permissions execve P/f >|-
--rw P|create P/fixed/n|file permissions openat P/fixed/n >|-
--rw P|mkdir P/fixed/n|file permissions mkdir P/fixed/n >|-
--rw P|unlink P/fixed/f|file permissions unlink P/fixed/f >|-
--rw P|rename P/fixed/f P/fixed/g|file permissions rename P/fixed/g >|-
--ro P|read P/missing||-
--rw P|mkdir P/d||-
--rw P|rmdir P/d||-
--ro P|read P/f||-
EOF
  ((ABI < 4)) || cat <<EOF
--connect 2|connect 1|Landlock connect_tcp TCP port 1 > connect 1|line
--connect 2|bind 18182|Landlock bind_tcp TCP port 18182 > bind 18182|line
--bind 18182|connect 1|Landlock connect_tcp TCP port 1 > connect 1|line
EOF
  ((ABI < 5)) || cat <<EOF
--ro /dev|ioctl /dev/urandom|Landlock ioctl_dev /dev/urandom > dev /dev/urandom|line
EOF
  ((ABI < 6)) || cat <<EOF
|kill ${PPID} 0|Landlock kill process NAME > ipc signal|line
EOF
  ((ABI >= 9)) || cat <<EOF
|socket 1 1 0|filter socket AF_UNIX SOCK_STREAM > unix any|line
|connect-unix P/k|filter socket AF_UNIX SOCK_STREAM > unix any|line
EOF
}

@test "of planted refusals each is named, with the line that allows it, and none is invented" {
  needs_ptrace
  needs_abi 3
  local options deed wanted control rows=0 wrong=0 line
  local -a allowed given words
  while IFS='|' read -r options deed wanted control; do
    options=${options//P\//${T}\/p\/} options=${options// P/ ${T}\/p}
    deed=${deed//P\//${T}\/p\/}
    wanted=${wanted//P\//${T}\/p\/} wanted=${wanted// P / ${T}\/p } wanted=${wanted//NAME/$(<"/proc/${PPID}/comm")}
    [[ ${wanted} != *' P' ]] || wanted=${wanted% P}\ ${T}/p
    plant
    rows=$((rows + 1))
    # shellcheck disable=SC2162 # a backslash keeps a blank
    read -a given <<<"${options}"
    if [[ ${deed} == *'sp ace' ]]; then words=(read "${T}/p/sp ace"); else read -ra words <<<"${deed}"; fi
    traced "${given[@]}" -- "${words[@]}"
    found=$(sed 's/ *$//; s/  >/ >/' <<<"${found}")
    if [[ ${found} != "${wanted//;/$'\n'}" ]]; then
      printf 'row %s: %s\n  wanted %s\n  got    %s\n' "${rows}" "${options} | ${deed}" "${wanted}" "${found}"
      wrong=$((wrong + 1))
    fi
    [[ ${control} != - ]] || continue
    line=${control}
    if [[ ${control} == line ]]; then line=${wanted##*> }; fi
    plant
    policy "${T}/control.policy" "${line}"
    allowed=(-p "${T}/control.policy")
    traced "${given[@]}" "${allowed[@]}" -- "${words[@]}"
    if [[ -n ${found} ]]; then
      printf 'row %s: %s\n  with %s still %s\n' "${rows}" "${deed}" "${line}" "${found}"
      wrong=$((wrong + 1))
    fi
  done < <(ABI=$(abi) planted)
  chmod -R u+rwx "${T}/p"
  printf '%s rows, %s wrong\n' "${rows}" "${wrong}"
  ((rows >= 60 && wrong == 0))
}

# ---- the command does not notice

@test "the exit status is the command's, and nothing is said when nothing is refused" {
  needs_ptrace
  printf x >f
  capture "${LL_TRACE}" --rx "${DEED}" --ro "${T}" -- "${DEED}" exit 7
  is "${status} ${output}${errors}" "7 "
  works "${LL_TRACE}" --rx "${DEED}" --ro "${T}" -- "${DEED}" read "${T}/f"
  is "${output}" x
}

@test "the command sees the errors that it sees under ll-exec" {
  needs_ptrace
  local deed
  printf x >f
  for deed in "read ${T}/f" "create ${T}/n" "chmod ${T}/f" "socket 2 1 0" "io-uring" "unshare-user" "shmget"; do
    # shellcheck disable=SC2086 # words
    capture "${LL_EXEC}" --rx "${DEED}" -- "${DEED}" ${deed}
    local under_exec="${status} ${errors}"
    # shellcheck disable=SC2086
    capture "${LL_TRACE}" --rx "${DEED}" -- "${DEED}" ${deed}
    is "${status} ${errors%%$'\n'*}" "${under_exec}"
    [[ ${errors} == *'ll-trace: 1 refusal'* ]]
  done
}

@test "a signal that ends the command ends ll-trace" {
  needs_ptrace
  capture "${LL_TRACE}" --rx "${DEED}" -- "${DEED}" raise 15
  is "${status}" 143
  start "${LL_TRACE}" -p base --rx /usr --rx /bin -- sh -c 'echo started; exec sleep 1000'
  kill -TERM "${started_pid}"
  status=0
  wait "${started_pid}" || status=$?
  is "${status}" 143
}

@test "a command that is stopped stops, and goes on" {
  needs_ptrace
  start "${LL_TRACE}" -p base --rx /usr --rx /bin --ro "${T}" -- \
    sh -c 'echo started; until [ -e go ]; do sleep 0.01; done; exit 3'
  stopped() { [[ $(state_of "${started_pid}") == [tT] ]]; }
  kill -STOP "${started_pid}"
  waits_until stopped
  : >go
  # What goes on all the same ends within that time; what stays stopped does so however long it is.
  sleep 0.5
  stopped
  kill -CONT "${started_pid}"
  status=0
  wait "${started_pid}" || status=$?
  is "${status}" 3
}

@test "a command that waits for all its children does not wait for the tracer" {
  needs_ptrace
  needs_program python3
  works timeout 20 "${LL_TRACE}" -q --ro / --rx /usr -- /usr/bin/python3 -c 'import os
if os.fork() == 0: os._exit(0)
os.wait()
try: os.wait()
except ChildProcessError: print("none left")'
  is "${output}" 'none left'
}

@test "a tracer that dies takes the command along: nothing goes on unwatched" {
  needs_ptrace
  start "${LL_TRACE}" -p base --rx /usr --rx /bin -- sh -c 'echo started; exec sleep 1000'
  local tracer
  tracer=$(awk '/^TracerPid/ { print $2 }' "/proc/${started_pid}/status")
  ((tracer > 0))
  kill -KILL "${tracer}"
  status=0
  wait "${started_pid}" || status=$?
  is "${status}" 137
}

@test "threads, forks and what they start are followed" {
  needs_ptrace
  needs_program python3
  printf x >secret
  capture "${LL_TRACE}" -p base --ro /etc --rx /usr -- /usr/bin/python3 -c "
import threading, subprocess, os
def look():
    try: open('${T}/secret')
    except PermissionError: pass
threads = [threading.Thread(target=look) for _ in range(8)]
[t.start() for t in threads]; [t.join() for t in threads]
if os.fork() == 0: look(); os._exit(0)
os.wait()
subprocess.run(['/bin/sh', '-c', 'cat ${T}/secret || true'], stderr=subprocess.DEVNULL)"
  is "${status}" 0
  [[ ${errors} == *"read_file ${T}/secret: python3, 10 times"* ]]
}

@test "a program that is set-user-ID, and one that traces, are told about" {
  needs_ptrace
  needs_root
  needs_program strace
  cp "${DEED}" other
  chown "${ORDINARY}" other
  chmod 4755 other
  capture "${LL_TRACE}" --rx "${T}" -- "${T}/other" exit 0
  is "${status}" 0
  [[ ${errors} == *"no_new_privs refuses set-user-ID, set-group-ID: ${T}/other"* ]]
  capture "${LL_TRACE}" --ro / --rx /usr --rx "${DEED}" -- /usr/bin/strace -o /dev/null "${DEED}" exit 0
  [[ ${errors} == *'ll-trace is in the way of ptrace'* ]]
}

@test "a program with capabilities of its own, one that asks libc's cache, and a sandbox within are told about" {
  needs_ptrace
  local -a run=("${LL_TRACE}" -p base --rx /usr --ro /etc --rx "${T}" --)
  # libc asks by a unix socket and does without; another's socket is told.
  capture "${run[@]}" getent passwd root
  [[ ${output} == root:* && ${errors} != *AF_UNIX* && ${errors} != *'unix any'* ]]
  if (($(abi) < 9)); then
    capture "${run[@]}" "${DEED}" socket 1 526337 0
    capture "${LL_TRACE}" --rx "${DEED}" -- "${DEED}" socket 1 526337 0
    [[ ${errors} == *'allow it: unix any'* ]]
  fi
  capture "${LL_TRACE}" --rx "${DEED}" -- "${DEED}" unshare-user
  [[ ${errors} == *"a sandbox of the command's own does not go inside this one"* ]]
  needs_root
  needs_program setcap
  cp "${DEED}" capable
  setcap cap_net_raw=ep capable || skip 'this file system holds no capabilities'
  works as_user "${T}/capable" socket 2 3 1
  capture as_user "${LL_TRACE}" --rx "${T}" -- "${T}/capable" socket 2 3 1
  [[ ${errors} == *"no_new_privs refuses file capabilities: ${T}/capable"* ]]
  [[ ${errors} == *'it needs the capability net_raw as well'* && ${errors} != *'allow it'* ]]
}

@test "what the filter kills is named" {
  needs_ptrace
  capture "${LL_TRACE}" --syscall 'deny getcwd' --syscall 'action kill' --rx "${DEED}" -- "${DEED}" directory
  is "${status}" 159
  [[ ${errors} == *'the filter refuses getcwd (it was killed): deed'* ]]
}

# ---- the report

@test "the report names process, count, the nearest rule and the line" {
  needs_ptrace
  printf x >f
  capture "${LL_TRACE}" --ro "${T}" --rx "${DEED}" -- "${DEED}" write "${T}/f"
  is "${status}" 1
  is "${errors}" "write: EACCES
ll-trace: 1 refusal
  Landlock refuses write_file ${T}/f: deed
    the nearest rule is ro ${T}  argument 2
    allow it: rw ${T}/f"
}

@test "what is missing is told apart, and said with -v only" {
  needs_ptrace
  capture "${LL_TRACE}" --ro "${T}" --rx "${DEED}" -- "${DEED}" read "${T}/none"
  is "${errors}" 'read: ENOENT'
  capture "${LL_TRACE}" -v --ro "${T}" --rx "${DEED}" -- "${DEED}" read "${T}/none"
  [[ ${errors} == *"missing: openat ${T}/none: deed"* ]]
}

@test "--json writes to a file and to a descriptor, which the command does not get" {
  needs_ptrace
  printf x >f
  capture "${LL_TRACE}" --json out.json --rx "${DEED}" -- "${DEED}" read "${T}/f"
  is "$(<out.json)" "[
 {\"layer\":\"Landlock\",\"what\":\"read_file\",\"target\":\"${T}/f\",\"process\":\"deed\",\"count\":1,\"line\":\"ro ${T}/f\"}
]"
  "${LL_TRACE}" --json 7 --rx "${DEED}" -- "${DEED}" descriptors 20 7>seven >open
  is "$(<open)$(<seven)" $'0\n1\n2[]'
  capture "${LL_TRACE}" --json /nonexistent/x --rx "${DEED}" -- "${DEED}" exit 0
  is "${status}" 125
  [[ ${errors} == *'cannot write the report to /nonexistent/x: ENOENT'* ]]
}

@test "--json writes to no file that a link of the project leads to" {
  needs_ptrace
  mkdir project project/real
  printf mine >mine
  cd project || return
  ln -s ../mine out.json
  ln -s real folder
  local name
  for name in out.json ./out.json folder/out.json "${T}/project/out.json"; do
    capture "${LL_TRACE}" --json "${name}" --rx "${DEED}" -- "${DEED}" pid
    is "${status} ${output} $(<../mine)" "125  mine"
    [[ ${errors} == *'is a symbolic link to '* ]]
  done
  works "${LL_TRACE}" --json real/out.json --rx "${DEED}" -- "${DEED}" pid
  is "$(<real/out.json)" "[]"
  works "${LL_TRACE}" --json /dev/stdout --rx "${DEED}" -- "${DEED}" exit 0
  is "${output}" "[]"
}

@test "--suggest prints the lines alone, and changes nothing" {
  needs_ptrace
  printf x >f
  policy p.policy "rx ${DEED}"
  capture "${LL_TRACE}" --suggest ./p.policy -- "${DEED}" read "${T}/f"
  is "${errors}" "read: EACCES
ro ${T}/f"
  is "$(<p.policy)" "rx ${DEED}"
}

@test "--apply adds the lines, with which the command works" {
  needs_ptrace
  printf x >f
  policy p.policy "rx ${DEED}"
  capture "${LL_TRACE}" --apply ./p.policy -- "${DEED}" read "${T}/f"
  is "${status}" 1
  is "$(sed 's/20[0-9-]*$/DATE/' p.policy)" "rx ${DEED}
# ll-trace, DATE
ro ${T}/f"
  [[ $(<p.policy) == *"# ll-trace, $(date -u +%Y-%m-%d)"* ]]
  works "${LL_TRACE}" --apply ./p.policy -- "${DEED}" read "${T}/f"
  is "$(wc -l <p.policy)" 3
}

@test "--apply and --learn write through no link that a project could bring" {
  needs_ptrace
  mkdir project mine
  printf x >mine/f
  policy mine/other.policy "rx ${DEED}"
  ln -s ../mine/other.policy project/p.policy
  ln -s ../mine/new.policy project/n.policy
  cd project
  capture "${LL_TRACE}" --apply ./p.policy -- "${DEED}" read "${T}/mine/f"
  [[ ${errors} == *'p.policy is a symbolic link to ../mine/other.policy, and is not followed'* ]]
  capture "${LL_TRACE}" --learn ./n.policy -- "${DEED}" read "${T}/mine/f"
  [[ ${errors} == *'n.policy is a symbolic link to ../mine/new.policy, and is not followed'* ]]
  is "$(ls ../mine) $(<../mine/other.policy)" $'f\nother.policy rx '"${DEED}"
  # Control: what is no link is written.
  capture "${LL_TRACE}" --apply ../mine/other.policy -- "${DEED}" read "${T}/mine/f"
  is "$(wc -l <../mine/other.policy)" 3
}

@test "--apply leaves what a person must fill in as a comment" {
  needs_ptrace
  policy p.policy "rx ${DEED}"
  capture "${LL_TRACE}" --apply ./p.policy -- "${DEED}" connect 1
  is "$(tail -n 1 p.policy)" '# connect PORT'
}

@test "--apply adds neither / nor a home or what it is in, nor what file permissions refuse as well" {
  needs_ptrace
  mkdir -p home/me
  printf x >kept
  chmod 444 kept
  policy p.policy "rx ${DEED}"
  chmod 666 p.policy
  local -a as=(as_user env HOME="${T}/home/me" "${LL_TRACE}")
  capture "${as[@]}" --apply ./p.policy -- "${DEED}" create "${T}/home/me/new"
  [[ ${errors} == *"allow it: rw ${T}/home/me"*'opens far more than was asked for'* || ${errors} == *'file permissions refuse it as well'* ]]
  chmod -R a+rwX home
  capture "${as[@]}" --apply ./p.policy -- "${DEED}" create "${T}/home/me/new"
  capture "${as[@]}" --apply ./p.policy -- "${DEED}" create "${T}/home/new"
  capture "${as[@]}" --apply ./p.policy -- "${DEED}" create /new
  capture "${as[@]}" --apply ./p.policy -- "${DEED}" list /
  # Without a sandbox the kernel refuses it too.
  refused EACCES as_user "${DEED}" write "${T}/kept"
  capture "${as[@]}" --apply ./p.policy -- "${DEED}" write "${T}/kept"
  [[ ${errors} == *"Landlock refuses write_file ${T}/kept: deed"*'file permissions refuse it as well'* ]]
  if ((EUID == 0)); then
    capture "${as[@]}" --apply ./p.policy -- "${DEED}" chmod "${T}/kept"
    [[ ${errors} == *"the filter refuses "*" ${T}/kept: deed"*'file permissions refuse it as well'* ]]
  fi
  is "$(grep -v '^# ll-trace' p.policy)" "rx ${DEED}
# deny? rw ${T}/home/me  # more than was asked for
# deny? rw ${T}/home  # more than was asked for
# deny? fs read_dir /  # more than was asked for"
  # And again, which adds nothing.
  cp p.policy before
  capture "${as[@]}" --apply ./p.policy -- "${DEED}" create "${T}/home/me/new"
  cmp before p.policy
}

@test "what is kept or denied is named as what stands in the way, and no line that would change nothing" {
  needs_ptrace
  mkdir -p .git sub
  capture "${LL_TRACE}" --rw "${T}" --keep "${T}/.git" --rx "${DEED}" -- "${DEED}" create "${T}/out"
  [[ ${errors} == *"what stands in the way is keep ${T}/.git  argument 4"*'sandbox.sh can'* && ${errors} != *'allow it'* ]]
  capture "${LL_TRACE}" --ro "${T}" --deny "${T}/sub" --rx "${DEED}" -- "${DEED}" list "${T}/sub"
  [[ ${errors} == *"what stands in the way is deny ${T}/sub  argument 4"* && ${errors} != *'allow it'* ]]
  # Without it the directory can be written to.
  works "${LL_TRACE}" --rw "${T}" --rx "${DEED}" -- "${DEED}" create "${T}/out"
}

@test "no name makes what is written something else than a policy, nor reaches the terminal raw" {
  needs_ptrace
  local name names=($'a\nrw b' $'\e[31m' $'\x7f' $'turned\xe2\x80\xae')
  local LC_ALL=C.UTF-8
  mkdir work
  for name in "${names[@]}"; do
    printf x >"work/${name}"
    mkdir "dir${name}"
    printf x >"dir${name}/f"
    policy p.policy "rx ${DEED}"
    capture "${LL_TRACE}" --suggest ./p.policy -- "${DEED}" read "${T}/work/${name}"
    is "${errors}" 'read: EACCES'
    capture "${LL_TRACE}" --apply ./p.policy -- "${DEED}" read "${T}/work/${name}"
    is "$(<p.policy)" "rx ${DEED}"
    [[ ${errors} != *"${name}"* ]]
    rm -f learned.policy
    capture "${LL_TRACE}" --learn ./learned.policy -- "${DEED}" read "${T}/dir${name}/f"
    [[ $(<learned.policy) != *"${name}"* ]]
    works "${TRACER}/ll-exec" -p ./learned.policy -- "${DEED}" exit 0
  done
  # A plain name, and one that is quoted.
  for name in plain "it's \$x"; do
    printf x >"work/${name}"
    policy p.policy "rx ${DEED}"
    capture "${LL_TRACE}" --apply ./p.policy -- "${DEED}" read "${T}/work/${name}"
    works "${TRACER}/ll-exec" -p ./p.policy -- "${DEED}" read "${T}/work/${name}"
  done
}

# ---- --learn

@test "--learn sees a terminal that is opened without a path: script works under what it wrote" {
  needs_ptrace
  needs_program script
  mkdir work
  cd work
  works script -qc 'echo in a terminal' /dev/null
  capture "${LL_TRACE}" --learn ../learned.policy -- script -qc 'echo in a terminal' /dev/null
  is "${status}" 0
  grep -qx 'dev /dev/ptmx /dev/pts' ../learned.policy
  works "${TRACER}/ll-exec" -p ../learned.policy -- script -qc 'echo in a terminal' /dev/null
  [[ ${output} == 'in a terminal'* ]]
}

@test "what an ioctl is refused is seen, whatever registers hold" {
  needs_ptrace
  needs_abi 5
  needs_program /usr/bin/python3
  capture "${LL_TRACE}" -p base --rx /usr --rw /dev/ptmx -- /usr/bin/python3 -c 'import fcntl, os
try: fcntl.ioctl(os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY), 0x80045430, b"    ")
except PermissionError: print("refused")'
  [[ ${output} == refused && ${errors} == *'Landlock refuses ioctl_dev /dev/ptmx'*'allow it: dev /dev/ptmx'* ]]
}

@test "a learned policy says what it is of, is one that check has nothing against, and grows no second time" {
  needs_ptrace
  mkdir -p work home/.ssh home/.config/tool
  printf x | tee work/in home/.ssh/id_rsa home/.config/tool/f >/dev/null
  cp "${DEED}" home/tool
  local -a run=(env -C work HOME="${T}/home" MY_TOKEN=x "${LL_TRACE}" --learn ../learned.policy -- sh -c
    'cat in ~/.ssh/id_rsa ~/.config/tool/f; echo y >out; [ -e ~/.config/none ]; cat ~/.config/none; : $MY_TOKEN')
  capture "${run[@]}"
  [[ $(head -n 1 learned.policy) == '# sh: '* ]]
  cp learned.policy before
  capture "${run[@]}"
  cmp before learned.policy
  [[ ! -x ${LL_BUILT}/ll-policy ]] || works env HOME="${T}/home" "${LL_BUILT}/ll-policy" check --strict ./learned.policy
}

@test "a learned policy works in another directory, with other input, and behind both walls by the name of a link" {
  needs_ptrace
  mkdir work other
  printf 'one\n' >work/in
  printf 'two\n' >other/another
  ln -s "${DEED}" link
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
    works env -C other "${TRACER}/ll-exec" -p ../learned.policy -- "${program}" "${script[@]}" another
    is "${output}" two
    "${TRACER}/sandbox.sh" -q --rx / -- true >/dev/null 2>&1 || continue
    works env -C other "${TRACER}/sandbox.sh" -p ../learned.policy -- "${program}" "${script[@]}" another
    is "${output}" two
  done
}

@test "--learn passes the variables that are set and named in what ran, secrets left to decide" {
  needs_ptrace
  mkdir work
  printf 'echo "$NAMED_HERE $NAMED_TOKEN"\n' >work/script
  capture env -C work NAMED_HERE=1 NAMED_TOKEN=2 NAMED_NOWHERE=3 "${LL_TRACE}" --learn ../learned.policy -- sh script
  is "${status}" 0
  [[ $(grep '^env ' learned.policy) == *' NAMED_HERE'* ]]
  [[ $(grep -v '^#' learned.policy) != *NAMED_NOWHERE* && $(grep -v '^#' learned.policy) != *NAMED_TOKEN* ]]
  grep -q '^# deny? env .*NAMED_TOKEN' learned.policy
  works env -C work NAMED_HERE=1 NAMED_TOKEN=2 "${TRACER}/ll-exec" -p ../learned.policy -- sh script
  is "${output}" '1 '
}

# learns LINE... : the learned policy is `use base` and these, and the command works under it.
learns() {
  is "$(sed '/^#/d; /^use base$/d; /^env /d' learned.policy)" "$(printf '%s\n' "$@")"
}

@test "--learn writes a policy that is enough, and shows that it is" {
  needs_ptrace
  mkdir work
  printf x >work/in
  capture env -C work "${LL_TRACE}" --learn ../learned.policy -- "${DEED}" read in
  is "${status} ${output}" '0 xx'
  is "${errors}" 'll-trace: ../learned.policy is written; the command runs again under it'
  learns "rx ${DEED}" 'ro $PWD' 'deny -$PWD/.env -$PWD/.npmrc -$PWD/.netrc -$PWD/.git-credentials'
  capture env -C work "${LL_EXEC}" -p ../learned.policy --ro -/lib -- "${DEED}" read in
}

@test "--learn grants writing where something was written and nowhere above" {
  needs_ptrace
  mkdir -p work/out work/in
  printf x >work/in/f
  capture env -C work "${LL_TRACE}" --learn ../learned.policy -- sh -c 'cat in/f >out/f; mkdir -p out/deep/er; echo y >out/deep/er/g; rm -r out/*'
  is "${status}" 0
  is "$(grep '^rw' learned.policy)" "rw -\$PWD/out"
  is "$(grep -c 'refus' <<<"${errors}")" 0
}

@test "--learn does not grant the parent of a directory that was there" {
  needs_ptrace
  mkdir -p work/here
  capture env -C work "${LL_TRACE}" --learn ../learned.policy -- "${DEED}" mkdir "${T}/work/here"
  [[ $(<learned.policy) != *rw* ]]
}

@test "--learn leaves secrets and the whole home for a person to decide" {
  needs_ptrace
  mkdir -p home/.ssh work
  printf x >home/.ssh/id_rsa
  capture env -C work HOME="${T}/home" "${LL_TRACE}" --learn ../learned.policy -- "${DEED}" read "${T}/home/.ssh/id_rsa"
  [[ $(<learned.policy) == *"# deny? ro \$HOME/.ssh/id_rsa  # a secret"* ]]
  [[ $(grep -v '^#' learned.policy) != *ssh* ]]
  [[ ${errors} == *'is for you to decide'* && ${errors} == *"Landlock refuses read_file ${T}/home/.ssh/id_rsa"* ]]
  rm learned.policy
  capture env -C work HOME="${T}/home" "${LL_TRACE}" --learn ../learned.policy -- "${DEED}" create "${T}/home/new"
  [[ $(<learned.policy) == *"# deny? rw \$HOME  # more than was written"* ]]
}

@test "--learn adds to a policy that is there what it lacks, and nothing twice" {
  needs_ptrace
  mkdir work
  printf x | tee work/a work/b >/dev/null
  policy learned.policy '# mine' "rx ${DEED}" 'ro work/a'
  capture env -C work "${LL_TRACE}" --learn ../learned.policy -- "${DEED}" read a
  is "$(<learned.policy)" "# mine
rx ${DEED}
ro work/a"
  capture env -C work "${LL_TRACE}" --learn ../learned.policy -- "${DEED}" read b
  is "$(sed -n '5,$p' learned.policy)" 'ro $PWD
deny -$PWD/.env -$PWD/.npmrc -$PWD/.netrc -$PWD/.git-credentials'
  is "$(head -n 3 learned.policy)" "# mine
rx ${DEED}
ro work/a"
}

@test "--learn knows the ports that were used, and not those of a socket that was only asked" {
  needs_ptrace
  needs_abi 4
  mkdir work
  capture env -C work "${LL_TRACE}" --learn ../learned.policy -- "${DEED}" connect 1
  learns "rx ${DEED}" 'connect 1'
  rm learned.policy
  capture env -C work "${LL_TRACE}" --learn ../learned.policy -- "${DEED}" connect-udp 1
  learns "rx ${DEED}"
}

@test "--learn refuses a name that is no file, and the other ways to write" {
  capture "${LL_TRACE}" --learn name -- "${DEED}" exit 0
  is "${status}" 125
  [[ ${errors} == *"'name' does not name a file"* && ${errors} == *'write ./name'* ]]
  capture "${LL_TRACE}" --learn ./x --apply ./y -- "${DEED}" exit 0
  is "${status}" 125
}

# ---- the file

@test "ll-trace has no relocation, and at most 128 KiB without its symbols" {
  needs_program readelf strip
  is "$(readelf -rW "${LL_TRACE}" 2>/dev/null | tr -d '\n')" "There are no relocations in this file."
  strip -o stripped "${LL_TRACE}"
  (($(stat -c %s stripped) <= 131072))
}

# ---- everyday programs

# learnt NAME COMMAND...: what is learnt from the command in its folder is enough for it, and short.
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

@test "the learned policy of everyday programs is enough, short, and writes nowhere else" {
  needs_ptrace
  local tried=0
  # The tests' own folder may be in /tmp, which mktemp(1) writes to.
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

@test "a thread's UDP socket is one, and a signal to an ended child is none to the outside" {
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

@test "--learn grants no writing in /proc but to the file of its own that a thread wrote" {
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

@test "what lies in a directory that the user may not enter is the file permissions' refusal, by its path" {
  needs_root
  needs_ptrace
  mkdir -m 700 closed
  echo x >closed/f
  chmod 755 .
  works cat closed/f
  capture as_user "${LL_TRACE}" --rx / -- cat "${T}/closed/f"
  is "${status}" 1
  [[ ${errors} == *"file permissions refuse openat ${T}/closed/f: cat"* ]]
}

@test "a file that is asked whether it is a terminal, and is none, is no refusal" {
  needs_ptrace
  needs_program /usr/bin/python3
  capture "${LL_TRACE}" -p base --ro /etc --rx /usr -- /usr/bin/python3 -c 'open("/dev/urandom", "rb")'
  is "${status} ${errors}" '0 '
  capture "${LL_TRACE}" -v -p base --ro /etc --rx /usr -- /usr/bin/python3 -c 'open("/dev/urandom", "rb")'
  [[ ${errors} == *'Landlock refuses ioctl_dev /dev/urandom'* ]]
}

@test "--learn takes no path of another root for one here" {
  needs_ptrace
  needs_program unshare
  mkdir -p root
  cp "${DEED}" root/deed
  printf x >root/inside
  as_user unshare -r chroot root /deed read /inside >/dev/null 2>&1 || skip "needs user namespaces"
  capture as_user "${LL_TRACE}" --learn ./learned.policy -- unshare -r chroot root /deed read /inside
  [[ ${output} == x* ]]
  [[ $(<learned.policy) == *'# deny? syscall allow unshare  # it opens the sandbox'* ]]
  [[ $(<learned.policy) == *'# deny? syscall allow chroot'* ]]
  [[ $(<learned.policy) != *'/inside'* && $(<learned.policy) != *' /deed'* ]]
}

# The newest of equal answers wins, and that of USER_NOTIF outranks TRACE: what is stopped for the
# tracer only, the command could let through.
@test "no filter that the command installs lets through what is refused" {
  needs_ptrace
  local kind call deed=()
  for kind in trace notify log; do
    # The command's own filter is in force, and refuses nothing by itself.
    works "${LL_TRACE}" -q --unix any --rx "${DEED}" -- "${DEED}" behind "${kind}" socket 1 1 0
    for call in 'socket 1 1 0|EACCES' 'socket 2 2 0|EACCES' 'add-key|EPERM' 'io-uring|ENOSYS' \
      'memfd|ENOSYS' 'shmget|EPERM' 'unshare-user|EPERM'; do
      read -ra deed <<<"${call%|*}"
      capture "${LL_TRACE}" -q --rx "${DEED}" -- "${DEED}" behind "${kind}" "${deed[@]}"
      is "${status} ${errors%%$'\n'*}" "1 ${deed[0]}: ${call#*|}"
    done
  done
}

@test "a refusal is an errno, also for a command that handles SIGSYS or traps calls itself" {
  needs_ptrace
  local program
  capture "${LL_TRACE}" -q --rx "${DEED}" -- "${DEED}" behind handler socket 1 1 0
  is "${status} ${output} ${errors%%$'\n'*}" '1  socket: EACCES'
  # What its own filter traps is its own affair, as under ll-exec.
  for program in "${LL_EXEC}" "${LL_TRACE}"; do
    capture "${program}" -q --rx "${DEED}" -- "${DEED}" behind trap socket 1 1 0
    is "${output}" 'signal 31'
  done
}
