# bats file_tags=check
load helpers

# A granted tree with something denied in it.
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

@test "deny takes a directory out of a granted tree, and leaves what is beside it" {
  tree
  works sandboxed --ro a -- read "${T}/a/secret/file"
  refused EACCES sandboxed --ro a --deny a/secret -- read "${T}/a/secret/file"
  refused EACCES sandboxed --ro a --deny a/secret -- read "${T}/a/secret/deep/file"
  refused EACCES sandboxed --ro a --deny a/secret -- list "${T}/a/secret"
  works sandboxed --ro a --deny a/secret -- read "${T}/a/file"
  works sandboxed --ro a --deny a/secret -- read "${T}/a/open/file"
}

@test "deny takes one file out of a granted tree" {
  tree
  refused EACCES sandboxed --rw a --deny a/key -- read "${T}/a/key"
  refused EACCES sandboxed --rw a --deny a/key -- write "${T}/a/key"
  refused EACCES sandboxed --rw a --deny a/key -- unlink "${T}/a/key"
  works sandboxed --rw a --deny a/key -- write "${T}/a/file"
}

@test "deny comes before or after the grant, in a policy and as an option" {
  tree
  policy p.policy "deny a/secret" "ro a"
  refused EACCES sandboxed -p p.policy -- read "${T}/a/secret/file"
  works sandboxed -p p.policy -- read "${T}/a/file"
  refused EACCES sandboxed --deny a/secret --ro a -- read "${T}/a/secret/file"
}

@test "deny deep in a tree leaves what is beside on every level" {
  tree
  refused EACCES sandboxed --ro . --deny a/secret/deep -- read "${T}/a/secret/deep/file"
  works sandboxed --ro . --deny a/secret/deep -- read "${T}/a/secret/file"
  works sandboxed --ro . --deny a/secret/deep -- read "${T}/a/key"
}

@test "the denied tree is not reached by a symbolic or hard link, or by .." {
  tree
  ln -s ../secret/file a/open/link
  ln a/key a/open/hard
  refused EACCES sandboxed --ro a --deny a/secret -- read "${T}/a/open/link"
  refused EACCES sandboxed --ro a --deny a/secret -- read "${T}/a/open/../secret/file"
  works sandboxed --ro a --deny a/secret -- read "${T}/a/key"
}

@test "deny of a symbolic link denies what it points at" {
  tree
  ln -s a/secret link
  refused EACCES sandboxed --ro a --deny link -- read "${T}/a/secret/file"
}

@test "what a denied tree holds can be granted again, as the more specific path wins" {
  tree
  works sandboxed --ro a --deny a/secret --ro a/secret/deep -- read "${T}/a/secret/deep/file"
  refused EACCES sandboxed --ro a --deny a/secret --ro a/secret/deep -- read "${T}/a/secret/file"
}

@test "on equal paths deny wins" {
  tree
  refused EACCES sandboxed --ro a --deny a -- read "${T}/a/file"
  refused EACCES sandboxed --deny a/key --rw a/key -- read "${T}/a/key"
}

@test "what is created beside something denied is not granted: it fails safe" {
  tree
  refused EACCES sandboxed --rw a --deny a/secret -- create "${T}/a/new"
  works sandboxed --rw a --deny a/secret -- create "${T}/a/open/new"
}

@test "deny outside of what is granted changes nothing" {
  tree
  works sandboxed --ro a/open --deny a/secret -- read "${T}/a/open/file"
}

@test "deny of what does not exist is refused, and of an optional one skipped" {
  tree
  rejects_line "deny a/nothing" "ll-exec: p.policy:1:6: a/nothing does not exist
    deny a/nothing
         ^~~~~~~~~
  if it need not, write -a/nothing"
  works sandboxed --ro a --deny=-a/nothing -- read "${T}/a/file"
}

@test "--why names the deny that refuses, and the grant beside it" {
  tree
  capture "${LL_EXEC}" --ro a --deny a/secret --why read_file a/secret/file
  is "${status}" 1
  [[ ${output} == "refused read_file ${T}/a/secret/file"*"deny a/secret"* ]]
  capture "${LL_EXEC}" --ro a --deny a/secret --why read_file a/open/file
  is "${status}" 0
  [[ ${output} == "granted read_file ${T}/a/open/file"*"ro a"* ]]
}

