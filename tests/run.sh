#!/bin/bash -p
# Runs every test against a finished build: tests/run.sh [--depth check|test|long] [BUILD]
#   BUILD    the build folder, build/ unless given (also as BUILD=)
#   --depth  check: the files of bats with the tag check, which need nothing installed besides bats; test, unless given:
#            all except those that take long; long: all, with the long form of those that have a short and a long one
#   HOSTED   a build of the unit tests with sanitizers, used instead of BUILD's
#   JOBS     the number of bats files run at a time, by default half as many more as there are processors, since tests wait
#   VERBOSE  if set, passed tests are listed too
# The slowest tests are listed with their times. The last line is "N passed, N failed"; the status is 1 if any failed.
set -Eeuo pipefail

# Started first, as they take the longest: from 90 to 14 s.
readonly -a SLOW=(policies-calls mcp packaging faults python sandbox-lifetime overlay-{errors,commit}{@copies,} examples
  examples-library net-live sandbox-limits policies-network report-page net policies-packages migrating policies-registries
  repeat-programs)
SLOWEST=20

die() {
  printf 'run.sh: %s\n' "$1" >&2
  exit 1
}

# The program's path, from the first folder that has it.
built() {
  local name=$1 folder
  shift
  for folder; do
    if [[ -x ${folder}/${name} ]]; then
      printf '%s\n' "${folder}/${name}"
      return
    fi
  done
  die "no ${name} in $*: build it first, with make check"
}

