# bats file_tags=check
load helpers

# ---- ll-exec becomes the command

@test "the exit status is the command's" {
  local code
  for code in 0 1 7 125 126 127 255; do
    capture sandboxed -- exit "${code}"
    is "${status} ${errors}" "${code} "
  done
}

@test "the caller sees the signal that killed the command" {
  capture sandboxed -- raise 15
  is "${status}" 143
}

@test "the command keeps the process ID of ll-exec" {
  "${LL_EXEC}" --rx "${PROBE}" -- "${PROBE}" pid >file 3>&- &
  local pid=$!
  wait "${pid}"
  is "$(<file)" "${pid}"
}

@test "a signal to the process ID of ll-exec reaches the command" {
  start "${LL_EXEC}" --rx / --bind any -- "${PROBE}" serve tcp
  kill -TERM "${started_pid}"
  local result=0
  wait "${started_pid}" || result=$?
  started_pid=
  is "${result}" 143
}

@test "arguments are passed unchanged, also those that look like options" {
  assert_success "${LL_EXEC}" --rx "${PROBE}" -- "${PROBE}" arguments --ro '' 'a b' -- $'line\nbreak' -p
  is "${output}" $'--ro\n\na b\n--\nline\nbreak\n-p'
}

@test "the first word that is not an option is the command, also without --" {
  assert_success "${LL_EXEC}" --rx "${PROBE}" "${PROBE}" arguments --ro x
  is "${output}" $'--ro\nx'
}

@test "argv[0] of the command is its name as it was typed" {
  mkdir bin
  ln -s "${PROBE}" bin/probe
  # busybox selects its program by argv[0].
  needs_program busybox
  ln -s "$(command -v busybox)" bin/echo
  assert_success env PATH="${T}/bin" "${LL_EXEC}" --rx / -- echo by name
  is "${output}" "by name"
}

# ---- PATH

@test "a command is found in the caller's PATH, in its order" {
  mkdir one two
  printf '#!/bin/sh\necho one\n' >one/cmd
  printf '#!/bin/sh\necho two\n' >two/cmd
  chmod +x one/cmd two/cmd
  assert_success env PATH="/nonexistent:${T}/one:${T}/two" "${LL_EXEC}" --rx / -- cmd
  is "${output}" one
}

@test "the command is searched in the caller's PATH, not in the one that the policy sets" {
  mkdir one two
  printf '#!/bin/sh\necho one\n' >one/cmd
  printf '#!/bin/sh\necho two\n' >two/cmd
  chmod +x one/cmd two/cmd
  assert_success env PATH="${T}/one" "${LL_EXEC}" --env "PATH=${T}/two" --rx / -- cmd
  is "${output}" one
}

@test "a directory with the name of the command is skipped" {
  mkdir -p one/cmd two
  printf '#!/bin/sh\necho two\n' >two/cmd
  chmod +x two/cmd
  assert_success env PATH="${T}/one:${T}/two" "${LL_EXEC}" --rx / -- cmd
  is "${output}" two
}

@test "a file in PATH that is not executable is skipped if a later one is" {
  mkdir one two
  printf 'no\n' >one/cmd
  printf '#!/bin/sh\necho two\n' >two/cmd
  chmod +x two/cmd
  assert_success env PATH="${T}/one:${T}/two" "${LL_EXEC}" --rx / -- cmd
  is "${output}" two
}

@test "an empty entry of PATH is the current directory, as for execvp" {
  printf '#!/bin/sh\necho here\n' >cmd
  chmod +x cmd
  assert_success env PATH=":/nonexistent" "${LL_EXEC}" --rx / -- cmd
  is "${output}" here
}

@test "without PATH the default directories are searched" {
  assert_success env -u PATH "${LL_EXEC}" --rx / -- true
}

@test "a name with a slash is not searched in PATH" {
  mkdir one
  printf '#!/bin/sh\necho one\n' >one/cmd
  chmod +x one/cmd
  assert_success env PATH=/nonexistent "${LL_EXEC}" --rx / -- one/cmd
  is "${output}" one
}

@test "a command that is in no directory of PATH has exit status 127" {
  capture "${LL_EXEC}" --rx / -- no-such-command
  is "${errors}" "ll-exec: 'no-such-command' is not found
  looked for it in the directories of PATH"
  is "${status}" 127
}

@test "a command runs in sixteen Landlock layers, and a seventeenth is refused" {
  local -a layers=()
  local -i i
  for ((i = 0; i < 16; i++)); do layers+=("${LL_EXEC}" --rwx / --); done
  assert_success "${layers[@]}" "${PROBE}" exit 0
  capture "${layers[@]}" "${LL_EXEC}" --rwx / -- "${PROBE}" exit 0
  is "${status} ${errors}" "125 ll-exec: cannot restrict this process with Landlock: E2BIG (too long)
  16 sandboxes are around it already, and the kernel allows no more: start it outside of one of them"
}

@test "a path of a command that does not exist has exit status 127" {
  capture "${LL_EXEC}" --rx / -- /no/such/command
  is "${errors}" "ll-exec: '/no/such/command' is not found"
  is "${status}" 127
}

@test "an empty command is not found" {
  capture "${LL_EXEC}" --rx / -- ''
  is "${errors}" "ll-exec: '' is not found
  looked for it in the directories of PATH"
  is "${status}" 127
}

