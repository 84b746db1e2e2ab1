# bats file_tags=check
load files

# ---- without rules

@test "without a rule no file can be read, and without ll-exec the same file can" {
  tree
  assert_success "${PROBE}" read secret
  refused EACCES sandboxed -- read "${T}/secret"
}

@test "without a rule no directory can be listed" {
  tree
  assert_success "${PROBE}" list a
  refused EACCES sandboxed -- list "${T}/a"
}

@test "without a rule nothing can be created or deleted" {
  tree
  refused EACCES sandboxed -- create "${T}/a/new"
  refused EACCES sandboxed -- unlink "${T}/a/file"
  assert_success "${PROBE}" create "${T}/a/new"
  assert_success "${PROBE}" unlink "${T}/a/file"
}

# ---- ro

@test "ro grants reading a file and listing a directory" {
  tree
  assert_success sandboxed --ro a -- read "${T}/a/file"
  is "${output}" inside
  assert_success sandboxed --ro a -- list "${T}/a"
}

@test "ro of one file grants reading it and not its sibling" {
  tree
  assert_success sandboxed --ro a/file -- read "${T}/a/file"
  refused EACCES sandboxed --ro a/file -- read "${T}/a/tool"
  refused EACCES sandboxed --ro a/file -- list "${T}/a"
}

@test "ro refuses writing, truncating, creating, deleting and executing" {
  tree
  needs_abi 3
  refused EACCES sandboxed --ro a -- write "${T}/a/file"
  refused EACCES sandboxed --ro a -- overwrite "${T}/a/file"
  refused EACCES sandboxed --ro a -- truncate "${T}/a/file"
  refused EACCES sandboxed --ro a -- create "${T}/a/new"
  refused EACCES sandboxed --ro a -- mkdir "${T}/a/new"
  refused EACCES sandboxed --ro a -- unlink "${T}/a/file"
  refused EACCES sandboxed --ro a -- rmdir "${T}/a/sub"
  refused EACCES sandboxed --ro a -- exec "${T}/a/tool" pid
  is "$(<a/file)" inside
}

@test "ro of a directory does not grant its parent through .." {
  tree
  assert_success sandboxed --ro . -- read "${T}/a/../secret"
  refused EACCES sandboxed --ro a -- read "${T}/a/../secret"
}

# ---- rx

@test "rx grants executing, reading and listing" {
  tree
  assert_success sandboxed --rx a -- exec "${T}/a/tool" arguments ran
  is "${output}" ran
  assert_success sandboxed --rx a -- read "${T}/a/file"
  assert_success sandboxed --rx a -- list "${T}/a"
}

@test "rx refuses writing" {
  tree
  refused EACCES sandboxed --rx a -- write "${T}/a/file"
  refused EACCES sandboxed --rx a -- create "${T}/a/new"
  assert_success sandboxed --rwx a -- write "${T}/a/file"
}

# ---- rw

@test "rw grants reading, writing, truncating, creating, deleting and renaming" {
  tree
  assert_success sandboxed --rw a -- read "${T}/a/file"
  assert_success sandboxed --rw a -- list "${T}/a"
  assert_success sandboxed --rw a -- write "${T}/a/file"
  assert_success sandboxed --rw a -- overwrite "${T}/a/file"
  assert_success sandboxed --rw a -- truncate "${T}/a/file"
  assert_success sandboxed --rw a -- ftruncate "${T}/a/file"
  assert_success sandboxed --rw a -- create "${T}/a/new"
  assert_success sandboxed --rw a -- rename "${T}/a/new" "${T}/a/newer"
  assert_success sandboxed --rw a -- unlink "${T}/a/newer"
  assert_success sandboxed --rw a -- mkdir "${T}/a/folder"
  assert_success sandboxed --rw a -- rmdir "${T}/a/folder"
}

@test "rw grants creating links, pipes and sockets" {
  tree
  assert_success sandboxed --rw a -- symlink /nowhere "${T}/a/link"
  assert_success sandboxed --rw a -- link "${T}/a/file" "${T}/a/hard"
  assert_success sandboxed --rw a -- mkfifo "${T}/a/pipe"
  assert_success sandboxed --rw a -- mknod-sock "${T}/a/socket"
  assert_success sandboxed --rw a --unix any -- bind-unix "${T}/a/socket2"
}

@test "rw refuses executing, and rwx grants it" {
  tree
  refused EACCES sandboxed --rw a -- exec "${T}/a/tool" pid
  assert_success sandboxed --rwx a -- exec "${T}/a/tool" pid
}

