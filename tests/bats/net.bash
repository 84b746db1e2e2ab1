# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # for the tests, and of helpers.bash
# Shared by the tests of hosts, besides helpers.bash: load this instead of it.
load helpers
export -n LL_EXEC # the wrapper's own variable

WORLD=${BATS_TEST_DIRNAME}/world.py
CLIENT=${BATS_TEST_DIRNAME}/client.py

# ${NET}: a directory with the programs, where an ordinary user can execute them as well.
setup_file() {
  NET=$(mktemp -d "${LL_TMP}/net.XXXXXX")
  export NET
  chmod 755 "${NET}"
  install -m 755 "${LL_BUILT}"/{ll-exec,ll-net,ll-ns,ll-trace,sandbox.sh,ll-changes} "${NET}/"
  mkdir "${NET}/policies"
  install -m 644 "${LL_BUILT}"/policies/*.policy "${NET}/policies/"
  PYTHON=$(python3 -c 'import os, sys; print(os.path.realpath(sys.executable))' 2>/dev/null) || PYTHON=
  export PYTHON
}

teardown_file() { rm -rf "${NET}"; }

needs_world() {
  needs_abi 4
  needs_program python3 ip unshare
  unshare -Urnm true 2>/dev/null || skip "needs user namespaces"
}

# Runs a command in a network with names, addresses and servers: see world.py. Sets ${status}, ${output} and ${errors}.
world() { capture unshare -Urnm "${PYTHON}" "${WORLD}" "$@"; }

# sandbox LAYER [OPTION...] -- COMMAND...: sets ${words} to the command under these options, which may read everything.
sandbox() {
  local layer=$1
  shift
  # What is of the checkout is named, as that may be beneath /tmp, which is private.
  words=("${NET}/${layer}" --rx / --ro "${CLIENT}" --rw "${T}" --dev /dev/null)
  if [[ -x ${RACE:-} ]]; then words+=(--rx "${RACE}"); fi
  if [[ ${layer} == ll-exec ]]; then words+=(--ro /proc); fi
  words+=("$@")
}

# steps STEP...: of client.py, without a sandbox. steps_under LAYER [OPTION...] -- STEP...
steps() { world "${PYTHON}" "${CLIENT}" "$@"; }
steps_under() {
  local -a options=()
  while [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  shift
  sandbox "${options[@]}" -- "${PYTHON}" "${CLIENT}" "$@"
  world "${words[@]}"
}

# prints LINE...: the whole output of the steps.
prints() {
  is "${output}" "$(printf '%s\n' "$@")" || { printf '%s\n' "${errors}"; return 1; }
}
