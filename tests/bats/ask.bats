load ask

# ll-ask: questions, input, answers and remembered answers. asker.py acts as ll-net.

@test "each access is asked about once, and the answer applies to the whole run" {
  prepare_asking
  asks "$(open_of 1 /etc/motd)" '# go on' "$(open_of 2 /etc/motd)" "$(open_of 3 /etc/issue)"
  expects 'll-ask: "/usr/bin/git" (process 1) wants to read "/etc/motd"'
  expects '  it calls itself "git fetch"'
  expects_prompt 1
  type_in y
  expects 'll-ask: "/usr/bin/git" (process 1) wants to read "/etc/issue"'
  expects_prompt 2
  expects_answers '{"id":1,"allow":true,"remember":true}' '{"id":2,"allow":true,"remember":true}'
  type_in n
  expects 'status 0'
  expects_answers '{"id":1,"allow":true,"remember":true}' '{"id":2,"allow":true,"remember":true}' '{"id":3,"allow":false}'
}

@test "only y and a allow: Enter, n, Ctrl-C, Ctrl-D and other input refuse" {
  prepare_asking
  asks "$(open_of 1 /a)" '# go on' "$(open_of 2 /b)" '# go on' "$(open_of 3 /c)" '# go on' "$(open_of 4 /d)"
  expects_prompt 1
  press Enter
  expects_prompt 2
  press C-c
  expects_prompt 3
  press C-d
  expects_prompt 4
  # Without --remember there is no always.
  type_in a
  expects_prompt 5
  type_in yy
  expects_prompt 6
  type_in ok
  expects 'status 0'
  expects_answers '{"id":1,"allow":false}' '{"id":2,"allow":false}' '{"id":3,"allow":false}' '{"id":4,"allow":false}'
}

@test "s refuses the access and stops all further questions" {
  prepare_asking
  asks "$(open_of 1 /a)" "$(open_of 2 /b)"
  expects '  s  no, and stop asking'
  expects_prompt 1
  type_in s
  expects 'status 0'
  expects_answers '{"id":1,"allow":false,"stop":["open","connect","bind"]}' '{"id":2,"allow":false}'
}

@test "input typed before the question is discarded" {
  prepare_asking
  asks '# wait typed' "$(open_of 1 /a)"
  type_in y
  waits_until shows y
  : >typed
  expects_prompt 1
  # No answer has been given: the next input is the answer.
  type_in n
  expects_answers '{"id":1,"allow":false}'
}

@test "always and never are written to the policy as rules, and apply to the next run without a question" {
  prepare_asking
  options='--remember my.policy'
  asks "$(open_of 1 /etc/motd)" "$(open_of 2 '/etc/a b' '"write":true')" "$(open_of 3 /etc '"directory":true')" \
    "$(open_of 4 /etc/shadow)" "$(connect_of 5 example.org 93.184.216.34 443)" "$(connect_of 6 '' 2001:db8::1 22)"
  expects '  a  always: "ro -/etc/motd"'
  expects '  v  never: "deny -/etc/motd"'
  expects_prompt 1
  type_in a
  expects_prompt 2
  type_in always
  expects_prompt 3
  type_in a
  expects_prompt 4
  type_in v
  expects_prompt 5
  type_in a
  expects_prompt 6
  type_in never
  expects 'status 0'
  is "$(<my.policy)" "ro -/etc/motd
rw -'/etc/a b'
fs read_dir -/etc
deny -/etc/shadow
connect example.org:443
noconnect [2001:db8::1]:22"
  assert_success "${BOX}/ll-policy" check ./my.policy 2>/dev/null || [[ ${status} == 0 ]]
  assert_success "${PYTHON}" "${BATS_TEST_DIRNAME}/asker.py" questions "${LL_ASK}" --remember my.policy
  is "${output}" '{"id":1,"allow":true,"remember":true}
{"id":2,"allow":true,"remember":true}
{"id":3,"allow":true,"remember":true}
{"id":4,"allow":false}
{"id":5,"allow":true}
{"id":6,"allow":false}'
}