@test "rw of one file grants writing and truncating it, and not deleting or replacing it" {
  tree
  assert_success sandboxed --rw a/file -- write "${T}/a/file"
  assert_success sandboxed --rw a/file -- overwrite "${T}/a/file"
  refused EACCES sandboxed --rw a/file -- unlink "${T}/a/file"
  refused EACCES sandboxed --rw a/file -- rename "${T}/a/tool" "${T}/a/file"
  refused EACCES sandboxed --rw a/file -- create "${T}/a/new"
}

@test "rw and rwx do not let root create a device node" {
  needs_root
  tree
  assert_success "${PROBE}" mknod-char "${T}/a/null"
  assert_success "${PROBE}" mknod-block "${T}/a/loop"
  rm a/null a/loop
  local rule
  for rule in rw rwx protect; do
    capture sandboxed "--${rule}" a --cap mknod -- mknod-char "${T}/a/null"
    is "${status} ${errors}" "1 mknod-char: EACCES"
    capture sandboxed "--${rule}" a --cap mknod -- mknod-block "${T}/a/loop"
    is "${status} ${errors}" "1 mknod-block: EACCES"
  done
  assert_success sandboxed --fs make_char,make_block\ a --cap mknod -- mknod-char "${T}/a/null"
}

# ---- protect

@test "protect grants reading, writing, creating and overwriting" {
  tree
  assert_success sandboxed --protect a -- read "${T}/a/file"
  assert_success sandboxed --protect a -- list "${T}/a"
  assert_success sandboxed --protect a -- create "${T}/a/new"
  assert_success sandboxed --protect a -- mkdir "${T}/a/folder"
  assert_success sandboxed --protect a -- write "${T}/a/file"
  assert_success sandboxed --protect a -- overwrite "${T}/a/file"
  is "$(<a/file)" ""
}

@test "protect refuses deleting" {
  tree
  refused EACCES sandboxed --protect a -- unlink "${T}/a/file"
  refused EACCES sandboxed --protect a -- rmdir "${T}/a/sub"
  assert_success sandboxed --rw a -- unlink "${T}/a/file"
}

@test "protect refuses renaming within a directory and moving out of it" {
  tree
  refused EACCES sandboxed --protect a -- rename "${T}/a/file" "${T}/a/renamed"
  refused EACCES sandboxed --protect a --rw b -- rename "${T}/a/file" "${T}/b/taken"
  refused EACCES sandboxed --protect a --rw b -- exchange "${T}/a/file" "${T}/b/file"
  assert_success sandboxed --rw a --rw b -- exchange "${T}/a/file" "${T}/b/file"
}

@test "protect beneath a directory that grants deleting is refused, as it could not be enforced" {
  mkdir -p a/kept
  rejects "ll-exec: argument 4: cannot be protected: 'rw a' (argument 2) allows deleting in it
    --protect a/kept
              ^~~~~~
  Landlock grants add up: grant the directories beside it instead" --rw a --protect a/kept
}

@test "protect of a file is refused, as the right to delete is that of its directory" {
  printf x >file
  rejects_line "protect file" "ll-exec: p.policy:1:9: file is not a directory
    protect file
            ^~~~
  a file's directory decides whether it can be deleted: protect that"
}

# ---- moving and linking between directories (REFER)

@test "a file can be moved between two directories that are granted rw" {
  needs_abi 2
  tree
  assert_success sandboxed --rw a --rw b -- rename "${T}/a/file" "${T}/b/moved"
  is "$(<b/moved)" inside
}

@test "a directory can be moved between two directories that are granted rw" {
  needs_abi 2
  tree
  assert_success sandboxed --rw a --rw b -- rename "${T}/a/sub" "${T}/b/sub"
  [[ -d b/sub ]]
}

@test "a file can be linked from one directory that is granted rw into another" {
  needs_abi 2
  tree
  assert_success sandboxed --rw a --rw b -- link "${T}/a/file" "${T}/b/linked"
}

@test "a file cannot be moved to a directory that is not granted" {
  tree
  capture sandboxed --rw a -- rename "${T}/a/file" "${T}/b/moved"
  is "${status}" 1
  [[ -e a/file && ! -e b/moved ]]
  assert_success "${PROBE}" rename a/file b/moved
}

@test "a file cannot be moved to a directory that is granted ro" {
  tree
  capture sandboxed --rw a --ro b -- rename "${T}/a/file" "${T}/b/moved"
  is "${status}" 1
  [[ -e a/file && ! -e b/moved ]]
}

@test "a file that is granted ro cannot be linked into a writable directory" {
  tree
  capture sandboxed --ro a --rw b -- link "${T}/a/file" "${T}/b/linked"
  is "${status}" 1
  [[ ! -e b/linked ]]
}

@test "a file does not become executable by being moved" {
  tree
  capture sandboxed --rw a --rwx b -- rename "${T}/a/tool" "${T}/b/tool"
  is "${status}" 1
  capture sandboxed --rw a --rwx b -- link "${T}/a/tool" "${T}/b/tool"
  is "${status}" 1
  assert_success sandboxed --rwx a --rwx b -- rename "${T}/a/tool" "${T}/b/tool"
}

