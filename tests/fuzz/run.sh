#!/bin/bash -p
# run.sh [SECONDS [TARGET...]]: fuzzes each target for so long, two at a time, in build/fuzzing, or
# ${BUILD}/fuzzing. What is found is put into tests/fuzz/regressions, and the status is 1.
#   run.sh --replay [FOLDER]: the corpora in the tree, with any compiler; by what FOLDER has, if it is given.
set -Eeuo pipefail

HERE=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
ROOT=${HERE%/tests/fuzz}
ALL=(policy arguments elf cache mcp dns)

build() {
  local output
  output=$("${ROOT}/scripts/build.sh" --source "${HERE}" "$@" 2>&1) || {
    printf '%s\n' "${output}" >&2
    return 1
  }
}

replay() {
  local folder=$1 target output
  for target in "${ALL[@]}"; do
    local -a corpora=("${HERE}/corpus/${target}" "${HERE}/regressions/${target}")
    if [[ ${target} == policy ]]; then corpora+=("${ROOT}/policies"); fi
    if ! output=$("${folder}/fuzz/replay-${target}" "${corpora[@]}" 2>&1); then
      printf '%s\n%s: FAILED\n' "${output}" "${target}"
      return 1
    fi
    printf '%s: %s\n' "${target}" "${output##*$'\n'}"
  done
}

# One target; its last line counts.
fuzz() {
  local folder=$1 seconds=$2 target=$3 status=0 log corpus
  log=${folder}/${target}.log
  corpus=${folder}/corpus-${target}
  mkdir -p "${corpus}" "${HERE}/regressions/${target}"
  local -a options=(-max_total_time="${seconds}" -timeout=10 -max_len=8192 -print_final_stats=1
    -artifact_prefix="${HERE}/regressions/${target}/")
  if [[ -e ${HERE}/${target}.dict ]]; then options+=(-dict="${HERE}/${target}.dict"); fi
  local -a corpora=("${corpus}" "${HERE}/corpus/${target}")
  if [[ ${target} == policy ]]; then corpora+=("${ROOT}/policies"); fi
  "${folder}/fuzz/fuzz-${target}" "${options[@]}" "${corpora[@]}" >"${log}" 2>&1 || status=$?
  local executions
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "${log}")
  printf '%s: %s executions in %s s, %s\n' "${target}" "${executions:-?}" "${seconds}" \
    "$( ((status == 0)) && printf 'nothing found' || printf 'FOUND SOMETHING: %s' "${log}")"
  return "${status}"
}

main() {
  local folder=${BUILD:-${ROOT}/build}
  if [[ ${1:-} == --replay ]]; then
    if (($# == 1)); then
      set -- --replay "${folder}/replay"
      build "$2"
    fi
    replay "$2"
    return
  fi
  local seconds=${1:-60} status=0 target
  if (($# > 0)); then shift; fi
  local -a targets=("${@}") running=()
  if ((${#targets[@]} == 0)); then targets=("${ALL[@]}"); fi
  folder=${folder}/fuzzing
  build "${folder}" -DCMAKE_CXX_COMPILER="${CLANG:-clang++}" -DCMAKE_BUILD_TYPE=None
  for target in "${targets[@]}"; do
    if ((${#running[@]} == 2)); then
      wait "${running[0]}" || status=1
      running=("${running[1]}")
    fi
    fuzz "${folder}" "${seconds}" "${target}" &
    running+=("$!")
  done
  for target in "${running[@]}"; do wait "${target}" || status=1; done
  return "${status}"
}

main "$@"
