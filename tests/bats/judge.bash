# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # for the tests, and of net.bash
# Shared by the tests of --judge, besides net.bash: load this instead of it.
load net

JUDGE=${BATS_TEST_DIRNAME}/judge.py

# A python that an ordinary user can execute as well.
needs_judge() {
  needs_abi 1
  needs_program pgrep
  for PYTHON in /usr/bin/python3 "${PYTHON}"; do
    if [[ -n ${PYTHON} ]] && as_user "${PYTHON}" -c '' 2>/dev/null; then return; fi
  done
  skip 'needs python3'
}

# ${T}/out/open and ${T}/out/shut, which no rule covers; ${T}/in, which is granted.
setup() {
  enter_test_folder
  mkdir -m 777 out out/open out/shut in
  echo open >out/open/f
  echo shut >out/shut/f
  chmod 666 out/*/f
}

# ll-exec does not wait for its judge: one that has just started may still write.
teardown() {
  while pgrep -f "judge.py ${T}/" >/dev/null; do sleep 0.02; done
  if [[ -n ${started_pid:-} ]]; then kill -KILL "${started_pid}" 2>/dev/null || true; fi
  cd / || return
  rm -rf "${T}" "${T}.stderr"
}

# judged LAYER MODE [OPTION...] -- COMMAND...: asks the judge about files, which allows those in out/open. Requests are in ${T}/heard.
judged() {
  local layer=$1 mode=$2
  shift 2
  : >>heard
  chmod 666 heard
  local -a options=(-q --rx /usr --ro /etc --rw "${T}/in" --dev /dev/null)
  if [[ ${layer} == ll-exec ]]; then options+=(--rx -/lib --rx -/lib64 --rx -/bin); else options+=(-p base); fi
  capture as_user "${NET}/${layer}" "${options[@]}" --ask open --judge "${PYTHON} ${JUDGE} ${T}/heard ${mode} ${T}/out/open" "$@"
}

# The number of requests.
questions() { grep -c '"id":' heard || true; }
