# bats file_tags=check
load helpers

@test "a signal to an outside process is refused, and works without ll-exec" {
  needs_abi 6
  start "${PROBE}" serve tcp
  refused EPERM sandboxed -- kill "${started_pid}" 0
  refused EPERM sandboxed -- kill "${started_pid}" 15
  kill -0 "${started_pid}"
  assert_success "${PROBE}" kill "${started_pid}" 0
}

@test "ipc signal grants signalling an outside process" {
  needs_abi 6
  start "${PROBE}" serve tcp
  assert_success sandboxed --ipc signal -- kill "${started_pid}" 9
}

@test "ipc abstract-unix does not grant signalling" {
  needs_abi 6
  start "${PROBE}" serve tcp
  refused EPERM sandboxed --ipc abstract-unix --unix any -- kill "${started_pid}" 0
}

@test "a process can signal itself and its children without a rule" {
  needs_abi 6
  capture sandboxed -- raise 9
  is "${status}" 137
  assert_success "${LL_EXEC}" --rx / -- /bin/sh -c 'sleep 9 & kill -KILL $!'
}

@test "an outside abstract unix socket is refused, and works without ll-exec" {
  start "${PROBE}" serve unix "@ll-tests-${T##*/}"
  assert_success "${PROBE}" connect-unix "@ll-tests-${T##*/}"
  capture sandboxed -- connect-unix "@ll-tests-${T##*/}"
  is "${status}" 1
}

@test "unix any does not grant connecting to an outside abstract unix socket" {
  needs_abi 6
  start "${PROBE}" serve unix "@ll-tests-${T##*/}"
  refused EPERM sandboxed --unix any -- connect-unix "@ll-tests-${T##*/}"
}

@test "ipc abstract-unix with unix any grants connecting to an outside abstract unix socket" {
  needs_abi 6
  start "${PROBE}" serve unix "@ll-tests-${T##*/}"
  assert_success sandboxed --ipc abstract-unix --unix any -- connect-unix "@ll-tests-${T##*/}"
  refused EPERM sandboxed --ipc signal --unix any -- connect-unix "@ll-tests-${T##*/}"
}

@test "ipc abstract-unix alone needs a kernel that restricts unix sockets by path" {
  local have
  have=$(abi)
  ((have < 9)) || skip "this kernel can"
  rejects_line "ipc abstract-unix" \
    "ll-exec: p.policy:1:5: 'ipc abstract-unix' needs Landlock ABI 9 (Linux 7.1); this kernel has ABI ${have}
    ipc abstract-unix
        ^~~~~~~~~~~~~
  run it on a newer kernel, drop the rule, or add --best-effort to run without enforcing it"
}

@test "ipc takes both kinds on one line" {
  needs_abi 6
  policy p.policy "ipc signal abstract-unix" "unix any"
  start "${PROBE}" serve unix "@ll-tests-${T##*/}"
  assert_success sandboxed -p p.policy -- connect-unix "@ll-tests-${T##*/}"
  assert_success sandboxed -p p.policy -- kill "${started_pid}" 0
}

@test "an unknown kind of IPC is refused" {
  rejects_line "ipc shm" "ll-exec: p.policy:1:5: unknown kind of IPC 'shm'
    ipc shm
        ^~~
  signal, abstract-unix or sysv"
}

@test "connecting to an outside pathname unix socket is refused where the kernel can, and unix any grants it" {
  needs_abi 9
  start "${PROBE}" serve unix "${T}/socket"
  refused EACCES sandboxed --rw "${T}" -- connect-unix "${T}/socket"
  assert_success sandboxed --unix any -- connect-unix "${T}/socket"
}

@test "unix of a path grants connecting to that socket and no other" {
  needs_abi 9
  start "${PROBE}" serve unix "${T}/socket"
  assert_success sandboxed --unix "${T}/socket" -- connect-unix "${T}/socket"
  : >other
  refused EACCES sandboxed --unix "${T}/other" -- connect-unix "${T}/socket"
}
