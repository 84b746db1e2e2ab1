load sandbox

# sandbox.sh: a command is called as without it.

# ---- behaviour of the command

@test "the exit status is the command's" {
  local code
  for code in 0 1 7 124 125 126 127 255; do
    assert_status "${code}" "${BOXED[@]}" sh -c "exit ${code}"
  done
}

@test "a rule that the kernel cannot enforce is refused with the policy's line, not with the generated option" {
  printf 'use sandbox\nlimit nproc=4096\n' >p.policy
  local user=$((EUID == 0 ? ORDINARY : EUID))
  assert_success "${BOXED[@]}" -p ./p.policy -- id -u
  is "${output}" "${user}"
  ((EUID == 0)) || skip 'needs root'
  as_root
  capture "${BOXED[@]}" -p ./p.policy -- true
  is "${status} ${errors}" "125 sandbox.sh: ./p.policy:2:7: 'limit nproc' does not hold for root: the kernel exempts it
    limit nproc=4096
          ^~~~~~~~~~
  run as an ordinary user, drop the rule, or add --best-effort to run without enforcing it"
  assert_success "${BOXED[@]}" -q -p ./p.policy --best-effort -- id -u
  is "${output}" 0
}

@test "messages are from sandbox.sh, and count its own arguments" {
  local at
  assert_success "${BOXED[@]}" true
  capture "${BOXED[@]}" --ro /etc --rw /nonexistent true
  is "${status} ${errors}" "125 sandbox.sh: argument 4: /nonexistent does not exist
    --rw /nonexistent
         ^~~~~~~~~~~~
  if it is optional, write -/nonexistent"
  capture "${BOXED[@]}" --ro /etc --frobnicate true
  is "${status} ${errors}" "125 sandbox.sh: argument 3: unknown option '--frobnicate'
    --frobnicate
    ^~~~~~~~~~~~
  sandbox.sh --help lists them"
  capture "${BOXED[@]}" --explain -q --timeout x true
  is "${errors%%$'\n'*}" "sandbox.sh: argument 4: 'x' is not a time"
  capture "${BOXED[@]}" -C /nonexistent true
  is "${errors%%$'\n'*}" "sandbox.sh: argument 2: cannot start in /nonexistent: ENOENT (no such file or directory)"
  # Arguments that sandbox.sh itself takes are counted as well, in any position.
  for at in "--dry-run --overlay . --ro" "--overlay=. --json --changes c --ro"; do
    # shellcheck disable=SC2086 # words
    capture "${BOXED[@]}" ${at} /nonexistent true
    is "${errors%%$'\n'*}" "sandbox.sh: argument $(($(wc -w <<<"${at}") + 1)): /nonexistent does not exist"
  done
  # Options that it adds itself are not counted.
  capture env TMPFS_SIZE=x "${BOXED[@]}" true
  is "${errors%%$'\n'*}" "sandbox.sh: 'x' is not a size"
  capture "${BOXED[@]}" --dry-run true
  is "${status} ${errors%%$'\n'*}" "125 sandbox.sh: no directory given"
  capture "${BOXED[@]}"
  is "${status} ${errors}" "125 sandbox.sh: no command to run
  sandbox.sh [options] [--] command [argument...]; sandbox.sh --help says more"
}

@test "messages are from ll-ns where it was started directly, and have the line of the policy" {
  capture "${AS[@]}" "${LL_NS_PROGRAM}" --ro /nonexistent true
  is "${errors%%$'\n'*}" "ll-ns: argument 2: /nonexistent does not exist"
  capture "${AS[@]}" "${LL_NS_PROGRAM}" -q -p sandbox no-such-command
  is "${status} ${errors%%$'\n'*}" "127 ll-ns: 'no-such-command' is not found"
  printf 'use sandbox\nro /nonexistent\n' >p.policy
  capture "${BOXED[@]}" -p ./p.policy true
  is "${errors%%$'\n'*}" "sandbox.sh: ./p.policy:2:4: /nonexistent does not exist"
}

