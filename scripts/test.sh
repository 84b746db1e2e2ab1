#!/bin/bash -p
# Builds everything that the tests need and runs every check and test. Last line: N passed, N failed.
set -Eeuo pipefail

ROOT=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
BUILD=${BUILD:-build}
export BUILD
PASSED=0
FAILED=0

# check TITLE COMMAND...: one more passed or failed; what it prints is shown if it fails.
check() {
  local title=$1 output status=0
  shift
  output=$("$@" 2>&1 </dev/null) || status=$?
  if ((status == 0)); then
    PASSED=$((PASSED + 1))
    printf 'ok      %s\n' "${title}"
    return
  fi
  FAILED=$((FAILED + 1))
  printf '%s\nFAILED  %s (status %d)\n' "${output}" "${title}" "${status}"
}

build_for_arm64() {
  scripts/build.sh "${BUILD}/arm64" -DLL_TESTS=OFF -DLL_TOOLS=OFF -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 \
    -DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++ -- ll-exec ll-ns ll-trace
}

# The unit tests and bats, which count for themselves in their last line.
run_tests() {
  local output=${BUILD}/tests.log last status=0
  HOSTED=${BUILD}/hosted tests/run.sh "${BUILD}" 2>&1 | tee "${output}" | sed '$d' || status=$?
  last=$(tail -n 1 "${output}")
  if [[ ${last} =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    PASSED=$((PASSED + BASH_REMATCH[1]))
    FAILED=$((FAILED + BASH_REMATCH[2]))
    ((status == 0 || BASH_REMATCH[2] > 0)) && return
  else
    printf '%s\n' "${last}"
  fi
  FAILED=$((FAILED + 1))
  printf 'FAILED  tests/run.sh (status %d)\n' "${status}"
}

# Everything that needs a loader.
check_all() {
  check 'it builds on a libc, with sanitizers' \
    scripts/build.sh "${BUILD}/hosted" -DLL_HOSTED=ON -DLL_TOOLS=OFF -DLL_SANITIZE=address,undefined
  if [[ $(uname -m) == x86_64 ]]; then check 'it builds for arm64' build_for_arm64; fi
  check 'the benchmark builds' \
    scripts/build.sh "${BUILD}" -- bench-floor bench-target bench-startup bench-footprint bench-runtime
  check 'the sources are formatted' scripts/lint.sh format
  check 'shellcheck finds nothing' scripts/lint.sh shell
  check 'cppcheck finds nothing' scripts/lint.sh cppcheck
  check 'the demo shows what it should' scripts/demo.sh
  check 'the fuzz corpora replay' tests/fuzz/run.sh --replay
  check 'no way out is open to an ordinary user but the known ones' tests/escapes/run.sh --ours
  if ((EUID == 0)); then
    check 'nor to root' tests/escapes/run.sh --as-root --ours
  fi
  check 'nor through ll-mcp' tests/escapes/run.sh --tool mcp
  run_tests
}

main() {
  cd "${ROOT}"
  check 'the loader builds without a warning' scripts/build.sh "${BUILD}"
  ((FAILED > 0)) || check_all
  printf '%d passed, %d failed\n' "${PASSED}" "${FAILED}"
  ((FAILED == 0))
}

main "$@"
