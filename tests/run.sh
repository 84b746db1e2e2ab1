#!/bin/bash -p
# Runs every test against a finished build: tests/run.sh [BUILD]
#   BUILD   the build folder, build/ unless given (also as BUILD=)
#   HOSTED  a build of the unit tests with sanitizers, used instead of BUILD's
# The last line is "N passed, N failed"; the status is 1 if anything failed.
set -Eeuo pipefail

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
  die "no ${name} in $*: build it first, with make"
}

# Reads TAP, passes on what failed, and counts. A run that ends before its plan has failed.
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

main() {
  local root build status=0 passed failed unit
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  build=$(cd "${1:-${BUILD:-${root}/build}}" && pwd) || die "no such folder: ${1:-${BUILD:-}}"
  LL_EXEC=$(built ll-exec "${build}")
  LL_TOOLS=$(dirname "$(built deed "${build}/tests" "${LL_TOOLS:-${build}/tests}")")
  unit=$(built ll-tests ${HOSTED:+"${HOSTED}"} "${build}" "${LL_TOOLS}/..")
  export LL_EXEC LL_TOOLS
  local -a jobs=()
  if command -v parallel >/dev/null; then jobs=(--jobs 2); fi

  local counts
  counts=$({ "${unit}" || true; } | count)
  read -r passed failed <<<"${counts}"
  counts=$({ bats --tap "${jobs[@]}" "${root}"/tests/bats/*.bats 2>&1 || true; } | count)
  passed=$((passed + ${counts% *}))
  failed=$((failed + ${counts#* }))
  ((failed == 0)) || status=1
  printf '%s passed, %s failed\n' "${passed}" "${failed}"
  return "${status}"
}

main "$@"
