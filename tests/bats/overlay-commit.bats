load overlay

# ll-changes commit: the result is the same as without a layer, concurrent changes are safe, and a killed commit can be
# resumed. LL_KILLS=all kills it at every step, LL_KILLS=200 two hundred times at random.

STEPS=mkdirat,renameat,renameat2,unlinkat,rmdir,symlinkat,linkat,fchmod,chmod,fchmodat,fchown,utimensat,setxattr
STEPS+=,lsetxattr,fsetxattr,lremovexattr,fremovexattr,write,pwrite64,ftruncate,mknodat,fsync,syncfs,openat2

# Kills it at each STRIDE-th call that changes a file.
kill_at_steps() { # STRIDE
  needs_program strace
  expect
  local -i step killed=0
  for ((step = 1; step < 1000; step += $1)); do
    prepare
    capture "${AS[@]}" strace -qq -o /dev/null -e "trace=${STEPS}" -e "inject=${STEPS}:signal=KILL:when=${step}" \
      "${BOX}/ll-changes" commit "${LAYER}"
    local -i how=${status}
    converges
    ((how == 137)) || break
    killed+=1
  done
  is "${how}" 0
  ((killed >= 6))
}

# At a random time within the duration of a commit.
kill_at_random() { # COUNT
  expect
  local -i kill whole killed=0
  prepare
  local start=${EPOCHREALTIME}
  assert_success commit
  whole=$((${EPOCHREALTIME/./} - ${start/./}))
  for ((kill = 0; kill < $1 || (killed == 0 && kill < 60); kill++)); do
    prepare
    "${CHANGES[@]}" commit "${LAYER}" 2>/dev/null 3>&- &
    local -i delay=$((RANDOM * whole / 32768))
    sleep "$(printf '0.%06d' "${delay}")"
    kill -KILL $! 2>/dev/null || true
    # Where the commit had ended before, the next kill is sooner: the measured first commit may have been slow.
    if wait $! 2>/dev/null; then whole=$((whole * 9 / 10)); else killed+=1; fi
    converges
  done
  ((killed > 0))
}

@test "a commit has the same result as running the command without an overlay" {
  expect
  chmod -R u+rwx "${WORK}"
  rm -rf "${WORK}"
  "${AS[@]}" mkdir "${WORK}"
  cd "${WORK}"
  run_there seed
  run_there change_everything
  # Except h1 and h3, one file: a layer holds a copy of a changed file.
  local made
  made=$(state_of_tree .)
  is "$(grep -v "^'h[13]'" <<<"${expected}")" "$(grep -v "^'h[13]'" <<<"${made}")"
}

@test "a commit to another file system keeps sparse files and links" {
  use_two_file_systems
  expect
  is "$(stat -c %h "${WORK}/linked")" 2
  (($(stat -c %b "${WORK}/sparse") < 100))
  is "$(find "${WORK}" -name '.ll-changes*')" ""
}

@test "a commit killed at any step is resumed, with the same result" {
  kill_at_steps "$([[ ${LL_KILLS:-} == all ]] && echo 1 || echo 9)"
}

@test "a commit between file systems killed at any step is resumed, with the same result" {
  use_two_file_systems
  kill_at_steps "$([[ ${LL_KILLS:-} == all ]] && echo 1 || echo 19)"
}

@test "a commit into a directory on an overlay killed at any step is resumed, with the same result" {
  use_nested_overlay
  kill_at_steps "$([[ ${LL_KILLS:-} == all ]] && echo 1 || echo 29)"
}

@test "a commit killed at random times is resumed, with the same result" {
  local count=${LL_KILLS:-6}
  kill_at_random "${count/all/200}"
}

