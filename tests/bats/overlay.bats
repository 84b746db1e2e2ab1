load overlay

# sandbox.sh --overlay, its options, and the lists of changes.

@test "changes of a command in an overlay are committed when it succeeds" {
  begin_in work
  as_written 'echo old >file; mkdir gone; echo x >gone/x'
  assert_success overlaid sh -c 'echo new >file; rm -r gone; echo more >added; cat file; ls'
  is "${output}" $'new\nadded\nfile'
  is "$(cat file added; ls)" $'new\nmore\nadded\nfile'
}

@test "changes are discarded when the command fails, and its exit status is kept" {
  begin_in work
  as_written 'echo old >file'
  capture overlaid sh -c 'echo new >file; echo >added; exit 7'
  is "${status} $(cat file; ls)" $'7 old\nfile'
  capture overlaid --on-failure commit sh -c 'echo new >file; exit 7'
  is "${status} $(cat file)" "7 new"
  capture overlaid --on-success discard sh -c 'echo newer >file'
  is "${status} $(cat file)" "0 new"
}

@test "changes are committed or discarded for root as well" {
  needs_root
  as_root
  begin_in work
  assert_success overlaid sh -c 'echo new >file'
  is "$(cat file)" "new"
}

@test "--dry-run lists the changes, and discards them" {
  begin_in work
  as_written 'echo old >file; echo x >gone; ln -s a link; mkdir dir; mkfifo pipe; chmod 644 file gone'
  mkdir -m 1777 "${T}/layers"
  TMPDIR=${T}/layers capture overlaid --dry-run sh -c 'umask 022; echo longer >file; rm gone; ln -sf b link; chmod 700 dir; mv pipe moved
    mkdir -p new/sub; echo 1 >new/sub/1; rm -r dir; mkdir dir; chmod 700 dir; echo >"$(printf "odd\nname")"'
  is "${status} ${output}" "0 "
  is "${errors}" 'M dir  (directory, mode 0755 -> 0700)
M file  (file, 4 bytes -> 7 bytes, mode 0644)
D gone  (file, 2 bytes, mode 0644)
M link  (symlink to a -> b)
A moved  (fifo, mode 0644)
A new  (directory, mode 0755)
A new/sub  (directory, mode 0755)
A new/sub/1  (file, 2 bytes, mode 0644)
A odd\nname  (file, 1 bytes, mode 0644)
D pipe  (fifo, mode 0644)'
  is "$(ls -m) $(cat file)" 'dir, file, gone, link, pipe old'
  is "$(ls -A "${T}/layers")" ""
}

@test "--changes does not write to a file behind a symlink of the project" {
  begin_in work
  as_written 'echo mine >../mine; ln -s ../mine told; mkdir real; ln -s real folder; ln -s .. out'
  assert_success overlaid --dry-run --changes ../told sh -c 'echo >new'
  local name
  for name in told ./told folder/told out/mine "${PWD}/told"; do
    capture overlaid --dry-run --changes "${name}" sh -c 'echo >new; echo ran'
    is "${status} ${output} $(<../mine)" "125  mine"
    assert_stderr "is reached through a symbolic link to"
  done
  assert_success overlaid --dry-run --changes real/told sh -c 'echo >new'
  is "$(<real/told)" "A new  (file, 1 bytes, mode 0644)"
}

@test "--changes writes the changes to a file, as a list, as JSON or as a diff" {
  needs_program jq diff
  begin_in work
  as_written 'printf "1\n2\n" >file; chmod 644 file'
  assert_success overlaid --dry-run --json --changes ../told sh -c 'umask 022; echo 3 >>file; echo x >"$(printf "\377")"'
  is "$(jq -c '.changes[] | [.change, .path, .before.size, .after.size, .after.mode, .conflict]' ../told | head -n 1)" \
    '["M","file",4,6,"0644",false]'
  [[ $(<../told) == *'"directory": "'"${PWD}"'", "path": "\udcff"'* ]]
  capture overlaid --dry-run --diff \
    sh -c 'umask 022; echo 3 >>file; echo x >new; : >empty; echo >shut; chmod 0 shut'
  is "${errors}" 'A empty  (file, 0 bytes, mode 0644)
M file  (file, 4 bytes -> 6 bytes, mode 0644)
A new  (file, 2 bytes, mode 0644)
A shut  (file, 1 bytes, mode 0000)
--- file
+++ file
@@ -1,2 +1,3 @@
 1
 2
+3
--- /dev/null
+++ new
@@ -0,0 +1 @@
+x
shut cannot be read'
  is "$(<file)" $'1\n2'
}