@test "the command itself can be denied" {
  mkdir bin2
  cp "${DEED}" bin2/deed
  works "${LL_EXEC}" --rx bin2 -- bin2/deed exit 0
  capture "${LL_EXEC}" --rx bin2 --deny bin2/deed -- bin2/deed exit 0
  is "${status}" 126
}

@test "keep leaves what is beneath it to be read, and takes writing of every kind away" {
  tree
  works sandboxed --rw a --keep a/secret -- read "${T}/a/secret/deep/file"
  works sandboxed --rw a --keep a/secret -- list "${T}/a/secret"
  refused EACCES sandboxed --rw a --keep a/secret -- write "${T}/a/secret/file"
  refused EACCES sandboxed --rw a --keep a/secret -- create "${T}/a/secret/new"
  refused EACCES sandboxed --rw a --keep a/secret -- unlink "${T}/a/secret/file"
  refused EACCES sandboxed --rw a --keep a/secret -- rename "${T}/a/secret" "${T}/a/moved"
  works sandboxed --rw a -- write "${T}/a/secret/file"
  works sandboxed --rw a -- create "${T}/a/secret/new"
  works sandboxed --rw a -- unlink "${T}/a/secret/file"
  works sandboxed --rw a -- rename "${T}/a/secret" "${T}/a/moved"
}

@test "keep leaves what is beside it: the directory is listed, files in it are written, and made further down" {
  tree
  works sandboxed --rw a --keep a/secret/deep -- list "${T}/a"
  works sandboxed --rw a --keep a/secret/deep -- list "${T}/a/secret"
  works sandboxed --rw a --keep a/secret/deep -- write "${T}/a/key"
  works sandboxed --rw a --keep a/secret/deep -- write "${T}/a/secret/file"
  works sandboxed --rw a --keep a/secret/deep -- create "${T}/a/open/new"
  refused EACCES sandboxed --rw a --keep a/secret/deep -- create "${T}/a/new"
  works sandboxed --rw a -- create "${T}/a/new"
}

@test "keep of one file, before or after the grant, and of a link for what it points at" {
  tree
  ln -s a/key link
  refused EACCES sandboxed --keep a/key --rw a -- write "${T}/a/key"
  refused EACCES sandboxed --rw a --keep link -- write "${T}/a/key"
  works sandboxed --rw a --keep link -- read "${T}/a/key"
  works sandboxed --keep a/key -- read "${T}/a/key"
}

@test "deny wins over keep, and keep over what is granted at the same path; a more specific grant wins over both" {
  tree
  refused EACCES sandboxed --rw a --keep a/key --deny a/key -- read "${T}/a/key"
  refused EACCES sandboxed --rw a --keep a/key --rw a/key -- write "${T}/a/key"
  works sandboxed --rw a --keep a/secret --rw a/secret/deep -- write "${T}/a/secret/deep/file"
  refused EACCES sandboxed --rw a --keep a/secret --deny a/secret/deep -- read "${T}/a/secret/deep/file"
  works sandboxed --rw a --keep a/secret --deny a/secret/deep -- read "${T}/a/secret/file"
}

@test "keep leaves executing as it is granted" {
  mkdir tools
  cp "${DEED}" tools/
  works "${LL_EXEC}" -q --rwx tools --keep tools/deed -- tools/deed exit 0
  capture "${LL_EXEC}" --rw tools --keep tools/deed -- tools/deed exit 0
  is "${status}" 126
}

@test "--why and --explain show what keep takes" {
  tree
  capture "${LL_EXEC}" --rw a --keep a/secret --why write_file a/secret/file
  is "${status}" 1
  [[ ${output} == "refused write_file ${T}/a/secret/file"*"keep a/secret"* ]]
  capture "${LL_EXEC}" --rw a --keep a/secret --why read_file a/secret/file
  is "${status}" 0
  capture "${LL_EXEC}" --rw a --keep a/secret --explain
  [[ ${output} == *"rl---"*" a/* ("*"entries)"*"keep"* ]]
}

