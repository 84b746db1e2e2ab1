#!/bin/bash -p
# Inputs on which the lists of system calls are learned and tested: run.sh PROBE TOOL...
#
#   make    creates the files in ${LL_CORPUS}/TOOL: nothing is downloaded
#   learn   runs the tool on all of them without a policy and prints the lines `syscall only` that it needs
#   add     adds what learn printed, on standard input, to the list of the policy TOOL-calls: as root and as another user, of
#           this release and others
#   check   runs the tool on all of them under TOOL, and under TOOL-calls with `action kill`: the results must be equal
#
# LL_BIN: the folder of the programs (build). LL_CORPUS: where the files are (a new folder). LL_LONG: all of the corpus; without
# it there are fewer files, formats and devices, and `check` does one job of four. Each tool has a file beside this one: TOOL.sh with make_inputs, which makes the files in the current
# directory, and run_jobs, which calls `job COMMAND...` for each run.
set -Eeuo pipefail

HERE=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
readonly HERE
export LC_ALL=C TZ=UTC SOURCE_DATE_EPOCH=1000000000
# Other settings that change the tools.
unset TAR_OPTIONS UNZIP ZIPINFO GS_OPTIONS FFREPORT "${!MAGICK_@}"

fail() {
  printf 'run.sh: %s\n' "$1" >&2
  exit 125
}

has() { command -v "$1" >/dev/null; }
is_long() { [[ -n ${LL_LONG:-} ]]; }

# maybe COMMAND...: makes a file, where the program that makes it is there and can.
maybe() { "$@" >/dev/null 2>&1 </dev/null || true; }

# breaks COUNT FILE...: adds broken copies.
breaks() {
  local -i count=$1
  local -a files=()
  local file
  for file in "${@:2}"; do
    if [[ -f ${file} && -s ${file} ]]; then files+=("${file}"); fi
  done
  is_long || count=$(((count + 5) / 6))
  python3 "${HERE}/mutate.py" "${count}" "${files[@]}"
}