@test "diff escapes control characters of a file on a terminal" {
  needs_program python3 diff
  begin_in work
  capture overlaid --keep-in ../layer sh -c 'umask 022; printf "a\033]0;x\007\302\233b\303\251\tc\n" >file'
  assert_success "${CHANGES[@]}" diff ../layer
  is "${output##*@@}" $'\n+a\033]0;x\007\302\233b\303\251\tc'
  assert_success python3 -c 'import pty, sys; pty.spawn(sys.argv[1:])' "${CHANGES[@]}" diff ../layer
  is "${output##*@@}" $'\r\n+a?]0;x???b\303\251\tc\r'
}

@test "a layer is kept, listed, shown, committed and dropped later" {
  begin_in work
  as_written 'echo old >file'
  capture overlaid --keep-in ../layer sh -c 'echo new >file'
  is "${status} $(<file)" "0 old"
  assert_stderr "the changes are kept in ${T}/layer"
  assert_success "${CHANGES[@]}" list ../layer
  is "${output}" "M file  (file, 4 bytes, mode 0644)"
  assert_success "${CHANGES[@]}" diff ../layer
  is "${output##*@@}" $'\n-old\n+new'
  assert_success "${CHANGES[@]}" commit ../layer
  is "$(<file)" "new"
  [[ ! -e ../layer ]]
  capture overlaid --on-success keep --keep-in ../layer sh -c 'rm file'
  assert_success "${CHANGES[@]}" drop ../layer
  is "$(<file) $(ls ..)" "new work"
  capture "${CHANGES[@]}" drop .
  is "${status}" 125
  assert_stderr "is not a layer of this user"
  is "$(<file)" "new"
}

@test "several overlaid directories have a layer each" {
  "${AS[@]}" mkdir one two
  if [[ -n ${LL_COPIES:-} ]]; then
    capture "${BOXED[@]}" --overlay one --overlay two touch one/file
    is "${status} $(ls one)" "125 "
    assert_stderr "only one --overlay"
    capture "${BOXED[@]}" --overlay one touch one/file
    is "${status} $(ls one)" "125 "
    assert_stderr "start it there: -C ${T}/one"
    assert_success "${BOXED[@]}" --overlay one -C one touch file
    is "$(ls one)" file
    return
  fi
  assert_success "${BOXED[@]}" --overlay one --overlay two sh -c 'echo 1 >one/file; echo 2 >two/file'
  is "$(cat one/file two/file)" $'1\n2'
  capture "${BOXED[@]}" --overlay one --overlay "${T}/two" --dry-run sh -c 'rm one/file two/file'
  is "${errors}" "D one/file  (file, 2 bytes, mode 0644)
D ${T}/two/file  (file, 2 bytes, mode 0644)"
}

@test "inside only the directory is granted, and the layer cannot be reached" {
  begin_in work
  as_written "cp /bin/true tool; mkdir bin; cp tool bin; mkdir ../layers ../beside"
  assert_success overlaid ./tool
  capture overlaid -p sandbox ./tool
  is "${status}" 126
  assert_success overlaid -p sandbox --rx bin bin/tool
  capture overlaid -p sandbox --rx bin sh -c 'cp bin/tool bin/copy && bin/copy && ! ./tool'
  is "${status}" 0
  [[ -x bin/copy ]]
  assert_success "${BOXED[@]}" --rw .. sh -c 'echo >../layers/seen'
  fails overlaid sh -c 'echo >../beside/file'
  fails overlaid --rw .. --keep-in ../layers/l sh -c 'ls ../layers/l/0/upper'
  fails overlaid --rw .. sh -c 'mv ../work ../other'
  not_in_a_copy "nothing is bound elsewhere"
  fails overlaid --rw .. --bind ..:/alias --keep-in ../layers/m sh -c 'ls /alias/layers/m/0/upper'
  assert_stderr "No such file"
}

@test "writes beneath a granted subdirectory of the overlay are in the overlay as well" {
  begin_in work
  as_written 'mkdir sub; echo old >sub/file'
  capture overlaid --rw sub --rx sub --dry-run sh -c 'echo new >sub/file; cat sub/file'
  is "${output} $(<sub/file)" "new old"
}

