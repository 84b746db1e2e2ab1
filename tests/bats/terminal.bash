# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154,SC2317 # for the tests, and of sandbox.bash
load sandbox

# A terminal of tmux: bash with job control, and simulated input.

setup() {
  needs_program tmux
  enter_test_folder
  # A socket of the test; its path must be short.
  TERMINAL=$(mktemp -d /tmp/ll-tmux.XXXXXX)
  chmod 777 "${TERMINAL}"
  MARKER=1000.${RANDOM}${RANDOM}
  printf 'PS1="ready> "\nPATH=%q\nbox() { %q "$@"; }\n' "${PATH}" "${SANDBOX}" >startup
  local -a shell=("${AS[@]}" bash --norc --noprofile -i)
  tmux_ -f /dev/null new-session -d -x 100 -y 30 "exec $(printf '%q ' "${shell[@]}")"
  type_in "source ./startup; clear"
  waits_until shows 'ready> '
}

teardown() {
  tmux_ kill-server 2>/dev/null || true
  cd / || return
  rm -rf -- "${T}" "${T}.stderr" "${TERMINAL}"
}

tmux_() { env -u TMUX TERM=screen tmux -S "${TERMINAL}/socket" "$@" 3>&-; }

type_in() { # LINE
  tmux_ send-keys -l -- "$1"
  tmux_ send-keys Enter
}

press() { tmux_ send-keys "$@"; }

screen() { tmux_ capture-pane -p; }

shows() { # LINE: a whole line on the screen, ignoring blanks at its end
  screen | sed 's/ *$//' | grep -q -x -F -e "${1%% }"
}

# expects LINE: waits for it, or fails and prints the screen.
expects() {
  waits_until shows "$1" || { screen; return 1; }
}

# Text that is not on the screen yet: the input line has the word in quotes.
runs() { # ARGUMENT
  [[ $(count_of "$1") != 0 ]]
}

# The exit status of a stopped command in a shell: 128 + SIGSTOP, or SIGTSTP.
expects_stop() {
  stopped() { shows 'status 147' || shows 'status 148'; }
  waits_until stopped || { screen; return 1; }
}

stop_and_go_on() { # OPTION...
  type_in "box ${*} sh -c 'while [ ! -e end ]; do sleep 0.01; done; exit 6' - ${MARKER}"
  waits_until runs "${MARKER}"
  press C-z
  type_in 'echo "status $?"'
  expects_stop
  local pid
  local -i stopped=0
  for pid in $(pgrep -f -- "- ${MARKER}\$"); do
    if is "$(state_of "${pid}")" T; then stopped+=1; fi
  done
  ((stopped >= 2))
  type_in "jobs | grep -c 'Stopped'"
  expects 1
  type_in fg
  : >end
  type_in 'echo "ended $?"'
  expects 'ended 6'
  waits_until none_left "${MARKER}"
}

# A command that handles Ctrl-C and prints a line.
reaches_once() {
  printf '%s\n' 'trap "echo got it" INT; trap "exit 9" TERM' "echo 'waits'" 'while [ ! -e end ]; do sleep 0.01; done' 'exit 5' >script
  type_in "box bash script ${MARKER}"
  expects waits
  press C-c
  expects '^Cgot it'
  : >end
  type_in 'echo "status $?"'
  expects 'status 5'
  [[ $(screen | grep -c 'got it') == 1 ]]
}
