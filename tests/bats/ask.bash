# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # for the tests, and of terminal.bash
# ll-ask on a terminal of tmux: load this first. `ask` runs it there, with the requests of a file.
load terminal

setup_file() {
  BOX=$(place_programs sandbox.sh ll-ns ll-exec ll-net ll-ask ll-policy)
  export BOX
}

readonly PYTHON=/usr/bin/python3 # executable for an ordinary user
LL_ASK=${BOX:-}/ll-ask

prepare_asking() {
  needs_program "${PYTHON}"
  tmux_ resize-window -x 100 -y 60
  # shellcheck disable=SC2016 # it is read by the shell in the terminal
  printf 'ask() { %q %q "$@"; }\nPATH=%q:$PATH\n' "${PYTHON}" "${BATS_TEST_DIRNAME}/asker.py" "${BOX}" >>startup
  printf 'box() { ll-exec -q --rx / --ro /proc --dev /dev --rw %q "$@"; }\n' "${T}" >>startup
  type_in 'source ./startup; clear'
  waits_until shows 'ready> '
}

# The screen with wrapped lines joined.
screen() { tmux_ capture-pane -p -J | sed 's/ *$//'; }

# open_of ID PATH [MEMBER...]: a request.
open_of() {
  local id=$1 path=$2 members='"write":false' member
  if (($# > 2)); then members=$(IFS=,; printf '%s' "${*:3}"); fi
  printf '{"id":%s,"call":"open","path":"%s",%s,"pid":1,"ppid":1,"exe":"/usr/bin/git","argv":["git","fetch"]}\n' "${id}" "${path}" "${members}"
}

connect_of() { # ID HOST ADDRESS PORT [PROTOCOL]
  printf '{"id":%s,"call":"connect","host":"%s","address":"%s","port":%s,"protocol":"%s","pid":1,"ppid":1,"exe":"/usr/bin/git","argv":["git"]}\n' \
    "$1" "$2" "$3" "$4" "${5:-tcp}"
}

# asks LINE...: runs ll-ask in the terminal with these requests, and the options in ${options}.
asks() {
  printf '%s\n' "$@" >questions
  chmod a+r questions
  rm -f answers
  type_in "clear; ask questions ll-ask ${options-} >answers; echo \"status \$?\""
}

answered() { [[ $(<answers) == "$(printf '%s\n' "$@")" ]]; }
expects_answers() { # LINE...: within some time exactly these
  waits_until answered "$@" || { cat answers; screen; return 1; }
}

# The screen has that many prompts, and no input at the last one yet.
prompts() { # COUNT
  local -i count
  count=$(screen | grep -c '^ll-ask>')
  ((count == $1)) && [[ $(screen | sed '/^$/d' | tail -n 1) =~ ^'ll-ask>'\ *$ ]]
}
expects_prompt() { waits_until prompts "$1" || { screen; return 1; }; }