@test "a file changed in the directory meanwhile is reported and left alone, and the layer is kept" {
  "${AS[@]}" mkdir work
  cd work
  as_written 'mkdir gone kept; for name in a b c d gone/x kept/x; do echo old >$name; done'
  capture overlaid --keep-in "${LAYER}" \
    sh -c 'echo new >a; rm b; rm -r gone; chmod 600 c; echo new >e; echo new >kept/x; mkdir mode; chmod 700 mode'
  is "${status}" 0
  as_written 'echo theirs >a; echo theirs >b; echo theirs >gone/theirs; chmod 640 c; echo theirs >e; echo theirs >kept/y'
  capture commit
  is "${status}" 125
  is "${errors}" "ll-changes: a has changed meanwhile: left as it is
ll-changes: b has changed meanwhile: left as it is
ll-changes: c has changed meanwhile: left as it is
ll-changes: e has changed meanwhile: left as it is
ll-changes: gone has changed meanwhile: left as it is
ll-changes: gone/theirs has changed meanwhile: left as it is"
  is "$(cat a b e gone/x kept/x; stat -c %a c; ls)" "$(printf '%s\n' theirs theirs theirs old old 640 a b c d e gone kept)"
  assert_success "${CHANGES[@]}" commit --force "${LAYER}"
  is "$(cat a c d e kept/x kept/y; stat -c %a c; ls)" \
    "$(printf '%s\n' new old old new new theirs 600 a c d e kept mode)"
}

@test "a file with several links changed meanwhile is reported and left alone" {
  "${AS[@]}" mkdir work
  cd work
  as_written 'echo old >one; ln one two; echo old >three; ln three four; ln three five'
  capture overlaid --keep-in "${LAYER}" sh -c 'echo new >one; rm three; echo new >four'
  is "${status}" 0
  as_written 'echo theirs >two; echo theirs >five'
  capture commit
  is "${status} ${errors}" "125 ll-changes: four has changed meanwhile: left as it is
ll-changes: one has changed meanwhile: left as it is
ll-changes: three has changed meanwhile: left as it is"
  is "$(cat one two three four five)" "$(printf '%s\n' theirs theirs theirs theirs theirs)"
  assert_success "${CHANGES[@]}" commit --force "${LAYER}"
  is "$(cat one two four five; ls)" "$(printf '%s\n' new theirs new theirs five four one two)"
}

@test "a file without read permission is committed, also with unchanged size and time" {
  "${AS[@]}" mkdir work
  cd work
  as_written 'echo old >shut; touch -d @1000000000 shut; chmod 0 shut'
  capture overlaid sh -c 'chmod 600 shut; echo new >shut; touch -d @1000000000 shut; chmod 0 shut'
  is "${status} ${errors}" "0 ${LL_COPIES:+sandbox.sh: shut cannot be read: it is empty in the copy}"
  is "$(stat -c '%a %Y' shut)" "0 1000000000"
  "${AS[@]}" chmod 600 shut
  is "$(<shut)" "new"
}

