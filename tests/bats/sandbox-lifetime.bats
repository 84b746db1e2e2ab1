load sandbox

# sandbox.sh: how it ends, and that nothing is left behind.

# ---- --init

@test "with --init the command is not process 1, and process 1 reaps orphans" {
  assert_success "${BOXED[@]}" --init sh -c 'echo $$'
  is "${output}" 2
  # Prints the fate of the orphan: gone, or its state after the timeout.
  cat >watch <<'END'
rounds=$1
until [ -s /tmp/orphan ]; do sleep 0.01; done
while [ -n "$2" ] && ! grep -q -x "$2" /proc/1/comm; do sleep 0.01; done
: >/tmp/go
read -r orphan </tmp/orphan
while [ "${rounds}" -gt 0 ]; do
  [ -e "/proc/${orphan}" ] || { echo reaped; exit; }
  sleep 0.01
  rounds=$((rounds - 1))
done
sed -n 's/^State:.\(.\).*/\1/p' "/proc/${orphan}/status"
END
  cat >orphan <<'END'
echo $$ >/tmp/orphan
until [ -e /tmp/go ]; do sleep 0.01; done
END
  assert_success "${BOXED[@]}" --init sh -c '(sh orphan &); sh watch 1000'
  is "${output}" reaped
  # A process 1 that does not wait leaves it a zombie.
  begin "${BOXED[@]}" sh -c '(sh orphan &); sh watch 50 sleep & exec sleep 1000'
  is "${started}" Z
}

@test "exit statuses are the same with --init" {
  local code
  for code in 0 1 7 125 126 127 255; do
    assert_status "${code}" "${BOXED[@]}" --init sh -c "exit ${code}"
  done
  assert_status 134 "${BOXED[@]}" --init sh -c 'kill -ABRT $$'
  assert_status 143 "${BOXED[@]}" --init sh -c 'kill -TERM $$'
  assert_status 137 "${BOXED[@]}" --init sh -c 'kill -KILL $$'
}

@test "with --init a signal reaches the command" {
  begin "${BOXED[@]}" --init sh -c 'trap "echo got it; exit 9" TERM; echo ready; while :; do sleep 0.01; done'
  kill -TERM "${started_pid}"
  ends_with 9
  is "$(<started)" $'ready\ngot it'
  local marker=1000.${RANDOM}${RANDOM}
  begin "${BOXED[@]}" --init sh -c 'echo ready; exec sleep "$1"' - "${marker}"
  kill -TERM "${started_pid}"
  ends_with 143
  waits_until none_left "${marker}"
}

@test "with --init remaining processes are killed when the command ends" {
  local marker=1000.${RANDOM}${RANDOM}
  assert_success "${BOXED[@]}" --init sh -c 'sleep "$1" >/dev/null 2>&1 & exit 0' - "${marker}"
  waits_until none_left "${marker}"
}

@test "a command that handles SIGTERM and raises it again with the default action ends, although it is process 1" {
  begin "${BOXED[@]}" bash -c 'trap "trap - TERM; kill -TERM \$\$" TERM; echo ready; while :; do sleep 0.01; done'
  kill -TERM "${started_pid}"
  ends_with 143
  # A command that handles the signal and goes on is not killed.
  begin "${BOXED[@]}" bash -c 'trap "echo again" TERM; echo ready; for ((i = 0; i < 400; i++)); do sleep 0.01; done; exit 4'
  kill -TERM "${started_pid}"
  ends_with 4
  is "$(<started)" $'ready\nagain'
}

@test "node ends on SIGTERM and on SIGINT, as without a sandbox" {
  needs_program node
  "${AS[@]}" node -e 0 || skip "node does not run here"
  local name program='console.log("ready"); setInterval(() => {}, 1000)'
  for name in TERM INT; do
    # A shell's background job ignores SIGINT.
    begin "${AS[@]}" env --default-signal=INT node -e "${program}"
    kill "-${name}" "${started_pid}"
    ends_with $((128 + $(kill -l "${name}")))
    begin "${AS[@]}" env --default-signal=INT "${SANDBOX}" node -e "${program}"
    kill "-${name}" "${started_pid}"
    ends_with $((128 + $(kill -l "${name}")))
  done
  begin "${BOXED[@]}" node -e "process.on('SIGTERM', () => process.exit(6)); ${program}"
  kill -TERM "${started_pid}"
  ends_with 6
}

# ---- --timeout

@test "--timeout ends the command with exit status 124" {
  local marker=1000.${RANDOM}${RANDOM}
  assert_status 124 "${BOXED[@]}" --timeout 100ms sleep "${marker}"
  assert_status 124 "${BOXED[@]}" --init --timeout 100ms sleep "${marker}"
  waits_until none_left "${marker}"
  assert_status 3 "${BOXED[@]}" --timeout 10m sh -c 'exit 3'
}