@test "a command in PATH that is not executable has exit status 126" {
  printf 'no\n' >cmd
  capture env PATH="${T}" "${LL_EXEC}" --rx / -- cmd
  is "${errors}" "ll-exec: 'cmd' is not executable
  make it so with chmod +x"
  is "${status}" 126
}

@test "a path of a command that is not executable has exit status 126" {
  printf 'no\n' >cmd
  capture "${LL_EXEC}" --rx / -- "${T}/cmd"
  is "${errors}" "ll-exec: ${T}/cmd cannot be run: EACCES (permission denied)
  the policy grants it: check its permissions and mount options (noexec)"
  is "${status}" 126
}

@test "a directory as the command has exit status 126" {
  mkdir folder
  capture "${LL_EXEC}" --rx / -- "${T}/folder"
  is "${status}" 126
  is "${errors%%$'\n'*}" "ll-exec: ${T}/folder cannot be run: it is a directory"
}

@test "a file that is not a program has exit status 126" {
  printf 'no program\n' >cmd
  chmod +x cmd
  capture "${LL_EXEC}" --rx / -- "${T}/cmd"
  is "${errors}" "ll-exec: ${T}/cmd cannot be run: ENOEXEC (not a program that this kernel can run)
  a script needs #! and its interpreter in the first line"
  is "${status}" 126
}

# ---- the message names what is not granted

@test "a command that is not granted is named, with the rule that would grant it" {
  assert_success "${LL_EXEC}" --rx "${PROBE}" -- "${PROBE}" exit 0
  capture "${LL_EXEC}" -- "${PROBE}" exit 0
  is "${errors}" "ll-exec: ${PROBE} cannot be run: it is not granted rx
  grant it: rx ${PROBE}, or the directory it is in; --ldd grants a command and all that it loads, ll-trace names what else is refused"
  is "${status}" 126
}

@test "a command that is granted only ro is named" {
  capture "${LL_EXEC}" --ro "${PROBE}" -- "${PROBE}" exit 0
  is "${errors}" "ll-exec: ${PROBE} cannot be run: it is not granted rx
  grant it: rx ${PROBE}, or the directory it is in; --ldd grants a command and all that it loads, ll-trace names what else is refused"
  is "${status}" 126
}

@test "a command behind a symlink is named with the path of its target to grant" {
  ln -s "${PROBE}" link
  capture "${LL_EXEC}" -- "${T}/link" exit 0
  is "${errors}" "ll-exec: ${T}/link cannot be run: it is not granted rx
  grant it: rx ${PROBE}, or the directory it is in; --ldd grants a command and all that it loads, ll-trace names what else is refused"
  is "${status}" 126
}

@test "a script's interpreter that is not granted is named" {
  cp "${PROBE}" interpreter
  printf '#!%s arguments\n' "${T}/interpreter" >script
  chmod +x script
  assert_success "${LL_EXEC}" --rx script --rx interpreter -- "${T}/script"
  capture "${LL_EXEC}" --rx script -- "${T}/script"
  is "${errors}" "ll-exec: ${T}/script cannot be run: its interpreter ${T}/interpreter is not granted rx
  grant it: rx ${T}/interpreter, or the directory it is in; --ldd grants a command and all that it loads, ll-trace names what else is refused"
  is "${status}" 126
}

@test "a script's interpreter that does not exist is named" {
  printf '#!/no/such/interpreter\n' >script
  chmod +x script
  capture "${LL_EXEC}" --rx script -- "${T}/script"
  is "${errors}" "ll-exec: ${T}/script cannot be run: its interpreter /no/such/interpreter does not exist"
  is "${status}" 126
}

@test "the dynamic linker of a program is named where it is not granted" {
  needs_program readelf
  local program loader
  program=$(readlink -f "$(command -v env)")
  loader=$(readelf -lW "${program}" | sed -n 's/.*program interpreter: \(.*\)]/\1/p')
  [[ -n ${loader} ]] || skip "needs a dynamically linked env"
  loader=$(readlink -f "${loader}")
  assert_success "${LL_EXEC}" --rx / -- "${program}"
  capture "${LL_EXEC}" --rx "${program}" -- "${program}"
  is "${errors}" "ll-exec: ${program} cannot be run: its interpreter ${loader} is not granted rx
  grant it: rx ${loader}, or the directory it is in; --ldd grants a command and all that it loads, ll-trace names what else is refused"
  is "${status}" 126
}

@test "the dynamic linker of a script's interpreter is named where it is not granted" {
  needs_program readelf
  local program loader
  program=$(readlink -f "$(command -v env)")
  loader=$(readelf -lW "${program}" | sed -n 's/.*program interpreter: \(.*\)]/\1/p')
  [[ -n ${loader} ]] || skip "needs a dynamically linked env"
  loader=$(readlink -f "${loader}")
  printf '#!%s\n' "${program}" >script
  chmod +x script
  capture "${LL_EXEC}" --rx script --rx "${program}" -- "${T}/script"
  is "${errors}" "ll-exec: ${T}/script cannot be run: its interpreter ${loader} is not granted rx
  grant it: rx ${loader}, or the directory it is in; --ldd grants a command and all that it loads, ll-trace names what else is refused"
  is "${status}" 126
}
