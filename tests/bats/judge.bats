load judge

LAYERS=(ll-exec sandbox.sh)

# ---- requests and answers

@test "the judge is asked about refused accesses only; a yes opens the file, and a no does not" {
  needs_judge
  echo in >in/f
  chmod 644 in/f
  assert_success cat out/open/f out/shut/f
  local layer
  for layer in "${LAYERS[@]}"; do
    rm -f heard
    judged "${layer}" yes -- cat in/f out/open/f
    is "${status} ${output}" $'0 in\nopen'
    is "$(questions)" 1
    judged "${layer}" yes -- cat out/shut/f
    is "${status} ${output}" '1 '
    [[ ${errors} == *'Permission denied'* ]]
    is "$(questions)" 2
  done
}

@test "the judge gets the real path and the asking process, and first a description of what is asked" {
  needs_judge
  ln -s ../out/open in/link
  judged ll-exec yes -- cat "in/../in/link/f"
  is "${output}" open
  is "$(head -n 1 heard)" '{"judge":1,"ask":["open"],"answer_in":5000}'
  run "${PYTHON}" - "${T}" <<'PYTHON'
import json, sys
lines = [json.loads(line) for line in open("heard")]
(asked,) = [line for line in lines if "id" in line]
assert asked["path"] == sys.argv[1] + "/out/open/f", asked
assert (asked["call"], asked["id"], asked["write"], asked["create"], asked["directory"]) == ("open", 1, False, False, False)
assert asked["argv"] == ["cat", "in/../in/link/f"] and asked["exe"].endswith("cat") and asked["pid"] > asked["ppid"] > 0
(told,) = [line for line in lines if line.get("call") == "exec"]
assert told["path"].endswith("/cat") and told["argv"] == asked["argv"] and "id" not in told
PYTHON
  is "${status} ${output}" "0 "
}

@test "paths with invalid UTF-8, quotes and control characters reach the judge as valid JSON" {
  needs_judge
  local name=$'a"\\\e[1m\xff\xe2\x82\xac'
  echo odd >"out/open/${name}"
  chmod 644 "out/open/${name}"
  judged ll-exec yes -- cat "out/open/${name}"
  is "${output}" odd
  grep -qF '/a\"\\\u001b[1m\udcff\u20ac"' heard
}

@test "a yes allows writing and truncating a file, and creating one with the requested mode" {
  needs_judge
  judged ll-exec yes -- sh -c 'umask 027; echo more >>out/open/f; echo new >out/open/new; echo cut >out/open/f'
  is "${status} ${errors}" "0 "
  is "$(<out/open/f) $(<out/open/new) $(stat -c %a out/open/new)" "cut new 640"
  judged ll-exec yes -- sh -c 'echo new >out/shut/new'
  [[ ${errors} == *'Permission denied'* && ! -e out/shut/new ]]
  grep -q '"path":"[^"]*/out/open/new","write":true,"create":true,' heard
}

@test "under sandbox.sh private files are not asked about, and a yes creates no file on the host" {
  needs_judge
  echo outside >"${BATS_TEST_TMPDIR}/x"
  judged sandbox.sh yes -- sh -c 'echo mine >/tmp/f; cat /tmp/f; ls out/open; echo new >out/open/new; cat <out/open/f'
  is "${output}" $'mine\nopen'
  [[ ! -e out/open/new ]]
}

@test "an errno of the judge is returned to the command, and an audited answer is reported" {
  needs_judge
  judged ll-exec errno -- cat out/shut/f
  [[ ${errors} == *'No such file or directory'* ]]
  judged ll-exec audit -- cat out/open/f
  is "${output}" open
  is "${errors}" "ll-exec: allowed by the judge: read ${T}/out/open/f (cat)"
}

@test "a remembered answer applies to this run, and to the same access only" {
  needs_judge
  judged ll-exec remember -- sh -c 'cat out/open/f; cat out/open/f; cat out/open/f; echo >>out/open/f'
  is "${output}" $'open\nopen\nopen'
  is "$(questions)" 2
}

@test "after stop the judge is asked no more, and remembered answers are discarded" {
  needs_judge
  judged ll-exec stop -- sh -c 'cat out/open/f; cat out/open/f'
  is "${output}" open
  is "$(questions)" 1
}

# ---- invalid judges

@test "invalid answers and a dead judge refuse the access and all later ones" {
  needs_judge
  local mode
  for mode in garbage twice wrong-id endless die; do
    rm -f heard
    judged ll-exec "${mode}" -- sh -c 'cat out/open/f; cat out/open/f; echo went on'
    is "${output}" 'went on'
    is "$(grep -c '^ll-exec: the judge is no longer asked' <<<"${errors}")" 1
    is "$(questions)" 1
  done
}

@test "a missing answer refuses its call alone, and a late answer is ignored" {
  needs_judge
  judged ll-exec silent --answer-in 2s -- sh -c 'cat out/open/f; cat out/open/f'
  is "${output}" open
  [[ ${errors} == *'Permission denied'* && ${errors} != *'no longer asked'* ]]
}

