load trace

# ll-trace: each refusal, and the line that allows it.

# A row: the options | the verb of probe | what is refused and the line for it, several one after another |
# what to grant to check that the line is right: "line" is the line itself, "-" is not tried.
# P is the directory of `plant`, B and U what the kernel can grant of TCP and UDP.
planted() {
  local tcp=PORT udp=PORT/udp raw=
  # No line allows an ordinary user what also needs a capability.
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
|exec P/probe exit 0|Landlock execute,read_file P/probe > rx P/probe|line
--ro P|exec P/probe exit 0|Landlock execute P/probe > rx P/probe|line
--rx P/script|exec P/script|Landlock execute,read_file P/probe > rx P/probe|line
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

@test "every planted refusal is reported with the line that allows it, and no other" {
  needs_ptrace
  needs_abi 3
  local options probe wanted control rows=0 wrong=0 line
  local -a allowed given words
  while IFS='|' read -r options probe wanted control; do
    options=${options//P\//${T}\/p\/} options=${options// P/ ${T}\/p}
    probe=${probe//P\//${T}\/p\/}
    wanted=${wanted//P\//${T}\/p\/} wanted=${wanted// P / ${T}\/p } wanted=${wanted//NAME/$(<"/proc/${PPID}/comm")}
    [[ ${wanted} != *' P' ]] || wanted=${wanted% P}\ ${T}/p
    plant
    rows=$((rows + 1))
    # shellcheck disable=SC2162 # a backslash keeps a blank
    read -a given <<<"${options}"
    if [[ ${probe} == *'sp ace' ]]; then words=(read "${T}/p/sp ace"); else read -ra words <<<"${probe}"; fi
    traced "${given[@]}" -- "${words[@]}"
    found=$(sed 's/ *$//; s/  >/ >/' <<<"${found}")
    if [[ ${found} != "${wanted//;/$'\n'}" ]]; then
      printf 'row %s: %s\n  wanted %s\n  got    %s\n' "${rows}" "${options} | ${probe}" "${wanted}" "${found}"
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
      printf 'row %s: %s\n  with %s still %s\n' "${rows}" "${probe}" "${line}" "${found}"
      wrong=$((wrong + 1))
    fi
  done < <(ABI=$(abi) planted)
  chmod -R u+rwx "${T}/p"
  printf '%s rows, %s wrong\n' "${rows}" "${wrong}"
  ((rows >= 60 && wrong == 0))
}

# ---- transparency for the command

@test "the exit status is the command's, and without refusals nothing is printed" {
  needs_ptrace
  printf x >f
  capture "${LL_TRACE}" --rx "${PROBE}" --ro "${T}" -- "${PROBE}" exit 7
  is "${status} ${output}${errors}" "7 "
  assert_success "${LL_TRACE}" --rx "${PROBE}" --ro "${T}" -- "${PROBE}" read "${T}/f"
  is "${output}" x
}

@test "the command sees the same errors as under ll-exec" {
  needs_ptrace
  local probe
  printf x >f
  for probe in "read ${T}/f" "create ${T}/n" "chmod ${T}/f" "socket 2 1 0" "io-uring" "unshare-user" "shmget"; do
    # shellcheck disable=SC2086 # words
    capture "${LL_EXEC}" --rx "${PROBE}" -- "${PROBE}" ${probe}
    local under_exec="${status} ${errors}"
    # shellcheck disable=SC2086
    capture "${LL_TRACE}" --rx "${PROBE}" -- "${PROBE}" ${probe}
    is "${status} ${errors%%$'\n'*}" "${under_exec}"
    [[ ${errors} == *'ll-trace: 1 refusal'* ]]
  done
}

@test "a signal that ends the command ends ll-trace" {
  needs_ptrace
  capture "${LL_TRACE}" --rx "${PROBE}" -- "${PROBE}" raise 15
  is "${status}" 143
  start "${LL_TRACE}" -p base --rx /usr --rx /bin -- sh -c 'echo started; exec sleep 1000'
  kill -TERM "${started_pid}"
  status=0
  wait "${started_pid}" || status=$?
  is "${status}" 143
}

@test "a command can be stopped and continued" {
  needs_ptrace
  start "${LL_TRACE}" -p base --rx /usr --rx /bin --ro "${T}" -- \
    sh -c 'echo started; until [ -e go ]; do sleep 0.01; done; exit 3'
  stopped() { [[ $(state_of "${started_pid}") == [tT] ]]; }
  kill -STOP "${started_pid}"
  waits_until stopped
  : >go
  # A command that was not stopped ends within that time; a stopped one stays so.
  sleep 0.5
  stopped
  kill -CONT "${started_pid}"
  status=0
  wait "${started_pid}" || status=$?
  is "${status}" 3
}

@test "a command that waits for all its children is not blocked by the tracer" {
  needs_ptrace
  needs_program python3
  assert_success timeout 20 "${LL_TRACE}" -q --ro / --rx /usr -- /usr/bin/python3 -c 'import os
if os.fork() == 0: os._exit(0)
os.wait()
try: os.wait()
except ChildProcessError: print("none left")'
  is "${output}" 'none left'
}

@test "when the tracer is killed, the command is killed" {
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

@test "threads, forks and executed programs are followed" {
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

@test "set-user-ID programs and programs that use ptrace are reported" {
  needs_ptrace
  needs_root
  needs_program strace
  cp "${PROBE}" other
  chown "${ORDINARY}" other
  chmod 4755 other
  capture "${LL_TRACE}" --rx "${T}" -- "${T}/other" exit 0
  is "${status}" 0
  [[ ${errors} == *"no_new_privs refuses set-user-ID, set-group-ID: ${T}/other"* ]]
  capture "${LL_TRACE}" --ro / --rx /usr --rx "${PROBE}" -- /usr/bin/strace -o /dev/null "${PROBE}" exit 0
  [[ ${errors} == *'ll-trace prevents ptrace'* ]]
}

@test "file capabilities and nested sandboxes are reported, and libc's query of nscd is not" {
  needs_ptrace
  local -a run=("${LL_TRACE}" -p base --rx /usr --ro /etc --rx "${T}" --)
  # libc queries nscd over a unix socket and works without it; another socket is reported.
  capture "${run[@]}" getent passwd root
  [[ ${output} == root:* && ${errors} != *AF_UNIX* && ${errors} != *'unix any'* ]]
  if (($(abi) < 9)); then
    capture "${run[@]}" "${PROBE}" socket 1 526337 0
    capture "${LL_TRACE}" --rx "${PROBE}" -- "${PROBE}" socket 1 526337 0
    [[ ${errors} == *'allow it: unix any'* ]]
  fi
  capture "${LL_TRACE}" --rx "${PROBE}" -- "${PROBE}" unshare-user
  [[ ${errors} == *"the command's own sandbox does not work inside this one"* ]]
  needs_root
  needs_program setcap
  cp "${PROBE}" capable
  setcap cap_net_raw=ep capable || skip 'this file system holds no capabilities'
  assert_success as_user "${T}/capable" socket 2 3 1
  capture as_user "${LL_TRACE}" --rx "${T}" -- "${T}/capable" socket 2 3 1
  [[ ${errors} == *"no_new_privs refuses file capabilities: ${T}/capable"* ]]
  [[ ${errors} == *'it needs the capability net_raw as well'* && ${errors} != *'allow it'* ]]
}

@test "a call that the filter kills for is named" {
  needs_ptrace
  capture "${LL_TRACE}" --syscall 'deny getcwd' --syscall 'action kill' --rx "${PROBE}" -- "${PROBE}" directory
  is "${status}" 159
  [[ ${errors} == *'the filter refuses getcwd (it was killed): probe'* ]]
}

# ---- the program file

@test "ll-trace has no relocations, and is at most 176 KiB without symbols" {
  needs_program readelf strip
  is "$(readelf -rW "${LL_TRACE}" 2>/dev/null | tr -d '\n')" "There are no relocations in this file."
  strip -o stripped "${LL_TRACE}"
  (($(stat -c %s stripped) <= 180224))
}

# ---- filters of the command

# The newest of equal answers wins, and USER_NOTIF outranks TRACE: the command could allow what stops for the
# tracer only.
@test "no filter that the command installs allows what is refused" {
  needs_ptrace
  local kind call probe=()
  for kind in trace notify log; do
    # The command's own filter is active, and refuses nothing by itself.
    assert_success "${LL_TRACE}" -q --unix any --rx "${PROBE}" -- "${PROBE}" behind "${kind}" socket 1 1 0
    for call in 'socket 1 1 0|EACCES' 'socket 2 2 0|EACCES' 'add-key|EPERM' 'io-uring|ENOSYS' \
      'memfd|ENOSYS' 'shmget|EPERM' 'unshare-user|EPERM'; do
      read -ra probe <<<"${call%|*}"
      capture "${LL_TRACE}" -q --rx "${PROBE}" -- "${PROBE}" behind "${kind}" "${probe[@]}"
      is "${status} ${errors%%$'\n'*}" "1 ${probe[0]}: ${call#*|}"
    done
  done
}

@test "a refused call returns an errno, also for a command that handles SIGSYS or traps calls itself" {
  needs_ptrace
  local program
  capture "${LL_TRACE}" -q --rx "${PROBE}" -- "${PROBE}" behind handler socket 1 1 0
  is "${status} ${output} ${errors%%$'\n'*}" '1  socket: EACCES'
  # The command handles what its own filter traps, as under ll-exec.
  for program in "${LL_EXEC}" "${LL_TRACE}"; do
    capture "${program}" -q --rx "${PROBE}" -- "${PROBE}" behind trap socket 1 1 0
    is "${output}" 'signal 31'
  done
}
