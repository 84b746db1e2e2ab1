# bats file_tags=check
load helpers

# Every message of the policy language in full; each has exit status 125 and runs nothing (helpers.bash,
# rejects). Messages about ports, limits, capabilities and so on are in the files of those directives.

@test "an unknown directive is refused, and the nearest name suggested" {
  rejects_line "rwz /tmp" "ll-exec: p.policy:1:1: unknown directive 'rwz'
    rwz /tmp
    ^~~
  did you mean 'rw'?"
  rejects_line "conect 443" "ll-exec: p.policy:1:1: unknown directive 'conect'
    conect 443
    ^~~~~~
  did you mean 'connect'?"
  rejects_line "protcet /srv" "ll-exec: p.policy:1:1: unknown directive 'protcet'
    protcet /srv
    ^~~~~~~
  did you mean 'protect'?"
}

@test "an unknown directive without a near name is refused" {
  rejects_line "frobnicate x" "ll-exec: p.policy:1:1: unknown directive 'frobnicate'
    frobnicate x
    ^~~~~~~~~~
  ll-exec --help lists them"
}

@test "an option in a policy is refused as an unknown directive" {
  rejects_line "best-effort" "ll-exec: p.policy:1:1: unknown directive 'best-effort'
    best-effort
    ^~~~~~~~~~~
  ll-exec --help lists them"
  rejects_line "--ro /tmp" "ll-exec: p.policy:1:1: unknown directive '--ro'
    --ro /tmp
    ^~~~
  did you mean 'ro'?"
}

@test "a directive in upper case is unknown, and the right one is suggested" {
  rejects_line "RO /etc" "ll-exec: p.policy:1:1: unknown directive 'RO'
    RO /etc
    ^~
  did you mean 'ro'?"
}

@test "an error has the line number of its line, behind comments and empty lines" {
  policy p.policy "# one" "" "ro /etc # two" "   frobnicate /etc"
  rejects "ll-exec: p.policy:4:4: unknown directive 'frobnicate'
       frobnicate /etc
       ^~~~~~~~~~
  ll-exec --help lists them" -p p.policy
}

@test "an unknown right is refused, and the nearest name suggested" {
  rejects_line "fs read_fil /tmp" "ll-exec: p.policy:1:4: unknown right 'read_fil'
    fs read_fil /tmp
       ^~~~~~~~
  did you mean 'read_file'?"
}

@test "an unknown right without a near name is refused" {
  rejects_line "fs everything /tmp" "ll-exec: p.policy:1:4: unknown right 'everything'
    fs everything /tmp
       ^~~~~~~~~~
  rights come first, as in: fs read_file,read_dir /srv"
}

@test "fs with its path before the rights is refused" {
  rejects_line "fs /tmp read_file" "ll-exec: p.policy:1:4: unknown right '/tmp'
    fs /tmp read_file
       ^~~~
  rights come first, as in: fs read_file,read_dir /srv"
}

@test "fs refuses a network right" {
  rejects_line "fs connect_tcp /tmp" "ll-exec: p.policy:1:4: unknown right 'connect_tcp'
    fs connect_tcp /tmp
       ^~~~~~~~~~~
  rights come first, as in: fs read_file,read_dir /srv"
}

@test "fs without a right is refused" {
  rejects_line "fs '' /tmp" "ll-exec: p.policy:1:4: unknown right ''
    fs '' /tmp
       ^~
  rights come first, as in: fs read_file,read_dir /srv"
  rejects_line "fs read_file,,read_dir /tmp" "ll-exec: p.policy:1:4: unknown right ''
    fs read_file,,read_dir /tmp
       ^~~~~~~~~~~~~~~~~~~
  rights come first, as in: fs read_file,read_dir /srv"
}

@test "fs without a path is refused" {
  rejects_line "fs read_file" "ll-exec: p.policy:1:1: 'fs' has no value
    fs read_file
    ^~
  write fs RIGHT,.. PATH"
}

