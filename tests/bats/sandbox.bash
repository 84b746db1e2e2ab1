# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # for the tests, and of helpers.bash
# Shared by the tests of sandbox.sh and ll-ns, besides helpers.bash: load this instead of it.

load helpers
export -n LL_EXEC # the wrapper's own variable

# A directory with the wrapper, the programs and the policies, where an ordinary user can execute them.
make_box() {
  BOX=$(place_programs sandbox.sh ll-ns ll-exec ll-net ll-changes)
  export BOX
}
setup_file() { make_box; }

# The commands that start programs: as an ordinary user, whoever runs the tests. `as_root` changes them.
AS=()
if ((EUID == 0)); then AS=(setpriv "--reuid=${ORDINARY}" "--regid=${ORDINARY}" --clear-groups --); fi
SANDBOX=${BOX:-}/sandbox.sh
LL_NS_PROGRAM=${BOX:-}/ll-ns
unset LL_NS LOADER CGROUP_LIMITS CG_MEM_MAX CG_PIDS_MAX TMPFS_SIZE

use_programs() {
  BOXED=("${AS[@]}" "${SANDBOX}")
  # Namespaces alone, without ll-exec.
  WALL=("${AS[@]}" "${LL_NS_PROGRAM}" --no-loader --proc --private-dev)
}
use_programs

# The rest of the test runs as root, if the tests do.
as_root() {
  AS=()
  use_programs
}

# twice COMMAND...: as an ordinary user, and as root if the tests are.
as_user_and_root() {
  "$@"
  if ((EUID != 0)); then return 0; fi
  as_root
  "$@"
}

# The options that a dynamically linked program needs in an otherwise empty root.
SYSTEM=()
for folder in /usr /bin /sbin /lib /lib64; do
  if [[ -e ${folder} ]]; then SYSTEM+=(--rx "${folder}"); fi
done
unset folder

# ---- assertions

# fails COMMAND...: with any status but 0.
fails() {
  capture "$@"
  ((status != 0)) || { printf 'it works: %s\n' "$*"; return 1; }
}

# ends STATUS COMMAND...: with that exit status, and nothing on standard error.
assert_status() {
  local expected=$1
  shift
  capture "$@"
  is "${status} ${errors}" "${expected} "
}

# says TEXT: standard error contains it.
assert_stderr() {
  [[ ${errors} == *"$1"* ]] && return
  printf -- '--- expected somewhere\n%s\n--- got\n%s\n---\n' "$1" "${errors}"
  return 1
}

# As start, any number of times in a test.
begin() {
  rm -f "${T}/started"
  start "$@"
}

# The number of processes with that argument.
count_of() { # ARGUMENT
  # Read before grep starts, which has it as an argument as well.
  local -a processes=(/proc/[0-9]*/cmdline)
  { grep -l -z -x -F -e "$1" -- "${processes[@]}" 2>/dev/null || true; } | wc -l
}

none_left() { # ARGUMENT
  [[ $(count_of "$1") == 0 ]]
}

at_least() { # COUNT ARGUMENT
  (($(count_of "$2") >= $1))
}

# The number of mounts, except those of other tests at the same time, which are in their own directories.
mounts() {
  {
    grep -v -F -e /ll-tests. /proc/self/mountinfo || true
    grep -F -e " ${T}/" /proc/self/mountinfo || true
  } | wc -l
}

has_ended() { # PID: of a child that has not been waited for
  local state
  state=$(state_of "$1")
  [[ -z ${state} || ${state} == Z ]]
}

# ends_with STATUS: the started program ends with it, within some seconds.
ends_with() {
  local result=0
  waits_until has_ended "${started_pid}"
  wait "${started_pid}" || result=$?
  started_pid=
  is "${result}" "$1"
}
