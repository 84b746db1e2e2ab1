# bats file_tags=check
load helpers

# What an older kernel cannot enforce, with --abi (which uses no more than that ABI) and with an emulated
# older kernel (old-kernel).

# lacks RULE ABI LINUX HAVE: the end of the first line of a refusal.
lacks() {
  printf "'%s' needs Landlock ABI %s (Linux %s); this kernel has ABI %s" "$@"
}
ADVICE="run it on a newer kernel, drop the rule, or add --best-effort to run without enforcing it"

# ---- strict: the policy is enforced as written, or nothing runs

@test "connect of a port needs ABI 4" {
  needs_abi 4
  rejects "ll-exec: argument 4: $(lacks 'connect 443/tcp' 4 6.7 3)
    --connect 443
              ^~~
  ${ADVICE}" --abi 3 --connect 443
  assert_success sandboxed --abi 4 --connect 443 -- pid
}

@test "bind of a range needs ABI 4, in a policy" {
  policy p.policy "bind 80-90"
  rejects "ll-exec: p.policy:1:6: $(lacks 'bind 80-90/tcp' 4 6.7 3)
    bind 80-90
         ^~~~~
  ${ADVICE}" --abi 3 -p p.policy
}

@test "connect any works on every ABI, as it restricts nothing" {
  assert_success sandboxed --abi 3 --connect any --bind any -- pid
  assert_success sandboxed --abi 1 --connect any/udp -- pid
}

@test "unix of a path needs ABI 9, and unix any works below" {
  local have
  have=$(abi)
  ((have < 9)) || have=8
  rejects "ll-exec: argument 4: $(lacks 'unix /x' 9 7.1 "${have}")
    --unix /x
           ^~
  ${ADVICE}" --abi 8 --unix /x
  assert_success sandboxed --abi 8 --unix any -- pid
}

@test "audit needs ABI 7" {
  needs_abi 7
  rejects "ll-exec: argument 4: $(lacks 'audit on' 7 6.15 6)
    --audit on
            ^~
  ${ADVICE}" --abi 6 --audit on
  assert_success sandboxed --audit on -- pid
}

@test "fs truncate needs ABI 3" {
  needs_abi 3
  rejects "ll-exec: argument 4: $(lacks 'fs truncate /tmp' 3 6.2 2)
    --fs truncate /tmp
                  ^~~~
  ${ADVICE}" --abi 2 --fs 'truncate /tmp'
  assert_success sandboxed --abi 3 --fs 'truncate /tmp' -- pid
}

@test "fs refer needs ABI 2 and fs ioctl_dev ABI 5" {
  policy p.policy "fs read_file,refer,make_reg /tmp"
  rejects "ll-exec: p.policy:1:29: $(lacks 'fs read_file,make_reg,refer /tmp' 2 5.19 1)
    fs read_file,refer,make_reg /tmp
                                ^~~~
  ${ADVICE}" --abi 1 -p p.policy
  policy p.policy "fs ioctl_dev /dev/null"
  rejects "ll-exec: p.policy:1:14: $(lacks 'fs ioctl_dev /dev/null' 5 6.10 4)
    fs ioctl_dev /dev/null
                 ^~~~~~~~~
  ${ADVICE}" --abi 4 -p p.policy
}

@test "rw works below ABI 3, and truncation is a listed gap" {
  assert_success sandboxed --abi 1 --rw "${T}" -- create "${T}/file"
  assert_success sandboxed --abi 2 --rw "${T}" -- overwrite "${T}/file"
}

@test "require landlock=11 is refused on an older ABI" {
  local have
  have=$(abi)
  ((have < 11)) || have=10
  rejects "ll-exec: argument 4: Landlock ABI 11 is required (Linux 7.3); this kernel has ABI ${have}
    --require landlock=11
              ^~~~~~~~~~~
  run it on a newer kernel" --abi 10 --require landlock=11
}

