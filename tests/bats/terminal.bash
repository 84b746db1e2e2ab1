# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # for the tests, and of sandbox.bash
# A terminal of tmux's: bash with job control, and somebody who types. Load this instead of sandbox.

load sandbox

setup() {
  needs_program tmux
  enter_test_folder
  # A socket of the test's own; the path of one is short.
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

shows() { # LINE: whole, somewhere on the screen; blanks at the end do not count
  screen | sed 's/ *$//' | grep -q -x -F -e "${1%% }"
}

# expects LINE: sooner or later, or the screen is printed.
expects() {
  waits_until shows "$1" || { screen; return 1; }
}

# What is not there yet: a line of the input has the word in quotes.
runs() { # ARGUMENT
  [[ $(count_of "$1") != 0 ]]
}
