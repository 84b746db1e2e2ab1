# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # for the tests, and of sandbox.bash
# Shared by the tests of ll-repeat, besides sandbox.bash: load this instead of it.

load sandbox

make_box() {
  BOX=$(place_programs sandbox.sh ll-ns ll-exec ll-repeat)
  install -m 755 "${LL_BUILT}"/tests/held{,-dynamic} "${BOX}/"
  export BOX
}

LL_REPEAT=${BOX:-}/ll-repeat
HELD=${BOX:-}/held
THEN=946684800 # 2000-01-01T00:00:00Z

needs_repeat() {
  assert_success repeated --seed 1 -- "${HELD}" times || skip "needs ptrace: ${errors}"
}

repeated() { "${AS[@]}" "${LL_REPEAT}" "$@"; }
# As its own process, whose process ID is that of what was started.
begin_repeated() { begin "${AS[@]}" "${LL_REPEAT}" "$@"; }

# same COMMAND...: prints the same output twice, and not nothing.
same() {
  assert_success "$@"
  local first=${output}
  [[ -n ${first} ]]
  assert_success "$@"
  is "${output}" "${first}"
}
