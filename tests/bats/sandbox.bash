# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # for the tests, and of helpers.bash
# What the tests of sandbox.sh and ll-ns share, besides helpers.bash: load this instead of it.

load helpers
export -n LL_EXEC # the wrapper's own variable

# A folder with the wrapper, the programs and the policies, where an ordinary user can run them.
make_box() {
  BOX=$(place_programs sandbox.sh ll-ns ll-exec ll-net ll-changes)
  export BOX
}
setup_file() { make_box; }

# The commands to start things with: as an ordinary user, whoever runs the tests. `as_root` changes them.
AS=()
if ((EUID == 0)); then AS=(setpriv "--reuid=${ORDINARY}" "--regid=${ORDINARY}" --clear-groups --); fi
SANDBOX=${BOX:-}/sandbox.sh
LL_NS_PROGRAM=${BOX:-}/ll-ns
unset LL_NS LOADER CGROUP_LIMITS CG_MEM_MAX CG_PIDS_MAX TMPFS_SIZE

use_programs() {
  BOXED=("${AS[@]}" "${SANDBOX}")
  # Namespaces alone: what remains is the second wall's.
  WALL=("${AS[@]}" "${LL_NS_PROGRAM}" --no-loader --proc --private-dev)
}
use_programs

# The rest of the test is as root, if the tests are.
as_root() {
  AS=()
  use_programs
}

# twice COMMAND...: as an ordinary user, and as root if the tests are.
twice() {
  "$@"
  if ((EUID != 0)); then return 0; fi
  as_root
  "$@"
}

# What a program that links libraries needs in a root that nothing else is granted in.
SYSTEM=()
for folder in /usr /bin /sbin /lib /lib64; do
  if [[ -e ${folder} ]]; then SYSTEM+=(--rx "${folder}"); fi
done
unset folder

# ---- judging

# fails COMMAND...: with any status but 0.
fails() {
  capture "$@"
  ((status != 0)) || { printf 'it works: %s\n' "$*"; return 1; }
}

# ends STATUS COMMAND...: with that and without a word on standard error.
ends() {
  local expected=$1
  shift
  capture "$@"
  is "${status} ${errors}" "${expected} "
}

# says TEXT: on standard error, somewhere.
says() {
  [[ ${errors} == *"$1"* ]] && return
  printf -- '--- expected somewhere\n%s\n--- got\n%s\n---\n' "$1" "${errors}"
  return 1
}

# As start, any number of times in a test.
begin() {
  rm -f "${T}/started"
  start "$@"
}

# How many processes of this machine have that argument.
count_of() { # ARGUMENT
  # Before grep is there, whose argument it is too.
  local -a processes=(/proc/[0-9]*/cmdline)
  { grep -l -z -x -F -e "$1" -- "${processes[@]}" 2>/dev/null || true; } | wc -l
}

none_left() { # ARGUMENT
  [[ $(count_of "$1") == 0 ]]
}

at_least() { # COUNT ARGUMENT
  (($(count_of "$2") >= $1))
}

# How many there are, but for those of other tests at the same time, which are in their own folders.
mounts() {
  {
    grep -v -F -e /ll-tests. /proc/self/mountinfo || true
    grep -F -e " ${T}/" /proc/self/mountinfo || true
  } | wc -l
}

has_ended() { # PID: of a child that nobody waited for yet
  local state
  state=$(state_of "$1")
  [[ -z ${state} || ${state} == Z ]]
}

# ends_with STATUS: what was started; it has some seconds.
ends_with() {
  local result=0
  waits_until has_ended "${started_pid}"
  wait "${started_pid}" || result=$?
  started_pid=
  is "${result}" "$1"
}
