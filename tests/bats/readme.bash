# shellcheck shell=bash
# shellcheck disable=SC2154 # ${T}, ${ROOT}: of helpers.bash
# What readme-tasks.bats takes from README: load it after examples.bash.
#
# A block of README below <!-- task: NAME --> does a task that somebody comes with. The names in it are the reader's to
# replace; a test puts its own names in their place.

# task NAME: the text of the block below that marker.
task() {
  local text
  text=$(awk -v marker="<!-- task: $1" '
    index($0, marker " -->") == 1 || index($0, marker ",") == 1 { found = 1; next }
    found && inside && /^```$/ { exit }
    found && inside { print }
    found && /^```/ { inside = 1 }' "${ROOT}/README.md")
  [[ -n ${text} ]] || { printf 'README has no block for the task %s\n' "$1" >&2; return 1; }
  printf '%s\n' "${text}"
}

# fill TEXT WORD NAME [WORD NAME...]: TEXT with each WORD of README replaced. One that is not there is an error.
fill() {
  local text=$1
  shift
  while (($# > 0)); do
    [[ ${text} == *"$1"* ]] || { printf 'README no longer has "%s" in: %s\n' "$1" "${text}" >&2; return 1; }
    text=${text//"$1"/"$2"}
    shift 2
  done
  printf '%s\n' "${text}"
}

# A user's folder that is not below /tmp, which some policies grant.
prepare_task() {
  umask 022
  rm -rf "${T}"
  T=$(mktemp -d /var/tmp/ll-task.XXXXXX)
  chmod 755 "${T}"
  mkdir -p "${T}/home" "${T}/work"
  cd "${T}/work" || return
  install_programs
}

give_to_user() { if ((EUID == 0)); then chown -R "${ORDINARY}:${ORDINARY}" "${T}/work" "${T}/home"; fi; }

# script_works SCRIPT, script_fails SCRIPT: as the ordinary user. Set ${output}, with standard error in it.
script_works() {
  local result=0
  output=$(run_script "$1") || result=$?
  ((result == 0)) || { printf 'status %s of: %s\n%s\n' "${result}" "$1" "${output}"; return 1; }
}
script_fails() {
  local result=0
  output=$(run_script "$1") || result=$?
  ((result != 0)) || { printf 'it works: %s\n%s\n' "$1" "${output}"; return 1; }
}

# refused_in_sandbox LINE COMMAND: COMMAND works where LINE is run, and fails in place of the command of LINE.
refused_in_sandbox() {
  script_works "${1%%ll-exec *}$2"
  script_fails "${1%% -- *} -- $2"
  # The sandbox was made, and the command ran in it.
  [[ ${output} != *'ll-exec: '* ]] || { printf '%s\n' "${output}"; return 1; }
}
