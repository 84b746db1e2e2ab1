# shellcheck shell=bash
# Shared by all bats files. A test runs in its own directory, ${T}. The operations that it tries are
# those of tests/tools/probe.cpp.

bats_require_minimum_version 1.5.0

# Before each command bats notes all functions that are running, to name the line of a failure: 0.2 ms, which was half of the
# suite's time. bash 5 knows the line when a command fails. LL_STACKS=yes: as bats does it, which names it after `exit` as well.
if [[ -z ${LL_STACKS:-} ]] && declare -F bats_check_status_from_trap bats_capture_stack_trace >/dev/null; then
  bats_debug_trap() { trap - DEBUG; }
  bats_error_trap() {
    bats_check_status_from_trap
    [[ ${FUNCNAME[1]} != bats_perform_test ]] || return 0
    # shellcheck disable=SC2034 # of bats
    BATS_DEBUG_LAST_STACK_TRACE_IS_VALID=1
    bats_capture_stack_trace
  }
fi

BIN=${LL_TMP}/bin
LL_EXEC=${BIN}/ll-exec
PROBE=${BIN}/probe
OLD_KERNEL=${BIN}/old-kernel
ROOT=${BATS_TEST_DIRNAME%/tests/bats}
ORDINARY=12345
export LL_EXEC PROBE OLD_KERNEL ROOT
unset XDG_CONFIG_HOME
export HOME=/nonexistent LC_ALL=${LL_LANGUAGE}
# Other settings of the caller that change programs, such as a terminal as standard input.
unset CDPATH TAR_OPTIONS GREP_OPTIONS PYTHONPATH "${!GIT_@}"
exec </dev/null

enter_test_folder() {
  umask 022
  T=${LL_TMP}/t.$$
  mkdir -m 777 "${T}" || return
  cd "${T}" || return
}
setup() { enter_test_folder; }

teardown() {
  if [[ -n ${started_pid:-} ]]; then kill -KILL "${started_pid}" 2>/dev/null || true; fi
  cd / || return
  rm -rf "${T}" "${T}.stderr"
}

# ---- requirements of a test, which is otherwise skipped with the reason

needs_root() { ((EUID == 0)) || skip "needs root"; }

abi() { "${PROBE}" abi; }

needs_abi() {
  local have
  have=$(abi)
  ((have >= $1)) || skip "needs Landlock ABI $1, this kernel has ${have}"
}

needs_time() { [[ -n ${LL_LONG:-} ]] || skip "takes long: make test-long"; }

needs_program() {
  local name
  for name; do command -v "${name}" >/dev/null || skip "needs ${name}"; done
}

# As a user without privileges, whoever runs the tests.
as_user() {
  if ((EUID == 0)); then
    setpriv --reuid="${ORDINARY}" --regid="${ORDINARY}" --clear-groups -- "$@"
  else
    "$@"
  fi
}