@test "on ABI 1 moving between directories fails with EXDEV, and within one directory works" {
  tree
  refused EXDEV sandboxed --abi 1 --rw a --rw b -- rename "${T}/a/file" "${T}/b/moved"
  assert_success sandboxed --abi 1 --rw a -- rename "${T}/a/file" "${T}/a/renamed"
}

# ---- dev

@test "dev grants reading, writing and ioctls on a device" {
  needs_abi 5
  assert_success sandboxed --dev /dev/urandom -- ioctl /dev/urandom
  assert_success sandboxed --dev /dev/null -- write /dev/null
  assert_success sandboxed --dev /dev/null -- read /dev/null
}

@test "ro of a device refuses ioctls and writing" {
  needs_abi 5
  assert_success sandboxed --ro /dev/null -- read /dev/null
  refused EACCES sandboxed --ro /dev/urandom -- ioctl /dev/urandom
  refused EACCES sandboxed --ro /dev/null -- write /dev/null
}

@test "dev of a file that is not a device is refused" {
  printf x >file
  rejects_line "dev file" "ll-exec: p.policy:1:5: file is not a device
    dev file
        ^~~~
  grant a file with ro or rw"
}

# ---- fs: each right alone

# fs_right RIGHT VERB...: it works with that right (and those in ${with}) and fails without.
fs_right() {
  local right=$1 others=${with:-}
  shift
  assert_success sandboxed --fs "${right}${others:+,${others}} a" -- "$@"
  rm -rf a b
  tree
  if [[ -n ${others} ]]; then
    refused EACCES sandboxed --fs "${others} a" -- "$@"
  else
    refused EACCES sandboxed -- "$@"
  fi
}

@test "fs read_file alone grants reading" { tree; fs_right read_file read "${T}/a/file"; }
@test "fs read_dir alone grants listing" { tree; fs_right read_dir list "${T}/a"; }
@test "fs write_file alone grants writing" { tree; fs_right write_file write "${T}/a/file"; }
@test "fs make_reg with write_file grants creating a file" {
  tree
  with=write_file fs_right make_reg create "${T}/a/new"
}
@test "fs make_dir alone grants creating a directory" { tree; fs_right make_dir mkdir "${T}/a/new"; }
@test "fs make_sym alone grants creating a symlink" {
  tree
  fs_right make_sym symlink /x "${T}/a/new"
}
@test "fs make_fifo alone grants creating a FIFO" { tree; fs_right make_fifo mkfifo "${T}/a/new"; }
@test "fs make_sock alone grants creating a socket" { tree; fs_right make_sock mknod-sock "${T}/a/new"; }
@test "fs remove_file alone grants deleting a file" { tree; fs_right remove_file unlink "${T}/a/file"; }
@test "fs remove_dir alone grants deleting a directory" { tree; fs_right remove_dir rmdir "${T}/a/sub"; }
@test "fs truncate alone grants truncating a file" {
  needs_abi 3
  tree
  fs_right truncate truncate "${T}/a/file"
}
@test "fs execute with read_file grants executing" {
  tree
  with=read_file fs_right execute exec "${T}/a/tool" pid
}
@test "fs ioctl_dev with read_file grants ioctls on a device" {
  needs_abi 5
  assert_success sandboxed --fs 'ioctl_dev,read_file /dev/urandom' -- ioctl /dev/urandom
  refused EACCES sandboxed --fs 'read_file /dev/urandom' -- ioctl /dev/urandom
}
@test "fs refer with the rights to create and remove grants moving between directories" {
  needs_abi 2
  tree
  assert_success sandboxed --fs 'refer,make_reg,remove_file a' --fs 'refer,make_reg,remove_file b' -- \
    rename "${T}/a/file" "${T}/b/moved"
  mv b/moved a/file
  refused EXDEV sandboxed --fs 'make_reg,remove_file a' --fs 'make_reg,remove_file b' -- \
    rename "${T}/a/file" "${T}/b/moved"
}

@test "fs takes several paths on one line of a policy" {
  tree
  policy p.policy "fs read_file a b"
  assert_success sandboxed -p p.policy -- read "${T}/a/file"
  assert_success sandboxed -p p.policy -- read "${T}/b/file"
  refused EACCES sandboxed -p p.policy -- list "${T}/a"
}

@test "fs of a directory right on a file is refused, and on a directory works" {
  printf x >file
  mkdir folder
  rejects_line "fs read_file,make_reg file" \
    "ll-exec: p.policy:1:23: make_reg applies to directories only; file is not one
    fs read_file,make_reg file
                          ^~~~"
  assert_success sandboxed --fs 'read_file,make_reg folder' -- pid
}
