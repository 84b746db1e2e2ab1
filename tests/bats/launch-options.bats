# bats file_tags=check
load helpers

# ---- the command line

@test "no command is an error" {
  local -a line
  for line in '' '--ro /tmp' '--' '--ldd --explain'; do
    # shellcheck disable=SC2086 # words
    capture "${LL_EXEC}" ${line}
    is "${errors}" "ll-exec: no command to run
  ll-exec [options] [--] command [argument...]; ll-exec --help says more"
    is "${status}" 125
  done
}

@test "an unknown option is refused, and the nearest name suggested" {
  rejects "ll-exec: argument 1: unknown option '--rwz'
    --rwz
    ^~~~~
  did you mean '--rw'?" --rwz /tmp
  rejects "ll-exec: argument 1: unknown option '--explian'
    --explian
    ^~~~~~~~~
  did you mean '--explain'?" --explian
  rejects "ll-exec: argument 1: unknown option '--best-efort'
    --best-efort=x
    ^~~~~~~~~~~~
  did you mean '--best-effort'?" --best-efort=x
}

@test "the suggested name is the nearest of directives and options" {
  rejects "ll-exec: argument 1: unknown option '--hep'
    --hep
    ^~~~~
  did you mean '--help'?" --hep
  rejects "ll-exec: argument 1: unknown option '--ldx'
    --ldx
    ^~~~~
  did you mean '--ldd'?" --ldx
}

@test "an unknown option without a near name is refused" {
  rejects "ll-exec: argument 1: unknown option '--frobnicate'
    --frobnicate
    ^~~~~~~~~~~~
  ll-exec --help lists them" --frobnicate
}

@test "an unknown short option is refused, also after known ones" {
  rejects "ll-exec: argument 1: unknown option '-x'
    -x
     ^
  ll-exec --help lists them" -x
  rejects "ll-exec: argument 1: unknown option '-x'
    -qvx
       ^
  ll-exec --help lists them" -qvx
}

@test "a value for an option that takes none is refused" {
  rejects "ll-exec: argument 1: '--best-effort' takes no value
    --best-effort=3
    ^~~~~~~~~~~~~~~" --best-effort=3
}

@test "an option without its value at the end is refused" {
  capture "${LL_EXEC}" --ro
  is "${errors}" "ll-exec: argument 1: '--ro' has no value
    --ro
    ^~~~
  write --ro PATH"
  is "${status}" 125
  capture "${LL_EXEC}" -p
  is "${errors}" "ll-exec: argument 1: '-p' has no value
    -p
    ^~
  write -p NAME|FILE"
  is "${status}" 125
}

@test "an option followed by another option has no value, and is refused" {
  rejects "ll-exec: argument 1: '--ro' has no value
    --ro
    ^~~~
  write --ro PATH" --ro --best-effort
  rejects "ll-exec: argument 1: '-p' has no value
    -p
    ^~
  write -p NAME|FILE" -p --best-effort
}

@test "an option's value is literal: no variables, quotes or comments" {
  mkdir '$HOME # "x"'
  assert_success sandboxed --ro '$HOME # "x"' -- list "${T}/"'$HOME # "x"'
  rejects "ll-exec: argument 1: \$HOME/x does not exist
    --ro=\$HOME/x
         ^~~~~~~
  if it is optional, write -\$HOME/x" '--ro=$HOME/x'
}

@test "fs without a path is refused as an option" {
  rejects "ll-exec: argument 2: 'fs' has no value
    --fs read_file
         ^~~~~~~~~
  write fs RIGHT,.. PATH" --fs read_file
}

@test "fs with an empty path is refused with its location" {
  rejects "ll-exec: argument 2: an empty path
    --fs read_file 
                  ^" --fs 'read_file '
}

@test "--json without --explain or --check is refused" {
  rejects "ll-exec: --json needs --explain or --check" --json
}

@test "an unknown ABI is refused" {
  local abi
  for abi in 0 12 x 1.5; do
    rejects "ll-exec: argument 2: '${abi}' is not a Landlock ABI
    --abi ${abi}
          ^$([[ ${#abi} -gt 1 ]] && printf '~%.0s' $(seq 2 "${#abi}"))
  a number from 1 to 11" --abi "${abi}"
  done
}

@test "--version prints the version" {
  assert_success "${LL_EXEC}" --version
  [[ ${output} =~ ^ll-exec\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
  assert_success "${LL_EXEC}" -V
  [[ ${output} == "ll-exec "* ]]
}

@test "--help fits on a screen and names every directive and option" {
  assert_success "${LL_EXEC}" --help
  local lines widest name
  lines=$(wc -l <<<"${output}")
  widest=$(awk '{ if (length($0) > most) most = length($0) } END { print most }' <<<"${output}")
  ((lines < 24)) || { printf '%s lines\n' "${lines}"; return 1; }
  ((widest <= 80)) || { printf '%s columns\n' "${widest}"; return 1; }
  for name in ro rx rw rwx protect unix dev fs connect bind ipc limit env fd cap chdir require use \
    audit policy best-effort abi ldd explain json why check quiet verbose help version no-landlock; do
    [[ ${output} =~ --${name}([^a-z-]|$) ]] || { printf 'no --%s\n' "${name}"; return 1; }
  done
  assert_success "${LL_EXEC}" -h
}

@test "--help and --version work without a command and with rules that cannot be met" {
  assert_success "${OLD_KERNEL}" absent "${LL_EXEC}" --help
  assert_success "${OLD_KERNEL}" off "${LL_EXEC}" --version
}

@test "-q silences warnings and nothing else" {
  needs_abi 3
  assert_success sandboxed -q --abi 3 --best-effort --connect 443 -- pid
  assert_success sandboxed -q --no-landlock -- pid
  rejects "ll-exec: argument 3: /nonexistent does not exist
    --ro /nonexistent
         ^~~~~~~~~~~~
  if it is optional, write -/nonexistent" -q --ro /nonexistent
}

# ---- --status-fd

@test "--status-fd receives the reason why nothing was run, and nothing when a command runs" {
  capture "${LL_EXEC}" --status-fd 9 --ro /nonexistent -- "${PROBE}" pid 9>told
  is "${status}" 125
  is "$(<told)" "125
${errors}"
  capture "${LL_EXEC}" --status-fd 9 --rx "${PROBE}" -- ./nothing 9>told
  is "${status} $(head -n 1 told)" '127 127'
  capture "${LL_EXEC}" --status-fd 9 --connect x -- true 9>told
  is "$(<told)" "125
${errors}"
  # Control: a command that has the same exit status itself.
  capture "${LL_EXEC}" --status-fd 9 --ldd --rx /usr/bin/env --rx "${PROBE}" -- "${PROBE}" exit 125 9>told
  is "${status} $(<told)" '125 '
}

@test "the file descriptor of --status-fd is not inherited, and must be open" {
  assert_success "${LL_EXEC}" --status-fd 9 --rx "${PROBE}" -- "${PROBE}" descriptors 32 9>told
  is "${output}" $'0\n1\n2'
  rejects 'll-exec: descriptor 9 of --status-fd is not open' --status-fd 9 --rx "${PROBE}"
  rejects "ll-exec: argument 1: '2' is not a descriptor from 3 up
    --status-fd=2
                ^" --status-fd=2
  capture "${LL_EXEC}" --status-fd 9 --fd 9 --rx "${PROBE}" -- "${PROBE}" pid 9>told
  is "${status} ${errors%%$'\n'*}" '125 ll-exec: argument 4: descriptor 9 is used by --status-fd'
}
