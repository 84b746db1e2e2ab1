load helpers

# ---- the command becomes the process

@test "the exit status is the command's" {
  local code
  for code in 0 1 7 125 126 127 255; do
    capture sandboxed -- exit "${code}"
    is "${status} ${errors}" "${code} "
  done
}

@test "a signal that ends the command is seen by the caller" {
  capture sandboxed -- raise 15
  is "${status}" 143
}

@test "the command has the loader's process ID" {
  "${LL_EXEC}" --rx "${DEED}" -- "${DEED}" pid >file 3>&- &
  local pid=$!
  wait "${pid}"
  is "$(<file)" "${pid}"
}

@test "kill of the process ID ends the command" {
  start "${LL_EXEC}" --rx / --bind any -- "${DEED}" serve tcp
  kill -TERM "${started_pid}"
  local result=0
  wait "${started_pid}" || result=$?
  started_pid=
  is "${result}" 143
}

@test "arguments pass unchanged, also those that look like options" {
  works "${LL_EXEC}" --rx "${DEED}" -- "${DEED}" arguments --ro '' 'a b' -- $'line\nbreak' -p
  is "${output}" $'--ro\n\na b\n--\nline\nbreak\n-p'
}

@test "the first word that is no option is the command, also without --" {
  works "${LL_EXEC}" --rx "${DEED}" "${DEED}" arguments --ro x
  is "${output}" $'--ro\nx'
}

@test "the command sees its name as it was typed" {
  mkdir bin
  ln -s "${DEED}" bin/deed
  # busybox tells by its name what it is.
  needs_program busybox
  ln -s "$(command -v busybox)" bin/echo
  works env PATH="${T}/bin" "${LL_EXEC}" --rx / -- echo by name
  is "${output}" "by name"
}

# ---- PATH

@test "a command is found in the caller's PATH, first match first" {
  mkdir one two
  printf '#!/bin/sh\necho one\n' >one/cmd
  printf '#!/bin/sh\necho two\n' >two/cmd
  chmod +x one/cmd two/cmd
  works env PATH="/nonexistent:${T}/one:${T}/two" "${LL_EXEC}" --rx / -- cmd
  is "${output}" one
}

@test "PATH is the caller's, not the one that the policy sets" {
  mkdir one two
  printf '#!/bin/sh\necho one\n' >one/cmd
  printf '#!/bin/sh\necho two\n' >two/cmd
  chmod +x one/cmd two/cmd
  works env PATH="${T}/one" "${LL_EXEC}" --env "PATH=${T}/two" --rx / -- cmd
  is "${output}" one
}

@test "a directory named like the command is skipped" {
  mkdir -p one/cmd two
  printf '#!/bin/sh\necho two\n' >two/cmd
  chmod +x two/cmd
  works env PATH="${T}/one:${T}/two" "${LL_EXEC}" --rx / -- cmd
  is "${output}" two
}

@test "a file that cannot be run is skipped where a later one can" {
  mkdir one two
  printf 'no\n' >one/cmd
  printf '#!/bin/sh\necho two\n' >two/cmd
  chmod +x two/cmd
  works env PATH="${T}/one:${T}/two" "${LL_EXEC}" --rx / -- cmd
  is "${output}" two
}

@test "an empty part of PATH is the current directory, as for execvp" {
  printf '#!/bin/sh\necho here\n' >cmd
  chmod +x cmd
  works env PATH=":/nonexistent" "${LL_EXEC}" --rx / -- cmd
  is "${output}" here
}

@test "without PATH the standard directories are searched" {
  works env -u PATH "${LL_EXEC}" --rx / -- true
}

@test "a name with a slash is not searched for" {
  mkdir one
  printf '#!/bin/sh\necho one\n' >one/cmd
  chmod +x one/cmd
  works env PATH=/nonexistent "${LL_EXEC}" --rx / -- one/cmd
  is "${output}" one
}

@test "a command that is in no directory of PATH ends with 127" {
  capture "${LL_EXEC}" --rx / -- no-such-command
  is "${errors}" "ll-exec: 'no-such-command' is not found
  looked for it in the directories of PATH"
  is "${status}" 127
}

@test "in sixteen layers of Landlock a command runs, and a seventeenth is refused" {
  local -a layers=()
  local -i i
  for ((i = 0; i < 16; i++)); do layers+=("${LL_EXEC}" --rwx / --); done
  works "${layers[@]}" "${DEED}" exit 0
  capture "${layers[@]}" "${LL_EXEC}" --rwx / -- "${DEED}" exit 0
  is "${status} ${errors}" "125 ll-exec: cannot restrict this process with Landlock: E2BIG (too long)
  16 sandboxes are around it already, and the kernel allows no more: start it outside of one of them"
}

