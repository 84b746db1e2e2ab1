load terminal

# ll-repeat on a terminal: keys reach the command and the shell as without it.

make_box() {
  BOX=$(place_programs sandbox.sh ll-ns ll-exec ll-repeat)
  export BOX
}

held() { # COMMAND...: typed
  type_in "$(printf '%q ' "${BOX}/ll-repeat" --clock 2000-01-01,frozen --seed 1 -- "$@")"
}

@test "Ctrl-C ends a command under ll-repeat, and the shell goes on with 130" {
  held sleep "${MARKER}"
  waits_until runs "${MARKER}"
  press C-c
  type_in 'echo "status $?"'
  expects 'status 130'
  waits_until none_left "${MARKER}"
}

@test "Ctrl-Z stops a command under ll-repeat, and fg continues it" {
  # shellcheck disable=SC2016 # the inner shell's
  held sh -c 'echo "up and" running; read line; echo "it read" $line; exit 3'
  expects 'up and running'
  press C-z
  type_in 'echo "status $?"'
  expects 'status 148'
  type_in 'fg >/dev/null'
  type_in 'a word'
  type_in 'echo "status $?"'
  expects 'it read a word'
  expects 'status 3'
}

@test "Ctrl-C and Ctrl-Z work with sandbox.sh and ll-repeat" {
  type_in "box --clock 2000-01-01,frozen --seed 1 sleep ${MARKER}"
  waits_until runs "${MARKER}"
  press C-z
  type_in 'echo "status $?"'
  expects 'status 147'
  type_in 'fg >/dev/null'
  press C-c
  type_in 'echo "then $?"'
  expects 'then 130'
  waits_until none_left "${MARKER}"
}
