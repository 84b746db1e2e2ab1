load judge

LAYERS=(ll-exec sandbox.sh)

# ---- what it is asked, and what comes of it

@test "what the policy grants is not asked, what it refuses is; a yes opens it, a no does not" {
  needs_judge
  echo in >in/f
  chmod 644 in/f
  works cat out/open/f out/shut/f
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

@test "it is told the real path, who asks, and first of all what is asked" {
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

@test "bytes that are no UTF-8, quotes and control characters reach it as JSON" {
  needs_judge
  local name=$'a"\\\e[1m\xff\xe2\x82\xac'
  echo odd >"out/open/${name}"
  chmod 644 "out/open/${name}"
  judged ll-exec yes -- cat "out/open/${name}"
  is "${output}" odd
  grep -qF '/a\"\\\u001b[1m\udcff\u20ac"' heard
}

@test "a file is written and cut by a yes, and made with the mode that it asks for" {
  needs_judge
  judged ll-exec yes -- sh -c 'umask 027; echo more >>out/open/f; echo new >out/open/new; echo cut >out/open/f'
  is "${status} ${errors}" "0 "
  is "$(<out/open/f) $(<out/open/new) $(stat -c %a out/open/new)" "cut new 640"
  judged ll-exec yes -- sh -c 'echo new >out/shut/new'
  [[ ${errors} == *'Permission denied'* && ! -e out/shut/new ]]
  grep -q '"path":"[^"]*/out/open/new","write":true,"create":true,' heard
}

@test "in a root of its own, what is there is its own, and no directory of the machine is given" {
  needs_judge
  echo outside >"${BATS_TEST_TMPDIR}/x"
  judged sandbox.sh yes -- sh -c 'echo mine >/tmp/f; cat /tmp/f; ls out/open; echo new >out/open/new; cat <out/open/f'
  is "${output}" $'mine\nopen'
  [[ ! -e out/open/new ]]
}

@test "an errno is what the command is told; what is audited is said" {
  needs_judge
  judged ll-exec errno -- cat out/shut/f
  [[ ${errors} == *'No such file or directory'* ]]
  judged ll-exec audit -- cat out/open/f
  is "${output}" open
  is "${errors}" "ll-exec: allowed by the judge: read ${T}/out/open/f (cat)"
}

@test "what is remembered is not asked again in this run, and only for that access" {
  needs_judge
  judged ll-exec remember -- sh -c 'cat out/open/f; cat out/open/f; cat out/open/f; echo >>out/open/f'
  is "${output}" $'open\nopen\nopen'
  is "$(questions)" 2
}

@test "what is stopped is asked no more, nor is what was remembered given" {
  needs_judge
  judged ll-exec stop -- sh -c 'cat out/open/f; cat out/open/f'
  is "${output}" open
  is "$(questions)" 1
}

# ---- a judge that is none

@test "garbage, a wrong number, a line too long, a dead judge: refused, then and from then on" {
  needs_judge
  local mode
  for mode in garbage twice wrong-id endless die; do
    rm -f heard
    judged ll-exec "${mode}" -- sh -c 'cat out/open/f; cat out/open/f; echo went on'
    is "${output}" 'went on'
    is "$(grep -c '^ll-exec: the judge is asked no more' <<<"${errors}")" 1
    is "$(questions)" 1
  done
}

@test "no answer in time refuses that call alone; a late answer is about nothing" {
  needs_judge
  judged ll-exec silent --answer-in 2s -- sh -c 'cat out/open/f; cat out/open/f'
  is "${output}" open
  [[ ${errors} == *'Permission denied'* && ${errors} != *'asked no more'* ]]
}

@test "a judge that cannot be started, or is no socket: nothing is run" {
  needs_judge
  capture "${NET}/ll-exec" --judge ./nothing --rx / -- touch marker
  is "${status} ${errors}" '125 ll-exec: cannot start the judge ./nothing: ENOENT (no such file or directory)'
  capture "${NET}/ll-exec" --judge-fd 7 --rx / -- touch marker
  is "${status} ${errors}" '125 ll-exec: descriptor 7 of --judge-fd is no stream socket'
  capture "${NET}/ll-exec" --judge x --judge-fd 7 --rx / -- touch marker
  is "${status} ${errors}" '125 ll-exec: --judge and --judge-fd exclude each other'
  capture "${NET}/ll-exec" --ask open --rx / -- touch marker
  is "${status} ${errors}" '125 ll-exec: --ask and --answer-in belong to --judge'
  capture "${NET}/ll-exec" --ask open,exec --judge x --rx / -- touch marker
  is "${status} ${errors%%$'\n'*}" "125 ll-exec: argument 2: 'exec' is not what a judge can be asked"
  capture "${NET}/ll-exec" --answer-in soon --judge x --rx / -- touch marker
  is "${status} ${errors%%$'\n'*}" "125 ll-exec: argument 2: 'soon' is not a time"
  capture "${NET}/ll-exec" --no-landlock --judge true -- touch marker
  is "${status}" 125
  [[ ! -e marker ]]
}

@test "without ll-net beside it there is no such option" {
  needs_judge
  install -m 755 "${NET}/ll-exec" alone
  capture ./alone --judge true --rx / -- touch marker
  is "${status}" 125
  [[ ${errors} == "ll-exec: argument 1: unknown option '--judge'"* && ! -e marker ]]
}

# ---- the floor

@test "no judge opens what deny names, or writes what keep names" {
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

@test "files of processes, devices and pipes are not asked about" {
  needs_judge
  mkfifo out/open/pipe
  judged ll-exec yes -- sh -c 'cat /proc/self/environ; cat /proc/1/status; cat </dev/zero; cat /proc/self/fd/0; cat <out/open/pipe' </dev/null
  is "${output}" ''
  is "$(questions)" 0
}

@test "in a sandbox within it nobody is asked" {
  needs_judge
  judged ll-exec yes --rx "${NET}" --ro /proc -- sh -c "cat out/open/f; ${NET}/ll-exec --rx /usr --rx -/lib --rx -/lib64 --rx -/bin -- cat out/open/f; cat out/open/f"
  is "${output}" $'open\nopen'
  is "$(questions)" 2
}

# ---- its processes

@test "the command has neither the judge's socket nor its output" {
  needs_judge
  judged ll-exec yes --ro /proc -- sh -c 'ls -l /proc/self/fd | grep -c socket'
  is "${output}" 0
}

@test "statuses and signals are the command's" {
  needs_judge
  judged ll-exec yes -- sh -c 'exit 7'
  is "${status}" 7
  judged ll-exec yes -- sh -c 'kill -KILL $$'
  is "${status}" 137
  judged ll-exec yes -- nothing-like-this
  is "${status}" 127
}

@test "who has nothing to decide takes no processor time" {
  needs_judge
  judged ll-exec yes --ro /proc -- sh -c 'taken() { set -- $(cat "/proc/${PPID}/stat") && echo "$((${14} + ${15}))"; }
    cat out/open/f; taken; sleep 1; taken'
  local -a lines
  mapfile -t lines <<<"${output}"
  is "${#lines[@]} ${lines[0]}" "3 open"
  # Ticks, of which a loop takes a hundred.
  ((lines[2] - lines[1] < 10))
}

@test "when the supervisor or its guard is killed, all that the command started ends" {
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
