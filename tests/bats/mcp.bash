# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # for the tests, and of helpers.bash
# What the tests of ll-mcp share, besides helpers.bash: load this first.

# Where npm finds its settings and its cache.
NPM_HOME=${NPM_HOME:-${HOME:-}}
export NPM_HOME
load helpers

# The official SDKs, of the versions that the lock file has, once for each of its versions.
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

# A folder with the programs and the policies, where an ordinary user can run them.
setup_file() {
  needs_program node npm
  (($(node -p 'parseInt(process.versions.node)') >= 18)) || skip 'needs Node.js 18'
  [[ -x ${LL_BUILT}/ll-mcp ]] || skip 'it was built without the tools'
  install_clients
  SERVED=$(place_programs ll-mcp ll-exec ll-net ll-ns ll-trace)
  # A user has to be able to read them there.
  cp -r "${LL_BUILT}/mcp-client" "${SERVED}/client"
  printf 'secret\n' >"${SERVED}/secret"
  chmod 644 "${SERVED}/secret"
  export SERVED
}

LL_MCP=${SERVED:-}/ll-mcp
export SECRET_FILE=${SERVED:-}/secret

# The system's programs, and the folder of the test to be read; it may write to project/.
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

# drives TEST [OPTION...]: a test of tests/mcp passes, with a server of these options besides. As an ordinary user.
drives() {
  local test=$1
  local -a words=()
  shift
  mcp_words
  works as_user node "${SERVED}/client/run.mjs" "${test}" "${LL_MCP}" "${words[@]}" "$@"
}

# The same also with --sandbox.
drives_both() {
  drives "$@"
  drives "$@" --sandbox
}

# A user that nobody else is: what multiplies is counted alone, and what a failed test leaves of it is ended.
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
