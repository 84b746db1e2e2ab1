# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # for the tests, and of net.bash
# What the tests of --judge share, besides net.bash: load this instead of it.
load net

JUDGE=${BATS_TEST_DIRNAME}/judge.py

# One that an ordinary user can run, too.
needs_judge() {
  needs_abi 1
  needs_program pgrep
  for PYTHON in /usr/bin/python3 "${PYTHON}"; do
    if [[ -n ${PYTHON} ]] && as_user "${PYTHON}" -c '' 2>/dev/null; then return; fi
  done
  skip 'needs python3'
}

# ${T}/out/open and ${T}/out/shut, of which no line of a policy is; ${T}/in, which is granted.
setup() {
  enter_test_folder
  mkdir -m 777 out out/open out/shut in
  echo open >out/open/f
  echo shut >out/shut/f
  chmod 666 out/*/f
}

# Nobody waits for a judge: one that has just been started may still be about to write.
teardown() {
  while pgrep -f "judge.py ${T}/" >/dev/null; do sleep 0.02; done
  if [[ -n ${started_pid:-} ]]; then kill -KILL "${started_pid}" 2>/dev/null || true; fi
  cd / || return
  rm -rf "${T}" "${T}.stderr"
}

# judged LAYER MODE [OPTION...] -- COMMAND...: it is asked about files, and allows those in out/open. What it heard is in ${T}/heard.
judged() {
  local layer=$1 mode=$2
  shift 2
  : >>heard
  chmod 666 heard
  local -a options=(-q --rx /usr --ro /etc --rw "${T}/in" --dev /dev/null)
  if [[ ${layer} == ll-exec ]]; then options+=(--rx -/lib --rx -/lib64 --rx -/bin); else options+=(-p base); fi
  capture as_user "${NET}/${layer}" "${options[@]}" --ask open --judge "${PYTHON} ${JUDGE} ${T}/heard ${mode} ${T}/out/open" "$@"
}

# How many questions it was asked.
questions() { grep -c '"id":' heard || true; }
