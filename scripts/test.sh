#!/bin/bash -p
# Builds everything that the tests need and runs checks and tests: test.sh [check|test|long]. Last line: N passed, N failed.
#   check  a minute: the unit tests, and what of bats needs nothing installed besides bats
#   test   all that a change has to pass
#   long   that, each thing with a short and a long form in its long one, and what is not worth its time for each change
set -Eeuo pipefail

ROOT=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
BUILD=${BUILD:-build}
export BUILD
PASSED=0
FAILED=0

# try TITLE COMMAND...: says how it ended and how long it took; what it prints is shown if it fails.
try() {
  local title=$1 output status=0
  local -i start=${SECONDS}
  shift
  output=$("$@" 2>&1 </dev/null) || status=$?
  if ((status == 0)); then
    printf 'ok      %s (%d s)\n' "${title}" "$((SECONDS - start))"
  else
    printf '%s\nFAILED  %s (status %d)\n' "${output}" "${title}" "${status}"
  fi
  return "${status}"
}

# check TITLE COMMAND...: one more passed or failed.
check() {
  if try "$@"; then PASSED=$((PASSED + 1)); else FAILED=$((FAILED + 1)); fi
}

# begin TITLE COMMAND...: as check, while others run, as many as there are processors; end_all waits for their ends.
BEGUN=()
begin() {
  local -i processors
  processors=$(nproc)
  while (($(jobs -pr | wc -l) >= processors)); do wait -n || true; done
  try "$@" >"${WORK}/${#BEGUN[@]}" &
  BEGUN+=("$!")
}

end_all() {
  local -i number
  for number in "${!BEGUN[@]}"; do
    if wait "${BEGUN[number]}"; then PASSED=$((PASSED + 1)); else FAILED=$((FAILED + 1)); fi
    cat "${WORK}/${number}"
  done
  BEGUN=()
}

# counted TITLE COMMAND...: what counts for itself in its last line, which is not shown.
counted() {
  local title=$1 output last status=0
  local -i start=${SECONDS}
  shift
  output=${BUILD}/${title// /-}.log
  "$@" 2>&1 </dev/null | tee "${output}" | sed '$d' || status=$?
  last=$(tail -n 1 "${output}")
  printf '%s: %s (%d s)\n' "${title}" "${last}" "$((SECONDS - start))"
  if [[ ${last} =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    PASSED=$((PASSED + BASH_REMATCH[1]))
    FAILED=$((FAILED + BASH_REMATCH[2]))
    ((status == 0 || BASH_REMATCH[2] > 0)) && return
  fi
  FAILED=$((FAILED + 1))
  printf 'FAILED  %s (status %d)\n' "${title}" "${status}"
}

build_for_arm64() {
  scripts/build.sh "${BUILD}/arm64" -DLL_TESTS=OFF -DLL_TOOLS=OFF -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 \
    -DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++ -- ll-exec ll-ns ll-trace ll-repeat
}

# Everything that needs a loader.
check_all() {
  local built
  built=$(cd "${BUILD}" && pwd)
  local -a escapes=(env LL_EXEC="${built}/ll-exec" LL_NS="${built}/ll-ns" ESCAPES_BIN="${built}/tests/escapes" tests/escapes/run.sh)
  # What one of them leaves idle at its end, such as a link, the next one has.
  begin 'a hosted build with sanitizers succeeds' \
    scripts/build.sh "${BUILD}/hosted" -DLL_HOSTED=ON -DLL_TOOLS=OFF -DLL_FUZZ=ON -DLL_SANITIZE=address,undefined -DLL_UNITY=OFF
  if [[ $(uname -m) == x86_64 ]]; then begin 'the build for arm64 succeeds' build_for_arm64; fi
  begin 'the benchmark and the escape probes build' scripts/build.sh "${BUILD}" -- bench-programs escape-probe
  begin 'files that are compiled together mean the same as alone' scripts/lint.sh units
  begin 'cppcheck finds nothing' scripts/lint.sh cppcheck
  begin 'shellcheck finds nothing' scripts/lint.sh shell
  begin 'clang-format changes nothing' scripts/lint.sh format
  end_all
  begin 'escape probes are refused through ll-mcp, except the known ones' "${escapes[@]}" --tool mcp
  begin 'escape probes are refused as an ordinary user, except the known ones' "${escapes[@]}" --ours
  if ((EUID == 0)); then
    begin 'escape probes are refused as root, except the known ones' "${escapes[@]}" --as-root --ours
  fi
  begin 'the fuzz corpora replay' tests/fuzz/run.sh --replay "${BUILD}/hosted"
  begin 'the demo has the expected output' scripts/demo.sh
  end_all
  HOSTED=${BUILD}/hosted counted tests tests/run.sh --depth "${DEPTH}" "${BUILD}"
}

check_long() {
  check 'clang-tidy finds nothing' scripts/lint.sh tidy
  check 'the analyzer of GCC finds nothing' scripts/lint.sh analyzer
  check 'fuzzing each target for a minute finds nothing' tests/fuzz/run.sh 60
  BUILD=$(cd "${BUILD}" && pwd) counted library tests/capi/sanitized.sh address,undefined thread
  counted inspector tests/mcp/inspector/run.sh "${BUILD}"
  counted kernels tests/kernels/run.sh --build "${BUILD}"
  if ((EUID == 0)); then
    counted roots make --no-print-directory test-roots
    counted release tests/corpus/test-release.sh "${BUILD}"
  fi
}

main() {
  DEPTH=${1:-test}
  if [[ ${DEPTH} != @(check|test|long) ]]; then
    printf 'test.sh: check, test or long\n' >&2
    return 2
  fi
  cd "${ROOT}"
  WORK=$(mktemp -d)
  trap 'rm -rf -- "${WORK}"' EXIT
  check 'the build has no warning' scripts/build.sh "${BUILD}"
  if ((FAILED == 0)); then
    if [[ ${DEPTH} == check ]]; then
      check 'the unit tests build' scripts/build.sh "${BUILD}" -- ll-tests
      counted tests tests/run.sh --depth check "${BUILD}"
    else
      check_all
    fi
    if [[ ${DEPTH} == long ]]; then check_long; fi
  fi
  printf '%d passed, %d failed\n' "${PASSED}" "${FAILED}"
  ((FAILED == 0))
}

main "$@"
