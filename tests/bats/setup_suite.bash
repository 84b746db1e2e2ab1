# Once for all files: copies of the programs where an ordinary user can run them too, and a folder
# for the tests' own. ${LL_EXEC} and ${LL_TOOLS} say what is tested; tests/run.sh sets them.

setup_suite() {
  local root
  root=$(cd "${BATS_TEST_DIRNAME:-$(dirname "${BASH_SOURCE[0]}")}/../.." && pwd)
  umask 022
  LL_TMP=$(mktemp -d "${TMPDIR:-/tmp}/ll-tests.XXXXXX")
  chmod 755 "${LL_TMP}"
  mkdir "${LL_TMP}/bin"
  cp "${LL_EXEC:-${root}/build/ll-exec}" "${LL_TMP}/bin/ll-exec"
  cp "${LL_TOOLS:-${root}/build/tests}"/{deed,old-kernel} "${LL_TMP}/bin/"
  export LL_TMP
}

teardown_suite() {
  if [[ -n ${LL_TMP:-} ]]; then
    chmod -R u+rwx "${LL_TMP}" 2>/dev/null || true
    rm -rf "${LL_TMP}"
  fi
}