@test "a directory that cannot be overlaid is refused, and nothing runs" {
  begin_in work
  as_written 'mkdir sub; echo >file'
  refused_with() { # TEXT [OPTION...]
    local text=$1
    shift
    capture "${BOXED[@]}" "$@" touch mark
    is "${status}" 125
    assert_stderr "${text}"
    [[ ! -e mark && ! -e sub/layer ]]
  }
  refused_with "is in ${PWD}" --overlay . --overlay sub
  refused_with "name a place outside it" --overlay . --keep-in sub/layer
  refused_with "cannot keep changes of" --overlay missing
  refused_with "cannot keep changes of" --overlay file
  if [[ -z ${LL_COPIES:-} ]]; then refused_with "leave out --share pid" --overlay . --share pid; fi
  refused_with "no directory given" --dry-run
  assert_success overlaid touch mark
  if ((EUID == 0)); then
    rm mark
    as_root
    # Nothing may be mounted in /sys.
    if grep -q ' /sys/' /proc/self/mountinfo; then refused_with "is mounted in it" --overlay /sys --rw .; fi
    mkdir -p ../holds/sub
    mount -t tmpfs none ../holds/sub
    refused_with "is mounted in it" --overlay ../holds --rw . || { umount ../holds/sub; return 1; }
    umount ../holds/sub
    AS=(setpriv "--reuid=${ORDINARY}" "--regid=${ORDINARY}" --clear-groups --)
    use_programs
    mkdir ../theirs
    refused_with "cannot write to ../theirs" --overlay ../theirs
    mount -t tmpfs none sub
    refused_with "cannot keep what is written to ${PWD} in a layer: ${PWD}/sub is mounted in it" --overlay . || { umount sub; return 1; }
    umount sub
    mkdir ../ro
    mount -t tmpfs -o ro none ../ro
    refused_with "cannot write to ../ro: EROFS" --overlay ../ro || { umount ../ro; return 1; }
    umount ../ro
  fi
}

# overlayfs has no redirect_dir in a user namespace: sandbox.sh(1), CAVEATS.
@test "an existing directory is renamed with a copy, and a new one with rename(2)" {
  needs_program python3 git
  begin_in work
  as_written 'git init -q . && mkdir d && echo text >d/file && git add . && git -c user.name=u -c user.email=u@h commit -qm x'
  capture overlaid --dry-run python3 -c 'import os; os.mkdir("new"); os.rename("new", "newer")'
  is "${status} ${errors}" "0 A newer  (directory, mode 0755)"
  if [[ -z ${LL_COPIES:-} ]]; then
    fails overlaid --dry-run python3 -c 'import os; os.rename("d", "e")'
    assert_stderr "Invalid cross-device link"
  else
    capture overlaid --dry-run python3 -c 'import os; os.rename("d", "e")'
    is "${status}" 0
  fi
  assert_success overlaid mv d e
  is "$(<e/file)" text
  [[ ! -e d ]]
  assert_success overlaid sh -c 'mv e f && git add -A && git status --porcelain'
  is "${output}" "R  d/file -> f/file"
}

# The kernel removes what it finds in the layer's `work` when it mounts.
@test "a layer with a non-empty work directory is refused, and its content stays" {
  begin_in work
  as_written 'mkdir -p ../mine/upper ../mine/work/work/deep; echo precious | tee ../mine/work/work/deep/file >../mine/work/work/file'
  local before
  before=$(find ../mine -printf '%p %i %t\n' | sort)
  capture "${AS[@]}" "${LL_NS_PROGRAM}" --no-loader --host-root --overlay . ../mine -- touch mark
  is "${status}" 125
  assert_stderr '`work` in the layer of '
  assert_stderr 'name a layer with an empty one'
  is "$(find ../mine -printf '%p %i %t\n' | sort)" "${before}"
  as_written 'rm -r ../mine/work/work'
  assert_success "${AS[@]}" "${LL_NS_PROGRAM}" --no-loader --host-root --overlay . ../mine -- touch mark
  [[ ! -e mark && -e ../mine/upper/mark ]]
}

