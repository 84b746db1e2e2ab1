load helpers

# The promises on every ABI up to that of the running kernel: old-kernel answers as a kernel of that ABI
# would, and the real kernel enforces. Each test says what happens on which ABI.

# The ABIs that can be emulated here; without Landlock it is `absent` or `off`.
levels() {
  local level have
  have=$(abi)
  for ((level = 1; level <= have && level <= 11; level++)); do printf '%s\n' "${level}"; done
}

# on LEVEL [OPTION...] -- VERB [ARGUMENT...]
on() {
  local level=$1
  shift
  sandboxed_by "${OLD_KERNEL}" "${level}" "${LL_EXEC}" -- "$@"
}

# each CHECK... -- OPTION-OR-VERB...: on every ABI from ${from} to ${to}
each() {
  local level
  local -a before after
  split_at_dashes "$@"
  for level in $(levels); do
    ((level >= ${from:-1} && level <= ${to:-99})) || continue
    "${before[@]}" on "${level}" "${after[@]}" || { printf 'on ABI %s\n' "${level}"; return 1; }
  done
}

# refuses_to_start NEEDED OPTION...: on every ABI below it, with exit status 125 and without running anything.
refuses_to_start() {
  local level needed=$1
  shift
  for level in $(levels); do
    ((level < needed)) || continue
    capture on "${level}" --rw "${T}" "$@" -- create "${T}/marker"
    is "${level}: ${status} ${output}" "${level}: 125 "
    [[ ${errors} == *"needs Landlock ABI ${needed} "*"this kernel has ABI ${level}"* ||
      ${errors} == *"Landlock ABI ${needed} is required "*"this kernel has ABI ${level}"* ]] ||
      { printf '%s\n' "${errors}"; return 1; }
    [[ ! -e ${T}/marker ]]
  done
}

# lists_gap ABI TEXT OPTION...: -v lists it on every ABI below, and on no other.
lists_gap() {
  local level needed=$1 text=$2
  shift 2
  for level in $(levels); do
    capture on "${level}" -v "$@" -- pid
    is "${level}: ${status}" "${level}: 0"
    if ((level < needed)); then
      [[ ${errors} == *"not refused by this kernel: "*"${text} (ABI ${needed})"* ]]
    else
      [[ ${errors} != *"${text}"* ]]
    fi || { printf 'ABI %s: %s\n' "${level}" "${errors}"; return 1; }
  done
}

tree() {
  mkdir -p a/open a/secret b
  printf 'x\n' | tee a/file a/open/file a/secret/file b/file outside >/dev/null
  chmod 777 a a/open a/secret b
}

# ---- files

@test "on every ABI a file outside cannot be read, written, created, deleted or executed" {
  tree
  each refused EACCES -- --rw a -- read "${T}/outside"
  each refused EACCES -- --rw a -- write "${T}/outside"
  each refused EACCES -- --rw a -- list "${T}/b"
  each refused EACCES -- --rw a -- create "${T}/b/new"
  each refused EACCES -- --rw a -- unlink "${T}/b/file"
  each refused EACCES -- --rw a -- mkdir "${T}/b/new"
  each refused EACCES -- --rw a -- exec /bin/true
  each refused EACCES -- --ro / --rw a -- exec /bin/true
}

@test "on every ABI granted accesses work, and others are refused" {
  tree
  each assert_success -- --ro a -- read "${T}/a/file"
  each refused EACCES -- --ro a -- write "${T}/a/file"
  each refused EACCES -- --ro a -- create "${T}/a/new"
  each assert_success -- --rw a -- write "${T}/a/file"
  each assert_success -- --rw a -- overwrite "${T}/a/file"
}

@test "on every ABI a file that is granted ro cannot be truncated" {
  tree
  each refused EACCES -- --ro a -- truncate "${T}/a/file"
  each refused EACCES -- --ro a -- open-truncating "${T}/a/file"
  is "$(<a/file)" x
  # Below, the filter cannot distinguish the files of truncate(2).
  from=3 each assert_success -- --rw a -- truncate "${T}/a/file"
}

