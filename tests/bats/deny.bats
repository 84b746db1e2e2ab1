# bats file_tags=check
load helpers

# A granted tree with a denied path in it.
tree() {
  mkdir -p a/open a/secret/deep
  printf 'inside\n' >a/file
  printf 'inside\n' >a/open/file
  printf 'secret\n' >a/secret/file
  printf 'secret\n' >a/secret/deep/file
  printf 'secret\n' >a/key
  chmod 777 a a/open a/secret a/secret/deep
  chmod 666 a/file a/open/file a/secret/file a/secret/deep/file a/key
}

@test "deny removes a directory from a granted tree, and its siblings stay granted" {
  tree
  assert_success sandboxed --ro a -- read "${T}/a/secret/file"
  refused EACCES sandboxed --ro a --deny a/secret -- read "${T}/a/secret/file"
  refused EACCES sandboxed --ro a --deny a/secret -- read "${T}/a/secret/deep/file"
  refused EACCES sandboxed --ro a --deny a/secret -- list "${T}/a/secret"
  assert_success sandboxed --ro a --deny a/secret -- read "${T}/a/file"
  assert_success sandboxed --ro a --deny a/secret -- read "${T}/a/open/file"
}

@test "deny removes one file from a granted tree" {
  tree
  refused EACCES sandboxed --rw a --deny a/key -- read "${T}/a/key"
  refused EACCES sandboxed --rw a --deny a/key -- write "${T}/a/key"
  refused EACCES sandboxed --rw a --deny a/key -- unlink "${T}/a/key"
  assert_success sandboxed --rw a --deny a/key -- write "${T}/a/file"
}

@test "deny works before and after the grant, in a policy and as an option" {
  tree
  policy p.policy "deny a/secret" "ro a"
  refused EACCES sandboxed -p p.policy -- read "${T}/a/secret/file"
  assert_success sandboxed -p p.policy -- read "${T}/a/file"
  refused EACCES sandboxed --deny a/secret --ro a -- read "${T}/a/secret/file"
}

@test "deny deep in a tree leaves the siblings on every level granted" {
  tree
  refused EACCES sandboxed --ro . --deny a/secret/deep -- read "${T}/a/secret/deep/file"
  assert_success sandboxed --ro . --deny a/secret/deep -- read "${T}/a/secret/file"
  assert_success sandboxed --ro . --deny a/secret/deep -- read "${T}/a/key"
}

@test "a denied tree cannot be reached by a symlink, a hard link or .." {
  tree
  ln -s ../secret/file a/open/link
  ln a/key a/open/hard
  refused EACCES sandboxed --ro a --deny a/secret -- read "${T}/a/open/link"
  refused EACCES sandboxed --ro a --deny a/secret -- read "${T}/a/open/../secret/file"
  assert_success sandboxed --ro a --deny a/secret -- read "${T}/a/key"
}

@test "deny of a symlink denies its target" {
  tree
  ln -s a/secret link
  refused EACCES sandboxed --ro a --deny link -- read "${T}/a/secret/file"
}

@test "a path within a denied tree can be granted again, as the more specific path wins" {
  tree
  assert_success sandboxed --ro a --deny a/secret --ro a/secret/deep -- read "${T}/a/secret/deep/file"
  refused EACCES sandboxed --ro a --deny a/secret --ro a/secret/deep -- read "${T}/a/secret/file"
}

@test "deny wins over a grant of the same path" {
  tree
  refused EACCES sandboxed --ro a --deny a -- read "${T}/a/file"
  refused EACCES sandboxed --deny a/key --rw a/key -- read "${T}/a/key"
}

@test "a file created beside something denied is not granted" {
  tree
  refused EACCES sandboxed --rw a --deny a/secret -- create "${T}/a/new"
  assert_success sandboxed --rw a --deny a/secret -- create "${T}/a/open/new"
}

@test "deny outside of the granted paths changes nothing" {
  tree
  assert_success sandboxed --ro a/open --deny a/secret -- read "${T}/a/open/file"
}

@test "deny of a path that does not exist is refused, and of an optional one ignored" {
  tree
  rejects_line "deny a/nothing" "ll-exec: p.policy:1:6: a/nothing does not exist
    deny a/nothing
         ^~~~~~~~~
  if it is optional, write -a/nothing"
  assert_success sandboxed --ro a --deny=-a/nothing -- read "${T}/a/file"
}

