load sandbox

# Every test runs as an ordinary user; `twice` and `as_root` mark those that run as root as well.

# ---- seven demonstrations

hello() {
  assert_success "${BOXED[@]}" echo hello
  is "${output}" hello
}

@test "the command prints hello" { as_user_and_root hello; }

private_tmp() {
  local name=ll-${RANDOM}${RANDOM}
  assert_success "${BOXED[@]}" sh -c 'echo inside >"/tmp/$1" && cat "/tmp/$1"' - "${name}"
  is "${output}" inside
  [[ ! -e /tmp/${name} ]]
  assert_success "${AS[@]}" sh -c 'echo outside >"/tmp/$1"' - "${name}"
  capture "${BOXED[@]}" cat "/tmp/${name}"
  is "$(</tmp/"${name}")" outside
  rm "/tmp/${name}"
  is "${status} ${errors}" "1 cat: /tmp/${name}: No such file or directory"
}

@test "a file written to /tmp is not visible outside, nor one outside visible inside" { as_user_and_root private_tmp; }

shadow() {
  [[ -e /etc/shadow ]] || skip "there is no /etc/shadow"
  ((EUID != 0)) || assert_success cat /etc/shadow
  capture "${BOXED[@]}" cat /etc/shadow
  is "${status} ${output} ${errors}" "1  cat: /etc/shadow: No such file or directory"
  # Landlock alone reports another errno.
  assert_success "${AS[@]}" ls -l /etc/shadow
  capture "${BOXED[@]}" --host-root cat /etc/shadow
  is "${status} ${output} ${errors}" "1  cat: /etc/shadow: Permission denied"
}

@test "/etc/shadow does not exist inside" { as_user_and_root shadow; }

no_network() {
  assert_success "${BOXED[@]}" grep : /proc/net/dev
  [[ ${output} == *' lo: '* && ${output} != *$'\n'* ]]
  assert_success "${AS[@]}" "${PROBE}" connect "$1"
  assert_success "${WALL[@]}" --net host --rx "${PROBE}" -- "${PROBE}" connect "$1"
  # errno 101: ENETUNREACH, as the loopback device is down.
  refused "errno 101" "${WALL[@]}" --rx "${PROBE}" -- "${PROBE}" connect "$1"
  # Landlock refuses it first.
  refused EACCES "${BOXED[@]}" --rx "${PROBE}" "${PROBE}" connect "$1"
}

@test "there is no network interface but a loopback device that is down" {
  begin "${PROBE}" serve tcp
  local port=${started}
  as_user_and_root no_network "${port}"
}

own_processes() {
  assert_success "${BOXED[@]}" sh -c 'echo $$; printf "%s\n" /proc/[0-9]*'
  is "${output}" $'1\n/proc/1'
}

@test "the command is process 1, and sees no other process" { as_user_and_root own_processes; }

@test "ps shows the command alone" {
  needs_program ps
  assert_success "${BOXED[@]}" sh -c 'ps -e -o comm=; :'
  is "${output}" $'sh\nps'
}

closed_proc() {
  assert_success "${BOXED[@]}" cat /proc/self/mountinfo
  is "$(awk '$5 == "/proc" { print $6 }' <<<"${output}")" "ro,nosuid,nodev,noexec,relatime"
}

@test "/proc is nosuid, nodev, noexec and read-only" { as_user_and_root closed_proc; }

devices() {
  local name
  assert_success "${BOXED[@]}" sh -c 'cd /dev && for d in null zero full random urandom tty; do test -c "${d}" && echo "${d}"; done'
  is "${output}" $'null\nzero\nfull\nrandom\nurandom\ntty'
  assert_success "${BOXED[@]}" sh -c 'cat /dev/null; head -c 3 /dev/zero | wc -c; head -c 5 /dev/random | wc -c
    head -c 7 /dev/urandom | wc -c; head -c 9 /dev/full | wc -c; echo x >/dev/null'
  is "${output//[$' \n']/}" 3579
  # A read-only mount does not prevent writes to a device: Landlock does.
  assert_success "${WALL[@]}" "${SYSTEM[@]}" -- sh -c 'echo x >/dev/zero'
  for name in zero random urandom full; do
    refused EACCES "${BOXED[@]}" --rx "${PROBE}" "${PROBE}" write "/dev/${name}"
  done
  assert_success "${BOXED[@]}" --rx "${PROBE}" "${PROBE}" write /dev/null
}