@test "truncating a file without the truncate right is refused from ABI 3 on, and a listed gap below" {
  tree
  from=3 each refused EACCES -- --fs "read_file,write_file a" -- ftruncate "${T}/a/file"
  lists_gap 3 "truncate a file" --fs "read_file,write_file a"
}

@test "moving to another directory is refused on ABI 1, and from ABI 2 on works where both are granted" {
  tree
  to=1 each refused EXDEV -- --rw a --rw b -- rename "${T}/a/file" "${T}/b/moved"
  [[ -e a/file ]]
  from=2 each refused EXDEV -- --rw a --fs "read_dir,make_reg,read_file b" -- rename "${T}/a/file" "${T}/b/moved"
  local level
  for level in $(levels); do
    ((level >= 2)) || continue
    assert_success on "${level}" --rw a --rw b -- rename "${T}/a/file" "${T}/b/moved"
    mv b/moved a/file
  done
}

@test "deny is enforced on every ABI" {
  tree
  each refused EACCES -- --rw a --deny a/secret -- read "${T}/a/secret/file"
  each refused EACCES -- --rw a --deny a/secret -- create "${T}/a/secret/new"
  each assert_success -- --rw a --deny a/secret -- read "${T}/a/open/file"
  each refused EACCES -- --rw a --deny a/file -- write "${T}/a/file"
}

@test "protect is enforced on every ABI" {
  tree
  each assert_success -- --protect a -- write "${T}/a/file"
  each refused EACCES -- --protect a -- unlink "${T}/a/file"
  each refused EACCES -- --protect a -- rmdir "${T}/a/open"
  each refused EACCES -- --protect a --rw b -- rename "${T}/a/open/file" "${T}/b/moved"
  [[ -e a/file && -e a/open/file ]]
}

@test "an ioctl on a device without ioctl_dev is refused from ABI 5 on, and a listed gap below" {
  from=5 each refused EACCES -- --ro /dev/urandom -- ioctl /dev/urandom
  lists_gap 5 "send an ioctl to a device"
  each refused EACCES -- -- ioctl /dev/urandom
}

# ---- network

@test "on every ABI a TCP, UDP, raw or MPTCP socket is refused without a rule" {
  each refused EACCES -- -- connect 9
  each refused EACCES -- -- bind 0
  each refused EACCES -- -- connect-udp 9
  each refused EACCES -- -- bind-udp 0
  each refused EACCES -- --connect any --bind any -- socket 2 1 262
  local level kind
  for level in $(levels); do
    for kind in "2 3 1" "17 3 0" "40 1 0" "38 5 0" "16 3 9"; do
      # shellcheck disable=SC2086 # three numbers
      capture on "${level}" --connect any --bind any -- socket ${kind}
      is "${level} ${kind}: ${status}" "${level} ${kind}: 1"
    done
  done
}

@test "a rule for one port grants that port from ABI 4 on, and is refused at the start below" {
  start "${PROBE}" serve tcp
  from=4 each assert_success -- --connect "${started}" -- connect "${started}"
  from=4 each refused EACCES -- --connect "$((started - 1))" -- connect "${started}"
  from=4 each refused EACCES -- --connect "${started}" -- bind 0
  refuses_to_start 4 --connect "${started}"
  refuses_to_start 4 --bind 80-90
}

@test "connect any grants every port on every ABI; below ABI 4 listening is listed as a gap" {
  start "${PROBE}" serve tcp
  each assert_success -- --connect any -- connect "${started}"
  from=4 each refused EACCES -- --connect any -- bind 0
  lists_gap 4 "listen on a TCP port" --connect any
  each refused EACCES -- --connect any -- connect-udp 9
}

@test "a rule for one UDP port needs ABI 10, and any needs none" {
  refuses_to_start 10 --connect 53/udp
  refuses_to_start 10 --bind 5353/udp
  from=10 each assert_success -- --connect 9/udp -- connect-udp 9
  from=10 each refused EACCES -- --connect 53/udp -- connect-udp 9
  each assert_success -- --connect any/udp -- connect-udp 9
  each refused EACCES -- --connect any/udp -- connect 9
  lists_gap 10 "receive on a UDP port" --connect any/udp
}

# ---- other processes

