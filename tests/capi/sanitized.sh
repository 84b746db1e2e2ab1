#!/bin/bash -p
# libllexec with sanitizers, attacked: sanitized.sh [address,undefined|thread]...
# Last line: N passed, N failed
set -Eeuo pipefail

ROOT=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
BUILD=${BUILD:-${ROOT}/build}
# Not those of memory and descriptors that run out, which a sanitizer needs itself.
readonly CASES=(secrets 'threads 8 20' storm closed layers odd_input sockets this_thread all_threads json_in_threads dispositions)
PASSED=0
FAILED=0

build() { # SANITIZERS FOLDER
  "${ROOT}/scripts/build.sh" --source "${ROOT}" "$2" -DLL_SANITIZE="$1" -DLL_TESTS=OFF -DLL_HOSTED=ON -DCMAKE_BUILD_TYPE=None -- llexec >/dev/null
  cc -std=c11 -g -O1 -w "-fsanitize=$1" -I "${ROOT}/lib/include" -o "$2/attacks" "${ROOT}/tests/capi/attacks.c" \
    -L "$2" -lllexec -pthread "-Wl,-rpath,$2"
}

# At addresses that a sanitizer's shadow is made for. Leaks of the test's own are none of the library's.
attack() { # FOLDER WORD...
  local folder=$1
  shift
  ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=0 TSAN_OPTIONS=halt_on_error=1 \
    timeout -s KILL 300 setarch -R "${folder}/attacks" "$@"
}

main() {
  local sanitizers folder one status
  local -a words
  for sanitizers in "${@:-address,undefined}"; do
    folder=${BUILD}/library-${sanitizers%%,*}
    build "${sanitizers}" "${folder}"
    for one in "${CASES[@]}"; do
      read -ra words <<<"${one}"
      status=0
      attack "${folder}" "${words[@]}" >"${folder}/out" 2>&1 || status=$?
      if ((status == 0)) && ! grep -qE 'Sanitizer|runtime error' "${folder}/out"; then
        PASSED=$((PASSED + 1))
      else
        FAILED=$((FAILED + 1))
        printf 'FAILED %s %s (status %d)\n' "${sanitizers}" "${one}" "${status}"
        head -n 40 "${folder}/out"
      fi
    done
  done
  printf '%d passed, %d failed\n' "${PASSED}" "${FAILED}"
  ((FAILED == 0))
}

main "$@"
