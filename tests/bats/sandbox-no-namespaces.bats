load sandbox

# sandbox.sh --no-namespaces: the restrictions of ll-exec, a directory for temporary files, and no remaining process.

ALONE=("${AS[@]}" "${SANDBOX}" --no-namespaces)

# In a user namespace of the test in which user namespaces are refused.
refused_namespaces() {
  # shellcheck disable=SC2016
  OFF=("${AS[@]}" unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' -)
  "${OFF[@]}" true || skip "needs user namespaces to refuse them"
}

@test "--no-namespaces is never implied, and the error about namespaces suggests it" {
  refused_namespaces
  capture "${OFF[@]}" "${SANDBOX}" echo ran
  is "${status} ${output}" "125 "
  assert_stderr "  --no-namespaces does without"
  assert_success "${OFF[@]}" "${SANDBOX}" --no-namespaces echo ran
  is "${output}" ran
}

@test "accesses that are not granted are refused, as with ll-exec alone" {
  printf 'mine\n' >secret
  chmod 644 secret
  assert_success "${AS[@]}" cat "${T}/secret"
  mkdir here
  cd here
  fails "${ALONE[@]}" cat "${T}/secret"
  assert_stderr "Permission denied"
  fails "${ALONE[@]}" sh -c 'echo x >made'
  fails "${ALONE[@]}" ls /root/..
  chmod 777 .
  assert_success "${ALONE[@]}" --rw . sh -c 'echo x >made'
}

@test "temporary files are in a private directory, which is removed at the end" {
  mkdir -m 777 temporary
  assert_success "${AS[@]}" sh -c 'echo x >/tmp/ll-tests.alone && rm /tmp/ll-tests.alone'
  # shellcheck disable=SC2016
  TMPDIR=${T}/temporary TMP=/tmp assert_success "${ALONE[@]}" sh -c 'mktemp; echo "${TMP-}"; stat -c %a "$TMPDIR"; mkdir -p "$TMPDIR/a/b"; echo x >"$TMPDIR/a/b/c"
    chmod 0 "$TMPDIR/a/b" "$TMPDIR/a"; ln -s /etc "$TMPDIR/link"'
  [[ ${output} == "${T}/temporary/ll-ns."*$'\n\n700' ]]
  is "$(ls -A temporary)" ""
  [[ -d /etc/. ]]
  fails "${ALONE[@]}" sh -c 'echo x >/tmp/ll-tests.alone'
  [[ ! -e /tmp/ll-tests.alone ]]
  # With a policy that names the variables.
  # shellcheck disable=SC2016
  TMPDIR=${T}/temporary OTHER=1 assert_success "${ALONE[@]}" --env HOME sh -c 'echo "${TMPDIR%/*} ${OTHER-}"'
  is "${output}" "${T}/temporary "
}

@test "deep trees of temporary files are removed" {
  mkdir -m 777 temporary
  # shellcheck disable=SC2016
  TMPDIR=${T}/temporary assert_success "${ALONE[@]}" sh -c 'cd "$TMPDIR"; i=0; while [ $i -lt 300 ]; do mkdir d && cd d; i=$((i + 1)); done; echo x >file'
  is "$(ls -A temporary)" ""
}

@test "environment variables with secrets are not passed" {
  assert_success env GITHUB_TOKEN=hunter2 "${AS[@]}" env
  [[ ${output} == *hunter2* ]]
  capture env GITHUB_TOKEN=hunter2 "${ALONE[@]}" env
  [[ ${status} == 0 && ${output} != *hunter2* ]]
}

# A process that has left its parent, its session and its process group; both of its ancestors have ended.
# shellcheck disable=SC2016
LEAVE='setsid sh -c "(setsid sleep $1 &) ; exit" & wait'

@test "processes that the command leaves running are killed, also in other sessions and process groups" {
  needs_program setsid
  "${AS[@]}" sh -c "${LEAVE}" - 87651
  at_least 1 87651
  pkill -KILL -x -f 'sleep 87651'
  assert_success "${ALONE[@]}" sh -c "${LEAVE}" - 87652
  is "$(count_of 87652)" 0
  assert_success "${ALONE[@]}" sh -c 'i=0; while [ $i -lt 40 ]; do (setsid sh -c "sleep 87653 & sleep 87653" &); i=$((i + 1)); done'
  is "$(count_of 87653)" 0
}

# Forks, and lets the parent end, as fast as it can.
@test "processes that fork faster than they are killed are all killed" {
  needs_program python3
  assert_success "${ALONE[@]}" python3 -c '
import os, sys
for i in range(3):
    if os.fork() == 0:
        os.setsid()
        while True:
            if os.fork() != 0: os._exit(0)
' ll-runs-away
  is "$(count_of ll-runs-away)" 0
}

@test "when ll-ns is killed, the command is killed and its temporary files are removed" {
  mkdir -m 777 temporary
  TMPDIR=${T}/temporary begin "${ALONE[@]}" sh -c 'setsid sleep 87654 & echo started; sleep 87654'
  at_least 2 87654
  kill -KILL "${started_pid}"
  ends_with 137
  waits_until none_left 87654
  waits_until rmdir temporary
}

@test "--timeout kills all processes, with exit status 124" {
  capture "${ALONE[@]}" --timeout 300ms sh -c 'setsid sleep 87655 & trap "" TERM; while :; do sleep 87655; done'
  is "${status} ${errors}" "124 "
  is "$(count_of 87655)" 0
}

@test "the exit status is the command's, and signals reach it" {
  capture "${ALONE[@]}" sh -c 'exit 7'
  is "${status}" 7
  capture "${ALONE[@]}" no-such-program
  is "${status}" 127
  capture "${ALONE[@]}" sh -c 'kill -KILL $$'
  is "${status}" 137
  begin "${ALONE[@]}" sh -c 'trap "exit 9" TERM; echo started; while :; do sleep 0.1; done'
  kill -TERM "${started_pid}"
  ends_with 9
  begin env --default-signal=INT setsid "${ALONE[@]}" sh -c 'echo started; exec sleep 100'
  kill -INT -- "-${started_pid}"
  ends_with 130
}

@test "--status-fd receives the reason why nothing was run, and is closed when the command runs" {
  local -i status=0
  "${ALONE[@]}" --status-fd 5 --ro /nonexistent/x true 5>said 2>/dev/null || status=$?
  is "${status} $(head -n 1 said)" "125 125"
  mkfifo told
  "${ALONE[@]}" --status-fd 5 sh -c 'echo ran; sleep 87656' 5>told 3>&- >/dev/null &
  started_pid=$!
  is "$(<told)" ""
  waits_until at_least 1 87656
  kill -TERM "${started_pid}"
  ends_with 143
}

@test "an option that needs a namespace is refused by name" {
  local -a options
  local option
  for option in '--rootfs /' --host-root '--bind /etc:/x' '--ro-bind /etc' '--tmpfs /x' '--hostname x' --root --init \
    '--share pid' '--disk 1M' '--seed 1' '--net none'; do
    read -ra options <<<"${option}"
    capture "${ALONE[@]}" "${options[@]}" -p sandbox echo ran
    is "${status} ${output}" "125 "
    assert_stderr "needs namespaces: it excludes --no-namespaces"
  done
}

@test "the command can neither inspect, signal nor detach from the process that supervises it" {
  # shellcheck disable=SC2016
  capture "${ALONE[@]}" sh -c 'cat /proc/$PPID/environ; ls /proc/$PPID/fd'
  [[ ${output} == "" && ${status} != 0 ]]
  needs_abi 6
  # shellcheck disable=SC2016
  fails "${ALONE[@]}" sh -c 'kill -KILL $PPID'
}