@test "every directive without a value is refused" {
  local row name metavar carets
  for row in "ro PATH" "rx PATH" "rw PATH" "rwx PATH" "protect PATH" "deny PATH" "unix PATH|any" "dev PATH" \
    "fs RIGHT,.. PATH" "connect PORT[/udp]" "bind PORT[/udp]" "ipc NAME" "syscall VERB NAME" "metadata allow|deny" "audit on" \
    "limit NAME=N" "env NAME[=VALUE]" "fd N" "cap NAME" "chdir PATH" "require landlock=N" \
    "use NAME|FILE"; do
    name=${row%% *}
    metavar=${row#* }
    carets=$(printf '~%.0s' $(seq 2 ${#name}))
    rejects_line "${name} # nothing" "ll-exec: p.policy:1:1: '${name}' has no value
    ${name} # nothing
    ^${carets}
  write ${name} ${metavar}"
  done
}

@test "audit with a value other than on is refused" {
  rejects_line "audit off" "ll-exec: p.policy:1:7: 'off' is not 'on'
    audit off
          ^~~
  write audit on, or leave the line out"
}

@test "require of an unknown feature is refused" {
  rejects_line "require seccomp=1" "ll-exec: p.policy:1:9: 'seccomp=1' cannot be required
    require seccomp=1
            ^~~~~~~~~
  write require landlock=N, N being a Landlock ABI"
  rejects_line "require landlock=0" "ll-exec: p.policy:1:9: 'landlock=0' cannot be required
    require landlock=0
            ^~~~~~~~~~
  write require landlock=N, N being a Landlock ABI"
}

@test "require of an unknown ABI is refused" {
  rejects_line "require landlock=12" \
    "ll-exec: p.policy:1:9: Landlock ABI 12 is newer than this program knows
    require landlock=12
            ^~~~~~~~~~~
  the newest it knows is 11"
}

@test "an empty path is refused" {
  rejects_line "ro ''" "ll-exec: p.policy:1:4: an empty path
    ro ''
       ^~"
  rejects_line "ro -" "ll-exec: p.policy:1:4: an empty path
    ro -
       ^"
}

@test "a second word after a path is a second path" {
  rejects_line "ro /etc extra" "ll-exec: p.policy:1:9: extra does not exist
    ro /etc extra
            ^~~~~
  if it is optional, write -extra"
}

# ---- variables and quotes

@test "variables, defaults, ~ and \$\$ are expanded" {
  mkdir -p home/dir 'd$llar'
  printf 'inside\n' >home/dir/file
  printf 'inside\n' >'d$llar/file'
  policy p.policy 'ro $TREE/dir' 'ro ${TREE}/dir "${TREE}/dir"' 'ro ${NOPE:-/etc}' 'ro ~/dir' \
    'ro d$$llar'
  assert_success env TREE="${T}/home" HOME="${T}/home" "${LL_EXEC}" -p p.policy --rx "${PROBE}" -- \
    "${PROBE}" read "${T}/home/dir/file"
  assert_success env TREE="${T}/home" HOME="${T}/home" "${LL_EXEC}" -p p.policy --rx "${PROBE}" -- \
    "${PROBE}" read "${T}/d\$llar/file"
  assert_success env TREE="${T}/home" HOME="${T}/home" "${LL_EXEC}" -p p.policy --rx "${PROBE}" -- \
    "${PROBE}" list /etc
}

@test "single quotes are literal" {
  mkdir '$HOME ~ "x" # y'
  policy p.policy "ro '\$HOME ~ \"x\" # y'"
  assert_success sandboxed -p p.policy -- list "${T}/\$HOME ~ \"x\" # y"
}

@test "the variable PWD is the working directory of the process, whatever the environment says" {
  printf 'inside\n' >file
  policy p.policy 'ro $PWD/file'
  assert_success env PWD=/nonexistent "${LL_EXEC}" -p p.policy --rx "${PROBE}" -- "${PROBE}" read "${T}/file"
}

@test "the variable PID is the process ID of the command, and TMPDIR is /tmp where it is unset or empty" {
  policy p.policy 'ro $TMPDIR ${TMPDIR}/. -/proc/$PID/status'
  capture env -u TMPDIR "${LL_EXEC}" -p p.policy --explain
  is "${status}" 0
  [[ ${output} == *' /tmp/ '* && ${output} == *" /proc/"[0-9]*"/status "* ]]
  capture env TMPDIR= PID=1 "${LL_EXEC}" -p p.policy --explain
  [[ ${output} == *' /tmp/ '* && ${output} != *" /proc/1/status "* ]]
  mkdir own
  capture env TMPDIR="${T}/own" "${LL_EXEC}" -p p.policy --explain
  [[ ${output} == *" ${T}/own/ "* && ${output} != *' /tmp/ '* ]]
  assert_success "${LL_EXEC}" -p p.policy --rx "${PROBE}" -- "${PROBE}" read /proc/self/status
}

@test "blanks in a variable's value do not split the word" {
  mkdir 'a b'
  policy p.policy 'ro $NAME'
  assert_success env NAME="${T}/a b" "${LL_EXEC}" -p p.policy --rx "${PROBE}" -- "${PROBE}" list "${T}/a b"
}

@test "an unset or empty variable is refused" {
  unset NOPE
  rejects_line 'ro $NOPE/x' "ll-exec: p.policy:1:4: the variable NOPE is unset or empty
    ro \$NOPE/x
       ^~~~~
  set it, or give a default: \${NOPE:-default}"
  export NOPE=
  rejects_line 'ro "/x/${NOPE}"' "ll-exec: p.policy:1:8: the variable NOPE is unset or empty
    ro \"/x/\${NOPE}\"
           ^~~~~~~
  set it, or give a default: \${NOPE:-default}"
}

@test "~ without HOME is refused" {
  unset HOME
  rejects_line 'ro ~/x' "ll-exec: p.policy:1:4: the variable HOME is unset or empty
    ro ~/x
       ^
  set it, or give a default: \${HOME:-default}"
}

@test "~USER is refused" {
  rejects_line 'ro ~bob/x' "ll-exec: p.policy:1:4: another user's home directory is not looked up
    ro ~bob/x
       ^~~~
  write the path, or ./~name for a file of that name"
}

@test "a variable that holds a newline is refused" {
  export BAD=$'/tmp\nrw /'
  rejects_line 'ro $BAD' "ll-exec: p.policy:1:4: the variable BAD contains a newline
    ro \$BAD
       ^~~~"
}

@test "a brace that is not closed is refused" {
  rejects_line 'ro ${HOME/x' "ll-exec: p.policy:1:4: this variable has no closing '}'
    ro \${HOME/x
       ^~~~~~
  write \${NAME} or \${NAME:-default}"
}

@test "a dollar without a name is refused" {
  rejects_line 'ro a$-' "ll-exec: p.policy:1:5: '\$' is not followed by a variable's name
    ro a\$-
        ^
  write \$\$ for a dollar, or put the value in '...'"
}

@test "a quote that is not closed is refused" {
  local quote
  for quote in "'" '"'; do
    rejects_line "ro ${quote}abc" "ll-exec: p.policy:1:4: this quote is not closed on its line
    ro ${quote}abc
       ^"
  done
}

# ---- options of sandbox.sh

@test "an option of sandbox.sh is refused, and the message names sandbox.sh" {
  local option
  for option in memory pids cpus timeout overlay rootfs net tmpfs; do
    rejects "ll-exec: argument 1: unknown option '--${option}'
    --${option}=x
    ^~$(printf '~%.0s' $(seq ${#option}))
  sandbox.sh has it: it runs a command under the same policy in private namespaces" "--${option}=x"
  done
  rejects "ll-exec: argument 1: unknown option '--frobnicate'
    --frobnicate
    ^~~~~~~~~~~~
  ll-exec --help lists them" --frobnicate
}
