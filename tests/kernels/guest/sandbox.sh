# Limits by a cgroup: enforced for all processes of the command together, reported when reached, and nothing is left behind.
# Root uses the root of the hierarchy; the user a delegated cgroup. Needs ll-ns, without which nothing is tested.
# shellcheck disable=SC2016 # what is quoted so is for the shells inside

hierarchy=/sys/fs/cgroup
ns='/test/ll-ns --loader /test/ll-exec --proc --private-dev --rx /bin --rx /test --tmpfs /tmp'
marker=12345.6789

# A cgroup delegated to the user, and one in it for the process that starts the sandbox: a cgroup with processes has no children.
delegate() {
  [ -e "${hierarchy}/cgroup.controllers" ] || mount -t cgroup2 none "${hierarchy}"
  printf '+memory +pids +cpu' >"${hierarchy}/cgroup.subtree_control"
  mkdir -p "${hierarchy}/delegated/own" "${hierarchy}/closed"
  chown "${user}" "${hierarchy}/delegated" "${hierarchy}/delegated"/cgroup.* "${hierarchy}/delegated/own" \
    "${hierarchy}/delegated/own"/cgroup.*
}


# limited OPTION... -- COMMAND...: started in that cgroup.
limited() {
  local from=${hierarchy}
  [ -z "${as}" ] || from=${hierarchy}/delegated/own
  sh -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' - "${from}" ${as} ${ns} "$@"
}

# The cgroups of the current user's sandboxes. This and what waits below start no program: it would take the time of
# what they wait for.
folders() {
  local folder
  for folder in "${hierarchy}${as:+/delegated}"/ll-* "${hierarchy}${as:+/delegated}"/own/ll-*; do
    [ ! -d "${folder}" ] || printf '%s\n' "${folder}"
  done
}

# patiently COMMAND...: waits up to a minute until it succeeds, seldom enough not to slow down what it waits for
patiently() {
  local rounds=1000
  while [ "${rounds}" -gt 0 ]; do
    if "$@"; then return 0; fi
    usleep 50000
    rounds=$((rounds - 1))
  done
  return 1
}

no_folder() { ! a_folder; }
a_folder() {
  local folder
  for folder in "${hierarchy}${as:+/delegated}"/ll-* "${hierarchy}${as:+/delegated}"/own/ll-*; do
    [ ! -d "${folder}" ] || return 0
  done
  return 1
}
no_marker() { ! grep -l -s "${marker}" /proc/[0-9]*/cmdline >/tmp/.left; }
# The command is in its cgroup, and has been started: its first word is that one. read leaves out what ends words.
it_runs() { # NAME
  local pid words
  a_folder || return 1
  while read -r pid; do
    words=
    { read -r words <"/proc/${pid}/cmdline"; } 2>/dev/null
    case ${words} in "$1"* | /bin/"$1"*) return 0 ;; esac
  done <"$(folders)/cgroup.procs"
  return 1
}
parent() { pidof ll-ns | tr ' ' '\n' | sort -n | head -n 1; }
# The only cgroup has a file with exactly this value.
holds() { # FILE VALUE
  [ "$(cat "$(folders)/$1")" = "$2" ] || wrong "$1 is '$(cat "$(folders)/$1")', not '$2'"
}

nothing_left() {
  patiently no_folder || wrong "left: $(folders)"
  patiently no_marker || wrong "left: $(cat /tmp/.left)"
  verdict "nothing is left $1"
}

within() {
  works 'a command works within its limits' limited --memory 64M --pids 16 --cpus 1 -- /bin/busybox echo hello
  [ "${output}" = hello ] || wrong 'the output'
  verdict 'a command within its limits has its output'
  capture limited --memory 64M --pids 16 -- /bin/sh -c 'exit 7'
  [ "${status}${errors}" = 7 ] || wrong 'another status'
  verdict 'the exit status is the command'\''s'
  works 'memory below the limit can be used' limited --memory 64M -- /bin/busybox dd if=/dev/zero of=/tmp/file bs=16M count=1 status=none
  nothing_left 'after a command'
}

written() {
  limited --memory 64M --pids 16 --cpus 1.5 -- /bin/busybox sleep "${marker}" &
  patiently it_runs busybox || wrong 'it does not run'
  holds memory.max 67108864
  [ ! -e "$(folders)/memory.swap.max" ] || holds memory.swap.max 0
  holds pids.max 16
  holds cpu.max '150000 100000'
  kill -TERM "$(parent)"
  verdict 'the limits are written, and the command is in their cgroup'
  wait
  nothing_left 'after SIGTERM'
  limited --cpus 0.01 -- /bin/busybox sleep "${marker}" &
  patiently it_runs busybox || wrong 'it does not run'
  holds cpu.max '1000 100000'
  kill -TERM "$(parent)"
  wait
  verdict 'the lowest limit of --cpus is a hundredth of a processor'
}

