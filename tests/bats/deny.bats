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