@test "a judge that cannot be started, or is not a socket, is an error, and nothing runs" {
  needs_judge
  capture "${NET}/ll-exec" --judge ./nothing --rx / -- touch marker
  is "${status} ${errors}" '125 ll-exec: cannot start the judge ./nothing: ENOENT (no such file or directory)'
  capture "${NET}/ll-exec" --judge-fd 7 --rx / -- touch marker
  is "${status} ${errors}" '125 ll-exec: descriptor 7 of --judge-fd is not a stream socket'
  capture "${NET}/ll-exec" --judge x --judge-fd 7 --rx / -- touch marker
  is "${status} ${errors}" '125 ll-exec: --judge and --judge-fd exclude each other'
  capture "${NET}/ll-exec" --ask open --rx / -- touch marker
  is "${status} ${errors}" '125 ll-exec: --ask and --answer-in need --judge'
  capture "${NET}/ll-exec" --ask open,exec --judge x --rx / -- touch marker
  is "${status} ${errors%%$'\n'*}" "125 ll-exec: argument 2: 'exec' is not a call that a judge can decide"
  capture "${NET}/ll-exec" --answer-in soon --judge x --rx / -- touch marker
  is "${status} ${errors%%$'\n'*}" "125 ll-exec: argument 2: 'soon' is not a time"
  capture "${NET}/ll-exec" --no-landlock --judge true -- touch marker
  is "${status}" 125
  [[ ! -e marker ]]
}

@test "without ll-net beside ll-exec, --judge is an unknown option" {
  needs_judge
  install -m 755 "${NET}/ll-exec" alone
  capture ./alone --judge true --rx / -- touch marker
  is "${status}" 125
  [[ ${errors} == "ll-exec: argument 1: unknown option '--judge'"* && ! -e marker ]]
}

# ---- what a judge cannot allow

@test "a yes neither opens a path that deny names nor allows writing one that keep names" {
  needs_judge
  local layer
  for layer in "${LAYERS[@]}"; do
    rm -f heard
    judged "${layer}" yes --deny "${T}/out/open" -- cat out/open/f
    is "${output}" ''
    is "$(questions)" 0
  done
  judged ll-exec yes --keep "${T}/out/open" -- sh -c 'cat out/open/f; echo x >>out/open/f'
  is "${output}" open
  is "$(questions)" 0
}

@test "the judge is not asked about /proc, devices and pipes" {
  needs_judge
  mkfifo out/open/pipe
  judged ll-exec yes -- sh -c 'cat /proc/self/environ; cat /proc/1/status; cat </dev/zero; cat /proc/self/fd/0; cat <out/open/pipe' </dev/null
  is "${output}" ''
  is "$(questions)" 0
}

@test "the judge is not asked about accesses in a nested sandbox" {
  needs_judge
  judged ll-exec yes --rx "${NET}" --ro /proc -- sh -c "cat out/open/f; ${NET}/ll-exec --rx /usr --rx -/lib --rx -/lib64 --rx -/bin -- cat out/open/f; cat out/open/f"
  is "${output}" $'open\nopen'
  is "$(questions)" 2
}

# ---- processes of the judge

@test "the command inherits neither the socket of the judge nor its output" {
  needs_judge
  judged ll-exec yes --ro /proc -- sh -c 'ls -l /proc/self/fd | grep -c socket'
  is "${output}" 0
}

@test "exit statuses and signals are the command's" {
  needs_judge
  judged ll-exec yes -- sh -c 'exit 7'
  is "${status}" 7
  judged ll-exec yes -- sh -c 'kill -KILL $$'
  is "${status}" 137
  judged ll-exec yes -- nothing-like-this
  is "${status}" 127
}

@test "an idle supervisor uses no processor time" {
  needs_judge
  judged ll-exec yes --ro /proc -- sh -c 'taken() { set -- $(cat "/proc/${PPID}/stat") && echo "$((${14} + ${15}))"; }
    cat out/open/f; taken; sleep 1; taken'
  local -a lines
  mapfile -t lines <<<"${output}"
  is "${#lines[@]} ${lines[0]}" "3 open"
  # Ticks: a busy loop takes a hundred.
  ((lines[2] - lines[1] < 10))
}

@test "when the supervisor or its guard is killed, all processes of the command are killed" {
  needs_judge
  needs_program setsid
  local who mark watched i
  for who in guard supervisor; do
    mark=$((RANDOM + 100000))
    as_user "${NET}/ll-exec" -q --rx /usr --rx -/lib --rx -/lib64 --rx -/bin --dev /dev/null --ask open \
      --judge "${PYTHON} ${JUDGE} ${T}/heard yes" -- sh -c "(setsid sleep ${mark} & sleep ${mark}) & exec sleep ${mark}" 3>&- &
    started_pid=$!
    for ((i = 0; i < 1000; i++)); do
      if (($(pgrep -cfx "sleep ${mark}") == 3)); then break; fi
      sleep 0.02
    done
    is "$(pgrep -cfx "sleep ${mark}")" 3
    watched=$(pgrep -x ll-net -P "${started_pid}")
    if [[ ${who} == supervisor ]]; then watched=$(pgrep -x ll-net -P "${watched}"); fi
    kill -KILL "${watched}"
    for ((i = 0; i < 1000; i++)); do
      if ! pgrep -fx "sleep ${mark}" >/dev/null; then break; fi
      sleep 0.02
    done
    is "$(pgrep -cfx "sleep ${mark}" || true)" 0
    wait "${started_pid}" || true
    started_pid=
  done
}