@test "require landlock is met by that ABI, and --best-effort does not relax it" {
  needs_abi 5
  assert_success sandboxed --abi 5 --require landlock=5 -- pid
  policy p.policy "require landlock=6"
  rejects "ll-exec: p.policy:1:9: Landlock ABI 6 is required (Linux 6.12); this kernel has ABI 5
    require landlock=6
            ^~~~~~~~~~
  run it on a newer kernel" --abi 5 --best-effort -p p.policy
}

# ---- --best-effort: runs with one line of warning

@test "--best-effort runs the command and lists on one line what is not enforced" {
  policy p.policy "connect 443" "bind 80-90" "fs truncate /tmp"
  capture sandboxed --abi 2 --best-effort -p p.policy -- exit 7
  is "${errors}" "ll-exec: not enforced by this kernel (Landlock ABI 2): connect 443/tcp (p.policy:1:9), \
bind 80-90/tcp (p.policy:2:6), fs truncate /tmp (p.policy:3:13)"
  is "${status}" 7
}

@test "--best-effort prints nothing where everything is enforced" {
  needs_abi 4
  assert_success sandboxed --best-effort --connect 443 --rw "${T}" -- pid
}

@test "--best-effort still enforces what the kernel can" {
  printf x >file
  capture sandboxed --abi 3 --best-effort --connect 443 -- read "${T}/file"
  is "${status} $(tail -n 1 <<<"${errors}")" "1 read: EACCES"
  is "$(wc -l <<<"${errors}")" 2
}

@test "--best-effort lists limit nproc for root" {
  needs_root
  capture sandboxed --best-effort --limit nproc=64 -- pid
  [[ ${errors} == "ll-exec: not enforced by this kernel "*": limit nproc=64 (argument 3)" ]]
  is "${status} $(wc -l <<<"${errors}")" "0 1"
}

@test "-v lists the default restrictions that this kernel cannot enforce" {
  needs_abi 4
  capture sandboxed -v --abi 4 -- pid
  is "${status}" 0
  is "${errors}" "ll-exec: not refused by this kernel: send an ioctl to a device (ABI 5), \
signal an outside process (ABI 6)"
  capture sandboxed -v --abi 4 --unix any -- pid
  is "${errors}" "ll-exec: not refused by this kernel: send an ioctl to a device (ABI 5), \
connect to an outside abstract unix socket (ABI 6), signal an outside process (ABI 6)"
}

@test "-v prints nothing where everything is enforced" {
  needs_abi 6
  assert_success sandboxed -v -- pid
}

# ---- without Landlock

@test "a kernel without Landlock is refused, and the message names the required kernel" {
  capture "${OLD_KERNEL}" absent "${LL_EXEC}" --rwx / -- "${PROBE}" create "${T}/marker"
  is "${errors}" "ll-exec: this kernel has no Landlock: nothing could be restricted
  it needs Linux 5.13 or later with CONFIG_SECURITY_LANDLOCK; --no-landlock runs without it"
  is "${status}" 125
  [[ ! -e marker ]]
}

@test "a kernel with Landlock disabled is refused, and the message says how to enable it" {
  capture "${OLD_KERNEL}" off "${LL_EXEC}" --rwx / -- "${PROBE}" create "${T}/marker"
  is "${errors}" "ll-exec: Landlock is switched off on this machine: nothing could be restricted
  boot with landlock first in the kernel's lsm= parameter; --no-landlock runs without it"
  is "${status}" 125
  [[ ! -e marker ]]
}

@test "--best-effort does not run a command without any file restriction" {
  local kernel
  for kernel in absent off; do
    capture "${OLD_KERNEL}" "${kernel}" "${LL_EXEC}" --best-effort --rwx / -- \
      "${PROBE}" create "${T}/marker"
    is "${status}" 125
    [[ ! -e marker ]]
  done
}

