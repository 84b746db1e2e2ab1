load overlay

# sandbox.sh --overlay --no-namespaces: what applies to copies only. The other files of the overlay run in copies
# where LL_COPIES is set.
LL_COPIES=yes
use_programs

# Without the sandbox, in a copy made by cp(1).
bare() { # SCRIPT
  "${AS[@]}" cp -a . ../bare
  (cd ../bare && "${AS[@]}" sh -c "$1")
}

@test "with a copy the command runs in it, and cannot reach the original directory" {
  begin_in work
  as_written 'mkdir sub; echo old >sub/file'
  assert_success "${BOXED[@]}" --overlay . -C sub sh -c 'cat file; echo new >file; pwd'
  is "$(head -n 1 <<<"${output}") $(<sub/file)" "old new"
  [[ ${output} == */copy/sub ]]
  fails overlaid --rw .. sh -c "echo x >${PWD}/made"
  [[ ! -e made ]]
  assert_success "${BOXED[@]}" --rw .. sh -c "echo x >${PWD}/made"
}

@test "of a layer only the copy is granted, also if the directory of the layer is" {
  begin_in work
  "${AS[@]}" mkdir ../layers
  assert_success "${BOXED[@]}" --rw .. ls "${T}/layers"
  assert_success overlaid -q --rw .. --keep-in ../layers/one sh -c "ls ${T}/layers >/dev/null; touch made" || [[ ${errors} == *"are kept in"* ]]
  fails overlaid -q --rw .. --keep-in ../layers/two ls "${T}/layers/two/0"
  assert_stderr "Permission denied"
  fails overlaid -q --rw .. --keep-in ../layers/three sh -c "echo x >${T}/layers/three/0/index"
  assert_stderr "Permission denied"
}

@test "a rule that leads into the overlaid directory through a symlink is refused" {
  begin_in work
  as_written 'mkdir sub; ln -s work ../alias'
  capture overlaid --rw "${T}/alias/sub" touch sub/made
  is "${status} $(ls sub)" "125 "
  assert_stderr "name it by its own path: ${PWD}/sub"
  assert_success overlaid --rw "${PWD}/sub" touch sub/made
  is "$(ls sub)" made
}

@test "a directory with a denied entry is not deleted, moved or replaced" {
  begin_in work
  local act
  for act in 'rm -r in' 'rm -r in; mkdir in; echo x >in/made' 'rm -r in; echo x >in' 'mv in other'; do
    as_written 'rm -rf in; mkdir in; echo secret >in/key; echo old >in/file'
    bare "${act}"
    [[ ! -e ../bare/in/key ]]
    rm -r ../bare
    capture overlaid -q -p sandbox --rw . --deny in/key sh -c "${act}"
    is "$(cat in/key)" secret
    [[ ${output}${errors} != *secret* && ! -e other/key ]]
    rm -rf other
  done
}

@test "a file that could not be read is not lost when the command moves it or its directory" {
  ((EUID != 0 || ${#AS[@]} > 0)) || skip "root reads all"
  begin_in work
  local act
  for act in 'mv shut other' 'mv in other' 'chmod 600 shut; echo more >>shut' 'rmdir closed' 'mv closed other'; do
    as_written 'chmod -R u+rwx . && rm -rf ./* && mkdir in closed && echo text >closed/file && echo text >shut &&
      echo text >in/shut && chmod 0 shut in/shut closed'
    capture overlaid sh -c "${act}"
    is "${status}" 125
    assert_stderr "omitted"
    as_written 'chmod u+rwx closed; chmod u+r shut in/shut'
    is "$(cat shut in/shut closed/file)" $'text\ntext\ntext'
  done
  as_written 'chmod 0 shut'
  capture overlaid rm -f shut
  is "${status}" 0
  [[ ! -e shut ]]
}

@test "the layer of a killed run in a copy is read by the next list, and nothing is mounted" {
  begin_in work
  as_written 'echo old >file; echo x >gone'
  begin "${BOXED[@]}" --overlay . --keep-in "${LAYER}" sh -c 'echo new >file; rm gone; echo started; sleep 98764'
  capture "${CHANGES[@]}" list "${LAYER}"
  is "${status}" 125
  assert_stderr "in use"
  kill -KILL "${started_pid}"
  ends_with 137
  waits_until none_left 98764
  assert_success "${CHANGES[@]}" list "${LAYER}"
  is "$(awk '{ print $1, $2 }' <<<"${output}")" $'M file\nD gone'
  [[ ! -e ${LAYER}/0/copy ]]
  capture "${AS[@]}" "${SANDBOX}" --overlay . --keep-in "${LAYER}" true
  is "${status}" 125
  assert_stderr "was made without namespaces"
  assert_success "${CHANGES[@]}" commit "${LAYER}"
  is "$(<file) $(ls)" "new file"
}

@test "a change that keeps size and time is detected in a copy" {
  begin_in work
  as_written 'echo aaa >file; touch -d @1000000000 file'
  assert_success overlaid sh -c 'echo bbb >file; touch -d @1000000000 file'
  is "$(<file)" bbb
}

@test "Ctrl-C during the copying leaves nothing behind" {
  begin_in work
  as_written 'i=0; while [ $i -lt 3000 ]; do echo x >$i; i=$((i + 1)); done; mkdir ../layers'
  TMPDIR=${T}/layers begin_quietly env --default-signal=INT setsid "${BOXED[@]}" --overlay . sleep 98763
  waits_until compgen -G "${T}/layers/*/0/copy" >/dev/null
  kill -INT -- "-${started_pid}"
  ends_with 130
  is "$(ls -A "${T}/layers")" ""
}

@test "a copy that does not fit on the disk is refused before copying" {
  needs_root
  begin_in work
  as_written 'dd if=/dev/zero of=big bs=64k count=16 status=none; mkdir ../small'
  mount -t tmpfs -o size=256k,mode=777 none ../small
  capture overlaid --keep-in ../small/layer touch made
  umount -l ../small
  is "${status}" 125
  assert_stderr "needs 2 MiB, but only 1 MiB are free"
  [[ ! -e made ]]
}