out_of_memory() {
  capture limited --memory 64M -- /bin/busybox dd if=/dev/zero of=/dev/null bs=200M count=1
  [ "${status}" = 137 ] || wrong 'the status is not 137'
  [ "${errors}" = 'll-ns: argument 11: out of memory: the kernel killed the command at its limit of 67108864 bytes
    --memory
    ^~~~~~~~' ] || wrong 'another message'
  verdict 'exceeding memory.max has exit status 137 and a message'
  # Including a file in its private /tmp.
  capture limited --memory 32M -- /bin/busybox dd if=/dev/zero of=/tmp/file bs=1M count=100
  [ "${status}" = 137 ] || wrong 'the status is not 137'
  case ${errors} in *'out of memory: '*) ;; *) wrong 'another message' ;; esac
  verdict 'files in the private /tmp count as memory'
  # With several processes, all are killed.
  capture limited --memory 64M -- /bin/sh -c "sleep ${marker} & dd if=/dev/zero of=/dev/null bs=200M count=1; echo survived"
  [ "${status}" = 137 ] || wrong 'the status is not 137'
  [ -z "${output}" ] || wrong 'a part survived'
  verdict 'all processes of the command are killed'
  capture limited --memory 64M --init -- /bin/busybox dd if=/dev/zero of=/dev/null bs=200M count=1
  [ "${status}" = 137 ] || wrong 'the status is not 137'
  verdict 'exceeding memory.max with --init has exit status 137'
  nothing_left 'after memory ran out'
  works 'the machine keeps running' ${as} /bin/busybox dd if=/dev/zero of=/dev/null bs=100M count=1 status=none
}

# The kernel counts refusals.
is_full() { ! grep -q 'max 0' "$(folders)/pids.events"; }

# Forty at once, however slow this machine is: none ends before all have been started. busybox sh only forks for usleep.
forty='i=0; all=; while [ "${i}" -lt 40 ]; do usleep 1000000000 & all="${all} $!"; i=$((i + 1)); done
  kill ${all}; wait; echo all'

fork_bomb() {
  capture ${as} /bin/sh -c "${forty}"
  [ "${status} ${output}" = '0 all' ] || wrong 'without a sandbox'
  capture limited --pids 64 -- /bin/sh -c "${forty}"
  [ "${status} ${output}" = '0 all' ] || wrong 'with room for all'
  capture limited --pids 16 -- /bin/sh -c "${forty}"
  case ${errors} in *"can't fork"*) ;; *) wrong 'it could start 40' ;; esac
  [ -z "${output}" ] || wrong 'it started all'
  verdict 'a fork above pids.max is refused'
  # Process 1 does not end when it cannot fork.
  limited --pids 16 --cpus 0.5 -- /bin/sh -c 'bomb() { bomb & bomb & sleep 100; }; bomb & exec sleep "$1"' - "${marker}" \
    >/dev/null 2>&1 &
  patiently it_runs sleep || wrong 'it does not run'
  patiently is_full || wrong "it is not refused: $(cat "$(folders)/pids.events")"
  [ "$(cat "$(folders)/pids.current")" -le 16 ] || wrong "there are $(cat "$(folders)/pids.current")"
  works 'the machine keeps running with a fork bomb in a sandbox' ${as} /bin/sh -c "${forty}"
  kill -TERM "$(parent)"
  wait
  verdict 'a fork bomb is limited, and can be killed at once'
  nothing_left 'of a fork bomb'
}

killed() {
  limited --memory 64M --pids 16 -- /bin/sh -c "sleep ${marker} & sleep ${marker}" &
  patiently it_runs sleep || wrong 'it does not run'
  kill -KILL "$(parent)"
  wait
  nothing_left 'after SIGKILL of ll-ns'
}

eight_run() { [ "$(pidof sleep | wc -w)" -ge 8 ] && [ "$(folders | wc -l)" = 8 ]; }

several() {
  local i=0
  while [ "${i}" -lt 8 ]; do
    limited --memory 32M --pids 8 -- /bin/sleep "${marker}" &
    i=$((i + 1))
  done
  patiently eight_run || wrong "they do not run: $(folders)"
  for i in $(pidof ll-ns); do kill -TERM "${i}"; done
  wait
  nothing_left 'of several at once'
}

# Where no cgroup is delegated.
closed() { # OPTION... -- COMMAND...
  sh -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' - "${hierarchy}/closed" ${as} ${ns} "$@"
}