@test "--no-landlock runs the command without Landlock, and warns" {
  local kernel
  for kernel in absent off; do
    capture "${OLD_KERNEL}" "${kernel}" "${LL_EXEC}" --no-landlock --rwx / -- "${PROBE}" exit 3
    is "${errors}" "ll-exec: no file, network or IPC rule is enforced: --no-landlock"
    is "${status}" 3
  done
}

@test "--no-landlock still drops privileges and closes file descriptors" {
  exec 9</dev/null
  capture sandboxed --no-landlock -- descriptors 16
  exec 9<&-
  is "${output}" $'0\n1\n2'
  capture sandboxed --no-landlock -- read /proc/self/status
  is "$(grep -E '^(NoNewPrivs|CapEff)' <<<"${output}" | tr -s '\t ' ' ')" \
    $'CapEff: 0000000000000000\nNoNewPrivs: 1'
}

@test "require landlock is refused with --no-landlock" {
  rejects "ll-exec: argument 3: Landlock ABI 3 is required (Linux 6.2); --no-landlock uses none
    --require landlock=3
              ^~~~~~~~~~
  leave out --no-landlock, or drop the rule" --no-landlock --require landlock=3
}

@test "the ABI of an emulated older kernel is detected" {
  needs_abi 4
  capture "${OLD_KERNEL}" 3 "${LL_EXEC}" --connect 443 --rx / -- "${PROBE}" exit 0
  is "${errors}" "ll-exec: argument 2: $(lacks 'connect 443/tcp' 4 6.7 3)
    --connect 443
              ^~~
  ${ADVICE}"
  is "${status}" 125
}

@test "on every older ABI a command runs, and a file that is not granted is refused" {
  local level have
  have=$(abi)
  printf x >file
  for ((level = 1; level <= have && level <= 11; level++)); do
    capture "${OLD_KERNEL}" "${level}" "${LL_EXEC}" --rx "${PROBE}" -- "${PROBE}" exit 5
    is "${level}: ${status} ${errors}" "${level}: 5 "
    capture "${OLD_KERNEL}" "${level}" "${LL_EXEC}" --rx "${PROBE}" -- "${PROBE}" read "${T}/file"
    is "${level}: ${status} ${errors}" "${level}: 1 read: EACCES"
  done
}

# ---- a kernel that has less than its ABI promises

@test "ABI 6 without the signal scope, as on RHEL 9, runs and lists the gap" {
  needs_abi 6
  capture "${OLD_KERNEL}" 6-scope1 "${LL_EXEC}" -v --rx "${PROBE}" -- "${PROBE}" exit 4
  is "${status}" 4
  is "${errors}" "ll-exec: not refused by this kernel: signal an outside process (ABI 6)"
}

@test "ABI 6 without the signal scope still refuses abstract sockets and files" {
  needs_abi 6
  printf x >file
  start "${PROBE}" serve unix "@ll-tests-${T##*/}"
  capture "${OLD_KERNEL}" 6-scope1 "${LL_EXEC}" --unix any --rx "${PROBE}" -- \
    "${PROBE}" connect-unix "@ll-tests-${T##*/}"
  is "${status} ${errors}" "1 connect-unix: EPERM"
  capture "${OLD_KERNEL}" 6-scope1 "${LL_EXEC}" --rx "${PROBE}" -- "${PROBE}" read "${T}/file"
  is "${status} ${errors}" "1 read: EACCES"
}

@test "a right that the ABI promises and the kernel lacks is refused by name" {
  needs_abi 6
  capture "${OLD_KERNEL}" 6-fs14 "${LL_EXEC}" --fs 'truncate /tmp' --rx / -- "${PROBE}" exit 0
  is "${errors}" "ll-exec: argument 2: $(lacks 'fs truncate /tmp' 3 6.2 6) without truncate
    --fs truncate /tmp
                  ^~~~
  ${ADVICE}"
  is "${status}" 125
}
