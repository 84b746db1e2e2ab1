load overlay

# Denied and protected paths in an overlay, and creating files beside them.

# On other file systems another machine or program resolves names, or it is an overlay itself.
needs_kept_names() {
  case $(stat -f -c %T .) in
    ext2/ext3 | xfs | btrfs | f2fs | tmpfs) ;;
    *) skip "needs a local file system" ;;
  esac
}

# Not in /tmp, which is writable inside: nothing beneath it can be protected.
begin_outside_tmp() {
  ELSEWHERE=$(mktemp -d /var/tmp/ll-tests.XXXXXX) || skip "there is no /var/tmp to write to"
  chmod 777 "${ELSEWHERE}"
  cd "${ELSEWHERE}" || return
  begin_in work
}

# Prints what a sandbox reads in an overlay, of names that are replaced outside after its start.
reads_replaced() { # OPTION...
  as_written 'rm -rf d seen; mkdir -p seen d/in/deep; echo old >d/file; echo old >d/in/deep/file'
  begin "${BOXED[@]}" --overlay d --dry-run -q -p sandbox --ro seen --rw d "$@" sh -c 'echo ready
    until [ -e seen/go ]; do sleep 0.01; done; cat d/file d/in/deep/file d/in/late; echo x >d/made && echo made; echo end'
  as_written 'echo new >d/new; mv d/new d/file; mv d/in d/old; mkdir -p d/in/deep
    echo new >d/in/deep/file; echo new >d/in/late; touch seen/go'
  waits_until grep -q end started
}

@test "a path denied in an overlay stays denied when it or a parent is replaced outside, and siblings can be created" {
  needs_kept_names
  not_in_a_copy "what is changed outside is not seen"
  reads_replaced
  is "$(<started)" $'ready\nnew\nnew\nnew\nmade\nend'
  reads_replaced --deny d/file --deny d/in/deep/file
  is "$(<started)" $'ready\nmade\nend'
  reads_replaced --deny d/file --deny d/in
  is "$(<started)" $'ready\nmade\nend'
}

@test "a path denied in an overlay cannot be read, changed, removed or replaced by the command" {
  needs_kept_names
  begin_in work
  as_written 'echo secret >key; mkdir in; echo secret >in/key'
  local act
  # In a copy it does not exist: a file can be created in its place, which is dropped at the end.
  local -a acts=('echo x >key' 'touch new; mv new key')
  if [[ -n ${LL_COPIES:-} ]]; then
    for act in "${acts[@]}"; do
      capture overlaid -p sandbox --rw . --deny key --deny in sh -c "touch made; ${act}"
      is "${status} $(<key)" "125 secret"
      assert_stderr "key is denied: what was written there is omitted"
    done
    rm made
    acts=()
  fi
  for act in 'cat key' 'cat in/key' 'chmod 600 key' 'rm key' 'mv key other' 'ln key other' 'mv in other' 'rmdir in' 'echo x >in/new' "${acts[@]}"; do
    capture overlaid --dry-run -p sandbox --rw . --deny key --deny in sh -c "touch made; ${act}"
    is "$((status != 0)) $(head -n 1 <<<"${errors}" | grep -c 'warning')" "1 0"
    assert_stderr $'\nA made'
    [[ ${output} != *secret* ]]
  done
  assert_success overlaid -p sandbox --rw . sh -c 'cat key in/key; chmod 600 key; touch new; mv new key; mv in other'
}

@test "a path granted within a denied one is visible in an overlay as well" {
  begin_in work
  as_written 'mkdir -p in/open; echo secret >in/key; echo text >in/open/file'
  capture overlaid -q -p sandbox --rw . --deny in --rw in/open sh -c 'cat in/open/file; echo more >>in/open/file; cat in/key'
  is "${output}" "text"
  if [[ -z ${LL_COPIES:-} ]]; then assert_stderr "in/key: No such file"; else assert_stderr "in/key: Permission denied"; fi
  assert_success overlaid ${LL_COPIES:+-q} --on-success commit -p sandbox --rw . --deny in --rw in/open sh -c 'cat in/open/file; echo more >>in/open/file'
  is "$(<in/open/file)" $'text\nmore'
}

@test "make creates its output beside a denied .env with --overlay, and warnings elsewhere recommend it" {
  needs_program make
  begin_outside_tmp
  needs_kept_names
  as_written 'echo TOKEN=hunter2 >.env; printf "out: in\n\tcat in >out\n" >Makefile; echo text >in'
  local -a policies=(-p sandbox -p secrets --protect .)
  capture "${BOXED[@]}" "${policies[@]}" make
  is "${status}" 2
  assert_stderr "sandbox.sh: warning: nothing can be created in ${PWD}, because of 'deny ${PWD}/.env'; sandbox.sh --overlay . can"
  capture "${BOXED[@]}" -q "${policies[@]}" make
  [[ ${errors} != *warning* ]]
  assert_success overlaid --on-success commit "${policies[@]}" make
  is "$(<out) $(ls -A)" $'text .env\nMakefile\nin\nout'
  capture overlaid "${policies[@]}" cat .env
  is "${status} ${output}" "1 "
  assert_success "${AS[@]}" cat .env
}

@test "protect is enforced in an overlay as well" {
  begin_outside_tmp
  as_written 'echo old >file'
  assert_success overlaid --on-success commit -p sandbox --protect . sh -c 'echo new >file; echo >made'
  is "$(<file)" new
  capture overlaid --on-success commit -p sandbox --protect . rm file
  is "${status} $(<file)" "1 new"
  assert_success overlaid --on-success commit -p sandbox --rw . rm file
  [[ ! -e file && -e made ]]
}