refused_here() {
  [ -n "${as}" ] || return 0
  capture closed --memory 64M -- /bin/busybox echo ran
  [ "${status}${output}" = 125 ] || wrong 'it ran'
  case ${errors} in
    *": this user cannot create a cgroup here: neither in ${hierarchy}/closed nor above it
    --memory
    ^~~~~~~~
  start it with systemd-run --user --scope -p Delegate=yes, have one delegated, or limit each process: --memory-each, with --pids for their number") ;;
    *) wrong 'another message' ;;
  esac
  verdict 'without a delegated cgroup nothing runs, and the message says why'
  capture closed --best-effort --memory 64M --pids 9 -- /bin/busybox grep -E 'data size|processes' /proc/self/limits
  [ "$(printf '%s\n' "${output}" | awk '{ print $1, $2, $(NF - 1) }')" = 'Max data 67108864
Max processes 9' ] || wrong "the limits are ${output}"
  case ${errors} in
    'll-ns: NOT enforced, as --best-effort allows: this user cannot create a cgroup here: '*) ;;
    *) wrong 'another message' ;;
  esac
  verdict 'with --best-effort each process has limits, and a warning says so'
  capture closed --best-effort --quiet --memory 64M -- /bin/busybox dd if=/dev/zero of=/dev/null bs=200M count=1
  [ "${status}" = 1 ] || wrong 'the status is not 1'
  case ${errors} in *'out of memory'*) ;; *) wrong 'another message' ;; esac
  verdict 'the limit of each process is enforced'
  # What its user namespace counts needs none, and what affinity holds.
  capture closed --pids 64 -- /bin/sh -c "${forty}"
  [ "${status} ${output}" = '0 all' ] || wrong 'with room for all'
  capture closed --pids 16 --cpus 1 -- /bin/sh -c "${forty}"
  case ${errors} in *"can't fork"*) ;; *) wrong 'it could start 40' ;; esac
  verdict '--pids and --cpus are enforced without a cgroup as well'
}

# Other processes in the cgroup of the caller are not affected.
as_it_was() {
  [ -n "${as}" ] || return 0
  [ -z "$(cat "${hierarchy}/delegated/own/cgroup.subtree_control")" ] ||
    wrong "divided: $(cat "${hierarchy}/delegated/own/cgroup.subtree_control")"
  [ "$(cat "${hierarchy}/delegated/own/cgroup.type")" = domain ] || wrong 'of another type'
  verdict 'the cgroup of the caller is unchanged'
}

unmounted() {
  cd /
  umount "${hierarchy}" || wrong 'umount'
  capture ${as} ${ns} --memory 64M -- /bin/busybox echo ran
  mount -t cgroup2 none "${hierarchy}" || wrong 'mount'
  cd /test || return
  [ "${status}${output}" = 125 ] || wrong 'it ran'
  case ${errors} in
    *': no cgroup v2 hierarchy is mounted here
    --memory
    ^~~~~~~~
  mount one: mount -t cgroup2 none /sys/fs/cgroup; or limit each process: --memory-each, with --pids for their number') ;;
    *) wrong 'another message' ;;
  esac
  verdict 'without a cgroup hierarchy nothing runs, and the message says why'
}

# Without --memory, --pids and --cpus no cgroup is created.
untouched() {
  works 'without a limit no cgroup is needed' closed -- /bin/busybox echo hello
  no_folder || wrong 'there is one'
  verdict 'without a limit no cgroup is created'
}

# A denied file, in a granted directory and in the host's root: hidden, and nothing is created or removed there.
hidden() {
  world
  printf 'mine' >/.hidden
  works 'the file can be read without the deny' ${as} ${ns} --rw /srv/w -- /bin/cat /srv/w/a/file
  for root in '' --host-root; do
    capture ${as} ${ns} ${root} --rw /srv/w --deny /srv/w/a/file -- /bin/cat /srv/w/b/file /srv/w/a/file
    [ "${status} ${output}" = '1 x' ] || wrong "it is not hidden ${root}: ${output}"
    case ${errors} in *'Permission denied'*) ;; *) wrong 'another message' ;; esac
    works "a device${root:+ with }${root}" ${as} ${ns} ${root} -- /bin/sh -c 'echo x >/dev/null'
  done
  contents /.hidden
  [ "${text}" = mine ] || wrong 'what was the machine'\''s is gone'
  rm -f /.hidden
  verdict 'a denied file is hidden, and no file of the host is removed'
}

if [ -e /test/ll-ns ]; then
  hidden
  [ -d "${hierarchy}/delegated" ] || delegate
  within
  written
  out_of_memory
  fork_bomb
  killed
  several
  as_it_was
  refused_here
  untouched
  unmounted
fi