@test "/dev has six working devices, and only /dev/null and /dev/tty are writable" { as_user_and_root devices; }

@test "/dev has nothing else" {
  assert_success "${WALL[@]}" "${SYSTEM[@]}" -- ls /dev
  is "${output}" $'fd\nfull\nnull\nptmx\npts\nrandom\nstderr\nstdin\nstdout\ntty\nurandom\nzero'
}

@test "the symlinks of /dev lead to the file descriptors" {
  # Pipes of the user: others cannot be reopened.
  # shellcheck disable=SC2016
  assert_success "${AS[@]}" sh -c 'echo in | "$@" | cat' - "${SANDBOX}" \
    sh -c 'echo out >/dev/stdout; cat /dev/stdin; echo err >/dev/fd/1'
  is "${output}" $'out\nin\nerr'
}

@test "TMPFS_SIZE sets the size of /tmp" {
  assert_success "${BOXED[@]}" sh -c 'head -c 2000000 /dev/zero >/tmp/file'
  assert_success env TMPFS_SIZE=3M "${BOXED[@]}" sh -c 'head -c 2000000 /dev/zero >/tmp/file'
  capture env TMPFS_SIZE=1M "${BOXED[@]}" sh -c 'head -c 2000000 /dev/zero >/tmp/file'
  is "${status} ${errors##*: }" "1 No space left on device"
  assert_success env TMPFS_SIZE=1M "${BOXED[@]}" --print true
  [[ ${output} == *" --tmpfs /tmp:1M "* ]]
}

@test "CGROUP_LIMITS=1 applies the limits of CG_MEM_MAX and CG_PIDS_MAX" {
  assert_success "${BOXED[@]}" --print true
  [[ ${output} != *--memory* && ${output} != *--pids* ]]
  assert_success env -u XDG_RUNTIME_DIR CGROUP_LIMITS=1 "${BOXED[@]}" --print true
  [[ ${output} == *" --memory 512M --pids 64 "* ]]
  assert_success env -u XDG_RUNTIME_DIR CGROUP_LIMITS=1 CG_MEM_MAX=1G CG_PIDS_MAX=9 "${BOXED[@]}" --print true
  [[ ${output} == *" --memory 1G --pids 9 "* ]]
}

# ---- the current directory

@test "without -p the current directory can be read and executed" {
  mkdir 'a place'
  printf '#!/bin/sh\ncat "$1"\n' >'a place/tool'
  printf 'text\n' >'a place/input'
  chmod +x 'a place/tool'
  cd 'a place'
  assert_success "${BOXED[@]}" ./tool input
  is "${output}" text
  assert_success "${BOXED[@]}" pwd
  is "${output}" "${T}/a place"
}

@test "the current directory is read-only without --rw" {
  printf 'text\n' >file
  chmod 666 file
  assert_success "${AS[@]}" sh -c 'echo more >>file && echo new >made && rm made'
  fails "${BOXED[@]}" sh -c 'echo inside >>file'
  fails "${BOXED[@]}" sh -c 'echo inside >made'
  fails "${BOXED[@]}" mkdir folder
  fails "${BOXED[@]}" chmod 600 file
  is "$(<file)" $'text\nmore'
  is "$(ls)" file
  assert_success "${BOXED[@]}" --rw . sh -c 'echo inside >>file && echo new >made'
  is "$(<file) $(<made)" $'text\nmore\ninside new'
}

@test "the current directory is read-only outside of /tmp as well" {
  cd "$(mktemp -d /var/tmp/ll-tests.XXXXXX)" || skip "there is no /var/tmp to write to"
  chmod 777 .
  printf 'text\n' >file
  capture "${BOXED[@]}" sh -c 'cat file; echo new >made'
  local here=${PWD} made=no
  [[ ! -e made ]] || made=yes
  cd "${T}"
  rm -rf -- "${here}"
  is "${output} ${made}" "text no"
  ((status != 0))
}