@test "a path is escaped in the question, so that it neither imitates the prompt nor controls the terminal" {
  prepare_asking
  options='--remember my.policy'
  asks "$(open_of 1 '/a\u001b[2J\n\r\u0007ll-ask> y\u009b1m\u202e\"   q')" "$(open_of 2 '/b\udcff')"
  expects 'll-ask: "/usr/bin/git" (process 1) wants to read "/a\x1b[2J\n\x0d\x07ll-ask> y\xc2\x9b1m\u{202e}\" \x20\x20q"'
  expects_prompt 1
  # Neither can be a rule.
  is "$(screen | grep -c 'always')" 0
  type_in y
  expects_prompt 2
  is "$(screen | grep -c 'always')" 0
  type_in a
  expects_prompt 3
  type_in n
  expects_answers '{"id":1,"allow":true,"remember":true}' '{"id":2,"allow":false}'
  is "$(<my.policy)" ''
}

@test "a terminal in raw mode is switched to line mode for the question, and back to raw afterwards" {
  prepare_asking
  open_of 1 /a >questions
  chmod a+r questions
  type_in 'clear; stty raw -echo; ask questions ll-ask; stty -a | grep -c -e "-icanon.*" >raw; stty sane; clear; echo "done"'
  expects_prompt 1
  type_in y
  expects 'done'
  is "$(<raw)" 1
}

@test "a question is withdrawn when the time to answer is over" {
  prepare_asking
  asks '{"judge":1,"ask":["open"],"answer_in":300}' "$(open_of 1 /a)"
  expects 'll-ask: timed out: refused'
  expects 'status 0'
  expects_answers '{"id":1,"allow":false}'
}

@test "ll-ask ends when the command has ended, and restores the terminal" {
  prepare_asking
  asks "$(open_of 1 /a)" '# wait gone' '# bye'
  expects_prompt 1
  : >gone
  expects 'status 0'
  type_in 'echo "still $((1 + 1))"'
  expects 'still 2'
}

@test "--terminal asks on another terminal" {
  prepare_asking
  tmux_ split-window -d "exec ${AS[*]} sh -c 'tty >other; exec sleep 1000'"
  waits_until test -s other
  # The terminal belongs to the user that runs the tests.
  chmod a+rw "$(<other)"
  options="--terminal $(<other)"
  asks "$(open_of 1 /a)"
  other_shows() { tmux_ capture-pane -p -t :.1 | grep -q '^ll-ask>'; }
  waits_until other_shows
  is "$(screen | grep -c 'wants to')" 0
  tmux_ send-keys -t :.1 y Enter
  expects_answers '{"id":1,"allow":true,"remember":true}'
}

@test "without a terminal every access is refused, and one message says so" {
  needs_program setsid "${PYTHON}"
  printf '%s\n' "$(open_of 1 /a)" '# go on' "$(open_of 2 /b)" >questions
  chmod a+r questions
  capture setsid -w "${AS[@]}" "${PYTHON}" "${BATS_TEST_DIRNAME}/asker.py" questions "${LL_ASK}"
  is "${output}" '{"id":1,"allow":false,"stop":["open","connect","bind"]}
{"id":2,"allow":false}'
  is "${errors}" 'll-ask: no terminal to ask at: refused, as is all that the policy refuses: read "/a"'
}

@test "the file of --remember is opened before the command runs, and must be a regular file, not a symlink" {
  ln -s elsewhere link
  mkdir folder
  local name
  for name in link folder /dev/null; do
    capture "${LL_ASK}" --remember "${name}" </dev/null
    is "${status} ${output}" '125 '
    [[ ${errors} == 'll-ask: cannot remember in '* ]]
  done
  [[ ! -e elsewhere ]]
}

@test "errors in the command line of ll-ask are reported" {
  capture "${LL_ASK}" --nonsense </dev/null
  is "${status} ${errors}" '125 ll-ask: unknown option "--nonsense"
  ll-ask --help lists them'
  capture "${LL_ASK}" true </dev/null
  is "${status} ${errors}" '125 ll-ask: unexpected argument "true"
  ll-exec starts it: ll-exec --judge ll-ask -- COMMAND'
  capture "${LL_ASK}" --remember </dev/null
  is "${status} ${errors}" '125 ll-ask: "--remember" needs a value
  ll-ask --help lists them'
  capture "${LL_ASK}" </dev/null
  is "${status} ${output} ${errors}" '0  '
  capture "${LL_ASK}" <<<'nonsense'
  is "${status} ${errors}" '125 ll-ask: invalid request: not a line of the judge'\''s protocol
  use the ll-exec of the same version'
}
