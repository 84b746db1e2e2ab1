# The kernel of the guest was downloaded to the real HOME, which the tests replace.
LL_CACHE=${LL_CACHE:-${XDG_CACHE_HOME:-${HOME}/.cache}}
export LL_CACHE
load sandbox

# Limits by a cgroup, on a real kernel with cgroup v2: tests/kernels/guest/sandbox.sh in an emulated machine. Its
# results are reported here by their titles. Without an emulator or a downloaded kernel the tests are skipped.

PATTERN='linux-image-6\.12\..*-cloud-amd64(-unsigned)?'

boot() {
  local kernel=${LL_CACHE}/ll-exec/kernels/amd64-trixie-${PATTERN//[^A-Za-z0-9.+-]/_}.vmlinuz
  local kernels=${ROOT}/tests/kernels
  [[ $(uname -m) == x86_64 ]] || { printf 'the guest is x86-64\n'; return; }
  command -v qemu-system-x86_64 cpio >/dev/null || { printf 'needs qemu-system-x86_64 and cpio\n'; return; }
  [[ -s ${kernel} && -s ${LL_CACHE}/ll-exec/kernels/amd64-busybox ]] || { printf 'needs a kernel: make test-kernels\n'; return; }
  command -v c++ >/dev/null || { printf 'needs c++\n'; return; }
  c++ -O1 -static -o "${BOX}/exec_as" "${kernels}/exec_as.cpp"
  XDG_CACHE_HOME=${LL_CACHE} "${kernels}/vm.sh" -t 600 run "${kernel}" "${kernels}/guest/limits.sh" \
    "${kernels}"/guest/{limits,lib,sandbox}.sh "${BOX}"/{ll-ns,ll-exec,exec_as} >"${BOX}/log" 2>&1 3>&- ||
    printf 'FAILED\tthe guest ended with %d\n' "$?" >>"${BOX}/log"
}

setup_file() {
  make_box
  LL_NO_GUEST=$(boot)
  export LL_NO_GUEST
}

needs_guest() {
  [[ -z ${LL_NO_GUEST} ]] || skip "${LL_NO_GUEST}"
}

# proves TITLE: that test of the guest passed as the user and as root.
proves() {
  proves_one "$1 (user)"
  proves_one "$1"
}

proves_one() { # TITLE
  needs_guest
  if grep -q -x -F -e $'ok\tsandbox\t'"$1" "${BOX}/log"; then return 0; fi
  printf 'not proved: %s\n' "$1"
  grep -F -e "$1" "${BOX}/log" || tail -n 20 "${BOX}/log"
  return 1
}

@test "the virtual machine finishes, and none of its tests failed" {
  needs_guest
  [[ $(tail -n 20 "${BOX}/log") == *done* ]] || { cat "${BOX}/log"; return 1; }
  if grep FAILED "${BOX}/log"; then return 1; fi
  (($(grep -c '^ok' "${BOX}/log") >= 40))
}

@test "a denied file is hidden as real root in a virtual machine, and no file of the host is removed" {
  proves "a denied file is hidden, and no file of the host is removed"
}

@test "a command below its limits runs as without them" {
  proves "a command works within its limits"
  proves "a command within its limits has its output"
  proves "the exit status is the command's"
  proves "memory below the limit can be used"
  proves "nothing is left after a command"
}

@test "memory.max, memory.swap.max, pids.max and cpu.max are written" {
  proves "the limits are written, and the command is in their cgroup"
  proves "nothing is left after SIGTERM"
  proves "the lowest limit of --cpus is a hundredth of a processor"
}

@test "exceeding --memory kills all processes with exit status 137 and a message, and the machine keeps running" {
  proves "exceeding memory.max has exit status 137 and a message"
  proves "files in the private /tmp count as memory"
  proves "all processes of the command are killed"
  proves "exceeding memory.max with --init has exit status 137"
  proves "nothing is left after memory ran out"
  proves "the machine keeps running"
}

@test "a fork bomb is limited, and the machine keeps running" {
  proves "a fork above pids.max is refused"
  proves "the machine keeps running with a fork bomb in a sandbox"
  proves "a fork bomb is limited, and can be killed at once"
  proves "nothing is left of a fork bomb"
}

@test "the cgroup is removed afterwards, also after SIGKILL of ll-ns and with several at once" {
  proves "nothing is left after SIGKILL of ll-ns"
  proves "nothing is left of several at once"
}

@test "the caller's cgroup is unchanged" {
  proves_one "the cgroup of the caller is unchanged (user)"
}

@test "without a delegated cgroup a limit is refused with the reason, and --best-effort limits each process" {
  proves_one "without a delegated cgroup nothing runs, and the message says why (user)"
  proves_one "with --best-effort each process has limits, and a warning says so (user)"
  proves_one "the limit of each process is enforced (user)"
  proves_one "--pids and --cpus are enforced without a cgroup as well (user)"
  proves "without a cgroup hierarchy nothing runs, and the message says why"
}

@test "without a limit no cgroup is needed, and none is created" {
  proves "without a limit no cgroup is needed"
  proves "without a limit no cgroup is created"
}

# ---- the options, on this machine

@test "an invalid limit is refused" {
  local -a word
  for word in "--memory 1X|is not a size" "--memory 0|is not a size" "--memory -1|is not a size" "--pids 0|is not a number of processes" \
    "--pids 1.5|is not a number of processes" "--cpus 0|is not a number of processors" "--cpus 0.001|is not a number of processors" \
    "--cpus x|is not a number of processors"; do
    # shellcheck disable=SC2086 # words
    capture "${BOXED[@]}" ${word%%|*} true
    is "${status}" 125
    assert_stderr "${word#*|}"
  done
}

@test "limits are passed to ll-ns" {
  assert_success env -u XDG_RUNTIME_DIR "${BOXED[@]}" --print --memory 64M --pids=9 --cpus 0.5 true
  [[ ${output} == "${BOX}/ll-ns"*" --memory 64M "* && ${output} == *" --pids=9 "* && ${output} == *" --cpus 0.5 "* ]]
}

@test "--best-effort runs the command with or without a cgroup" {
  capture "${BOXED[@]}" --best-effort --memory 256M --pids 99 sh -c 'exit 3'
  is "${status}" 3
}
