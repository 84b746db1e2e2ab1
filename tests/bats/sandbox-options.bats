# bats file_tags=check
load sandbox

# sandbox.sh: its command line.

# ---- the command line

@test "--print prints one command, which has the same result when pasted" {
  mkdir 'a place'
  printf 'text\n' >'a place/it'\''s'
  chmod 777 'a place'
  local -a words=("${BOXED[@]}" --rw 'a place' --env "X=\$(id) 'a' \"b\"" --hostname box)
  local -a act=(sh -c 'cat "$1"; printf "<%s>" "${X}" "$(uname -n)" "$@" >"a place/new"' - "a place/it's" '' $'new\nline' '*' '$HOME;')
  assert_success "${words[@]}" "${act[@]}"
  local first
  first=${output}$(<'a place/new')
  rm 'a place/new'
  assert_success "${words[@]}" --print "${act[@]}"
  [[ ${output} == "${BOX}/ll-ns "*" -- sh -c "* ]]
  [[ ! -e 'a place/new' ]]
  assert_success "${AS[@]}" bash -c "${output}"
  is "${output}$(<'a place/new')" "${first}"
  [[ ${first} == text*"<X="* || ${first} == text*"<\$(id) 'a' \"b\"><box>"* ]]
}

@test "--print prints one short line for a plain command" {
  assert_success "${BOXED[@]}" --print --ro /etc true --flag
  is "${output}" "${BOX}/ll-ns --loader ${BOX}/ll-exec --proc --private-dev --tmpfs /tmp:256M -p sandbox --rx ${T} --ro /etc -- true --flag"
}

@test "arguments are passed unchanged" {
  local -a words=(--ro '' 'a b' -- $'line\nbreak' -p '*' '$HOME' \\ $'\xff\xfe' "it's" --help)
  assert_success "${BOXED[@]}" --rx "${PROBE}" "${PROBE}" arguments "${words[@]}"
  is "${output}" "$(printf '%s\n' "${words[@]}")"
  assert_success "${BOXED[@]}" --rx "${PROBE}" -- "${PROBE}" arguments "${words[@]}"
  is "${output}" "$(printf '%s\n' "${words[@]}")"
}

@test "many and long arguments are passed" {
  assert_success "${BOXED[@]}" sh -c 'echo $# ${#1}' - "$(printf '%100000s' x)" {1..20000}
  is "${output}" "20001 100000"
}

# Options and directives of ll-ns in its help: NAME or "NAME METAVAR".
known_options() {
  { "${LL_NS_PROGRAM}" --help && "${BOX}/ll-exec" --list directives; } | LC_ALL=C sed -n 's/^  \(-[a-zA-Z], \|    \)--\([a-z-]*\)\( [^ ]\{1,\}\( NAME\| PATH\)\{0,1\}\)\{0,1\} .*/\2\3/p'
}

@test "every option and directive of ll-ns is known to the wrapper, with its value" {
  local name value
  local -i count=0 valued=0
  while read -r name value; do
    count+=1
    case ${name} in help | print) continue ;; esac
    if [[ -n ${value} ]]; then
      valued+=1
      assert_success "${BOXED[@]}" --print "--${name}" the-value the-command --its option
      [[ ${output} == *" --${name} the-value "*" -- the-command --its option" ||
        ${output} == *" --${name} the-value -- the-command --its option" ]] || { printf '%s\n' "${output}"; return 1; }
    else
      assert_success "${BOXED[@]}" --print "--${name}" the-command --its option
      [[ ${output} == *" --${name}"*" -- the-command --its option" ]] || { printf '%s\n' "${output}"; return 1; }
    fi
    assert_success "${BOXED[@]}" --print "--${name}=the-value" the-command --its option
    [[ ${output} == *"--${name}"[=\ ]the-value*" -- the-command --its option" ]] || { printf '%s\n' "${output}"; return 1; }
  done < <(known_options)
  ((count > 40 && valued > 30)) || { printf 'only %d, %d of them with a value\n' "${count}" "${valued}"; return 1; }
}

@test "every option and directive in the help of ll-exec is one of ll-ns or of the wrapper" {
  local name
  assert_success "${BOX}/ll-exec" --help
  output+=$'\n'$("${BOX}/ll-exec" --list directives)
  local -i count=0
  while read -r name; do
    count+=1
    case ${name} in
      ldd | list | json | why | no-landlock | landlock | abi) continue ;; # options of ll-exec alone
      *) known_options | grep -q -x -E "${name}( .*)?" || { printf 'll-ns has no --%s\n' "${name}"; return 1; } ;;
    esac
  done < <(LC_ALL=C sed -n 's/^  \(-[a-zA-Z], \|    \)--\([a-z-]*\) .*/\2/p' <<<"${output}")
  ((count > 30))
}

@test "short options take attached or separate values, and can be combined" {
  assert_success "${BOXED[@]}" --print -p the-value the-command
  [[ ${output} == *" -p the-value -- the-command" ]]
  assert_success "${BOXED[@]}" --print -pthe-value the-command
  [[ ${output} == *" -pthe-value -- the-command" ]]
  assert_success "${BOXED[@]}" --print -C the-value the-command
  [[ ${output} == *" -C the-value"* && ${output} == *" -- the-command" ]]
  assert_success "${BOXED[@]}" --print -q -v the-command
  [[ ${output} == *" -q -v"*" -- the-command" || ${output} == *" -q -v -- the-command" ]]
}

@test "an option without its value is refused, and nothing runs" {
  local option
  for option in --ro --rw --fs --env --chdir -C -p --policy --bind --ro-bind --tmpfs --rootfs --net --share --hostname --timeout \
    --memory --pids --cpus; do
    capture "${BOXED[@]}" "${option}"
    is "${status} ${output}" "125 "
    [[ -n ${errors} ]] || { printf 'nothing is said of %s\n' "${option}"; return 1; }
  done
}

@test "a missing command and an unknown option are errors" {
  capture "${BOXED[@]}"
  is "${status}" 125
  assert_stderr "no command to run"
  capture "${BOXED[@]}" --rwz /tmp true
  is "${status}" 125
  assert_stderr "unknown option '--rwz'"
  assert_stderr "did you mean '--rw'?"
}

@test "--help fits on a screen and names what the wrapper adds" {
  assert_success "${BOXED[@]}" --help
  local lines widest name
  lines=$(wc -l <<<"${output}")
  widest=$(awk '{ if (length($0) > most) most = length($0) } END { print most }' <<<"${output}")
  ((lines < 24)) || { printf '%s lines\n' "${lines}"; return 1; }
  ((widest <= 80)) || { printf '%s columns\n' "${widest}"; return 1; }
  for name in --policy --ro --rx --rw --rwx --connect --chdir --bind --ro-bind --tmpfs --rootfs --host-root --net --share \
    --hostname --root --init --timeout --memory --pids --cpus --best-effort --explain --print TMPFS_SIZE CGROUP_LIMITS \
    CG_MEM_MAX CG_PIDS_MAX LL_NS LL_EXEC LOADER; do
    [[ ${output} == *"${name}"* ]] || { printf 'no %s\n' "${name}"; return 1; }
  done
  assert_success "${BOXED[@]}" -h
}

@test "--explain shows the root, and runs nothing" {
  mkdir -m 777 d
  capture "${BOXED[@]}" --rw d --explain touch d/marker
  [[ ${output} == *$'root: only\n'* && ${output} == *" rw- ${T}/d "* ]] || { printf '%s\n' "${output}"; return 1; }
  [[ ! -e d/marker ]]
}
