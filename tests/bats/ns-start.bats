load sandbox

# ll-ns: what a start takes, and what it must not change.

needs_ptrace() {
  needs_program strace
  "${AS[@]}" strace -o /dev/null true 2>/dev/null || skip "needs ptrace"
}

# trace CALLS LL_NS_ARGUMENT...: into ${output}, the calls of ll-ns and of what it starts.
trace() {
  rm -f "${T}/calls"
  assert_success "${AS[@]}" strace -f -qq -s 200 -o "${T}/calls" -e "trace=$1" -- "${LL_NS_PROGRAM}" "${@:2}"
  output=$(<"${T}/calls")
}

# launcher_gets LL_NS_ARGUMENT...: into ${output}, what it passes to its launcher.
launcher_gets() {
  assert_success "${AS[@]}" "${LL_NS_PROGRAM}" --loader /bin/echo "${SYSTEM[@]}" "$@"
}

two_files() {
  mkdir d
  printf 'one\n' >d/one
  printf 'two\n' >d/two
  printf 'other\n' >d/other
  chmod 666 d/*
}

@test "files that are granted in one directory are read, and neither the directory nor another file is" {
  two_files
  local -a box=("${AS[@]}" "${LL_NS_PROGRAM}" "${SYSTEM[@]}" --rx "${PROBE}" --ro d/one --ro d/two)
  assert_success "${box[@]}" cat "${T}/d/one" "${T}/d/two"
  is "${output}" $'one\ntwo'
  refused EACCES "${box[@]}" "${PROBE}" list "${T}/d"
  assert_success "${AS[@]}" "${PROBE}" list "${T}/d"
  refused ENOENT "${box[@]}" "${PROBE}" read "${T}/d/other"
  assert_success "${AS[@]}" "${PROBE}" read "${T}/d/other"
  refused "errno 30" "${box[@]}" "${PROBE}" write "${T}/d/one"
  assert_success "${AS[@]}" "${PROBE}" write "${T}/d/one"
}

@test "the launcher gets one rule for the files of a directory that are only read" {
  two_files
  launcher_gets --ro d/one --ro d/two true
  [[ " ${output} " == *" --fs=read_file /tmp "* ]]
  [[ ${output} != *"${T}"* ]]
  launcher_gets --ro d/one true
  [[ " ${output} " == *" --ro=${T}/d/one "* && ${output} != *read_file* ]]
  launcher_gets --verbose --ro d/one --ro d/two true
  [[ " ${output} " == *" --ro=${T}/d/one --ro=${T}/d/two "* && ${output} != *read_file* ]]
}

@test "the launcher gets a rule for each file where another rule of the directory grants less than reading" {
  two_files
  local -a other
  for other in "--fs=write_file d/other" --deny=d/other "--fs=read_dir d"; do
    launcher_gets --ro d/one --ro d/two "${other}" true
    [[ " ${output} " == *" --ro=${T}/d/one --ro=${T}/d/two "* && ${output} != *read_file* ]]
  done
}

@test "what is executable or writable in the directory keeps its own rule" {
  two_files
  launcher_gets --ro d/one --ro d/two --rw d/other --rx "${PROBE}" true
  [[ " ${output} " == *" --rw=${T}/d/other "* && " ${output} " == *" --rx=${PROBE} "* ]]
  [[ " ${output} " == *" --fs=read_file /tmp "* ]]
}

@test "ll-ns does not ask /proc for the path of what a rule names, but for one that a magic link leads to" {
  needs_ptrace
  mkdir d d/to
  trace readlinkat "${SYSTEM[@]}" --ro "${T}/d/to" true
  [[ ${output} == *'readlinkat(AT_FDCWD, "/'* && ${output} != *'"/proc/self/fd/'* ]]
  trace readlinkat "${SYSTEM[@]}" --ro /dev/stdin true <"${PROBE}"
  [[ ${output} == *'"/proc/self/fd/'* ]]
}

@test "a path with links is what they lead to, and each of them is inside as well" {
  mkdir -p d/to e
  printf 'text\n' >d/to/file
  ln -s "${T}/d/to" e/first
  ln -s "${T}/e/first" second
  ln -s "${T}/second/missing" nowhere
  cd /usr
  assert_success "${AS[@]}" "${LL_NS_PROGRAM}" "${SYSTEM[@]}" --ro "${T}/second" --ro "-${T}/nowhere" \
    sh -c 'cat "$1/second/file" "$1/e/first/file" "$1/d/to/file"; readlink "$1/nowhere"; :' sh "${T}"
  is "${output}" $'text\ntext\ntext'
}

# Delays make the time long in which it may be replaced between two looks at it.
@test "a link that is replaced while it is followed shows nothing in another place than its own" {
  needs_ptrace
  mkdir one two
  printf 'one\n' >one/name
  printf 'two\n' >two/name
  chmod 777 .
  ln -s one link
  cd /usr
  "${AS[@]}" sh -c 'while cd "$1"; do ln -sfn two link && sleep 0.013 && ln -sfn one link && sleep 0.013; done' sh "${T}" 3>&- &
  started_pid=$!
  local show='for name in one two; do text=$(cat "$1/${name}/name" 2>&-) && echo "${name} holds ${text}"; done; :'
  local round
  for round in {1..8}; do
    capture "${AS[@]}" strace -f -qq -o /dev/null -e trace=openat2 -e inject=openat2:delay_exit=9000 -- \
      "${LL_NS_PROGRAM}" "${SYSTEM[@]}" --ro "${T}/link" sh -c "${show}" sh "${T}"
    [[ ${output} == @(one holds one|two holds two) ]] || { printf '%s: %s\n%s\n' "${round}" "${output}" "${errors}"; return 1; }
    [[ -z ${errors} ]]
  done
}

@test "the child shares memory until it executes the launcher, but not where it or its parent goes on" {
  needs_ptrace
  trace clone,clone3 "${SYSTEM[@]}" true
  [[ ${output} == *CLONE_VM* ]]
  local option
  for option in --init --best-effort; do
    trace clone,clone3 "${option}" "${SYSTEM[@]}" true
    [[ ${output} == *CLONE_NEWUSER* && ${output} != *CLONE_VM* ]]
  done
}

@test "an error of the child is reported once, on standard error and on --status-fd" {
  local -a box=("${AS[@]}" "${LL_NS_PROGRAM}" --status-fd 5 "${SYSTEM[@]}" --ro missing)
  capture "${box[@]}" true 5>status
  is "${status}" 125
  is "$(grep -c '^ll-ns: ' <<<"${errors}")" 1
  [[ ${errors} == "ll-ns: "*missing* ]]
  is "$(<status)" "125"$'\n'"${errors}"
  capture "${box[@]:0:${#box[@]}-2}" true 5>status
  is "${status} ${errors} $(<status)" "0  "
}