@test "a read-only file that was moved is committed without the overlay's extended attributes" {
  needs_program python3
  "${AS[@]}" mkdir work
  cd work
  as_written 'mkdir objects; echo old >objects/file; chmod 444 objects/file'
  assert_success overlaid sh -c 'mv objects/file objects/moved; python3 -c "
import os
os.chmod(\"objects/moved\", 0o644)
for name in (\"opaque\", \"redirect\", \"metacopy\", \"whiteout\", \"origin\"):
    try: os.setxattr(\"objects/moved\", \"user.overlay.\" + name, b\"y\"); os.setxattr(\"objects\", \"user.overlay.\" + name, b\"y\")
    except OSError: pass
os.setxattr(\"objects/moved\", \"user.mine\", b\"y\")
os.chmod(\"objects/moved\", 0o444)"'
  is "$(ls objects; stat -c %a objects/moved; cat objects/moved)" $'moved\n444\nold'
  is "$(python3 -c 'import os; print(os.listxattr("objects"), os.listxattr("objects/moved"))')" "[] ['user.mine']"
}

@test "a layer that another user owns or can write to is refused, for root as well" {
  begin_in work
  capture overlaid --keep-in "${LAYER}" touch added
  is "${status}" 0
  refuses() { # COMMAND...
    capture "$@" commit "${LAYER}"
    is "${status} ${errors}" "125 ll-changes: ${LAYER} is not a layer of this user
  name the directory of a layer"
  }
  if ((EUID == 0)); then refuses "${BOX}/ll-changes"; fi
  "${AS[@]}" chmod 770 "${LAYER}"
  refuses "${CHANGES[@]}"
  [[ ! -e added ]]
  "${AS[@]}" chmod 700 "${LAYER}"
  assert_success commit
  [[ -e added ]]
}

@test "a second commit of a layer is refused while one runs" {
  needs_program strace
  begin_in work
  capture overlaid --keep-in "${LAYER}" touch added
  begin_quietly "${AS[@]}" strace -qq -o /dev/null -e trace=renameat2 -e inject=renameat2:delay_enter=2000000 \
    "${BOX}/ll-changes" commit "${LAYER}"
  waits_until test -e "${LAYER}/0/known"
  capture commit
  is "${status} ${errors}" "125 ll-changes: ${LAYER} is in use
  wait until the command or the commit has ended"
  ends_with 0
  is "$(ls)" "added"
}

@test "Ctrl-C during a commit ends after the commit is complete" {
  needs_program strace pgrep
  begin_in work
  begin_quietly env --default-signal=INT "${AS[@]}" strace -qq -o /dev/null -e trace=renameat2 \
    -e inject=renameat2:delay_enter=1000000 "${SANDBOX}" --overlay . --keep-in "${LAYER}" --on-success commit touch 1 2 3
  waits_until test -e 1
  local changes
  changes=$(pgrep -P "${started_pid}")
  "${AS[@]}" kill -INT "${changes}"
  ends_with 130
  is "$(ls)" $'1\n2\n3'
  [[ ! -e ${LAYER} ]]
}

@test "on a file system without RENAME_NOREPLACE a commit checks for conflicts first" {
  needs_program strace
  use_two_file_systems
  "${AS[@]}" mkdir "${WORK}"
  cd "${WORK}"
  as_written 'echo old >file'
  capture overlaid --keep-in "${LAYER}" sh -c 'echo new >file; echo new >added; mkdir dir; echo new >dir/file'
  as_written 'mkdir dir'
  local -a there=("${AS[@]}" strace -qq -o /dev/null -e trace=renameat2 -e inject=renameat2:error=EINVAL "${BOX}/ll-changes")
  capture "${there[@]}" commit "${LAYER}"
  is "${status} ${errors}" "0 "
  is "$(cat file added dir/file)" $'new\nnew\nnew'
}

@test "a conflict at the end of a run has exit status 125, and keeps the layer" {
  "${AS[@]}" mkdir work
  cd work
  as_written 'echo old >file'
  begin "${BOXED[@]}" --overlay . --keep-in "${LAYER}" --on-success commit \
    sh -c 'trap "exit 0" TERM; echo new >file; echo started; while :; do sleep 0.1; done'
  as_written 'echo theirs >file'
  kill -TERM "${started_pid}"
  ends_with 125
  is "$(<file)" "theirs"
  assert_success "${CHANGES[@]}" list "${LAYER}"
  is "${output}" "M file  (file, 7 bytes -> 4 bytes, mode 0644, CONFLICT: changed meanwhile)"
}

@test "a commit does not touch anything outside of the directory, whatever is placed in its way" {
  "${AS[@]}" mkdir work outside other
  cd work
  as_written 'mkdir sub; echo old >sub/file; echo precious >../outside/file'
  capture overlaid --keep-in "${LAYER}" sh -c 'echo new >sub/file; echo new >sub/added'
  as_written 'mv sub ../other/; ln -s ../outside sub'
  capture commit
  is "${status} $(ls ../outside) $(<../outside/file)" "125 file precious"
  assert_stderr "sub has changed meanwhile"
  as_written 'rm sub; mv ../other/sub .'
  cd ..
  as_written 'mv work aside; mkdir work'
  capture commit
  is "${status} $(ls work)" "125 "
  assert_stderr "is not the directory that the layer was made for"
  as_written 'rmdir work; mv aside work'
  assert_success commit
  is "$(cat work/sub/file work/sub/added)" $'new\nnew'
}

@test "a set-user-ID file in the changes is reported" {
  "${AS[@]}" mkdir work
  cd work
  capture overlaid sh -c 'cp /bin/true tool; chmod 4755 tool'
  is "${status}" 0
  assert_stderr "tool runs as its owner or group"
}

@test "a deep tree is committed, and its layer removed" {
  "${AS[@]}" mkdir work
  cd work
  assert_success overlaid sh -c 'i=0; while [ $i -lt 200 ]; do mkdir d; cd d; i=$((i+1)); done; echo deep >file'
  is "$(find . -name file | tr -cd / | wc -c)" 201
  capture overlaid --dry-run sh -c 'rm -r d'
  is "$(grep -c '^D ' <<<"${errors}")" 201
}
