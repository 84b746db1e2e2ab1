load terminal

# A command with hosts is a child of ll-net, and still receives terminal signals and job control.

# beside_hosts LAYER: defines `box` for the following commands.
beside_hosts() {
  needs_abi 4
  printf 'box() { %q --rx / --rw %q --dev /dev --connect api.test:443 "$@"; }\n' "${BOX}/$1" "${T}" >startup
  type_in 'source ./startup; clear'
  waits_until shows 'ready> '
}

interrupts() { # LAYER
  beside_hosts "$1"
  type_in "box sleep ${MARKER}"
  waits_until runs "${MARKER}"
  press C-c
  type_in 'echo "status $?"'
  expects 'status 130'
  waits_until none_left "${MARKER}"
}

@test "Ctrl-C ends a command with hosts" { interrupts ll-exec; }
@test "Ctrl-C ends a command with hosts, under both layers" { interrupts sandbox.sh; }

reaches_once_beside() { # LAYER
  beside_hosts "$1"
  reaches_once
}

@test "Ctrl-C reaches a command with hosts once, and its exit status is kept" { reaches_once_beside ll-exec; }
@test "Ctrl-C reaches a command with hosts once, and its exit status is kept, under both layers" { reaches_once_beside sandbox.sh; }

@test "Ctrl-Z stops a command with hosts, and fg continues it" {
  beside_hosts ll-exec
  stop_and_go_on
}

@test "Ctrl-Z stops a command with hosts, and fg continues it, under both layers" {
  beside_hosts sandbox.sh
  stop_and_go_on
}

resizes() { # LAYER
  beside_hosts "$1"
  type_in 'box bash -c '\''trap "echo changed to \$(stty size)" WINCH; echo "size $(stty size)"; while [ ! -e end ]; do sleep 0.01; done'\'
  expects 'size 30 100'
  tmux_ resize-window -x 90 -y 25
  expects 'changed to 25 90'
  : >end
}

@test "a change of the window size reaches a command with hosts" { resizes ll-exec; }
@test "a change of the window size reaches a command with hosts, under both layers" { resizes sandbox.sh; }

@test "Ctrl-backslash ends a command with hosts, as without" {
  beside_hosts ll-exec
  type_in "ulimit -c 0; box sleep ${MARKER}"
  waits_until runs "${MARKER}"
  press 'C-\'
  type_in 'echo "status $?"'
  expects 'status 131'
  waits_until none_left "${MARKER}"
}
