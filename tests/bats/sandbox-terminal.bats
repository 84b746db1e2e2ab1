load terminal

@test "Ctrl-C ends the command, and the shell goes on with 130" {
  type_in "box sleep ${MARKER}"
  waits_until runs "${MARKER}"
  press C-c
  type_in 'echo "status $?"'
  expects 'status 130'
  waits_until none_left "${MARKER}"
}

@test "Ctrl-C ends a shell loop that runs sandboxes, as one without" {
  type_in "for i in 1 2 3; do box sleep ${MARKER}; done; echo 'after' 'the loop'"
  waits_until runs "${MARKER}"
  press C-c
  waits_until none_left "${MARKER}"
  type_in "echo 'the shell' is here"
  expects 'the shell is here'
  if shows 'after the loop'; then return 1; fi
  none_left "${MARKER}"
}

@test "Ctrl-C ends a script inside that loops" {
  printf 'while :; do sleep 0.0%s; done\n' "${MARKER#*.}" >script
  type_in "box bash script ${MARKER}"
  waits_until runs "${MARKER}"
  press C-c
  type_in 'echo "status $?"'
  expects 'status 130'
  waits_until none_left "${MARKER}"
}

@test "Ctrl-C reaches a command that handles it once, and its exit status is kept" {
  reaches_once
}

@test "Ctrl-C ends the command with --init as well" {
  type_in "box --init sleep ${MARKER}"
  waits_until runs "${MARKER}"
  press C-c
  type_in 'echo "status $?"'
  expects 'status 130'
  waits_until none_left "${MARKER}"
}

@test "Ctrl-backslash ends the command" {
  type_in "ulimit -c 0; box sleep ${MARKER}"
  waits_until runs "${MARKER}"
  press 'C-\'
  type_in 'echo "status $?"'
  expects 'status 131'
  waits_until none_left "${MARKER}"
}

@test "Ctrl-Z stops the command, and fg continues it" {
  stop_and_go_on
}

@test "Ctrl-Z stops the command with --init, and fg continues it" {
  stop_and_go_on --init
}

@test "bg continues the command in the background, where Ctrl-C does not reach it" {
  type_in "box sh -c 'while [ ! -e end ]; do sleep 0.01; done; echo ended >result' - ${MARKER}"
  waits_until runs "${MARKER}"
  press C-z
  type_in 'echo "status $?"'
  expects_stop
  type_in bg
  press C-c
  type_in "echo 'the shell' is here"
  expects 'the shell is here'
  runs "${MARKER}"
  : >end
  waits_until none_left "${MARKER}"
}

@test "a change of the window size reaches the command" {
  # shellcheck disable=SC2016
  type_in 'box bash -c '\''trap "echo changed to \$(stty size)" WINCH; echo "size $(stty size)"; while [ ! -e end ]; do sleep 0.01; done'\'
  expects 'size 30 100'
  tmux_ resize-window -x 90 -y 25
  expects 'changed to 25 90'
  : >end
}

@test "/dev/tty is the terminal of the caller" {
  type_in "box sh -c 'echo \"to\" the terminal >/dev/tty' >/dev/null"
  expects 'to the terminal'
  type_in "box sh -c 'read -r line </dev/tty; echo \"read <\${line}>\"' </dev/null"
  type_in 'a line'
  expects 'read <a line>'
}

@test "an interactive shell inside has job control, and returns the terminal to the caller" {
  type_in "box env PS1='inside> ' bash --norc --noprofile -i"
  expects 'inside> '
  # shellcheck disable=SC2016
  type_in 'echo "process $$"'
  expects 'process 1'
  if screen | grep 'no job control'; then return 1; fi
  type_in "sleep ${MARKER}"
  waits_until runs "${MARKER}"
  press C-z
  type_in "jobs | grep -c 'Stopped'"
  expects 1
  type_in fg
  press C-c
  waits_until none_left "${MARKER}"
  type_in "echo 'still' inside"
  expects 'still inside'
  type_in 'exit 4'
  type_in 'echo "status $?"'
  expects 'status 4'
  type_in 'read -r line; echo "read <${line}>"'
  type_in 'a line'
  expects 'read <a line>'
}

# The caller is not a job-control shell, which would take the terminal back itself.
@test "a script that ran an interactive shell inside can read from the terminal again" {
  printf '%q env PS1="inside> " bash --norc --noprofile -i -s %s\nprintf "\\n%%s\\n" "status $?"\nstty sane\nread -r line\necho "read <${line}>"\n' \
    "${SANDBOX}" "${MARKER}" >script
  type_in 'bash script'
  expects 'inside> '
  type_in 'exit 4'
  expects 'status 4'
  type_in 'a line'
  expects 'read <a line>'
  type_in 'clear; bash script'
  expects 'inside> '
  # Killed by SIGKILL, it cannot restore the terminal.
  local pid
  for pid in $(pgrep -f -- "^bash .*-s ${MARKER}\$"); do kill -KILL "${pid}"; done
  expects 'status 137'
  type_in 'another line'
  expects 'read <another line>'
}

@test "the command cannot type into the caller's terminal" {
  # TIOCSTI is 0x5412.
  needs_program perl
  printf 'ioctl(STDIN, 0x5412, $_) or $failed = $! for split //, "echo typed\\n"; print "refused: $failed\\n" if $failed;\n' >script
  type_in "box perl script; echo 'it' ended"
  expects 'it ended'
  expects 'refused: Operation not permitted'
  if shows typed; then return 1; fi
}

@test "sandboxes in a pipeline of the shell pass data, and Ctrl-C ends all of them" {
  type_in "printf '%s\\n' b a | box sort | box cat; echo 'it' ended"
  expects 'it ended'
  shows a
  shows b
  type_in "box sleep ${MARKER} | box cat"
  waits_until runs "${MARKER}"
  press C-c
  type_in "echo 'the shell' is here"
  expects 'the shell is here'
  waits_until none_left "${MARKER}"
}

# A command that leaves a process in another session, which goes on reading from the terminal; then, on the same line,
# a command that keeps the shell from reading.
leaves_listener() { # NEXT COMMAND...
  local next=$1
  shift
  # shellcheck disable=SC2016
  printf 'exec 3<&0\nsetsid sh -c %q <&3 &\nuntil [ -s listens ]; do sleep 0.01; done\n' \
    'exec >>heard; echo "$$" >listens; exec cat' >script
  rm -f listens heard
  type_in "clear; $* sh script; echo 'it' ended; ${next}"
  expects 'it ended'
  [[ -e heard ]]
}

# docs/threat-model.md: ll-exec alone does not prevent it.
@test "a remaining process reads terminal input after the command has ended with ll-exec, but not with sandbox.sh" {
  printf 'loader() { %q "$@"; }\n' "${BOX}/ll-exec" >>startup
  type_in 'source ./startup; clear'
  leaves_listener "sleep ${MARKER}" loader -q -p sandbox --rw .
  waits_until runs "${MARKER}"
  type_in 'a password'
  waits_until grep -q 'a password' heard
  kill -KILL "$(<listens)"
  press C-c
  # shellcheck disable=SC2016
  leaves_listener 'read -r line; echo "read <${line}>"' box -p sandbox --rw .
  type_in 'a password'
  expects 'read <a password>'
  is "$(<heard)" ""
}
