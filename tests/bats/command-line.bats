load sandbox

# The command line and the files that it names, in every program.

@test "-C is --chdir in sandbox.sh and ll-ns, and messages show the form that was used" {
  mkdir -m 755 there
  assert_success "${WALL[@]}" "${SYSTEM[@]}" --ro . -C there -- pwd
  is "${output}" "${T}/there"
  assert_success "${WALL[@]}" "${SYSTEM[@]}" --ro . --chdir there -- pwd
  is "${output}" "${T}/there"
  assert_success "${BOXED[@]}" --ro . -C there -p sandbox pwd
  is "${output}" "${T}/there"
  assert_success "${BOXED[@]}" -p sandbox --ro . -Cthere pwd
  is "${output}" "${T}/there"
  capture "${BOXED[@]}" -C /nonexistent true
  is "${status} ${errors}" "125 sandbox.sh: argument 2: cannot start in /nonexistent: ENOENT (no such file or directory)
    -C /nonexistent
       ^~~~~~~~~~~~"
  capture "${BOX}/ll-ns" -C
  is "${status} ${errors}" "125 ll-ns: argument 1: '-C' has no value
    -C
    ^~
  write -C PATH"
}

@test "a FIFO as a policy file is refused without waiting, and a pipe from the shell is read" {
  mkfifo -m 666 pipe.policy
  policy used.policy 'use ./pipe.policy'
  policy full.policy 'use sandbox'
  local name program
  # The first byte arrives while the program waits for it.
  local late='{ sleep 0.1; printf "use sandbox\n"; } | "$@"'
  for program in "${BOX}/ll-exec" "${SANDBOX}"; do
    capture timeout 60 "${AS[@]}" "${program}" -p ./pipe.policy true
    is "${status} ${errors}" "125 ${program##*/}: argument 2: the policy ./pipe.policy is a FIFO
    -p ./pipe.policy
       ^~~~~~~~~~~~~
  name a file, or - for standard input"
    capture timeout 60 "${AS[@]}" "${program}" -p ./used.policy true
    is "${status} ${errors%%$'\n'*}" "125 ${program##*/}: ./used.policy:1:5: the policy ./pipe.policy is a FIFO"
    for name in - /dev/stdin /dev/fd/0 /proc/self/fd/0; do
      assert_success "${AS[@]}" bash -c "${late}" - timeout 60 "${program}" -q -p "${name}" echo ran
      is "${output}" ran
    done
    assert_success timeout 60 "${AS[@]}" "${program}" -q -p ./full.policy echo ran
  done
}

@test "in a scope of a user manager messages of ll-changes name sandbox.sh" {
  needs_root
  needs_program unshare python3
  mkdir -p run/systemd bin work
  chmod 777 work
  python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("run/systemd/private")'
  # Runs the command without making a scope.
  printf '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift; exec "$@"\n' >bin/systemd-run
  chmod 755 bin/systemd-run
  cd work
  capture unshare -m sh -c 'mount -t tmpfs none /sys/fs/cgroup && : >/sys/fs/cgroup/cgroup.controllers && exec "$@"' - \
    env "XDG_RUNTIME_DIR=${T}/run" "PATH=${T}/bin:${PATH}" "${SANDBOX}" --memory 512M --overlay . --on-success nonsense true
  [[ ${errors} != *"cannot mount"* ]] || skip "needs a cgroup file system's place"
  is "${status} ${errors%%: *}" "125 sandbox.sh"
  [[ ${errors} == *nonsense* && ${errors} != *ll-changes* ]] || { printf '%s\n' "${errors}"; return 1; }
}