@test "a command path below the current directory is resolved there, and the command is not hidden" {
  mkdir in out
  printf 'text\n' >in/file
  printf 'secret\n' >other
  printf '#!/bin/sh\ncat in/file; cat other; echo new >out/made\n' >tool
  chmod 777 out
  chmod 755 tool
  capture "${BOXED[@]}" ./tool
  is "${status} ${output}" $'2 text\nsecret'
  capture "${BOXED[@]}" --ro in --rw out ./tool
  is "${status} ${output} ${errors} $(<out/made)" "0 text cat: other: No such file or directory new"
  local named
  for named in "in" "./in" "${T}/in" "in/." "out/../in" "in/file" "-in" "-none"; do
    fails "${BOXED[@]}" --ro "${named}" cat other
  done
  fails "${BOXED[@]}" "--fs=read_file,read_dir in" cat other
  mkdir deeper
  cp tool deeper/
  capture "${BOXED[@]}" --ro in -C deeper ./tool
  assert_stderr "cat: in/file: No such file or directory"
  # A path that is not below it, or a deny, leaves it granted.
  for named in "." "${T}" "${T}/" "in/.." "/etc" "-../nowhere"; do
    assert_success "${BOXED[@]}" --ro "${named}" cat other
    is "${output}" secret
  done
  assert_success "${BOXED[@]}" --deny in cat other
  assert_success "${BOXED[@]}" --rw . sh -c 'echo echo made >p && chmod +x p && ./p'
  is "${output}" made
}

@test "a current directory that was removed or is not accessible is reported" {
  mkdir -p gone closed/deeper
  chmod 777 gone closed closed/deeper
  cd gone
  assert_success "${BOXED[@]}" true
  rmdir "${T}/gone"
  capture "${BOXED[@]}" true
  is "${status}" 125
  assert_stderr "sandbox.sh: cannot enter the current directory: it was removed, or this user may not search it"
  capture "${BOXED[@]}" -p sandbox pwd
  is "${status} ${output}" "0 /"
  assert_stderr "sandbox.sh: warning: the current directory no longer has a path, so the command starts in /"
  capture "${AS[@]}" "${BOX}/ll-exec" -p git true
  is "${status}" 125
  assert_stderr ": the current directory has no path: it was removed, or lies outside of the root"
  cd "${T}/closed/deeper"
  ((EUID != 0)) || chown -R "${ORDINARY}" "${T}/closed"
  "${AS[@]}" chmod 0 ..
  capture "${BOXED[@]}" true
  is "${status}" 125
  assert_stderr "this user may not search a directory on the path"
  capture env HOME=/ "${BOXED[@]}" true
  is "${status}" 125
  assert_stderr "sandbox.sh: cannot enter the current directory: it was removed, or this user may not search it"
  chmod 755 "${T}/closed"
}

# sandbox.sh(1), CAVEATS: only one user exists inside.
@test "ssh refuses included configuration of root, and works with -F none" {
  needs_root
  needs_program ssh
  mkdir ssh
  printf 'Include /etc/ssh/part.conf\n' >ssh/ssh_config
  printf 'Host nothing\n' >ssh/part.conf
  # A user in passwd(5).
  AS=(setpriv --reuid=daemon --regid=daemon --clear-groups --)
  use_programs
  assert_success "${AS[@]}" ssh -F ssh/ssh_config -G -T localhost
  capture "${BOXED[@]}" --ro-bind "${T}/ssh:/etc/ssh" ssh -G -T localhost
  is "${status}" 255
  assert_stderr "Bad owner or permissions on /etc/ssh/part.conf"
  assert_success "${BOXED[@]}" --ro-bind "${T}/ssh:/etc/ssh" ssh -F none -G -T localhost
  as_root
  assert_success "${BOXED[@]}" --ro-bind "${T}/ssh:/etc/ssh" ssh -G -T localhost
}

# shellcheck disable=SC2016 # for the shell inside
stdout_by_name() {
  : >into
  local -a opens=(sh -c 'echo text >/dev/stdout')
  # A file of the user: another user's pipe cannot be reopened.
  local -a piped=("${AS[@]}" bash -c '"$@" | cat' -)
  "${AS[@]}" "${opens[@]}" >into
  is "$(<into)" text
  assert_success "${piped[@]}" "${opens[@]}"
  if "${AS[@]}" "$@" "${opens[@]}" >into 2>/dev/null; then return 1; fi
  "${AS[@]}" "$@" --rw /dev/stdout "${opens[@]}" >into
  is "$(<into)" text
  assert_success "${piped[@]}" "$@" --rw /dev/stdout "${opens[@]}"
  is "${output}" text
  assert_success "${piped[@]}" "$@" "${opens[@]}"
  is "${output}" text
}