# place_programs NAME...: a directory with these built programs and the policies, which an ordinary user can execute,
# with any umask of the build. Prints its path.
place_programs() {
  local name folder
  for name; do
    [[ -x ${LL_BUILT}/${name} ]] || { printf 'no %s in %s: build it first\n' "${name}" "${LL_BUILT}" >&2; return 1; }
  done
  folder=$(mktemp -d "${LL_TMP}/programs.XXXXXX")
  chmod 755 "${folder}"
  install -m 755 "${@/#/${LL_BUILT}/}" "${folder}/"
  mkdir "${folder}/policies"
  install -m 644 "${LL_BUILT}"/policies/*.policy "${folder}/policies/"
  printf '%s\n' "${folder}"
}

# ---- running

# Sets ${status}, ${output} and ${errors}.
capture() {
  status=0
  output=$("$@" 2>"${T}.stderr" 3>&-) || status=$?
  errors=$(<"${T}.stderr")
}

# split_at_dashes WORD... -- WORD...: sets ${before} and ${after}, which are the caller's.
# shellcheck disable=SC2034
split_at_dashes() {
  before=()
  while [[ $1 != -- ]]; do
    before+=("$1")
    shift || { printf 'no -- behind: %s\n' "${before[*]}"; return 1; }
  done
  after=("${@:2}")
}

# sandboxed [OPTION...] -- VERB [ARGUMENT...]: runs a verb of probe under these options, with nothing else
# granted but executing probe.
sandboxed() { sandboxed_by "${LL_EXEC}" -- "$@"; }
sandboxed_as_user() { sandboxed_by as_user "${LL_EXEC}" -- "$@"; }

# sandboxed_by LOADER... -- [OPTION...] -- VERB [ARGUMENT...]
sandboxed_by() {
  local -a before after loader
  split_at_dashes "$@"
  loader=("${before[@]}")
  split_at_dashes "${after[@]}"
  "${loader[@]}" "${before[@]}" --rx "${PROBE}" -- "${PROBE}" "${after[@]}"
}

# policy FILE LINE...
policy() {
  local file=$1
  shift
  printf '%s\n' "$@" >"${file}"
}

# ---- assertions

# is ACTUAL EXPECTED
is() {
  [[ $1 == "$2" ]] && return
  printf -- '--- expected\n%s\n--- got\n%s\n---\n' "$2" "$1"
  return 1
}

assert_success() {
  capture "$@"
  ((status == 0)) || { printf 'status %s\n%s\n%s\n' "${status}" "${output}" "${errors}"; return 1; }
  is "${errors}" ""
}

# refused ERRNO COMMAND...: the command fails with that errno.
refused() {
  local name=$1
  shift
  capture "$@"
  is "${status} ${errors##*: }" "1 ${name}"
}

# rejects MESSAGE [OPTION...]: ll-exec prints exactly that, has exit status 125 and runs nothing.
# The same command without the options runs.
rejects() {
  rejects_as env "$@"
}

# rejects_as PREFIX MESSAGE [OPTION...]: the same, with a command in front of ll-exec.
rejects_as() {
  local prefix=$1 message=$2
  shift 2
  mkdir -p "${T}/out"
  chmod 777 "${T}/out"
  local -a act=(--rw "${T}/out" --rx "${PROBE}" -- "${PROBE}" create "${T}/out/marker")
  capture "${prefix}" "${LL_EXEC}" "${act[@]}"
  is "${status} ${errors}" "0 "
  rm "${T}/out/marker"
  capture "${prefix}" "${LL_EXEC}" "$@" "${act[@]}"
  is "${errors}" "${message}"
  is "${status} ${output}" "125 "
  [[ ! -e ${T}/out/marker ]]
}

# rejects_line LINE MESSAGE: for a policy with that line.
rejects_line() {
  policy p.policy "$1"
  rejects "$2" -p p.policy
}

# Starts a program in the background and waits for its first line, which is set as ${started}. The timeout is long enough
# for a busy machine; only a failing test waits for all of it.
start() {
  "$@" >"${T}/started" 2>"${T}/started.err" 3>&- &
  started_pid=$!
  local -i patience=$((SECONDS + 30))
  while ((SECONDS < patience)); do
    if [[ -s ${T}/started ]]; then
      # shellcheck disable=SC2034 # for the test
      started=$(head -n 1 "${T}/started")
      return 0
    fi
    sleep 0.01
  done
  cat "${T}/started.err"
  return 1
}

# waits_until COMMAND...: waits until it succeeds.
waits_until() {
  local -i patience=$((SECONDS + 30))
  while ((SECONDS < patience)); do
    if "$@"; then return 0; fi
    sleep 0.01
  done
  printf 'never: %s\n' "$*"
  return 1
}

state_of() { # PID: a letter of proc_pid_stat(5), or nothing if it does not exist
  sed -n 's/^State:\t\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null || true
}
