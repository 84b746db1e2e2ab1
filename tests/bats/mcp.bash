# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # for the tests, and of helpers.bash
# Shared by the tests of ll-mcp, besides helpers.bash: load this first.

# The settings and the cache of npm.
NPM_HOME=${NPM_HOME:-${HOME:-}}
export NPM_HOME
load helpers

# The official SDKs, of the versions in the lock file, installed once for each lock file.
install_clients() {
  local client=${LL_BUILT}/mcp-client
  mkdir -p "${client}"
  cp "${ROOT}/tests/mcp"/{*.mjs,package.json,.npmrc} "${client}/"
  if cmp -s "${ROOT}/tests/mcp/package-lock.json" "${client}/package-lock.json" &&
    [[ -e ${client}/node_modules/.package-lock.json ]]; then
    return
  fi
  cp "${ROOT}/tests/mcp/package-lock.json" "${client}/"
  (cd "${client}" && HOME=${NPM_HOME} npm ci --silent --no-audit --no-fund --ignore-scripts) >&2
}

# A directory with the programs and the policies, where an ordinary user can execute them.
setup_file() {
  needs_program node npm
  (($(node -p 'parseInt(process.versions.node)') >= 18)) || skip 'needs Node.js 18'
  [[ -x ${LL_BUILT}/ll-mcp ]] || skip 'it was built without the tools'
  install_clients
  SERVED=$(place_programs ll-mcp ll-exec ll-net ll-ns ll-trace)
  # A user must be able to read them there.
  cp -r "${LL_BUILT}/mcp-client" "${SERVED}/client"
  printf 'secret\n' >"${SERVED}/secret"
  chmod 644 "${SERVED}/secret"
  export SERVED
}

LL_MCP=${SERVED:-}/ll-mcp
export SECRET_FILE=${SERVED:-}/secret

# Grants the system's programs, reading the directory of the test, and writing to project/.
mcp_words() {
  local folder
  mkdir -p project sub
  chmod 777 project
  words=(-p base)
  for folder in /usr /bin /sbin /lib /lib64; do
    if [[ -e ${folder} ]]; then words+=(--rx "${folder}"); fi
  done
  words+=(--rx "${T}/sub" --rw "${T}/project" --env PATH)
}

# drives TEST [OPTION...]: a test of tests/mcp passes, with a server with these options. As an ordinary user.
drives() {
  local test=$1
  local -a words=()
  shift
  mcp_words
  assert_success as_user node "${SERVED}/client/run.mjs" "${test}" "${LL_MCP}" "${words[@]}" "$@"
}

# With and without --sandbox.
drives_both() {
  BOTH=yes drives "$@"
}

# A user with no other processes: those that multiply can be counted, and what a failed test leaves is killed.
ALONE=12346

# alone [NAME=VALUE...] -- TEST [OPTION...]: as drives, as that user.
alone() {
  local -a before after
  split_at_dashes "$@"
  local ORDINARY=${ALONE} result=0
  (
    ((${#before[@]} == 0)) || export "${before[@]}"
    drives "${after[@]}"
  ) || result=$?
  if ((EUID == 0)); then setpriv --reuid="${ALONE}" --regid="${ALONE}" --clear-groups -- bash -c 'kill -KILL -1' || true; fi
  return "${result}"
}