@test "--timeout lets a command handle SIGTERM, and kills one that does not end" {
  # Enough time for a busy machine to set the trap.
  capture "${BOXED[@]}" --timeout 3s sh -c 'trap "echo asked; exit 5" TERM; while :; do sleep 0.01; done'
  is "${status} ${output} ${errors}" "124 asked "
  capture "${BOXED[@]}" --timeout 3s sh -c 'trap "echo asked" TERM; while :; do sleep 0.01; done'
  is "${status} ${output} ${errors}" "124 asked "
  assert_status 124 "${BOXED[@]}" --timeout 100ms sh -c 'trap "" TERM; while :; do sleep 0.01; done'
}

@test "without /dev/null a closed standard descriptor does not lead outside of the root" {
  needs_root
  printf 'secret\n' >secret
  chmod 644 secret
  bare_dev() { # CLOSED COMMAND...
    unshare --mount --propagation private -- sh -c "mount -t tmpfs none /dev && shift && exec \"\$@\" $1" sh "$@"
  }
  local -a wall=("${AS[@]}" "${LL_NS_PROGRAM}" --no-loader --proc "${SYSTEM[@]}")
  # The descriptor as it would be if it led to the root outside.
  capture bare_dev '<&-' "${AS[@]}" sh -c 'exec 9</ && cat "/proc/self/fd/9/$1"' - "${T}/secret"
  is "${output}" secret
  fails bare_dev '<&-' "${wall[@]}" -- cat "/proc/self/fd/0/${T}/secret"
  fails bare_dev '>&-' "${wall[@]}" -- sh -c 'cat "/proc/self/fd/1/$1" >&2' - "${T}/secret"
  assert_success bare_dev '<&-' "${wall[@]}" -- cat
}

@test "--timeout and the end are noticed although traced threads of the command cause many signals" {
  assert_success "${PROBE}" be-traced 3 1
  # Otherwise it would never end.
  local -a box=("${AS[@]}" timeout -s KILL 60 "${SANDBOX}" --rx "${PROBE}")
  assert_status 0 "${box[@]}" "${PROBE}" be-traced 3 1
  assert_status 0 "${box[@]}" --init "${PROBE}" be-traced 3 1
  assert_status 124 "${box[@]}" --timeout 500ms "${PROBE}" be-traced 300 100
  assert_status 124 "${box[@]}" --init --timeout 500ms "${PROBE}" be-traced 300 100
}

@test "--timeout with an invalid time is refused" {
  local time
  for time in 0 0s x 5d -1 ''; do
    capture "${BOXED[@]}" --timeout "${time}" true
    is "${status}" 125
    assert_stderr "'${time}' is not a time"
  done
}

# ---- signals, and nothing left behind

@test "timeout(1) ends the sandbox at once" {
  local marker=1000.${RANDOM}${RANDOM}
  # 137 where SIGTERM does not end it.
  assert_status 124 "${AS[@]}" timeout -k 20 0.5 "${SANDBOX}" sleep "${marker}"
  waits_until none_left "${marker}"
  assert_status 124 "${AS[@]}" timeout -k 20 0.5 "${SANDBOX}" --init sleep "${marker}"
  assert_status 124 "${AS[@]}" timeout -k 20 0.5 "${SANDBOX}" sh -c 'sleep "$1"; :' - "${marker}"
  waits_until none_left "${marker}"
}

# Signals that end a command that does not handle them, and all that it started.
ended_by() { # SIGNAL STATUS
  local marker=1000.${RANDOM}${RANDOM}
  begin "${AS[@]}" env --default-signal "${SANDBOX}" sh -c 'sleep "$1" & echo ready; exec sleep "$1"' - "${marker}"
  [[ $(count_of "${marker}") != 0 ]]
  kill -s "$1" "${started_pid}"
  ends_with "$2"
  waits_until none_left "${marker}"
}

@test "SIGTERM, SIGINT, SIGHUP, SIGQUIT and SIGUSR1 end all processes, with exit status 128 + n" {
  ended_by TERM 143
  ended_by INT 130
  ended_by HUP 129
  ended_by QUIT 131
  ended_by USR1 138
}

@test "a command that handles a signal receives it, and its exit status is kept" {
  local signal
  for signal in TERM INT HUP USR1 WINCH; do
    begin "${AS[@]}" env --default-signal "${SANDBOX}" \
      bash -c "trap 'echo got ${signal}; exit 7' ${signal}; echo ready; while :; do sleep 0.01; done"
    kill -s "${signal}" "${started_pid}"
    ends_with 7
    is "$(<started)" $'ready\n'"got ${signal}"
  done
}