# Reads TAP, passes on failures, and counts. A run that ends before its plan has failed.
count() {
  local line passed=0 failed=0 planned=-1 failing=no
  local -a skipped=()
  while IFS= read -r line; do
    case ${line} in
      'ok '*' # skip'*)
        line=${line#ok }
        skipped+=("${line/ # skip/:}")
        failing=no
        ;;
      'ok '*)
        passed=$((passed + 1))
        failing=no
        [[ -z ${VERBOSE:-} ]] || printf '%s\n' "${line}" >&2
        ;;
      'not ok '*)
        failed=$((failed + 1))
        failing=yes
        printf '%s\n' "${line}" >&2
        ;;
      1..*) planned=${line#1..} ;;
      *) [[ ${failing} == no ]] || printf '%s\n' "${line}" >&2 ;;
    esac
  done
  if ((passed + failed + ${#skipped[@]} != planned)); then
    printf 'not ok: %s of %s tests ran\n' "$((passed + failed + ${#skipped[@]}))" "${planned}" >&2
    failed=$((failed + 1))
  fi
  for line in "${skipped[@]}"; do printf 'skipped: %s\n' "${line#* }" >&2; done
  printf '%s %s\n' "${passed}" "${failed}"
}

# ---- bats

# The names of the files of this depth.
files_of() { # check|test|long
  local -a tagged=("${TESTS}"/*.bats)
  if [[ $1 == check ]]; then mapfile -t tagged < <(grep -lx '# bats file_tags=check' "${tagged[@]}"); fi
  tagged=("${tagged[@]##*/}")
  printf '%s\n' "${tagged[@]%.bats}"
}

# The same names, those that take the longest first.
slow_first() { # NAME...
  local name
  for name in "${SLOW[@]}"; do
    if [[ " $* " == *" ${name} "* ]]; then printf '%s\n' "${name}"; fi
  done
  for name; do
    if [[ " ${SLOW[*]} " != *" ${name} "* ]]; then printf '%s\n' "${name}"; fi
  done
}

# A locale that differs much from C.UTF-8: i and I are no pair, numbers have commas, letters another order.
# LANGUAGE: other programs' messages stay in English, since tests compare them.
# Made here, as most machines do not have it. Without the sources of locales these runs are skipped with a message.
readonly OTHER=tr_TR.UTF-8
make_other_language() {
  mkdir "${WORK}/locales"
  if localedef -i "${OTHER%.*}" -f "${OTHER#*.}" "${WORK}/locales/${OTHER}" 2>"${WORK}/localedef"; then return; fi
  printf 'skipped: in %s: %s\n' "${OTHER}" "$(head -n 1 "${WORK}/localedef")" >&2
  return 1
}

# One file, or NAME@LANGUAGE, or NAME@copies: the overlay's without namespaces. Leaves how many passed and failed in NAME.counts, and in NAME.times how long each test took:
# MILLISECONDS NAME: TITLE.
run_file() { # NAME
  local raw=${WORK}/$1.raw
  if [[ $1 == *@copies ]]; then
    export LL_COPIES=yes
  elif [[ $1 == *@* ]]; then
    export LL_LANGUAGE=${1#*@} LANGUAGE=en LOCPATH=${WORK}/locales
  fi
  bats --tap --timing "${TESTS}/${1%@*}.bats" >"${raw}" 2>&1 || true
  sed -nE "s/^(not )?ok [0-9]+ (.*) in ([0-9]+)ms( # skip.*)?\$/\3 $1: \2/p" "${raw}" >"${WORK}/$1.times"
  sed -E 's/^((not )?ok [0-9]+ .*) in [0-9]+ms( # skip.*)$/\1\3/; t; s/^((not )?ok [0-9]+ .*) in [0-9]+ms$/\1/' \
    "${raw}" >"${WORK}/$1.tap"
  count <"${WORK}/$1.tap" >"${WORK}/$1.counts" 2>"${WORK}/$1.said"
  [[ ! -s ${WORK}/$1.said ]] || printf '%s:\n%s\n' "$1" "$(<"${WORK}/$1.said")" >&2
}

# Each file is run by its own bats, which needs no further program to run several at a time.
run_bats() { # NAME...
  local name counts
  local -i running=0 jobs=${JOBS:-$(($(nproc) * 3 / 2))}
  for name; do
    if ((running >= jobs)); then
      wait -n || true
      running=$((running - 1))
    fi
    run_file "${name}" &
    running+=1
  done
  wait
  for name; do
    counts=$(<"${WORK}/${name}.counts")
    passed=$((passed + ${counts% *}))
    failed=$((failed + ${counts#* }))
  done
}

name_slowest() {
  local milliseconds title
  printf 'the slowest:\n' >&2
  # Not head, which would end sort by a signal.
  sort -rn "${WORK}"/*.times | sed -n "1,${SLOWEST}p" | while read -r milliseconds title; do
    printf '%6d.%d s  %s\n' "$((milliseconds / 1000))" "$((milliseconds % 1000 / 100))" "${title}" >&2
  done
}

is_script() { # FILE
  local start
  IFS= read -r -d '' -n 2 start <"$1" || true
  [[ ${start} == '#!' ]]
}

# A python3 that is a script which looks for the real one, as pyenv's, takes ten times as long to start, and hundreds are
# started: the next one is taken, or where there is none the one that it finds.
prefer_real_python() {
  local found path=:${PATH}: real
  real=$(python3 -c 'import os, sys; print(os.path.dirname(os.path.realpath(sys.executable)))' 2>/dev/null) || return 0
  while found=$(PATH=${path} type -P python3) && is_script "${found}"; do
    path=${path//:"${found%/*}":/:}
  done
  path=${path#:} path=${path%:}
  if [[ -n ${found} ]]; then PATH=${path}; else PATH=${real}:${PATH}; fi
}

end_all() {
  local -a children
  mapfile -t children < <(jobs -p)
  ((${#children[@]} == 0)) || kill -- "${children[@]/#/-}" 2>/dev/null || true
  rm -rf -- "${WORK}"
}

main() {
  local root build status=0 passed failed unit counts
  local -a files
  DEPTH='test'
  if [[ ${1:-} == --depth ]]; then
    DEPTH=${2:-}
    shift 2
  fi
  [[ ! -e /nonexistent ]] || die '/nonexistent is there: it is the home of the tests, and must not be'
  [[ ${DEPTH} == @(check|test|long) ]] || die "--depth is check, test or long, not '${DEPTH}'"
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  TESTS=${root}/tests/bats
  build=$(cd "${1:-${BUILD:-${root}/build}}" && pwd) || die "no such folder: ${1:-${BUILD:-}}"
  LL_EXEC=$(built ll-exec "${build}")
  LL_TOOLS=$(dirname "$(built probe "${build}/tests" "${LL_TOOLS:-${build}/tests}")")
  unit=$(built ll-tests ${HOSTED:+"${HOSTED}"} "${build}" "${LL_TOOLS}/..")
  export LL_EXEC LL_TOOLS
  prefer_real_python
  if [[ ${DEPTH} == long ]]; then export LL_LONG=yes LL_KILLS=all LL_FAULTS=all; fi
  WORK=$(mktemp -d)
  chmod 755 "${WORK}" # an ordinary user reads the language in it
  trap end_all EXIT
  # Each file is in its own process group, which is killed at the end.
  set -m

  counts=$({ "${unit}" || true; } | count)
  read -r passed failed <<<"${counts}"
  mapfile -t files < <(files_of "${DEPTH}")
  if [[ ${DEPTH} != check ]] && make_other_language; then
    mapfile -t -O "${#files[@]}" files < <(files_of check | sed "s/\$/@${OTHER}/")
  fi
  if [[ ${DEPTH} != check ]]; then files+=(overlay{,-commit,-deny,-errors,-layers}@copies); fi
  mapfile -t files < <(slow_first "${files[@]}")
  run_bats "${files[@]}"
  if [[ -e /nonexistent ]]; then
    printf 'not ok: a test has made /nonexistent\n' >&2
    failed=$((failed + 1))
  fi
  name_slowest
  ((failed == 0)) || status=1
  printf '%s passed, %s failed\n' "${passed}" "${failed}"
  return "${status}"
}

main "$@"
