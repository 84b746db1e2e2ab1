load overlay

# ll-changes commit: the same as without a layer, safe against what happens meanwhile, and whole in the end wherever
# it is killed. LL_KILLS=all kills it at every step, LL_KILLS=200 two hundred times at random.

STEPS=mkdirat,renameat,renameat2,unlinkat,rmdir,symlinkat,linkat,fchmod,chmod,fchmodat,fchown,utimensat,setxattr
STEPS+=,lsetxattr,fsetxattr,lremovexattr,fremovexattr,write,pwrite64,ftruncate,mknodat,fsync,syncfs,openat2

# Kills it at each STRIDE-th call that changes something.
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

# At a random time, within that of a whole commit.
kill_at_random() { # COUNT
  expect
  local -i kill whole killed=0
  prepare
  local start=${EPOCHREALTIME}
  works commit
  whole=$((${EPOCHREALTIME/./} - ${start/./}))
  for ((kill = 0; kill < $1; kill++)); do
    prepare
    "${CHANGES[@]}" commit "${LAYER}" 2>/dev/null 3>&- &
    local -i delay=$((RANDOM * whole / 32768))
    sleep "$(printf '0.%06d' "${delay}")"
    kill -KILL $! 2>/dev/null || true
    wait $! 2>/dev/null || killed+=1
    converges
  done
  ((killed > 0))
}

@test "a commit makes what the command would have made itself" {
  expect
  chmod -R u+rwx "${WORK}"
  rm -rf "${WORK}"
  "${AS[@]}" mkdir "${WORK}"
  cd "${WORK}"
  run_there seed
  run_there change_everything
  # But for h1 and h3, one file: a layer holds a copy of what is changed.
  local made
  made=$(state_of_tree .)
  is "$(grep -v "^'h[13]'" <<<"${expected}")" "$(grep -v "^'h[13]'" <<<"${made}")"
}

@test "also to another file system, where holes and links stay" {
  use_two_file_systems
  expect
  is "$(stat -c %h "${WORK}/linked")" 2
  (($(stat -c %b "${WORK}/sparse") < 100))
  is "$(find "${WORK}" -name '.ll-changes*')" ""
}

@test "killed at any step, it goes on and ends the same" {
  kill_at_steps "$([[ ${LL_KILLS:-} == all ]] && echo 1 || echo 9)"
}

@test "killed at any step between file systems, it goes on and ends the same" {
  use_two_file_systems
  kill_at_steps "$([[ ${LL_KILLS:-} == all ]] && echo 1 || echo 19)"
}

@test "killed at any step in a directory that is an overlay itself, it goes on and ends the same" {
  use_nested_overlay
  kill_at_steps "$([[ ${LL_KILLS:-} == all ]] && echo 1 || echo 29)"
}

@test "killed at random, it goes on and ends the same" {
  local count=${LL_KILLS:-6}
  kill_at_random "${count/all/200}"
}

@test "what has changed in the directory meanwhile is told and left, and the layer is kept" {
  "${AS[@]}" mkdir work
  cd work
  as_written 'mkdir gone kept; for name in a b c d gone/x kept/x; do echo old >$name; done'
  capture overlaid --keep-in "${LAYER}" \
    sh -c 'echo new >a; rm b; rm -r gone; chmod 600 c; echo new >e; echo new >kept/x; mkdir mode; chmod 700 mode'
  is "${status}" 0
  as_written 'echo theirs >a; echo theirs >b; echo theirs >gone/theirs; chmod 640 c; echo theirs >e; echo theirs >kept/y'
  capture commit
  is "${status}" 125
  is "${errors}" "ll-changes: a has changed meanwhile: it is left as it is
ll-changes: b has changed meanwhile: it is left as it is
ll-changes: c has changed meanwhile: it is left as it is
ll-changes: e has changed meanwhile: it is left as it is
ll-changes: gone has changed meanwhile: it is left as it is
ll-changes: gone/theirs has changed meanwhile: it is left as it is"
  is "$(cat a b e gone/x kept/x; stat -c %a c; ls)" "$(printf '%s\n' theirs theirs theirs old old 640 a b c d e gone kept)"
  works "${CHANGES[@]}" commit --force "${LAYER}"
  is "$(cat a c d e kept/x kept/y; stat -c %a c; ls)" \
    "$(printf '%s\n' new old old new new theirs 600 a c d e kept mode)"
}

@test "the run itself ends with 125 on a conflict, and keeps the layer" {
  "${AS[@]}" mkdir work
  cd work
  as_written 'echo old >file'
  begin "${BOXED[@]}" --overlay . --keep-in "${LAYER}" --on-success commit \
    sh -c 'trap "exit 0" TERM; echo new >file; echo started; while :; do sleep 0.1; done'
  as_written 'echo theirs >file'
  kill -TERM "${started_pid}"
  ends_with 125
  is "$(<file)" "theirs"
  works "${CHANGES[@]}" list "${LAYER}"
  is "${output}" "M file  (file, 7 bytes -> 4 bytes, mode 0644, CONFLICT: changed meanwhile)"
}

@test "nothing outside the directory is touched, whatever is put in its way" {
  "${AS[@]}" mkdir work outside other
  cd work
  as_written 'mkdir sub; echo old >sub/file; echo precious >../outside/file'
  capture overlaid --keep-in "${LAYER}" sh -c 'echo new >sub/file; echo new >sub/added'
  as_written 'mv sub ../other/; ln -s ../outside sub'
  capture commit
  is "${status} $(ls ../outside) $(<../outside/file)" "125 file precious"
  says "sub has changed meanwhile"
  as_written 'rm sub; mv ../other/sub .'
  cd ..
  as_written 'mv work aside; mkdir work'
  capture commit
  is "${status} $(ls work)" "125 "
  says "is not the directory that it was"
  as_written 'rmdir work; mv aside work'
  works commit
  is "$(cat work/sub/file work/sub/added)" $'new\nnew'
}

@test "a file that runs as its owner is told" {
  "${AS[@]}" mkdir work
  cd work
  capture overlaid sh -c 'cp /bin/true tool; chmod 4755 tool'
  is "${status}" 0
  says "tool runs as its owner or group"
}

@test "a deep tree is committed and removed" {
  "${AS[@]}" mkdir work
  cd work
  works overlaid sh -c 'i=0; while [ $i -lt 200 ]; do mkdir d; cd d; i=$((i+1)); done; echo deep >file'
  is "$(find . -name file | tr -cd / | wc -c)" 201
  capture overlaid --dry-run sh -c 'rm -r d'
  is "$(grep -c '^D ' <<<"${errors}")" 201
}
