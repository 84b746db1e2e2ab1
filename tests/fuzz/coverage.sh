#!/bin/bash -p
# coverage.sh: the line coverage of loader/core by the unit tests and the corpora, in
# ${BUILD:-build}/coverage. The status is 1 when it is below ${LEAST:-95} percent.
set -Eeuo pipefail

HERE=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
ROOT=${HERE%/tests/fuzz}

build() {
  local folder=$1 source=$2
  shift 2
  cmake -S "${ROOT}/${source}" -B "${folder}" -DCMAKE_BUILD_TYPE=None \
    -DCMAKE_CXX_FLAGS="--coverage -O0 -fprofile-abs-path -include ${HERE}/coverage.h" "$@" >/dev/null
  cmake --build "${folder}" --parallel >"${folder}/build.log" 2>&1 || {
    cat "${folder}/build.log" >&2
    return 1
  }
}

# "FILE LINE" of every line of loader/core that can run, and of those that did. A line is run if any
# program ran it.
lines() {
  local folder=$1
  find "${folder}" -name '*.gcda' -path '*/core/*' -print0 |
    xargs -0 -n 1 gcov --stdout 2>/dev/null |
    awk -F: -v core="${ROOT}/loader/core/" '
      $3 == "Source" { file = $4; next }
      index(file, core) != 1 { next }
      { count = $1; line = $2; gsub(/ /, "", count); gsub(/ /, "", line) }
      count == "-" || line == 0 { next }
      { print substr(file, length(core) + 1), line, (count ~ /^[0-9]/ && count != "0") ? 1 : 0 }'
}

main() {
  local folder=${BUILD:-${ROOT}/build}/coverage target
  mkdir -p "${folder}"
  folder=$(cd "${folder}" && pwd)
  build "${folder}/unit" tests/unit
  build "${folder}/fuzz" tests/fuzz -DLL_FUZZ_SANITIZE=
  find "${folder}" -name '*.gcda' -delete
  "${folder}/unit/ll-tests" >"${folder}/unit.log" || printf 'coverage.sh: a unit test fails\n' >&2
  for target in policy arguments elf cache; do
    local -a corpora=("${HERE}/corpus/${target}" "${HERE}/regressions/${target}")
    if [[ ${target} == policy ]]; then corpora+=("${ROOT}/policies"); fi
    "${folder}/fuzz/fuzz/replay-${target}" "${corpora[@]}" >/dev/null 2>&1
  done
  lines "${folder}" | awk -v least="${LEAST:-95}" '
    { key = $1 " " $2; file[key] = $1; if ($3 > ran[key]) ran[key] = $3; else ran[key] += 0 }
    END {
      for (key in file) { all[file[key]]++; run[file[key]] += ran[key]; n++; r += ran[key] }
      for (name in all) printf "%-16s %5d of %5d lines  %5.1f %%\n", name, run[name], all[name], 100 * run[name] / all[name] | "sort"
      close("sort")
      if (n == 0) { print "no line was counted"; exit 1 }
      printf "%-16s %5d of %5d lines  %5.1f %%\n", "loader/core", r, n, 100 * r / n
      exit 100 * r / n < least
    }'
}

main "$@"
