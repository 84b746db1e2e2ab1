load overlay

# When a call fails no change is lost: what was not committed is reported, the layer stays, and without the error
# the commit is resumed with the same result. LL_FAULTS=all fails every call of every kind, one at a time.

CALLS=(openat2 openat newfstatat statx getdents64 lseek read pread64 readlinkat write pwrite64 ftruncate mkdirat symlinkat
  linkat mknodat renameat renameat2 unlinkat fchmod chmod fchmodat utimensat fsync syncfs flock llistxattr lgetxattr
  lsetxattr flistxattr fgetxattr fremovexattr)

# fails_well CALL WHEN: sets ${happened} to whether the call was made.
fails_well() {
  prepare
  capture "${AS[@]}" strace -qq -o "${T}/calls" -e "trace=$1" -e "inject=$1:error=EIO:when=$2" \
    "${BOX}/ll-changes" commit "${LAYER}"
  happened=
  if grep -q INJECTED "${T}/calls"; then happened=yes; fi
  if ((status == 0)); then
    [[ ! -e ${LAYER} ]] || { printf '%s %s: it says that all is done\n' "$1" "$2"; return 1; }
  else
    is "${status}" 125
    [[ ${errors} == "ll-changes: "* ]] || { printf '%s %s: it does not say why\n' "$1" "$2"; return 1; }
    if [[ -e ${LAYER}/0/info ]]; then assert_success commit; else rm -rf "${LAYER}"; fi
  fi
  is "$(state_of_tree "${WORK}")" "${expected}" || { printf '%s %s\n' "$1" "$2"; return 1; }
}

# fail_calls WHEN...: each kind of call at these occurrences, or at all of them if it is "all".
fail_calls() {
  needs_program strace
  expect
  local call happened=yes
  local -i when
  for call in "${CALLS[@]}"; do
    if [[ $* == all ]]; then
      for ((when = 1; when < 500; when++)); do
        fails_well "${call}" "${when}"
        [[ -n ${happened} ]] || break
      done
    else
      for when; do fails_well "${call}" "${when}"; done
    fi
  done
}

@test "no change is lost when any system call of a commit fails" {
  # shellcheck disable=SC2046 # two words or one
  fail_calls $([[ ${LL_FAULTS:-} == all ]] && echo all || echo "$((RANDOM % 5 + 1))")
}

@test "no change is lost when any system call of a commit between file systems fails" {
  use_two_file_systems
  # shellcheck disable=SC2046
  fail_calls $([[ ${LL_FAULTS:-} == all ]] && echo all || echo "$((RANDOM % 5 + 1))")
}

# Messages of a commit.
says_of_error() { # TEXT CALL WHEN
  prepare
  capture "${AS[@]}" strace -qq -o /dev/null -e "trace=$2" -e "inject=$2:error=EIO:when=$3" "${BOX}/ll-changes" commit "${LAYER}"
  is "${status} ${errors}" "125 ll-changes: $1: EIO (input/output error)"
}

@test "a directory that cannot be listed and a file that cannot be read are reported" {
  needs_program strace python3
  says_of_error "cannot list a directory" getdents64 3
  says_of_error "cannot read a file of the layer" read 1
  use_two_file_systems
  says_of_error "cannot read a" pread64 1
}

@test "a failed write of the list is reported, and the layer is kept for a later commit" {
  begin_in work
  as_written 'echo old >file'
  capture overlaid --changes /dev/full sh -c 'echo new >file'
  is "${status} $(<file)" "125 old"
  assert_stderr "sandbox.sh: cannot write the changes: ENOSPC (no space left)"
  local layer=${errors##*drop }
  assert_success "${CHANGES[@]}" commit "${layer}"
  is "$(<file)" "new"
  capture overlaid --changes /dev/full --dry-run sh -c 'echo newer >file'
  is "${status} ${errors}" "125 sandbox.sh: cannot write the changes: ENOSPC (no space left)"
  is "$(<file)" "new"
}

@test "changes that do not fit on the disk are kept in the layer, and no partial file is left" {
  needs_root
  mkdir small
  mount -t tmpfs -o size=256k,mode=1777 none small
  as_written 'mkdir small/work'
  capture "${BOXED[@]}" --overlay small/work -C small/work --keep-in "${LAYER}" dd if=/dev/zero of=big bs=64k count=8 status=none
  local first="${status}"
  capture commit
  local second="${status} ${errors}"
  capture "${CHANGES[@]}" drop "${LAYER}"
  local left="${status} $(ls -A small/work)"
  umount -l small
  is "${first}" 0
  is "${second}" "125 ll-changes: cannot write big: ENOSPC (no space left)"
  is "${left}" "0 "
}