# Names that layers and commits use themselves.
@test "a commit removes only listed paths, whatever their names" {
  begin_in work
  as_written 'mkdir -p .ll-changes-0123456789abcdef/taken0 stage/taken0 work/work upper .deep0/in gone/in; echo x | tee new note-1 info known taken0 \
    .ll-changes-0123456789abcdef/taken0/file stage/taken0/file work/work/file upper/file .deep0/in/file gone/in/file >linked-1'
  local before
  before=$(find . -mindepth 1 ! -path './gone*' -printf '%p %i %s\n' | sort)
  capture overlaid --keep-in ../layer sh -c 'rm -r gone'
  is "${status}" 0
  assert_success "${CHANGES[@]}" list ../layer
  is "$(awk '{ print $1, $2 }' <<<"${output}")" $'D gone\nD gone/in\nD gone/in/file'
  assert_success "${CHANGES[@]}" commit ../layer
  [[ ! -e gone ]]
  is "$(find . -mindepth 1 -printf '%p %i %s\n' | sort)" "${before}"
  # In a copy as well: from another file system.
  if [[ $(stat -f -c %T /dev/shm) == tmpfs && $(stat -f -c %T .) != tmpfs ]]; then
    local elsewhere
    elsewhere=$("${AS[@]}" mktemp -d /dev/shm/ll-tests.XXXXXX)
    as_written 'mkdir -p gone/in; echo x >gone/in/file'
    capture overlaid --keep-in "${elsewhere}/layer" sh -c 'rm -r gone'
    is "${status}" 0
    assert_success "${CHANGES[@]}" commit "${elsewhere}/layer"
    rm -rf -- "${elsewhere}"
    [[ ! -e gone ]]
    is "$(find . -mindepth 1 -printf '%p %i %s\n' | sort)" "${before}"
  fi
}

@test "without overlayfs or namespaces --overlay is refused, and nothing is written to the directory" {
  needs_program strace
  begin_in work
  as_written 'mkdir -p ../zlayer/upper ../zlayer/work'
  local -a there=("${AS[@]}" strace -qq -f -o /dev/null)
  assert_success "${there[@]}" -e trace=fsopen "${LL_NS_PROGRAM}" --no-loader --host-root --overlay . ../zlayer -- touch mark
  [[ ! -e mark && -e ../zlayer/upper/mark ]]
  as_written 'chmod -R u+rwx ../zlayer; rm -r ../zlayer; mkdir -p ../zlayer/upper ../zlayer/work'
  capture "${there[@]}" -e inject=fsopen:error=EPERM "${LL_NS_PROGRAM}" --best-effort --no-loader --host-root \
    --overlay . ../zlayer -- touch mark
  is "${status}" 125
  assert_stderr "overlayfs in a user namespace is refused"
  [[ ! -e mark ]]
  capture "${AS[@]}" unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"' - \
    "${SANDBOX}" --best-effort --overlay . touch mark
  is "${status}" 125
  assert_stderr "cannot enter new namespaces"
  [[ ! -e mark ]]
}

@test "a full layer is an error of the command, and the directory is unchanged" {
  needs_root
  begin_in work
  as_written 'echo old >file; mkdir ../small'
  mount -t tmpfs -o size=256k,mode=777 none ../small
  capture overlaid --keep-in ../small/layer --on-failure discard \
    sh -c 'echo new >file; dd if=/dev/zero of=big bs=64k count=64'
  umount -l ../small
  ((status == 1)) || skip "tmpfs has no attributes here: ${errors}"
  assert_stderr "No space left"
  is "$(ls) $(<file)" "file old"
}

@test "a signal ends the command, and its changes are discarded" {
  begin_in work
  begin "${BOXED[@]}" --overlay . --rw .. sh -c 'echo >mark; echo started; sleep 100'
  kill -TERM "${started_pid}"
  ends_with 143
  is "$(ls)" ""
  begin "${BOXED[@]}" --overlay . sh -c 'trap "echo >mark; exit 0" TERM; echo started; while :; do sleep 0.1; done'
  kill -TERM "${started_pid}"
  ends_with 0
  is "$(ls)" "mark"
}

@test "Ctrl-C ends the command, and its changes are discarded" {
  begin_in work
  as_written 'echo old >file'
  begin env --default-signal=INT setsid "${BOXED[@]}" --overlay . sh -c 'echo new >file; echo started; exec sleep 100'
  kill -INT -- "-${started_pid}"
  ends_with 130
  is "$(ls) $(<file)" "file old"
}

@test "SIGKILL of the run kills the command, and the layer stays" {
  begin_in work
  begin "${BOXED[@]}" --overlay . --keep-in ../layer sh -c 'echo x >mark; echo started; sleep 98765'
  kill -KILL "${started_pid}"
  ends_with 137
  waits_until none_left 98765
  is "$(ls)" ""
  assert_success "${CHANGES[@]}" list ../layer
  is "${output}" "A mark  (file, 2 bytes, mode 0644)"
}

@test "--print prints a command line with the same result" {
  begin_in work
  assert_success overlaid --print touch mark
  [[ ${output} == *"ll-changes run --overlay . "*"-- "*"ll-ns "* ]]
  assert_success "${AS[@]}" sh -c "${output}"
  is "$(ls)" "mark"
}