@test "--why names the deny that refuses, and the grant for its sibling" {
  tree
  capture "${LL_EXEC}" --ro a --deny a/secret --why read_file a/secret/file
  is "${status}" 1
  [[ ${output} == "refused read_file ${T}/a/secret/file"*"deny a/secret"* ]]
  capture "${LL_EXEC}" --ro a --deny a/secret --why read_file a/open/file
  is "${status}" 0
  [[ ${output} == "granted read_file ${T}/a/open/file"*"ro a"* ]]
}

@test "denying the command itself refuses to run it" {
  mkdir bin2
  cp "${PROBE}" bin2/probe
  assert_success "${LL_EXEC}" --rx bin2 -- bin2/probe exit 0
  capture "${LL_EXEC}" --rx bin2 --deny bin2/probe -- bin2/probe exit 0
  is "${status}" 126
}

@test "keep leaves a tree readable, and refuses all writing in it" {
  tree
  assert_success sandboxed --rw a --keep a/secret -- read "${T}/a/secret/deep/file"
  assert_success sandboxed --rw a --keep a/secret -- list "${T}/a/secret"
  refused EACCES sandboxed --rw a --keep a/secret -- write "${T}/a/secret/file"
  refused EACCES sandboxed --rw a --keep a/secret -- create "${T}/a/secret/new"
  refused EACCES sandboxed --rw a --keep a/secret -- unlink "${T}/a/secret/file"
  refused EACCES sandboxed --rw a --keep a/secret -- rename "${T}/a/secret" "${T}/a/moved"
  assert_success sandboxed --rw a -- write "${T}/a/secret/file"
  assert_success sandboxed --rw a -- create "${T}/a/secret/new"
  assert_success sandboxed --rw a -- unlink "${T}/a/secret/file"
  assert_success sandboxed --rw a -- rename "${T}/a/secret" "${T}/a/moved"
}

@test "keep leaves its siblings listable and writable, and files can be created in subdirectories" {
  tree
  assert_success sandboxed --rw a --keep a/secret/deep -- list "${T}/a"
  assert_success sandboxed --rw a --keep a/secret/deep -- list "${T}/a/secret"
  assert_success sandboxed --rw a --keep a/secret/deep -- write "${T}/a/key"
  assert_success sandboxed --rw a --keep a/secret/deep -- write "${T}/a/secret/file"
  assert_success sandboxed --rw a --keep a/secret/deep -- create "${T}/a/open/new"
  refused EACCES sandboxed --rw a --keep a/secret/deep -- create "${T}/a/new"
  assert_success sandboxed --rw a -- create "${T}/a/new"
}

@test "keep of one file works before and after the grant, and keep of a symlink keeps its target" {
  tree
  ln -s a/key link
  refused EACCES sandboxed --keep a/key --rw a -- write "${T}/a/key"
  refused EACCES sandboxed --rw a --keep link -- write "${T}/a/key"
  assert_success sandboxed --rw a --keep link -- read "${T}/a/key"
  assert_success sandboxed --keep a/key -- read "${T}/a/key"
}

@test "deny wins over keep, keep over a grant of the same path, and a more specific grant over both" {
  tree
  refused EACCES sandboxed --rw a --keep a/key --deny a/key -- read "${T}/a/key"
  refused EACCES sandboxed --rw a --keep a/key --rw a/key -- write "${T}/a/key"
  assert_success sandboxed --rw a --keep a/secret --rw a/secret/deep -- write "${T}/a/secret/deep/file"
  refused EACCES sandboxed --rw a --keep a/secret --deny a/secret/deep -- read "${T}/a/secret/deep/file"
  assert_success sandboxed --rw a --keep a/secret --deny a/secret/deep -- read "${T}/a/secret/file"
}

@test "keep does not change the right to execute" {
  mkdir tools
  cp "${PROBE}" tools/
  assert_success "${LL_EXEC}" -q --rwx tools --keep tools/probe -- tools/probe exit 0
  capture "${LL_EXEC}" --rw tools --keep tools/probe -- tools/probe exit 0
  is "${status}" 126
}

@test "--why and --explain show which rights keep removes" {
  tree
  capture "${LL_EXEC}" --rw a --keep a/secret --why write_file a/secret/file
  is "${status}" 1
  [[ ${output} == "refused write_file ${T}/a/secret/file"*"keep a/secret"* ]]
  capture "${LL_EXEC}" --rw a --keep a/secret --why read_file a/secret/file
  is "${status}" 0
  capture "${LL_EXEC}" --rw a --keep a/secret --explain
  [[ ${output} == *"rl---"*" a/* ("*"entries)"*"keep"* ]]
}