@test "a directory in which a file is denied can still be listed, and one in which a directory is cannot" {
  tree
  works sandboxed --ro a --deny a/key -- list "${T}/a"
  refused EACCES sandboxed --ro a --deny a/secret -- list "${T}/a"
  refused EACCES sandboxed --rw a --deny a/key -- create "${T}/a/new"
}

# ---- what is in the way is named

@test "a directory in which nothing can be created is named at the start in one line, with the keep or deny; -q says nothing" {
  tree
  policy p.policy 'keep -$PWD/secret'
  works "${LL_EXEC}" --rw a --keep a/secret --rx "${DEED}" -- "${DEED}" exit 0 # one stands elsewhere
  cd a
  capture "${LL_EXEC}" --rw . -p ../p.policy --rx "${DEED}" -- "${DEED}" create "${T}/a/new"
  is "${status} $(head -n 1 <<<"${errors}")" "1 ll-exec: warning: nothing can be created in ${T}/a, because of 'keep ${T}/a/secret' (p:1); sandbox.sh can"
  is "$(grep -c ll-exec <<<"${errors}")" 1
  capture "${LL_EXEC}" --rw . --deny open/file --rx "${DEED}" -- "${DEED}" exit 0
  is "${errors}" "ll-exec: warning: nothing can be created in ${T}/a, because of 'deny open/file'; sandbox.sh --overlay . can"
  capture "${LL_EXEC}" --rw "${T}" --deny secret --rx "${DEED}" -- "${DEED}" exit 0
  is "${errors}" "ll-exec: warning: nothing can be created in ${T}/a, because of 'deny secret'; sandbox.sh --overlay . can"
  works "${LL_EXEC}" -q --rw "${T}" --deny secret --rx "${DEED}" -- "${DEED}" exit 0
  # It is only to be read: nobody means to create anything in it.
  works "${LL_EXEC}" --rw "${T}" --ro . --deny secret --rx "${DEED}" -- "${DEED}" exit 0
}

@test "where nothing could be created anyway, or nothing is in the way, nothing is said" {
  tree
  works "${LL_EXEC}" --ro a --keep a/secret --rx "${DEED}" -- "${DEED}" exit 0
  works "${LL_EXEC}" --ro a --deny a/key --rx "${DEED}" -- "${DEED}" exit 0
  works "${LL_EXEC}" --rw a/open --deny a/key --rx "${DEED}" -- "${DEED}" create "${T}/a/open/new"
}

@test "--why names the keep or deny that stands in the way of what is created beside it, and the rule where none does" {
  tree
  capture "${LL_EXEC}" --rw a --keep a/secret --why make_reg a/new
  is "${status} ${output}" "1 refused make_reg ${T}/a/new
  what stands in the way is keep a/secret  argument 4
  Landlock cannot except it from a directory: nothing can be created, deleted or moved beside it
  sandbox.sh can"
  capture "${LL_EXEC}" --rw a --deny a/open/file --why remove_file a/key
  [[ ${output} == *'in the way is deny a/open/file'* ]]
  capture "${LL_EXEC}" --rw a --keep a/secret --why make_reg a/open/new
  is "${status}" 0
  capture "${LL_EXEC}" --ro a --keep a/secret --why make_reg a/new
  [[ ${status} == 1 && ${output} == *'the nearest rule is ro a'* ]]
}

# ---- protect-all

@test "protect-all: nothing is deleted or moved away, whatever is granted; all else is done" {
  tree
  local act
  for act in "unlink ${T}/a/key" "rename ${T}/a/file ${T}/a/other" "rmdir ${T}/empty"; do
    mkdir -p empty
    # shellcheck disable=SC2086 # a deed and its paths
    refused EACCES sandboxed --rwx "${T}" --fs "remove_file,remove_dir ${T}" --protect-all on -- ${act}
    # shellcheck disable=SC2086
    works sandboxed --rwx "${T}" -- ${act}
  done
  tree
  works sandboxed --rwx "${T}" --protect-all on -- create "${T}/a/new"
  works sandboxed --rwx "${T}" --protect-all on -- write "${T}/a/file"
}
