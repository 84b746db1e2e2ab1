# Once for all files: copies of the programs that an ordinary user can execute as well, and a directory
# for the tests. ${LL_EXEC} and ${LL_TOOLS} name what is tested; tests/run.sh sets them. ${LL_BUILT}, set here,
# is the absolute path of the build directory. ${LL_LANGUAGE} is the locale of all tests,
# C.UTF-8 unless tests/run.sh sets another.

setup_suite() {
  local root
  root=$(cd "${BATS_TEST_DIRNAME:-$(dirname "${BASH_SOURCE[0]}")}/../.." && pwd)
  umask 022
  if [[ -z ${LL_LANGUAGE:-} ]]; then
    LL_LANGUAGE=C
    if locale -a 2>/dev/null | grep -qix 'c\.utf-\?8'; then LL_LANGUAGE=C.UTF-8; fi
  fi
  export LL_LANGUAGE
  if [[ -n ${LL_EXEC:-} ]]; then : "${LL_BUILT:=$(dirname "${LL_EXEC}")}"; fi
  LL_BUILT=$(cd "${LL_BUILT:-${BUILD:-${root}/build}}" && pwd) || return
  export LL_BUILT
  local place
  # Not on a noexec file system or in a directory that only the caller can enter; nor where a path would have to be quoted,
  # or be too long for a socket.
  for place in "${TMPDIR:-/tmp}" /tmp /var/tmp; do
    place=$(cd -P -- "${place}" >/dev/null 2>&1 && pwd) || continue
    [[ ${place} =~ ^[A-Za-z0-9/._+-]{1,40}$ ]] || continue
    LL_TMP=$(mktemp -d "${place}/ll-tests.XXXXXX") || continue
    export LL_TMP
    chmod 755 "${LL_TMP}"
    mkdir "${LL_TMP}/bin"
    install -m 755 "${LL_EXEC:-${root}/build/ll-exec}" "${LL_TMP}/bin/ll-exec"
    install -m 755 "${LL_TOOLS:-${root}/build/tests}"/{probe,old-kernel} "${LL_TMP}/bin/"
    if anybody_runs "${LL_TMP}/bin/probe"; then return 0; fi
    rm -rf "${LL_TMP}"
  done
  printf 'no folder for temporary files where an ordinary user can run programs: set TMPDIR\n' >&2
  return 1
}

anybody_runs() { # PROBE
  local -a as=()
  if ((EUID == 0)); then as=(setpriv --reuid=12345 --regid=12345 --clear-groups --); fi
  "${as[@]}" "$1" pid >/dev/null 2>&1
}

teardown_suite() {
  if [[ -n ${LL_TMP:-} ]]; then
    chmod -R u+rwx "${LL_TMP}" 2>/dev/null || true
    rm -rf "${LL_TMP}"
  fi
}