@test "a directory with a denied file can be listed, and one with a denied directory cannot" {
  tree
  assert_success sandboxed --ro a --deny a/key -- list "${T}/a"
  refused EACCES sandboxed --ro a --deny a/secret -- list "${T}/a"
  refused EACCES sandboxed --rw a --deny a/key -- create "${T}/a/new"
}

# ---- warnings about what a deny or keep prevents

@test "one warning names a directory in which nothing can be created and the keep or deny that causes it" {
  tree
  policy p.policy 'keep -$PWD/secret'
  assert_success "${LL_EXEC}" --rw a --keep a/secret --rx "${PROBE}" -- "${PROBE}" exit 0 # the current directory is elsewhere
  cd a
  capture "${LL_EXEC}" --rw . -p ../p.policy --rx "${PROBE}" -- "${PROBE}" create "${T}/a/new"
  is "${status} $(head -n 1 <<<"${errors}")" "1 ll-exec: warning: nothing can be created in ${T}/a, because of 'keep ${T}/a/secret' (p:1); sandbox.sh can"
  is "$(grep -c ll-exec <<<"${errors}")" 1
  capture "${LL_EXEC}" --rw . --deny open/file --rx "${PROBE}" -- "${PROBE}" exit 0
  is "${errors}" "ll-exec: warning: nothing can be created in ${T}/a, because of 'deny open/file'; sandbox.sh --overlay . can"
  capture "${LL_EXEC}" --rw "${T}" --deny secret --rx "${PROBE}" -- "${PROBE}" exit 0
  is "${errors}" "ll-exec: warning: nothing can be created in ${T}/a, because of 'deny secret'; sandbox.sh --overlay . can"
  assert_success "${LL_EXEC}" -q --rw "${T}" --deny secret --rx "${PROBE}" -- "${PROBE}" exit 0
  # It is granted read-only: nothing could be created in it.
  assert_success "${LL_EXEC}" --rw "${T}" --ro . --deny secret --rx "${PROBE}" -- "${PROBE}" exit 0
}

@test "there is no warning where nothing could be created anyway, or where no keep or deny interferes" {
  tree
  assert_success "${LL_EXEC}" --ro a --keep a/secret --rx "${PROBE}" -- "${PROBE}" exit 0
  assert_success "${LL_EXEC}" --ro a --deny a/key --rx "${PROBE}" -- "${PROBE}" exit 0
  assert_success "${LL_EXEC}" --rw a/open --deny a/key --rx "${PROBE}" -- "${PROBE}" create "${T}/a/open/new"
}

@test "--why of creating a file names the keep or deny that prevents it, or else the rule that grants it" {
  tree
  capture "${LL_EXEC}" --rw a --keep a/secret --why make_reg a/new
  is "${status} ${output}" "1 refused make_reg ${T}/a/new
  blocked by keep a/secret  argument 4
  Landlock cannot exclude it from a directory: nothing can be created, deleted or moved beside it
  sandbox.sh can"
  capture "${LL_EXEC}" --rw a --deny a/open/file --why remove_file a/key
  [[ ${output} == *'blocked by deny a/open/file'* ]]
  capture "${LL_EXEC}" --rw a --keep a/secret --why make_reg a/open/new
  is "${status}" 0
  capture "${LL_EXEC}" --ro a --keep a/secret --why make_reg a/new
  [[ ${status} == 1 && ${output} == *'the nearest rule is ro a'* ]]
}

# ---- protect-all

@test "protect-all refuses deleting and moving away whatever is granted, and nothing else" {
  tree
  local act
  for act in "unlink ${T}/a/key" "rename ${T}/a/file ${T}/a/other" "rmdir ${T}/empty"; do
    mkdir -p empty
    # shellcheck disable=SC2086 # a probe and its paths
    refused EACCES sandboxed --rwx "${T}" --fs "remove_file,remove_dir ${T}" --protect-all on -- ${act}
    # shellcheck disable=SC2086
    assert_success sandboxed --rwx "${T}" -- ${act}
  done
  tree
  assert_success sandboxed --rwx "${T}" --protect-all on -- create "${T}/a/new"
  assert_success sandboxed --rwx "${T}" --protect-all on -- write "${T}/a/file"
}