@test "/dev/stdout that is a file can be opened by name if it is granted" {
  chmod 777 .
  : >into
  chmod 666 into
  stdout_by_name "${SANDBOX}"
  stdout_by_name "${BOX}/ll-exec" "${SYSTEM[@]}"
}

@test "with cgroup v1 controllers, or none, a cgroup limit is refused with the reason" {
  local controllers=/sys/fs/cgroup/cgroup.controllers
  [[ ! -e ${controllers} ]] || ! grep -q -w memory "${controllers}" || skip "cgroup v2 has the controllers"
  assert_success "${BOXED[@]}" true
  capture "${BOXED[@]}" --memory 64M true
  is "${status} ${output}" "125 "
  [[ ${errors} == "sandbox.sh: argument 1: cgroup v2 has no "*" controller here: cgroup v1 uses it"* ||
    ${errors} == "sandbox.sh: argument 1: no cgroup v2 hierarchy is mounted here"* ]] || { printf '%s\n' "${errors}"; return 1; }
  assert_stderr "--memory-each"
}

@test "a stack limit that is too small is reported by every program, and none crashes" {
  local kib
  for kib in 32 64; do
    capture "${AS[@]}" bash -c "ulimit -s ${kib} && exec \"\$@\"" - "${BOX}/ll-exec" -p sandbox -- true
    is "${status}" 125
    assert_stderr "ll-exec: the stack is limited to $((kib * 1024)) bytes, "
    capture "${AS[@]}" bash -c "ulimit -s ${kib} && exec \"\$@\"" - "${LL_NS_PROGRAM}" -p sandbox -- true
    is "${status}" 125
    assert_stderr "ll-ns: the stack is limited to $((kib * 1024)) bytes, "
    capture "${AS[@]}" bash -c "ulimit -s ${kib} && exec \"\$@\"" - "${SANDBOX}" true
    is "${status}" 125
    capture "${AS[@]}" bash -c "ulimit -s ${kib} && exec \"\$@\"" - "${BOX}/ll-changes" run --overlay . -- "${LL_NS_PROGRAM}" -p sandbox -- true
    is "${status}" 125
  done
  assert_success "${AS[@]}" bash -c "ulimit -s 256 && exec \"\$@\"" - "${SANDBOX}" true
  assert_success "${AS[@]}" bash -c "ulimit -s 2048 && exec \"\$@\"" - "${SANDBOX}" --overlay . --dry-run true
}

@test "a command that is not found has exit status 127, and one that cannot be run 126, as with ll-exec" {
  capture "${BOXED[@]}" no-such-command
  is "${status} ${errors}" "127 sandbox.sh: 'no-such-command' is not found
  looked for it in the directories of PATH"
  capture "${BOXED[@]}" ./no-such-command
  is "${status} ${errors}" "127 sandbox.sh: './no-such-command' is not found"
  printf 'no\n' >cmd
  capture "${BOXED[@]}" ./cmd
  is "${status}" 126
  assert_stderr "./cmd cannot be run: EACCES"
  capture "${BOXED[@]}" "${T}"
  is "${status}" 126
}

@test "a command killed by SIGKILL has exit status 137" {
  begin "${BOXED[@]}" sh -c 'echo ready; exec sleep 1000'
  local inside
  inside=$(pgrep -P "${started_pid}")
  kill -KILL "${inside}"
  ends_with 137
}

@test "standard input and output are the command's" {
  assert_success "${BOXED[@]}" cat <<<"in and out"
  is "${output}" "in and out"
  capture "${BOXED[@]}" sh -c 'echo out; echo err >&2'
  is "${output} ${errors}" "out err"
  assert_success "${BOXED[@]}" cat </dev/null
  is "${output}" ""
}

@test "some MiB of binary data pass through unchanged" {
  head -c 5000000 /dev/urandom >data
  "${BOXED[@]}" cat <data | "${BOXED[@]}" cat | "${BOXED[@]}" cat >copy
  cmp data copy
}

