# bats file_tags=check
load explain

# ---- --why

# why STATUS RIGHT PATH OPTION...: --why has that exit status; the answer is ${output}.
why() {
  local expected=$1 right=$2 path=$3
  shift 3
  capture "${LL_EXEC}" "$@" --why "${right}" "${path}"
  is "${errors}" ""
  is "${status}" "${expected}"
}

@test "--why names the rule that grants an access" {
  example
  printf x >data/file
  why 0 read_file data/file -p p.policy --abi 10
  is "${output}" "granted read_file ${T}/data/file
  by ro data  p.policy:1:4"
}

@test "--why names the nearest rule for a refused access" {
  example
  printf x >data/file
  why 1 write_file data/file -p p.policy --abi 10
  is "${output}" "refused write_file ${T}/data/file
  the nearest rule is ro data  p.policy:1:4"
}

@test "--why says where no rule is near the path" {
  printf x >file
  why 1 read_file file --abi 10
  is "${output}" "refused read_file ${T}/file
  no rule covers it or a directory above it"
}

@test "--why gives the result that the kernel enforces" {
  mkdir a
  printf x >a/file
  why 0 read_file a/file --ro a
  assert_success sandboxed --ro a -- read "${T}/a/file"
  why 1 write_file a/file --ro a
  refused EACCES sandboxed --ro a -- write "${T}/a/file"
}

@test "--why resolves symlinks" {
  mkdir a b
  printf x >b/file
  ln -s ../b/file a/link
  ln -s b c
  why 1 read_file a/link --ro a
  is "${output}" "refused read_file ${T}/b/file
  no rule covers it or a directory above it"
  refused EACCES sandboxed --ro a -- read "${T}/a/link"
  why 0 read_file c/file --ro b
  why 0 read_file c/../b/./file --ro b
}

@test "--why answers for a path that does not exist by its directory" {
  mkdir a
  why 0 make_reg a/new --rw a --abi 10
  why 1 make_reg a/new --ro a --abi 10
}

@test "--why checks deleting in the parent directory, as the kernel does" {
  mkdir -p a/sub
  why 0 remove_dir a/sub --rw a
  why 1 remove_dir a --rw a
  is "${output}" "refused remove_dir ${T}/a
  the nearest rule is rw a  argument 2"
  capture sandboxed --rw a -- rmdir "${T}/a/sub"
  is "${status}" 0
  refused EACCES sandboxed --rw a -- rmdir "${T}/a"
}

@test "--why of a directive checks all its rights, and on a file only those that apply to files" {
  mkdir a
  printf x >a/file
  why 0 rw a/file --rw a --abi 10
  why 1 rwx a/file --rw a --abi 10
  is "${output}" "refused execute ${T}/a/file
  the nearest rule is rw a  argument 2"
}

@test "--why of a directive on the directory that it grants says granted" {
  mkdir a
  why 0 ro a --ro a --abi 10
  why 0 rw a --rw a --abi 10
  why 0 rwx a --rwx a --abi 10
}

@test "--why names a right that this kernel cannot restrict" {
  why 0 ioctl_dev /dev/null --abi 4
  is "${output}" "granted ioctl_dev /dev/null
  ioctl_dev: this kernel cannot restrict it"
}

@test "--why says refused where the seccomp filter refuses" {
  printf x >file
  refused EACCES sandboxed --abi 2 --ro file -- truncate "${T}/file"
  why 1 truncate file --abi 2 --ro file
}

@test "--why of an unknown right is refused, and the nearest name suggested" {
  capture "${LL_EXEC}" --why read_fil /tmp
  is "${errors}" "ll-exec: argument 2: unknown right 'read_fil'
    --why read_fil
          ^~~~~~~~
  did you mean 'read_file'?"
  is "${status}" 125
}

@test "--why of an unknown right without a near name is refused" {
  capture "${LL_EXEC}" --why everything /tmp
  is "${errors}" "ll-exec: argument 2: unknown right 'everything'
    --why everything
          ^~~~~~~~~~
  ro, rx, rw, rwx or one of the kernel's names, such as read_file"
  is "${status}" 125
}

@test "--why without its path is refused" {
  capture "${LL_EXEC}" --why read_file
  is "${errors}" "ll-exec: argument 1: '--why' has no value
    --why
    ^~~~~
  write --why RIGHT PATH"
  is "${status}" 125
}

@test "--why of a path in a missing directory is an error" {
  capture "${LL_EXEC}" --why read_file /nonexistent/file
  is "${errors}" "ll-exec: cannot stat /nonexistent/file: ENOENT (no such file or directory)"
  is "${status}" 125
}