@test "with -p the current directory is not granted" {
  printf 'text\n' >file
  assert_success "${BOXED[@]}" cat file
  fails "${BOXED[@]}" -p base "${SYSTEM[@]}" cat file
  fails "${BOXED[@]}" -p sandbox cat file
  fails "${BOXED[@]}" -psandbox cat file
  fails "${BOXED[@]}" --policy=sandbox cat file
  assert_success "${BOXED[@]}" -p sandbox --ro . cat file
}

@test "the home directory is not granted as the current directory, and a message says so" {
  mkdir -p home/deeper
  printf 'text\n' >home/file
  printf 'text\n' >home/deeper/file
  cd home
  assert_success env HOME=/nonexistent "${BOXED[@]}" cat file
  local home
  for home in "${PWD}" "${PWD}/" "${PWD}/deeper" "${PWD}/deeper/"; do
    capture env HOME="${home}" "${BOXED[@]}" cat file
    is "${status} ${errors}" "1 sandbox.sh: ${PWD} is not granted: it holds all your files; name what is needed: --ro FILE
cat: file: No such file or directory"
  done
  capture env HOME="${PWD}" "${BOXED[@]}" -q cat file
  is "${status} ${errors}" "1 cat: file: No such file or directory"
  assert_success env HOME="${PWD}" "${BOXED[@]}" --ro . cat file
  assert_success env HOME="${PWD}" "${BOXED[@]}" --ro file cat file
  cd deeper
  assert_success env HOME="${T}/home" "${BOXED[@]}" cat file
}

@test "a home directory behind a symlink is recognised" {
  mkdir home
  ln -s home link
  printf 'text\n' >home/file
  cd home
  capture env HOME="${T}/link" "${BOXED[@]}" cat file
  is "${status}" 1
  assert_stderr "${T}/home is not granted: it holds all your files"
  cd ../link
  capture env HOME="${T}/home" "${BOXED[@]}" cat file
  is "${status}" 1
  assert_stderr "is not granted: it holds all your files"
}

@test "/tmp as the current directory is not granted, as a private one replaces it, and a message says so" {
  cd /tmp
  capture "${BOXED[@]}" sh -c 'echo /tmp/*; pwd'
  is "${status} ${output}" "0 /tmp/*
/tmp"
  is "${errors}" "sandbox.sh: /tmp is not granted: the sandbox has a private, empty one; name what is needed: --ro FILE"
  # Files written there cannot be executed either.
  capture "${BOXED[@]}" -q sh -c 'cp /bin/true /tmp/true && /tmp/true'
  is "${status}" 126
}

@test "a directory whose name begins with that of the home directory is not taken for it" {
  mkdir home home2
  printf 'text\n' >home2/file
  cd home2
  assert_success env HOME="${T}/home" "${BOXED[@]}" cat file
}

@test "/ is not granted as the current directory" {
  [[ -r /etc/hostname ]] || skip "there is no /etc/hostname"
  cd /
  capture "${BOXED[@]}" cat etc/hostname
  is "${status} ${errors}" "1 sandbox.sh: / is not granted: it holds all your files; name what is needed: --ro FILE
cat: etc/hostname: No such file or directory"
}

@test "the current directory is the real one, whatever PWD contains" {
  mkdir one two
  printf 'one\n' >one/file
  printf 'two\n' >two/file
  cd one
  assert_success env PWD="${T}/two" "${BOXED[@]}" cat "${T}/one/file"
  is "${output}" one
  fails env PWD="${T}/two" "${BOXED[@]}" cat "${T}/two/file"
}

@test "a current directory with blanks, a newline and a dash is granted" {
  local name
  for name in '  two  blanks ' $'a new\nline' -dash '$HOME "quoted" #'; do
    mkdir -- "${name}"
    printf 'text\n' >"./${name}/file"
    cd -- "./${name}"
    assert_success "${BOXED[@]}" cat file
    cd "${T}"
  done
}