@test "when the reader of a pipe ends, the command ends" {
  local marker=y${RANDOM}${RANDOM} option
  for option in --proc --init; do
    "${BOXED[@]}" "${option}" yes "${marker}" 2>/dev/null 3>&- | head -n 1 >first
    is "$(<first)" "${marker}"
    waits_until none_left "${marker}"
  done
  # By SIGPIPE, which process 1 ignores by default (pid_namespaces(7)).
  "${BOXED[@]}" --init sh -c 'while :; do echo "$1"; done' - "${marker}" 2>/dev/null 3>&- | head -n 1 >first
  is "$(<first)" "${marker}"
  waits_until none_left "${marker}"
}

@test "closed standard descriptors stay usable" {
  assert_success "${AS[@]}" "${PROBE}" with-closed 0 "${BOX}/sandbox.sh" true
  assert_success "${AS[@]}" "${PROBE}" with-closed 012 "${BOX}/sandbox.sh" true
}

@test "--no-loader does not pass secrets and LD_ variables, and warns" {
  # Control: without a sandbox they are set.
  assert_success "${AS[@]}" env -i A=1 GITHUB_TOKEN=2 LD_AUDIT=/none.so "${PROBE}" environment
  [[ ${output} == *GITHUB_TOKEN=2* ]]
  capture "${AS[@]}" env -i A=1 GITHUB_TOKEN=2 LD_AUDIT=/none.so "${LL_NS_PROGRAM}" --no-loader --rx "${PROBE}" -- "${PROBE}" environment
  is "${output}" 'A=1'
  [[ ${errors} == 'll-ns: warning: not passed to the command: GITHUB_TOKEN LD_AUDIT'* ]]
  assert_success "${AS[@]}" env -i A=1 GITHUB_TOKEN=2 "${LL_NS_PROGRAM}" -q --no-loader --rx "${PROBE}" -- "${PROBE}" environment
  is "${output}" 'A=1'
}

@test "inherited file descriptors are closed except those of --fd" {
  printf 'text\n' >file
  assert_success "${AS[@]}" "${PROBE}" with-descriptor 7 "${PROBE}" descriptors 32 <file
  [[ ${output} == *7* ]]
  assert_success "${AS[@]}" "${PROBE}" with-descriptor 7 "${BOX}/sandbox.sh" --rx "${PROBE}" "${PROBE}" descriptors 256 <file
  is "${output}" $'0\n1\n2'
  assert_success "${AS[@]}" "${PROBE}" with-descriptor 7 "${BOX}/sandbox.sh" --fd 7 --rx "${PROBE}" "${PROBE}" descriptors 256 <file
  is "${output}" $'0\n1\n2\n7'
  assert_success "${AS[@]}" "${PROBE}" with-descriptor 7 "${BOX}/sandbox.sh" --init --fd 7 --rx "${PROBE}" "${PROBE}" descriptors 256 <file
  is "${output}" $'0\n1\n2\n7'
  assert_success "${AS[@]}" "${PROBE}" with-descriptor 7 "${LL_NS_PROGRAM}" --no-loader --rx "${PROBE}" -- "${PROBE}" descriptors 256 <file
  is "${output}" $'0\n1\n2'
}

@test "only the variables of the policy are passed" {
  assert_success env KEY=secret LANG=C.UTF-8 "${BOXED[@]}" sh -c 'echo "${KEY-none} ${LANG}"'
  is "${output}" "none C.UTF-8"
  assert_success env KEY=secret "${BOXED[@]}" --env KEY sh -c 'echo "${KEY-none}"'
  is "${output}" secret
  assert_success env BASH_ENV="${T}/startup" KEY=1 "${BOXED[@]}" true
}

@test "code in BASH_ENV and exported functions is not run" {
  printf 'touch %q\n' "${T}/marker" >startup
  assert_success env BASH_ENV="${T}/startup" bash -c true
  [[ -e marker ]]
  rm marker
  assert_success env BASH_ENV="${T}/startup" ENV="${T}/startup" 'BASH_FUNC_exec%%=() { touch marker; }' 'BASH_FUNC_printf%%=() { touch marker; }' \
    "${BOXED[@]}" true
  [[ ! -e marker ]]
}

@test "an unusual IFS and shell options change nothing" {
  assert_success env IFS=/ SHELLOPTS=noglob "${BOXED[@]}" echo 'a/b' '*'
  is "${output}" 'a/b *'
  assert_success env POSIXLY_CORRECT=1 "${BOXED[@]}" echo hello
}
