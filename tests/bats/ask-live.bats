load ask

# ll-ask as the judge of a running command, under ll-exec and under both layers.

# box_of LAYER [OPTION...]: defines `box`, which runs a command under the layer and asks about files.
box_of() {
  needs_abi 4
  prepare_asking
  local -a words=("${BOX}/$1" -q -p base --rx /usr --rx -/bin --rx -/lib --rx -/lib64 --dev -/dev/tty "${@:2}" --ask open --answer-in 1m)
  printf 'box() { %s "$@"; }\n' "$(printf '%q ' "${words[@]}")" >>startup
  printf 'judged() { box --judge ll-ask -- "$@"; }\n' >>startup
  type_in 'source ./startup; clear'
  waits_until shows 'ready> '
  printf 'wanted\n' >wanted
  printf 'other\n' >other
  chmod a+r wanted other
}

yes_and_no() { # LAYER
  box_of "$1"
  type_in 'judged cat wanted other wanted; echo "status $?"'
  expects_prompt 1
  expects "ll-ask: \"$(readlink -f "$(type -P cat)")\" (process $(sed -n 's/.*(process \([0-9]*\)).*/\1/p' < <(screen) | head -n 1)) wants to read \"${T}/wanted\""
  expects '  it calls itself "cat wanted other wanted"'
  type_in y
  expects_prompt 2
  expects wanted
  type_in n
  expects 'cat: other: Permission denied'
  expects 'status 1'
  is "$(screen | grep -c '^wanted$')" 2
  is "$(screen | grep -c '^ll-ask>')" 2
}
@test "a yes opens the file that was asked about, and a no refuses it" { yes_and_no ll-exec; }
@test "a yes opens the file that was asked about, and a no refuses it, under both layers" { yes_and_no sandbox.sh; }

@test "Ctrl-C at a question answers no and sends SIGINT to the command" {
  box_of ll-exec
  type_in 'judged bash -c '\''trap "echo got it" INT; cat wanted'\''; echo "status $?"'
  expects_prompt 1
  press C-c
  # Behind the echo of the key, or on its own line: the output of the command and of ll-ask race.
  trapped() { screen | sed 's/ *$//' | grep -q -x -E '(ll-ask> \^C)?got it'; }
  waits_until trapped || { screen; return 1; }
  expects_part 'status '
  is "$(screen | grep -c '^wanted$')" 0
}

expects_part() {
  part_is_there() { screen | grep -q -F -e "$1"; }
  waits_until part_is_there "$1" || { screen; return 1; }
}

inner_job() { # LAYER
  # Read by an interactive shell at its start.
  box_of "$1" --ro /etc
  type_in "judged bash --norc --noprofile -i"
  inner_shell() { screen | grep -q 'bash-[0-9.]*[$#]'; }
  waits_until inner_shell || { screen; return 1; }
  type_in 'cat wanted; cat other | cat; echo "inner $?"'
  expects_prompt 1
  type_in y
  expects wanted
  expects_prompt 2
  type_in y
  expects other
  expects 'inner 0'
  type_in 'exit 7'
  type_in 'echo "status $?"'
  expects 'status 7'
}
@test "a foreground command of a job-control shell in the sandbox is asked about" { inner_job ll-exec; }
@test "a foreground command of a job-control shell in the sandbox is asked about under both layers" { inner_job sandbox.sh; }

@test "a command in the background is asked about when it is moved to the foreground" {
  box_of ll-exec
  type_in 'judged cat wanted & '
  expects 'll-ask: a question waits for the job to be in the foreground: fg'
  is "$(screen | grep -c '^ll-ask>')" 0
  type_in fg
  expects_prompt 1
  type_in y
  expects wanted
}

@test "Ctrl-Z at a question stops the command once the question is answered" {
  box_of ll-exec
  type_in 'judged cat wanted'
  expects_prompt 1
  press C-z
  waits_until shows 'll-ask> ^Z'
  type_in y
  type_in 'echo "status $?"'
  expects_stop
  type_in 'clear; fg'
  expects wanted
}

@test "Ctrl-Z at a question stops the command under both layers, and fg asks again" {
  box_of sandbox.sh
  type_in 'judged cat wanted'
  expects_prompt 1
  press C-z
  type_in 'echo "status $?"'
  expects_stop
  type_in 'clear; fg'
  expects_prompt 1
  type_in y
  expects wanted
}

remembered() { # LAYER
  box_of "$1"
  : >my.policy
  chmod a+rw my.policy
  type_in "box --judge 'll-ask --remember my.policy' -- cat wanted other; echo \"status \$?\""
  expects_prompt 1
  type_in a
  expects_prompt 2
  type_in v
  expects 'status 1'
  is "$(<my.policy)" "ro -${T}/wanted
deny -${T}/other"
  # Judged after the policy: a judge that allows everything is not asked.
  printf '%s\n' 'import json, sys' 'for line in sys.stdin:' '    asked = json.loads(line)' '    if "id" in asked:' \
    '        open("asked", "a").write(line)' '        print(json.dumps({"id": asked["id"], "allow": True}), flush=True)' >judge.py
  type_in "clear; box -p ./my.policy --judge '${PYTHON} judge.py' -- cat wanted other; echo \"status \$?\""
  expects 'status 1'
  expects wanted
  expects 'cat: other: Permission denied'
  [[ ! -e asked ]] || { cat asked; return 1; }
}
@test "answers of always and never apply to the next run without a question" { remembered ll-exec; }

@test "without a terminal everything is refused, and one message says that nobody can be asked" {
  needs_abi 4
  needs_program setsid
  printf 'wanted\n' >wanted
  capture setsid -w "${AS[@]}" env "PATH=${BOX}:${PATH}" "${BOX}/ll-exec" -q -p base --rx /usr --judge "${BOX}/ll-ask" -- cat wanted wanted
  is "${status} ${output}" '1 '
  is "${errors}" "ll-ask: no terminal to ask at: refused, as is all that the policy refuses: read \"${T}/wanted\"
cat: wanted: Permission denied
cat: wanted: Permission denied"
}