@test "on every ABI connecting to a unix socket by its path is refused" {
  start "${PROBE}" serve unix "${T}/socket"
  each refused EACCES -- --rw "${T}" -- connect-unix "${T}/socket"
  each assert_success -- --unix any --rw "${T}" -- connect-unix "${T}/socket"
  from=9 each assert_success -- --unix "${T}/socket" -- connect-unix "${T}/socket"
  refuses_to_start 9 --unix "${T}/socket"
}

@test "an abstract socket is refused on every ABI; with unix any from ABI 6 on, and a listed gap below" {
  start "${PROBE}" serve unix "@ll-capped-${T##*/}"
  # Up to ABI 8 no unix socket can be created.
  to=8 each refused EACCES -- -- connect-unix "@ll-capped-${T##*/}"
  from=9 each refused EPERM -- -- connect-unix "@ll-capped-${T##*/}"
  from=6 each refused EPERM -- --unix any -- connect-unix "@ll-capped-${T##*/}"
  lists_gap 6 "connect to an outside abstract unix socket" --unix any
}

@test "a signal to an outside process is refused from ABI 6 on, and a listed gap below" {
  start "${PROBE}" serve tcp
  from=6 each refused EPERM -- -- kill "${started_pid}" 0
  each assert_success -- --ipc signal -- kill "${started_pid}" 0
  lists_gap 6 "signal an outside process"
}

# ---- the filter does not depend on Landlock

@test "the seccomp filter refuses the same calls on every ABI and without Landlock" {
  local level
  each refused ENOSYS -- -- io-uring
  each refused EPERM -- -- unshare-user
  each refused EPERM -- -- shmget
  each refused EPERM -- --metadata deny --rw "${T}" -- chmod "${T}"
  for level in absent off; do
    refused ENOSYS on "${level}" -q --no-landlock -- io-uring
    refused EPERM on "${level}" -q --no-landlock -- unshare-user
    refused EPERM on "${level}" -q --no-landlock -- shmget
    refused EACCES on "${level}" -q --no-landlock -- connect 9
    refused EACCES on "${level}" -q --no-landlock -- connect-unix @nobody
  done
}

# ---- strict

@test "a rule that needs a newer ABI is refused at the start, and --best-effort lists it" {
  refuses_to_start 2 --fs "refer /tmp"
  refuses_to_start 3 --fs "truncate /tmp"
  refuses_to_start 5 --fs "ioctl_dev /dev"
  refuses_to_start 7 --audit on
  local level needed
  for ((needed = 2; needed <= 11; needed++)); do refuses_to_start "${needed}" --require "landlock=${needed}"; done
  for level in $(levels); do
    ((level < 4)) || continue
    capture on "${level}" --best-effort --connect 443 -- exit 7
    is "${status} ${errors}" \
      "7 ll-exec: not enforced by this kernel (Landlock ABI ${level}): connect 443/tcp (argument 3)"
  done
}

@test "without Landlock no command is run, whatever the policy" {
  local level option
  for level in absent off; do
    for option in --best-effort --quiet --verbose --ldd; do
      capture on "${level}" "${option}" --rw "${T}" -- create "${T}/marker"
      is "${level}: ${status} ${output}" "${level}: 125 "
      [[ ! -e ${T}/marker ]]
    done
  done
}

@test "--check says that Landlock is missing, and that no file access is restricted" {
  local level
  for level in absent off; do
    capture "${OLD_KERNEL}" "${level}" "${LL_EXEC}" --check --json
    [[ ${output} == *'"landlock_abi":0,"landlock_refuses":false,"seccomp_filter":true,'* ]]
    is "${level}: ${status} ${errors}" "${level}: 1 "
  done
}

@test "--check and --explain name the ABI" {
  local level real
  policy p.policy "ro /usr" "rw -/tmp" "unix any" "metadata deny"
  for level in $(levels); do
    capture "${OLD_KERNEL}" "${level}" "${LL_EXEC}" --check --json
    [[ ${output} == *"\"landlock_abi\":${level},"* || ${output} == *"\"landlock_abi\": ${level},"* ]]
    capture "${OLD_KERNEL}" "${level}" "${LL_EXEC}" --explain -p p.policy
    real=${output}
    capture "${LL_EXEC}" --abi "${level}" --explain -p p.policy
    is "${real}" "${output}"
  done
}
