# shellcheck shell=bash
# C programs with libllexec, built once for a bats file, where an ordinary user can execute them.

build_capi() {
  local source
  export CAPI=${BATS_FILE_TMPDIR}/capi
  if [[ ! -e ${LL_BUILT}/libllexec.so.1 ]] || ! command -v cc >/dev/null; then return 0; fi
  mkdir "${CAPI}"
  cp -L "${LL_BUILT}/libllexec.so.1" "${CAPI}/"
  ln -s libllexec.so.1 "${CAPI}/libllexec.so"
  cp "${LL_BUILT}"/ll-{exec,net} "${CAPI}/"
  cp -r "${LL_BUILT}/policies" "${CAPI}/"
  for source in spawn attacks; do
    cc -std=c11 -O1 -Wall -Wextra -Werror -Wno-unused-result -I "${ROOT}/lib/include" -o "${CAPI}/${source}" \
      "${ROOT}/tests/capi/${source}.c" -L "${CAPI}" -lllexec -pthread "-Wl,-rpath,${CAPI}"
  done
  cc -O1 -static -o "${CAPI}/report" "${ROOT}/tests/capi/report.c"
  chmod -R a+rX "${BATS_FILE_TMPDIR}"
  # The directories above belong to this run.
  chmod a+x "${BATS_RUN_TMPDIR}" 2>/dev/null || true
}

needs_capi() { [[ -x ${CAPI:-}/attacks ]] || skip 'needs libllexec and a C compiler'; }

attack() { timeout -s KILL 300 "${CAPI}/attacks" "$@"; }