# samples COUNT PATTERN...: as many files of this machine, named sample-..., the smallest first of those of each kind.
samples() {
  local -i count=$1
  local pattern path
  local -a names=()
  for pattern in "${@:2}"; do names+=(-o -name "${pattern}"); done
  { find /usr/share /usr/lib -xdev -type f \( "${names[@]:1}" \) -size -200k -readable -printf '%s %p\n' 2>/dev/null || true; } |
    sort -n >.found
  for pattern in "${@:2}"; do
    # shellcheck disable=SC2053 # a pattern is wanted
    while read -r _ path; do
      if [[ ${path##*/} == ${pattern} ]]; then printf '%s\n' "${path}"; fi
    done <.found |
      awk -v count="${count}" '{ rows[NR] = $0 }
        END { step = NR > count ? NR / count : 1; for (i = 1; i <= NR; i += step) print rows[int(i)] }' |
      while IFS= read -r path; do cp -- "${path}" "sample-${path##*/}"; done
  done
  rm .found
}

# some COUNT: of the lines of standard input so many, from all over; all of them where there is time.
some() {
  if is_long; then cat; else awk -v count="$1" '{ rows[NR] = $0 }
    END { step = NR > count ? NR / count : 1; for (i = 1; i <= NR; i += step) print rows[int(i)] }'; fi
}

# ---- one run

# enter_copy WORD...: copies of those files that the words name, which a run may change, and there.
enter_copy() {
  local name
  cd "${INPUTS}"
  # An archive can hold directories that nobody may write to.
  if [[ -e ${WORK}/job ]]; then chmod -R u+rwx "${WORK}/job"; fi
  rm -rf "${WORK}/job"
  mkdir "${WORK}/job"
  for name in *; do
    if [[ "$* ${INPUT:-}" == *"${name}"* ]]; then cp -r -- "${name}" "${WORK}/job/"; fi
  done
  cd "${WORK}/job"
}

# run COMMAND...: with the standard input and output of the job; or on a terminal.
run() {
  if [[ -n ${TERMINAL:-} ]]; then
    timeout -k 1 20 script -q -e -c "$(printf '%q ' "$@")" /dev/null <"${INPUT:-/dev/null}" >"${WORK}/out" 2>"${WORK}/err"
  else
    timeout -k 1 20 "$@" <"${INPUT:-/dev/null}" >"${OUTPUT:-${WORK}/out}" 2>"${WORK}/err"
  fi
}

# job COMMAND...: one run of the tool. INPUT, OUTPUT: its standard input and output; TERMINAL=yes: at one.
job() {
  local -i start=${SECONDS}
  MET+=1
  # One of four when time is short: a failure of another is found by the next long run.
  if [[ ${PROBE} == check ]] && ! is_long && ((MET % 4 != 1)); then return; fi
  JOBS+=1
  case ${PROBE} in
    learn) learn_job "$@" ;;
    check) check_job "$@" ;;
  esac
  if ((SECONDS - start > 8)); then printf 'slow, %d s: %s\n' "$((SECONDS - start))" "$*" >&2; fi
}

learn_job() {
  enter_copy "$@"
  run "${LL_BIN}/ll-trace" -q --learn "${WORK}/learnt.policy" --calls -- "$@" || true
}

# Writes the result to FILE: the status, both outputs, the names and sizes of all files.
note_outcome() { # FILE POLICY-OPTION... -- COMMAND...
  local file=$1
  local -i status=0
  shift
  enter_copy "$@"
  { run "${LL_BIN}/ll-exec" -q "$@" || status=$?; } 2>/dev/null
  printf 'status %d\n' "${status}" >"${file}"
  # A report of ffmpeg has the time of its start in its name.
  find . -printf '%y %p\n' | sed -E 's/-[0-9]{8}-[0-9]{6}\.log$/-TIME.log/' | sort >>"${file}"
}

check_job() {
  note_outcome "${WORK}/without" -p "${TOOL}" "${OPTIONS[@]}" -- "$@"
  note_outcome "${WORK}/with" -p "${TOOL}-calls" "${OPTIONS[@]}" --syscall 'action kill' -- "$@"
  if cmp -s "${WORK}/without" "${WORK}/with"; then return; fi
  DIFFER+=1
  printf '%s:' "${TOOL}"
  printf ' %q' "$@"
  printf '\n'
  diff "${WORK}/without" "${WORK}/with" | head -n 5 || true
  tail -n 3 "${WORK}/err"
}

# ---- probes

make_corpus() {
  mkdir -p "${INPUTS}"
  cd "${INPUTS}"
  if [[ ! -e .made ]]; then
    make_inputs
    touch .made
  fi
  cd "${WORK}"
}

as_lines() {
  sed -n 's/^syscall only //p' | tr ' ' '\n' | sort -u | tr '\n' ' ' | fold -s -w 100 | sed 's/^/syscall only /; s/ *$//'
  printf '\n'
}

# The policy: all above its list, and the list. What was in it stays.
add_to_list() {
  local policy=${HERE}/../../policies/${TOOL}-calls.policy
  sed '/^syscall only /d' "${policy}" >"${WORK}/new.policy"
  { sed -n '/^syscall only /p' "${policy}"; cat; } | as_lines >>"${WORK}/new.policy"
  cat "${WORK}/new.policy" >"${policy}"
}

on_tool() {
  INPUTS=${LL_CORPUS}/${TOOL}
  WORK=${LL_CORPUS}/work-${TOOL}
  OPTIONS=()
  mkdir -p "${WORK}"
  # shellcheck source=/dev/null
  . "${HERE}/${TOOL}.sh"
  if [[ ${PROBE} == add ]]; then
    add_to_list
    return
  fi
  make_corpus
  case ${PROBE} in
    learn)
      # What the tool opens is not what is learnt here.
      printf 'rwx /\n' >"${WORK}/learnt.policy"
      run_jobs
      as_lines <"${WORK}/learnt.policy"
      ;;
    check) run_jobs ;;
    *) ;;
  esac
}

main() {
  PROBE=${1:-}
  LL_BIN=${LL_BIN:-${HERE}/../../build}
  declare -gi MET=0 JOBS=0 DIFFER=0
  case ${PROBE} in
    make | learn | add | check) ;;
    *) fail 'make, learn, add or check' ;;
  esac
  (($# > 1)) || fail "${PROBE} of which tool?"
  LL_CORPUS=${LL_CORPUS:-$(mktemp -d)}
  for TOOL in "${@:2}"; do
    [[ ${TOOL} =~ ^[a-z0-9]+$ && -e ${HERE}/${TOOL}.sh ]] || fail "there is no corpus of ${TOOL}"
    on_tool
  done
  printf '%d jobs, %d differ\n' "${JOBS}" "${DIFFER}"
  ((DIFFER == 0))
}

main "$@"