@test "a signal that the command ignores does not end the sandbox" {
  begin "${AS[@]}" env --default-signal "${SANDBOX}" \
    bash -c 'trap "" TERM; trap "echo end; exit 3" USR1; echo ready; while :; do sleep 0.01; done'
  kill -TERM "${started_pid}"
  kill -URG "${started_pid}"
  kill -CONT "${started_pid}"
  kill -USR1 "${started_pid}"
  ends_with 3
  is "$(<started)" $'ready\nend'
}

@test "a signal that the caller ignores stays ignored" {
  begin "${AS[@]}" env --ignore-signal=HUP "${SANDBOX}" \
    sh -c 'echo ready; while [ ! -e end ]; do sleep 0.01; done; echo end'
  kill -HUP "${started_pid}"
  : >end
  ends_with 0
  is "$(<started)" $'ready\nend'
}

@test "SIGSTOP and SIGCONT stop and continue the sandbox" {
  begin "${BOXED[@]}" sh -c 'echo ready; while [ ! -e end ]; do sleep 0.01; done; echo end'
  stopped() { [[ $(state_of "$1") == T ]]; }
  local inside
  inside=$(pgrep -P "${started_pid}")
  kill -TSTP "${started_pid}"
  waits_until stopped "${started_pid}"
  waits_until stopped "${inside}"
  : >end
  kill -CONT "${started_pid}"
  ends_with 0
  is "$(<started)" $'ready\nend'
}

@test "SIGKILL of the parent kills all processes" {
  local marker=1000.${RANDOM}${RANDOM} option
  local before
  before=$(mounts)
  for option in --proc --init; do
    begin "${BOXED[@]}" "${option}" sh -c 'setsid sleep "$1" & sh -c "sleep $1; :" & echo ready; exec sleep "$1"' - "${marker}"
    waits_until at_least 3 "${marker}"
    kill -KILL "${started_pid}"
    ends_with 137
    waits_until none_left "${marker}"
  done
  is "$(mounts)" "${before}"
}

@test "remaining processes are killed when the command ends" {
  local marker=1000.${RANDOM}${RANDOM}
  assert_success "${BOXED[@]}" sh -c 'setsid sleep "$1" >/dev/null 2>&1 & exit 0' - "${marker}"
  waits_until none_left "${marker}"
}

@test "no process, mount or file in /tmp is left behind" {
  local marker=1000.${RANDOM}${RANDOM} before
  local -a new
  before=$(mounts)
  assert_success "${BOXED[@]}" sh -c 'echo x >/tmp/file; mkdir /tmp/folder'
  assert_status 3 "${BOXED[@]}" sh -c 'exit 3'
  assert_status 124 "${BOXED[@]}" --timeout 50ms sleep "${marker}"
  fails "${BOXED[@]}" no-such-command
  fails "${BOXED[@]}" --ro "${T}/none" true
  is "$(mounts)" "${before}"
  waits_until none_left "${marker}"
  waits_until no_name_is_new || { printf 'new: %s\n' "${new[@]}"; return 1; }
  [[ ! -e /tmp/folder ]]
}

# Names in /tmp that a sandbox could have created since the test began, in ${new}. Those of other tests, which run at the
# same time, are gone after a while.
no_name_is_new() {
  local path
  new=()
  for path in /tmp/{ll-ns,ll-exec,sandbox,newroot}*; do
    if [[ ${path} -nt ${T} ]]; then new+=("${path}"); fi
  done
  ((${#new[@]} == 0))
}

# ---- many

@test "200 sandboxes in sequence leave no process and no mount" {
  local marker=0.00${RANDOM}${RANDOM} before i
  before=$(mounts)
  for ((i = 0; i < 200; i++)); do
    "${BOXED[@]}" true "${marker}" 3>&- || { printf 'the %dth ends with %d\n' "${i}" "$?"; return 1; }
  done
  is "$(mounts)" "${before}"
  waits_until none_left "${marker}"
}

@test "16 sandboxes at once leave no process and no mount" {
  local marker=0.5${RANDOM}${RANDOM} before i pid
  local -a started_all=()
  before=$(mounts)
  for ((i = 0; i < 16; i++)); do
    "${BOXED[@]}" sh -c 'echo "$1" >/tmp/own && sleep "$2" && read -r own </tmp/own && exit "${own}"' - "${i}" "${marker}" 3>&- &
    started_all+=("$!")
  done
  for ((i = 0; i < 16; i++)); do
    pid=${started_all[i]}
    local result=0
    wait "${pid}" || result=$?
    is "${result}" "${i}"
  done
  is "$(mounts)" "${before}"
  waits_until none_left "${marker}"
}
