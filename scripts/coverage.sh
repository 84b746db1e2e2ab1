#!/bin/bash -p
# The line coverage of lib/core by the unit tests and the fuzz corpora: coverage.sh [--missing]
#   --missing   also list the lines that none of them executed
# Built in ${BUILD:-build}/coverage. The status is 1 when it is below ${LEAST:-95} percent.
set -Eeuo pipefail

ROOT=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)

build() { # FOLDER SOURCE CMAKE_OPTION...
  local folder=$1 source=$2 jobs
  shift 2
  jobs=$(nproc)
  cmake -S "${ROOT}/${source}" -B "${folder}" -DCMAKE_BUILD_TYPE=None \
    -DCMAKE_CXX_FLAGS="--coverage -O0 -fprofile-abs-path -include ${ROOT}/tests/unit/coverage.h ${FLAGS:-}" \
    "$@" >/dev/null
  cmake --build "${folder}" --parallel "${jobs}" >"${folder}/build.log" 2>&1 || {
    cat "${folder}/build.log" >&2
    return 1
  }
}

run_all() { # FOLDER
  local folder=$1 target
  "${folder}/unit/ll-tests" >"${folder}/unit.log" || {
    grep -A 5 '^not ok' "${folder}/unit.log" >&2
    return 1
  }
  for target in policy arguments elf cache; do
    local -a corpora=("${ROOT}/tests/fuzz"/{corpus,regressions}/"${target}")
    if [[ ${target} == policy ]]; then corpora+=("${ROOT}/policies"); fi
    "${folder}/fuzz/fuzz/replay-${target}" "${corpora[@]}" >"${folder}/${target}.log" 2>&1
  done
}

# "FILE LINE RAN" of every line of lib/core that has code, once for each program and instance of a template.
lines() { # FOLDER
  find "$1" -name '*.gcda' -print0 | xargs -0 -n 1 gcov --stdout 2>/dev/null |
    awk -F: -v core="${ROOT}/lib/core/" '
      $3 == "Source" { file = $4; next }
      index(file, core) != 1 { next }
      { count = $1; line = $2; gsub(/ /, "", count); gsub(/ /, "", line) }
      count == "-" || line !~ /^[1-9]/ { next }
      { print substr(file, length(core) + 1), line, count ~ /^[1-9]/ }'
}

main() {
  local folder=${BUILD:-${ROOT}/build}/coverage missing=0
  if [[ ${1:-} == --missing ]]; then missing=1; fi
  mkdir -p "${folder}"
  folder=$(cd "${folder}" && pwd)
  # Inline functions that nothing calls count as well.
  FLAGS=-fkeep-inline-functions build "${folder}/unit" tests/unit
  build "${folder}/fuzz" tests/fuzz -DLL_FUZZ_SANITIZE=
  find "${folder}" -name '*.gcda' -delete
  run_all "${folder}"
  lines "${folder}" | sort -k 1,1 -k 2,2n -k 3,3nr | awk -v least="${LEAST:-95}" -v missing="${missing}" '
    function print_row(name, ran, all) {
      printf "%-16s %5d of %5d lines  %5.1f %%\n", name, ran, all, 100 * ran / all
    }
    $1 == file && $2 == line { next }
    $1 != file && file != "" { print_row(file, ran, all); ran = all = 0 }
    { file = $1; line = $2; all++; every++; ran += $3; every_ran += $3 }
    missing && !$3 { print "  not run: lib/core/" file ":" line }
    END {
      if (every == 0) { print "no lines counted"; exit 1 }
      print_row(file, ran, all)
      print_row("lib/core", every_ran, every)
      exit 100 * every_ran / every < least
    }'
}

main "$@"
