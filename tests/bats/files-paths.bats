# bats file_tags=check
load files

# ---- paths

@test "an optional path that does not exist is ignored" {
  policy p.policy "ro -/nonexistent/x -nothing"
  assert_success sandboxed -p p.policy --rw=-/nonexistent -- pid
}

@test "an optional path that exists is granted" {
  tree
  policy p.policy "ro -a"
  assert_success sandboxed -p p.policy -- read "${T}/a/file"
}

@test "an optional path that file permissions forbid to look up is an error" {
  mkdir closed
  chmod 0 closed
  ((EUID == 0)) && chown "${ORDINARY}" closed
  capture sandboxed_as_user --ro=-closed/x -- pid
  is "${errors}" "ll-exec: argument 1: cannot grant closed/x: EACCES (permission denied)
    --ro=-closed/x
         ^~~~~~~~~
  this user may not search a directory on the path"
  is "${status}" 125
}

@test "a path that does not exist is refused" {
  rejects_line "ro /nonexistent/x" "ll-exec: p.policy:1:4: /nonexistent/x does not exist
    ro /nonexistent/x
       ^~~~~~~~~~~~~~
  if it is optional, write -/nonexistent/x"
}

@test "a path in .git is refused in a linked worktree, with the reason" {
  printf 'gitdir: elsewhere\n' >.git
  rejects_line "keep .git/config" "ll-exec: p.policy:1:6: .git/config does not exist: this .git is a file (linked worktree or submodule)
    keep .git/config
         ^~~~~~~~~~~
  run in the repository that it names, or add rules for that one"
  rm .git
  mkdir .git
  : >.git/config
  policy p.policy "keep .git/config"
  assert_success sandboxed -p p.policy -- pid
}

@test "a path through a file is refused as one that does not exist" {
  printf x >file
  rejects "ll-exec: argument 2: file/x does not exist
    --ro file/x
         ^~~~~~
  if it is optional, write -file/x" --ro file/x
}

@test "a symlink in a granted directory does not grant its target outside" {
  tree
  ln -s ../secret a/link
  assert_success "${PROBE}" read "${T}/a/link"
  refused EACCES sandboxed --ro a -- read "${T}/a/link"
}

@test "a rule on a symlink grants its target" {
  tree
  ln -s secret link
  assert_success sandboxed --ro link -- read "${T}/secret"
}

@test "a hard link created before the start is granted with its directory" {
  tree
  ln secret a/hard
  assert_success sandboxed --ro a -- read "${T}/a/hard"
}

@test "a relative path in a policy is relative to the policy's directory" {
  tree
  policy a/p.policy "ro file"
  assert_success sandboxed -p a/p.policy -- read "${T}/a/file"
  refused EACCES sandboxed -p a/p.policy -- read "${T}/b/file"
}

@test "a relative path on the command line is relative to the current directory" {
  tree
  cd a
  assert_success sandboxed --ro file -- read "${T}/a/file"
}

@test "a relative path on the command line is relative to the caller's directory, with chdir as well" {
  tree
  assert_success sandboxed --chdir b --ro a -- read "${T}/a/file"
  refused EACCES sandboxed --chdir a --ro b -- read "${T}/a/file"
}

@test "a path with blanks is quoted in a policy and unquoted on the command line" {
  mkdir 'a b'
  printf 'inside\n' >'a b/file'
  policy p.policy "ro 'a b'" 'ro "a b"'
  assert_success sandboxed -p p.policy -- read "${T}/a b/file"
  assert_success sandboxed --ro 'a b' -- read "${T}/a b/file"
}

@test "rules of the same directive add up, on one line or several" {
  tree
  policy p.policy "ro a b" "ro secret"
  assert_success sandboxed -p p.policy -- read "${T}/a/file"
  assert_success sandboxed -p p.policy -- read "${T}/b/file"
  assert_success sandboxed -p p.policy -- read "${T}/secret"
}

@test "1,024 rules are all enforced" {
  tree
  local i
  for ((i = 0; i < 1022; i++)); do
    : >"b/f${i}"
    printf 'ro b/f%s\n' "${i}"
  done >p.policy
  printf 'ro a/file\n' >>p.policy
  assert_success sandboxed -p p.policy -- read "${T}/b/f0"
  assert_success sandboxed -p p.policy -- read "${T}/b/f1021"
  assert_success sandboxed -p p.policy -- read "${T}/a/file"
  refused EACCES sandboxed -p p.policy -- read "${T}/b/file"
}
