load helpers

# The tests themselves: what a failed one says, and the order that they are run in.

# inner LINE...: runs these lines as a file of tests, which load the same helpers. Sets ${status}, ${output}
inner() {
  cp "${ROOT}"/tests/bats/{helpers,setup_suite}.bash .
  printf '%s\n' 'load helpers' "$@" >inner.bats
  capture env -u LL_BUILT "${ours[@]}" PATH="${PATH}" bats --tap inner.bats
}

# Those of this bats are not for another.
ours=()
for name in "${!BATS_@}" "${!LL_@}"; do
  [[ ${name} == @(LL_EXEC|LL_TOOLS) ]] || ours+=(-u "${name}")
done
unset name

@test "a failed test names the command, its line and the functions that it is in" {
  LL_TOOLS=${LL_TOOLS:-${LL_BUILT}/tests} BUILD=${LL_BUILT} inner 'equals() { is "$@"; }' \
    '@test "by a helper" {' '  local a=b' '  equals "${a}" c' '}' \
    '@test "by a command" {' '  false' '  true' '}' \
    '@test "by nothing" { true; }'
  is "${status}" 1
  [[ ${output} == *$'not ok 1 by a helper\n# (from function `equals\' in '*$'inner.bats, line 2,\n#  in test '*$'inner.bats, line 5)\n#   `equals "${a}" c\' failed\n'* ]]
  [[ ${output} == *$'not ok 2 by a command\n# (in test file '*$'inner.bats, line 8)\n#   `false\' failed\n'* ]]
  [[ ${output} == *'ok 3 by nothing'* ]]
}

@test "the files that run.sh starts first exist" {
  local name
  local -a SLOW=()
  source <(sed -n '/^readonly -a SLOW=(/,/)$/{s/^readonly -a //;p}' "${ROOT}/tests/run.sh")
  ((${#SLOW[@]} > 10))
  for name in "${SLOW[@]}"; do [[ -e ${ROOT}/tests/bats/${name%@*}.bats ]] || { printf '%s\n' "${name}"; return 1; }; done
}