@test "a command that does not exist at its path ends with 127" {
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

@test "a command in PATH that is not executable ends with 126" {
  printf 'no\n' >cmd
  capture env PATH="${T}" "${LL_EXEC}" --rx / -- cmd
  is "${errors}" "ll-exec: 'cmd' is not executable
  make it so with chmod +x"
  is "${status}" 126
}

@test "a command at a path that is not executable ends with 126" {
  printf 'no\n' >cmd
  capture "${LL_EXEC}" --rx / -- "${T}/cmd"
  is "${errors}" "ll-exec: ${T}/cmd cannot be run: EACCES (permission denied)
  the policy grants it: see its permissions, and whether it is mounted noexec"
  is "${status}" 126
}

@test "a directory as the command ends with 126" {
  mkdir folder
  capture "${LL_EXEC}" --rx / -- "${T}/folder"
  is "${status}" 126
  is "${errors%%$'\n'*}" "ll-exec: ${T}/folder cannot be run: it is a directory"
}

@test "a file that is no program ends with 126" {
  printf 'no program\n' >cmd
  chmod +x cmd
  capture "${LL_EXEC}" --rx / -- "${T}/cmd"
  is "${errors}" "ll-exec: ${T}/cmd cannot be run: ENOEXEC (not a program that this kernel can run)
  a script needs #! and its interpreter in the first line"
  is "${status}" 126
}

# ---- what the policy does not let run is named

@test "a command that is not granted is named, with the rule that grants it" {
  works "${LL_EXEC}" --rx "${DEED}" -- "${DEED}" exit 0
  capture "${LL_EXEC}" -- "${DEED}" exit 0
  is "${errors}" "ll-exec: ${DEED} cannot be run: it is not granted rx
  grant it: rx ${DEED}, or the directory it is in; --ldd grants a command and all that it loads, ll-trace names what else is refused"
  is "${status}" 126
}

@test "a command that is granted ro only is named" {
  capture "${LL_EXEC}" --ro "${DEED}" -- "${DEED}" exit 0
  is "${errors}" "ll-exec: ${DEED} cannot be run: it is not granted rx
  grant it: rx ${DEED}, or the directory it is in; --ldd grants a command and all that it loads, ll-trace names what else is refused"
  is "${status}" 126
}

@test "a command behind a symbolic link is granted where it is" {
  ln -s "${DEED}" link
  capture "${LL_EXEC}" -- "${T}/link" exit 0
  is "${errors}" "ll-exec: ${T}/link cannot be run: it is not granted rx
  grant it: rx ${DEED}, or the directory it is in; --ldd grants a command and all that it loads, ll-trace names what else is refused"
  is "${status}" 126
}

@test "an interpreter of #! that is not granted is named" {
  cp "${DEED}" interpreter
  printf '#!%s arguments\n' "${T}/interpreter" >script
  chmod +x script
  works "${LL_EXEC}" --rx script --rx interpreter -- "${T}/script"
  capture "${LL_EXEC}" --rx script -- "${T}/script"
  is "${errors}" "ll-exec: ${T}/script cannot be run: its interpreter ${T}/interpreter is not granted rx
  grant it: rx ${T}/interpreter, or the directory it is in; --ldd grants a command and all that it loads, ll-trace names what else is refused"
  is "${status}" 126
}

@test "an interpreter of #! that does not exist is named" {
  printf '#!/no/such/interpreter\n' >script
  chmod +x script
  capture "${LL_EXEC}" --rx script -- "${T}/script"
  is "${errors}" "ll-exec: ${T}/script cannot be run: its interpreter /no/such/interpreter does not exist"
  is "${status}" 126
}

@test "an ELF program's loader that is not granted is named" {
  needs_program readelf
  local program loader
  program=$(readlink -f "$(command -v env)")
  loader=$(readelf -lW "${program}" | sed -n 's/.*program interpreter: \(.*\)]/\1/p')
  [[ -n ${loader} ]] || skip "needs a dynamically linked env"
  loader=$(readlink -f "${loader}")
  works "${LL_EXEC}" --rx / -- "${program}"
  capture "${LL_EXEC}" --rx "${program}" -- "${program}"
  is "${errors}" "ll-exec: ${program} cannot be run: its interpreter ${loader} is not granted rx
  grant it: rx ${loader}, or the directory it is in; --ldd grants a command and all that it loads, ll-trace names what else is refused"
  is "${status}" 126
}

@test "a script's interpreter's loader that is not granted is named" {
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

@test "an unknown option is refused, with the nearest name" {
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

@test "the nearest name is the nearest of directives and options" {
  rejects "ll-exec: argument 1: unknown option '--hep'
    --hep
    ^~~~~
  did you mean '--help'?" --hep
  rejects "ll-exec: argument 1: unknown option '--ldx'
    --ldx
    ^~~~~
  did you mean '--ldd'?" --ldx
}

@test "an unknown option with no near name is refused" {
  rejects "ll-exec: argument 1: unknown option '--frobnicate'
    --frobnicate
    ^~~~~~~~~~~~
  ll-exec --help lists them" --frobnicate
}

@test "an unknown letter is refused, also behind known ones" {
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

@test "an option before another one has no value, and does not take that one for it" {
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
  works sandboxed --ro '$HOME # "x"' -- list "${T}/"'$HOME # "x"'
  rejects "ll-exec: argument 1: \$HOME/x does not exist
    --ro=\$HOME/x
         ^~~~~~~
  if it need not, write -\$HOME/x" '--ro=$HOME/x'
}

@test "fs without a path is refused as an option" {
  rejects "ll-exec: argument 2: 'fs' has no value
    --fs read_file
         ^~~~~~~~~
  write fs RIGHT,.. PATH" --fs read_file
}

@test "fs with an empty path is refused at its place" {
  rejects "ll-exec: argument 2: an empty path
    --fs read_file 
                  ^" --fs 'read_file '
}

@test "--json alone is refused" {
  rejects "ll-exec: --json belongs to --explain or --check" --json
}

@test "an ABI that is none is refused" {
  local abi
  for abi in 0 12 x 1.5; do
    rejects "ll-exec: argument 2: '${abi}' is not a Landlock ABI
    --abi ${abi}
          ^$([[ ${#abi} -gt 1 ]] && printf '~%.0s' $(seq 2 "${#abi}"))
  a number from 1 to 11" --abi "${abi}"
  done
}

@test "--version says the version" {
  works "${LL_EXEC}" --version
  [[ ${output} =~ ^ll-exec\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
  works "${LL_EXEC}" -V
  [[ ${output} == "ll-exec "* ]]
}

@test "--help fits a screen and names every directive and option" {
  works "${LL_EXEC}" --help
  local lines widest name
  lines=$(wc -l <<<"${output}")
  widest=$(awk '{ if (length($0) > most) most = length($0) } END { print most }' <<<"${output}")
  ((lines < 24)) || { printf '%s lines\n' "${lines}"; return 1; }
  ((widest <= 80)) || { printf '%s columns\n' "${widest}"; return 1; }
  for name in ro rx rw rwx protect unix dev fs connect bind ipc limit env fd cap chdir require use \
    audit policy best-effort abi ldd explain json why check quiet verbose help version no-landlock; do
    [[ ${output} =~ --${name}([^a-z-]|$) ]] || { printf 'no --%s\n' "${name}"; return 1; }
  done
  works "${LL_EXEC}" -h
}

@test "--help and --version work with no rule satisfied and without a command" {
  works "${OLD_KERNEL}" absent "${LL_EXEC}" --help
  works "${OLD_KERNEL}" off "${LL_EXEC}" --version
}

@test "-q silences the warnings and nothing else" {
  needs_abi 3
  works sandboxed -q --abi 3 --best-effort --connect 443 -- pid
  works sandboxed -q --no-landlock -- pid
  rejects "ll-exec: argument 3: /nonexistent does not exist
    --ro /nonexistent
         ^~~~~~~~~~~~
  if it need not, write -/nonexistent" -q --ro /nonexistent
}

# ---- --status-fd

@test "--status-fd hears why nothing is run, and nothing of a command that is" {
  capture "${LL_EXEC}" --status-fd 9 --ro /nonexistent -- "${DEED}" pid 9>told
  is "${status}" 125
  is "$(<told)" "125
${errors}"
  capture "${LL_EXEC}" --status-fd 9 --rx "${DEED}" -- ./nothing 9>told
  is "${status} $(head -n 1 told)" '127 127'
  capture "${LL_EXEC}" --status-fd 9 --connect x -- true 9>told
  is "$(<told)" "125
${errors}"
  # Control: a command that ends so itself.
  capture "${LL_EXEC}" --status-fd 9 --ldd --rx /usr/bin/env --rx "${DEED}" -- "${DEED}" exit 125 9>told
  is "${status} $(<told)" '125 '
}

@test "the descriptor of --status-fd does not reach the command, and has to be open" {
  works "${LL_EXEC}" --status-fd 9 --rx "${DEED}" -- "${DEED}" descriptors 32 9>told
  is "${output}" $'0\n1\n2'
  rejects 'll-exec: descriptor 9 of --status-fd is not open' --status-fd 9 --rx "${DEED}"
  rejects "ll-exec: argument 1: '2' is not a descriptor from 3 up
    --status-fd=2
                ^" --status-fd=2
  capture "${LL_EXEC}" --status-fd 9 --fd 9 --rx "${DEED}" -- "${DEED}" pid 9>told
  is "${status} ${errors%%$'\n'*}" '125 ll-exec: argument 4: descriptor 9 is that of --status-fd'
}
