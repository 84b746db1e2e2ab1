# bats file_tags=check
load sandbox

# sandbox.sh: deny and keep.

# ---- deny

@test "a denied file is hidden in each layer" {
  mkdir d
  printf 'text\n' >d/file
  printf 'secret\n' >d/secret
  assert_success "${WALL[@]}" "${SYSTEM[@]}" --ro d -- cat d/secret
  fails "${WALL[@]}" "${SYSTEM[@]}" --ro d --deny d/secret -- cat d/secret
  is "${output}" ""
  assert_success "${WALL[@]}" "${SYSTEM[@]}" --ro d --deny d/secret -- cat d/file
  capture "${BOXED[@]}" -p sandbox --ro d --deny d/secret cat d/file d/secret
  is "${status} ${output}" "1 text"
}

@test "a denied directory is empty in each layer" {
  mkdir -m 777 d d/in
  printf 'text\n' >d/file
  printf 'secret\n' >d/in/secret
  chmod 666 d/in/secret
  assert_success "${WALL[@]}" "${SYSTEM[@]}" --rw d -- cat d/in/secret
  capture "${WALL[@]}" "${SYSTEM[@]}" --rw d --deny d/in -- cat d/in/secret
  is "${status} ${errors}" "1 cat: d/in/secret: No such file or directory"
  assert_success "${WALL[@]}" "${SYSTEM[@]}" --rw d --deny d/in -- ls d/in
  is "${output}" ""
  fails "${WALL[@]}" "${SYSTEM[@]}" --rw d --deny d/in -- sh -c 'echo x >d/in/new'
  fails "${WALL[@]}" "${SYSTEM[@]}" --rw d --deny d/in -- mv d/in d/out
  fails "${WALL[@]}" "${SYSTEM[@]}" --rw d --deny d/in -- rmdir d/in
  capture "${BOXED[@]}" -p sandbox --rw d --deny d/in cat d/file d/in/secret
  is "${status} ${output}" "1 text"
  is "$(<d/in/secret)" secret
}

@test "a file that appears in a denied directory later is hidden as well" {
  mkdir -m 777 d d/in
  begin "${BOXED[@]}" -p sandbox --rw d --deny d/in sh -c 'echo ready
    until [ -e d/go ]; do sleep 0.01; done; cat d/in/late; cat d/in/sub/late; cat d/late; echo end'
  mkdir d/in/sub
  printf 'secret\n' | tee d/in/late >d/in/sub/late
  printf 'text\n' >d/late
  : >d/go
  waits_until grep -q end started
  # With Landlock d/late is not granted at all, as it was created later.
  if grep secret started; then return 1; fi
  begin "${WALL[@]}" "${SYSTEM[@]}" --rw d --deny d/in -- sh -c 'echo ready
    until [ -e d/again ]; do sleep 0.01; done; cat d/in/late; cat d/in/sub/late; cat d/late; echo end'
  : >d/again
  waits_until grep -q end started
  is "$(<started)" $'ready\ntext\nend'
}

# Prints what a sandbox with these options sees of names that are replaced outside after its start.
sees_replaced() { # OPTION...
  rm -rf d
  mkdir -m 777 d d/in
  printf 'old\n' >d/file
  begin "${BOXED[@]}" -p sandbox --rw d "$@" sh -c 'echo ready
    until [ -e d/go ]; do sleep 0.01; done; cat d/in/late; cat d/file; echo end'
  printf 'new\n' >d/new
  mv d/new d/file
  mv d/in d/old
  mkdir d/in
  printf 'late\n' >d/in/late
  : >d/go
  waits_until grep -q end started
}

@test "a denied name that is replaced outside is still refused" {
  sees_replaced
  is "$(<started)" $'ready\nlate\nnew\nend'
  sees_replaced --deny d/in --deny d/file
  is "$(<started)" $'ready\nend'
}

@test "denying a path outside of the granted ones has no effect" {
  assert_success "${BOXED[@]}" -p sandbox --deny /root true
  assert_success "${BOXED[@]}" -p sandbox --deny -/nonexistent true
}

# ---- keep

@test "a kept path is read-only in the namespace layer as well, and new files can be created beside it" {
  mkdir -p d/in/deep
  printf 'text\n' >d/in/deep/file
  chmod 777 d d/in d/in/deep
  chmod 666 d/in/deep/file
  local act='cat d/in/deep/file && touch d/new d/in/new && mv d/new d/other && rm d/other d/in/new'
  assert_success "${WALL[@]}" "${SYSTEM[@]}" --rw d --keep d/in/deep -- sh -c "${act}"
  assert_success "${BOXED[@]}" --rw d --keep d/in/deep sh -c "${act}"
  is "${output}" text
  for act in 'echo x >d/in/deep/file' 'echo x >d/in/deep/new' 'rm d/in/deep/file' 'mv d/in/deep d/in/moved'; do
    fails "${WALL[@]}" "${SYSTEM[@]}" --rw d --keep d/in/deep -- sh -c "${act}"
    fails "${BOXED[@]}" --rw d --keep d/in/deep sh -c "${act}"
  done
  assert_success "${BOXED[@]}" --rw d sh -c 'echo x >d/in/deep/new; rm d/in/deep/file; mv d/in/deep d/in/moved'
}

@test "a kept path cannot be replaced by moving a parent directory" {
  mkdir -p d/in/deep
  chmod 777 d d/in d/in/deep
  fails "${BOXED[@]}" --rw d --keep d/in/deep mv d/in d/out
  fails "${WALL[@]}" "${SYSTEM[@]}" --rw d --keep d/in/deep -- mv d/in d/out
  assert_success "${BOXED[@]}" --rw d mv d/in d/out
}

@test "--best-effort without namespaces enforces keep" {
  mkdir -p d/in
  chmod 777 d d/in
  local -a refused=(unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' -)
  "${AS[@]}" "${refused[@]}" true || skip "needs user namespaces"
  capture "${AS[@]}" "${refused[@]}" "${SANDBOX}" --best-effort -q --rw d --keep d/in sh -c 'echo x >d/in/new'
  [[ ${status} != 0 && ${status} != 125 && ! -e d/in/new ]]
  capture "${AS[@]}" "${refused[@]}" "${SANDBOX}" --best-effort -q --rw d sh -c 'echo x >d/in/new'
  is "${status}" 0
}
