load sandbox

# Every test is as an ordinary user; `twice` and `as_root` say where also as root.

# ---- seven demonstrations

hello() {
  works "${BOXED[@]}" echo hello
  is "${output}" hello
}

@test "it says hello" { twice hello; }

private_tmp() {
  local name=ll-${RANDOM}${RANDOM}
  works "${BOXED[@]}" sh -c 'echo inside >"/tmp/$1" && cat "/tmp/$1"' - "${name}"
  is "${output}" inside
  [[ ! -e /tmp/${name} ]]
  works "${AS[@]}" sh -c 'echo outside >"/tmp/$1"' - "${name}"
  capture "${BOXED[@]}" cat "/tmp/${name}"
  is "$(</tmp/"${name}")" outside
  rm "/tmp/${name}"
  is "${status} ${errors}" "1 cat: /tmp/${name}: No such file or directory"
}

@test "what it writes to /tmp is not in the machine's, nor the other way round" { twice private_tmp; }

shadow() {
  [[ -e /etc/shadow ]] || skip "there is no /etc/shadow"
  ((EUID != 0)) || works cat /etc/shadow
  capture "${BOXED[@]}" cat /etc/shadow
  is "${status} ${output} ${errors}" "1  cat: /etc/shadow: No such file or directory"
  # Landlock alone says it in its own way.
  works "${AS[@]}" ls -l /etc/shadow
  capture "${BOXED[@]}" --host-root cat /etc/shadow
  is "${status} ${output} ${errors}" "1  cat: /etc/shadow: Permission denied"
}

@test "/etc/shadow does not exist" { twice shadow; }

no_network() {
  works "${BOXED[@]}" grep : /proc/net/dev
  [[ ${output} == *' lo: '* && ${output} != *$'\n'* ]]
  works "${AS[@]}" "${DEED}" connect "$1"
  works "${WALL[@]}" --net host --rx "${DEED}" -- "${DEED}" connect "$1"
  # errno 101: ENETUNREACH, as the loopback device is down.
  refused "errno 101" "${WALL[@]}" --rx "${DEED}" -- "${DEED}" connect "$1"
  # Landlock refuses it before.
  refused EACCES "${BOXED[@]}" --rx "${DEED}" "${DEED}" connect "$1"
}

@test "there is no network: no interface but a loopback device that is down" {
  begin "${DEED}" serve tcp
  local port=${started}
  twice no_network "${port}"
}

own_processes() {
  works "${BOXED[@]}" sh -c 'echo $$; printf "%s\n" /proc/[0-9]*'
  is "${output}" $'1\n/proc/1'
}

@test "the command is process 1, and sees no other" { twice own_processes; }

@test "ps shows the command alone" {
  needs_program ps
  works "${BOXED[@]}" sh -c 'ps -e -o comm=; :'
  is "${output}" $'sh\nps'
}

closed_proc() {
  works "${BOXED[@]}" cat /proc/self/mountinfo
  is "$(awk '$5 == "/proc" { print $6 }' <<<"${output}")" "ro,nosuid,nodev,noexec,relatime"
}

@test "/proc is nosuid, nodev, noexec, and to be read" { twice closed_proc; }

devices() {
  local name
  works "${BOXED[@]}" sh -c 'cd /dev && for d in null zero full random urandom tty; do test -c "${d}" && echo "${d}"; done'
  is "${output}" $'null\nzero\nfull\nrandom\nurandom\ntty'
  works "${BOXED[@]}" sh -c 'cat /dev/null; head -c 3 /dev/zero | wc -c; head -c 5 /dev/random | wc -c
    head -c 7 /dev/urandom | wc -c; head -c 9 /dev/full | wc -c; echo x >/dev/null'
  is "${output//[$' \n']/}" 3579
  # A mount that is read-only does not stop writes to a device: Landlock does.
  works "${WALL[@]}" "${SYSTEM[@]}" -- sh -c 'echo x >/dev/zero'
  for name in zero random urandom full; do
    refused EACCES "${BOXED[@]}" --rx "${DEED}" "${DEED}" write "/dev/${name}"
  done
  works "${BOXED[@]}" --rx "${DEED}" "${DEED}" write /dev/null
}

@test "/dev has the six devices and they work; only /dev/null and /dev/tty take writes" { twice devices; }

@test "/dev holds nothing else" {
  works "${WALL[@]}" "${SYSTEM[@]}" -- ls /dev
  is "${output}" $'fd\nfull\nnull\nptmx\npts\nrandom\nstderr\nstdin\nstdout\ntty\nurandom\nzero'
}

@test "the links of /dev lead to the descriptors" {
  # Pipes of the user's own: others cannot be opened anew.
  # shellcheck disable=SC2016
  works "${AS[@]}" sh -c 'echo in | "$@" | cat' - "${SANDBOX}" \
    sh -c 'echo out >/dev/stdout; cat /dev/stdin; echo err >/dev/fd/1'
  is "${output}" $'out\nin\nerr'
}

@test "TMPFS_SIZE is the size of /tmp" {
  works "${BOXED[@]}" sh -c 'head -c 2000000 /dev/zero >/tmp/file'
  works env TMPFS_SIZE=3M "${BOXED[@]}" sh -c 'head -c 2000000 /dev/zero >/tmp/file'
  capture env TMPFS_SIZE=1M "${BOXED[@]}" sh -c 'head -c 2000000 /dev/zero >/tmp/file'
  is "${status} ${errors##*: }" "1 No space left on device"
  works env TMPFS_SIZE=1M "${BOXED[@]}" --print true
  [[ ${output} == *" --tmpfs /tmp:1M "* ]]
}

@test "CGROUP_LIMITS=1 asks for the ceilings of CG_MEM_MAX and CG_PIDS_MAX" {
  works "${BOXED[@]}" --print true
  [[ ${output} != *--memory* && ${output} != *--pids* ]]
  works env -u XDG_RUNTIME_DIR CGROUP_LIMITS=1 "${BOXED[@]}" --print true
  [[ ${output} == *" --memory 512M --pids 64 "* ]]
  works env -u XDG_RUNTIME_DIR CGROUP_LIMITS=1 CG_MEM_MAX=1G CG_PIDS_MAX=9 "${BOXED[@]}" --print true
  [[ ${output} == *" --memory 1G --pids 9 "* ]]
}

# ---- from where you stand

@test "without -p the current directory can be read and executed" {
  mkdir 'a place'
  printf '#!/bin/sh\ncat "$1"\n' >'a place/tool'
  printf 'text\n' >'a place/input'
  chmod +x 'a place/tool'
  cd 'a place'
  works "${BOXED[@]}" ./tool input
  is "${output}" text
  works "${BOXED[@]}" pwd
  is "${output}" "${T}/a place"
}

@test "the current directory is not written to without --rw" {
  printf 'text\n' >file
  chmod 666 file
  works "${AS[@]}" sh -c 'echo more >>file && echo new >made && rm made'
  fails "${BOXED[@]}" sh -c 'echo inside >>file'
  fails "${BOXED[@]}" sh -c 'echo inside >made'
  fails "${BOXED[@]}" mkdir folder
  fails "${BOXED[@]}" chmod 600 file
  is "$(<file)" $'text\nmore'
  is "$(ls)" file
  works "${BOXED[@]}" --rw . sh -c 'echo inside >>file && echo new >made'
  is "$(<file) $(<made)" $'text\nmore\ninside new'
}

@test "the current directory is not written to where the machine has no /tmp above it either" {
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
  works "${BOXED[@]}" cat file
  fails "${BOXED[@]}" -p base "${SYSTEM[@]}" cat file
  fails "${BOXED[@]}" -p sandbox cat file
  fails "${BOXED[@]}" -psandbox cat file
  fails "${BOXED[@]}" --policy=sandbox cat file
  works "${BOXED[@]}" -p sandbox --ro . cat file
}

@test "the home directory is not granted for standing in it, and a line says so" {
  mkdir -p home/deeper
  printf 'text\n' >home/file
  printf 'text\n' >home/deeper/file
  cd home
  works env HOME=/nonexistent "${BOXED[@]}" cat file
  local home
  for home in "${PWD}" "${PWD}/" "${PWD}/deeper" "${PWD}/deeper/"; do
    capture env HOME="${home}" "${BOXED[@]}" cat file
    is "${status} ${errors}" "1 sandbox.sh: ${PWD} is not granted: it holds all your files; name what is needed: --ro FILE
cat: file: No such file or directory"
  done
  capture env HOME="${PWD}" "${BOXED[@]}" -q cat file
  is "${status} ${errors}" "1 cat: file: No such file or directory"
  works env HOME="${PWD}" "${BOXED[@]}" --ro . cat file
  works env HOME="${PWD}" "${BOXED[@]}" --ro file cat file
  cd deeper
  works env HOME="${T}/home" "${BOXED[@]}" cat file
}

@test "a home directory behind a link is known" {
  mkdir home
  ln -s home link
  printf 'text\n' >home/file
  cd home
  capture env HOME="${T}/link" "${BOXED[@]}" cat file
  is "${status}" 1
  says "${T}/home is not granted: it holds all your files"
  cd ../link
  capture env HOME="${T}/home" "${BOXED[@]}" cat file
  is "${status}" 1
  says "is not granted: it holds all your files"
}

@test "in /tmp nothing of it is granted, since there is an empty one inside, and a line says so" {
  cd /tmp
  capture "${BOXED[@]}" sh -c 'echo /tmp/*; pwd'
  is "${status} ${output}" "0 /tmp/*
/tmp"
  is "${errors}" "sandbox.sh: /tmp is not granted: inside, there is an empty one; name what is needed: --ro FILE"
  # Nor may be executed what is written there.
  capture "${BOXED[@]}" -q sh -c 'cp /bin/true /tmp/true && /tmp/true'
  is "${status}" 126
}

@test "a name that only begins like the home directory is another one" {
  mkdir home home2
  printf 'text\n' >home2/file
  cd home2
  works env HOME="${T}/home" "${BOXED[@]}" cat file
}

@test "/ is not granted for standing in it" {
  [[ -r /etc/hostname ]] || skip "there is no /etc/hostname"
  cd /
  capture "${BOXED[@]}" cat etc/hostname
  is "${status} ${errors}" "1 sandbox.sh: / is not granted: it holds all your files; name what is needed: --ro FILE
cat: etc/hostname: No such file or directory"
}

@test "the directory is where one stands, whatever PWD says" {
  mkdir one two
  printf 'one\n' >one/file
  printf 'two\n' >two/file
  cd one
  works env PWD="${T}/two" "${BOXED[@]}" cat "${T}/one/file"
  is "${output}" one
  fails env PWD="${T}/two" "${BOXED[@]}" cat "${T}/two/file"
}

@test "a current directory with blanks, a newline and a dash is granted" {
  local name
  for name in '  two  blanks ' $'a new\nline' -dash '$HOME "quoted" #'; do
    mkdir -- "${name}"
    printf 'text\n' >"./${name}/file"
    cd -- "./${name}"
    works "${BOXED[@]}" cat file
    cd "${T}"
  done
}

# ---- a root from the policy

@test "what is not granted does not exist" {
  mkdir granted other
  printf 'x\n' >granted/file
  printf 'x\n' >other/file
  works "${BOXED[@]}" -p sandbox --ro granted --rx "${DEED}" "${DEED}" read "${T}/granted/file"
  refused ENOENT "${BOXED[@]}" -p sandbox --ro granted --rx "${DEED}" "${DEED}" read "${T}/other/file"
  # EACCES is Landlock's answer.
  works "${AS[@]}" "${DEED}" read "${T}/other/file"
  refused EACCES as_user "${BOX}/ll-exec" --ro granted --rx "${DEED}" "${DEED}" read "${T}/other/file"
}

@test "ro is to be read, in both walls" {
  mkdir -m 777 d
  printf 'text\n' >d/file
  chmod 666 d/file
  works "${WALL[@]}" "${SYSTEM[@]}" --ro d -- cat d/file
  works "${WALL[@]}" "${SYSTEM[@]}" --rw d -- sh -c 'echo more >>d/file'
  capture "${WALL[@]}" "${SYSTEM[@]}" --ro d -- sh -c 'echo more >>d/file'
  [[ ${errors} == *"Read-only file system"* ]]
  capture "${WALL[@]}" "${SYSTEM[@]}" --rx d -- sh -c 'echo more >>d/file'
  [[ ${errors} == *"Read-only file system"* ]]
  is "$(<d/file)" $'text\nmore'
  works "${BOXED[@]}" -p sandbox --ro d cat d/file
  fails "${BOXED[@]}" -p sandbox --ro d sh -c 'echo more >>d/file'
  is "$(<d/file)" $'text\nmore'
}

@test "rw is written to, and it is seen outside" {
  mkdir -m 777 d
  works "${BOXED[@]}" -p sandbox --rw d sh -c 'mkdir d/new && echo text >d/new/file && mv d/new d/moved'
  is "$(<d/moved/file)" text
  printf 'outside\n' >d/file
  works "${BOXED[@]}" -p sandbox --rw d cat d/file
  is "${output}" outside
}

@test "a file is granted by itself" {
  mkdir d
  printf 'one\n' >d/one
  printf 'two\n' >d/two
  chmod 666 d/one
  works "${BOXED[@]}" -p sandbox --ro d/one cat d/one
  is "${output}" one
  capture "${BOXED[@]}" -p sandbox --ro d/one cat d/two
  is "${status} ${errors}" "1 cat: d/two: No such file or directory"
  works "${WALL[@]}" "${SYSTEM[@]}" --ro d/one -- ls d
  is "${output}" one
  works "${BOXED[@]}" -p sandbox --rw d/one sh -c 'echo three >d/one'
  is "$(<d/one)" three
  works "${BOXED[@]}" -p sandbox --rx d/one --rx "${DEED}" "${DEED}" read "${T}/d/one"
}

@test "a file that can be executed is granted by itself" {
  mkdir d
  cp "${DEED}" d/deed
  works "${BOXED[@]}" -p sandbox --rx d/deed d/deed exit 0
  capture "${BOXED[@]}" -p sandbox --ro d/deed d/deed exit 0
  is "${status}" 126
}

@test "rw in ro is written to, the rest is not" {
  mkdir -m 777 d d/in
  works "${BOXED[@]}" -p sandbox --ro d --rw d/in sh -c 'echo text >d/in/file'
  is "$(<d/in/file)" text
  fails "${BOXED[@]}" -p sandbox --ro d --rw d/in sh -c 'echo text >d/file'
  capture "${WALL[@]}" "${SYSTEM[@]}" --ro d --rw d/in -- sh -c 'echo text >d/file'
  [[ ${errors} == *"Read-only file system"* ]]
  works "${BOXED[@]}" -p sandbox --rw d/in --ro d sh -c 'echo text >d/in/second'
}

@test "ro in rw is written to, as Landlock adds up what is granted on the way" {
  mkdir -m 777 d d/in
  works as_user "${LL_EXEC}" "${SYSTEM[@]}" --rw d --ro d/in -- sh -c 'echo text >d/in/file'
  works "${BOXED[@]}" -p sandbox --rw d --ro d/in sh -c 'echo more >>d/in/file'
  is "$(<d/in/file)" $'text\nmore'
}

@test "rwx in rw runs, the rest does not" {
  mkdir -m 777 d d/in
  works "${BOXED[@]}" -p sandbox --rw d --rwx d/in --ro "${DEED}" sh -c 'cp "$1" d/in/deed && d/in/deed exit 0' - "${DEED}"
  capture "${BOXED[@]}" -p sandbox --rw d --rwx d/in --ro "${DEED}" sh -c 'cp "$1" d/deed && d/deed exit 0' - "${DEED}"
  is "${status}" 126
}

@test "what is granted in /tmp is the machine's, in a /tmp of its own" {
  local folder
  folder=$(mktemp -d /tmp/ll-tests.XXXXXX)
  chmod 777 "${folder}"
  printf 'text\n' >"${folder}/file"
  chmod 666 "${folder}/file"
  capture "${BOXED[@]}" -p sandbox --ro "${folder}" sh -c 'cat "$1/file"; echo more >>"$1/file"' - "${folder}"
  local read_only=${output} after
  after=$(<"${folder}/file")
  capture "${BOXED[@]}" -p sandbox --rw "${folder}" sh -c 'echo more >>"$1/file" && echo beside >/tmp/file' - "${folder}"
  local written
  written=$(<"${folder}/file")
  rm -rf -- "${folder}"
  is "${read_only} ${after}" "text text"
  is "${status} ${written}" $'0 text\nmore'
}

@test "/ as a rule grants all that there is" {
  printf 'text\n' >file
  [[ -r /etc/hostname ]] || skip "there is no /etc/hostname"
  fails "${BOXED[@]}" cat /etc/hostname
  works "${BOXED[@]}" -p sandbox --rx / cat /etc/hostname
  works "${BOXED[@]}" -p sandbox --ro / cat /etc/hostname
  works "${BOXED[@]}" -p sandbox --ro / --rw "${T}" sh -c 'echo more >>"$1"' - "${T}/new"
  is "$(<new)" more
  works "${WALL[@]}" --rx / -- cat "${T}/file"
}

@test "a path that does not exist is refused, unless it need not" {
  capture "${BOXED[@]}" -p sandbox --ro "${T}/none" true
  is "${status}" 125
  says "${T}/none does not exist"
  works "${BOXED[@]}" -p sandbox --ro "-${T}/none" true
}

# ---- deny

@test "a file that is denied is hidden, in each wall" {
  mkdir d
  printf 'text\n' >d/file
  printf 'secret\n' >d/secret
  works "${WALL[@]}" "${SYSTEM[@]}" --ro d -- cat d/secret
  fails "${WALL[@]}" "${SYSTEM[@]}" --ro d --deny d/secret -- cat d/secret
  is "${output}" ""
  works "${WALL[@]}" "${SYSTEM[@]}" --ro d --deny d/secret -- cat d/file
  capture "${BOXED[@]}" -p sandbox --ro d --deny d/secret cat d/file d/secret
  is "${status} ${output}" "1 text"
}

@test "a directory that is denied is empty, in each wall" {
  mkdir -m 777 d d/in
  printf 'text\n' >d/file
  printf 'secret\n' >d/in/secret
  chmod 666 d/in/secret
  works "${WALL[@]}" "${SYSTEM[@]}" --rw d -- cat d/in/secret
  capture "${WALL[@]}" "${SYSTEM[@]}" --rw d --deny d/in -- cat d/in/secret
  is "${status} ${errors}" "1 cat: d/in/secret: No such file or directory"
  works "${WALL[@]}" "${SYSTEM[@]}" --rw d --deny d/in -- ls d/in
  is "${output}" ""
  fails "${WALL[@]}" "${SYSTEM[@]}" --rw d --deny d/in -- sh -c 'echo x >d/in/new'
  fails "${WALL[@]}" "${SYSTEM[@]}" --rw d --deny d/in -- mv d/in d/out
  fails "${WALL[@]}" "${SYSTEM[@]}" --rw d --deny d/in -- rmdir d/in
  capture "${BOXED[@]}" -p sandbox --rw d --deny d/in cat d/file d/in/secret
  is "${status} ${output}" "1 text"
  is "$(<d/in/secret)" secret
}

@test "what appears in a denied directory later, outside, is hidden too" {
  mkdir -m 777 d d/in
  begin "${BOXED[@]}" -p sandbox --rw d --deny d/in sh -c 'echo ready
    until [ -e d/go ]; do sleep 0.01; done; cat d/in/late; cat d/in/sub/late; cat d/late; echo end'
  mkdir d/in/sub
  printf 'secret\n' | tee d/in/late >d/in/sub/late
  printf 'text\n' >d/late
  : >d/go
  waits_until grep -q end started
  # With Landlock not even d/late is granted, as it came later.
  if grep secret started; then return 1; fi
  begin "${WALL[@]}" "${SYSTEM[@]}" --rw d --deny d/in -- sh -c 'echo ready
    until [ -e d/again ]; do sleep 0.01; done; cat d/in/late; cat d/in/sub/late; cat d/late; echo end'
  : >d/again
  waits_until grep -q end started
  is "$(<started)" $'ready\ntext\nend'
}

# Prints what a sandbox with these options sees of names that were replaced after its start.
sees_replaced() { # OPTION...
  rm -rf d
  mkdir -m 777 d d/in
  printf 'old\n' >d/file
  begin "${BOXED[@]}" -p sandbox --rw d "$@" sh -c 'echo ready
    until [ -e d/go ]; do sleep 0.01; done; cat d/in/late; cat d/file; echo end'
  printf 'new\n' >d/new
  mv d/new d/file
  mv d/in d/old
  mkdir d/in
  printf 'late\n' >d/in/late
  : >d/go
  waits_until grep -q end started
}

@test "a denied name that is replaced outside is still refused" {
  sees_replaced
  is "$(<started)" $'ready\nlate\nnew\nend'
  sees_replaced --deny d/in --deny d/file
  is "$(<started)" $'ready\nend'
}

@test "a denied path that is no part of what is granted does no harm" {
  works "${BOXED[@]}" -p sandbox --deny /root true
  works "${BOXED[@]}" -p sandbox --deny -/nonexistent true
}

# ---- keep

@test "what is kept is read-only, in the second wall as well, and new files are made beside it" {
  mkdir -p d/in/deep
  printf 'text\n' >d/in/deep/file
  chmod 777 d d/in d/in/deep
  chmod 666 d/in/deep/file
  local act='cat d/in/deep/file && touch d/new d/in/new && mv d/new d/other && rm d/other d/in/new'
  works "${WALL[@]}" "${SYSTEM[@]}" --rw d --keep d/in/deep -- sh -c "${act}"
  works "${BOXED[@]}" --rw d --keep d/in/deep sh -c "${act}"
  is "${output}" text
  for act in 'echo x >d/in/deep/file' 'echo x >d/in/deep/new' 'rm d/in/deep/file' 'mv d/in/deep d/in/moved'; do
    fails "${WALL[@]}" "${SYSTEM[@]}" --rw d --keep d/in/deep -- sh -c "${act}"
    fails "${BOXED[@]}" --rw d --keep d/in/deep sh -c "${act}"
  done
  works "${BOXED[@]}" --rw d sh -c 'echo x >d/in/deep/new; rm d/in/deep/file; mv d/in/deep d/in/moved'
}

@test "what is kept cannot be replaced by moving a directory above it away" {
  mkdir -p d/in/deep
  chmod 777 d d/in d/in/deep
  fails "${BOXED[@]}" --rw d --keep d/in/deep mv d/in d/out
  fails "${WALL[@]}" "${SYSTEM[@]}" --rw d --keep d/in/deep -- mv d/in d/out
  works "${BOXED[@]}" --rw d mv d/in d/out
}

@test "--best-effort without namespaces keeps what is kept" {
  mkdir -p d/in
  chmod 777 d d/in
  local -a refused=(unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' -)
  "${AS[@]}" "${refused[@]}" true || skip "needs user namespaces"
  capture "${AS[@]}" "${refused[@]}" "${SANDBOX}" --best-effort -q --rw d --keep d/in sh -c 'echo x >d/in/new'
  [[ ${status} != 0 && ${status} != 125 && ! -e d/in/new ]]
  capture "${AS[@]}" "${refused[@]}" "${SANDBOX}" --best-effort -q --rw d sh -c 'echo x >d/in/new'
  is "${status}" 0
}

# ---- links

@test "a path behind links is where it was, and is reached by either name" {
  mkdir -p real/in
  printf 'text\n' >real/in/file
  ln -s real link
  ln -s in real/inner
  ln -s "${T}/link/inner/file" absolute
  works "${BOXED[@]}" -p sandbox --ro link/inner cat link/inner/file real/in/file
  is "${output}" $'text\ntext'
  works "${BOXED[@]}" -p sandbox --ro absolute cat absolute link/inner/file real/in/file
  is "${output}" $'text\ntext\ntext'
  capture "${BOXED[@]}" -p sandbox --ro real/in cat link/in/file
  is "${status} ${errors}" "1 cat: link/in/file: No such file or directory"
}

@test "a loop of links is refused" {
  ln -s a b
  ln -s b a
  capture "${BOXED[@]}" -p sandbox --ro a true
  is "${status}" 125
  says ELOOP
}

@test "merged folders of the system are the links that they are on the machine" {
  local folder expected=
  for folder in /bin /sbin /lib /lib64; do
    [[ ! -e ${folder} ]] || expected+="${folder} $(readlink "${folder}" || printf 'no link')"$'\n'
  done
  works "${BOXED[@]}" sh -c 'for folder in /bin /sbin /lib /lib64; do
    [ ! -e "${folder}" ] || echo "${folder} $(readlink "${folder}" || echo no link)"; done'
  is "${output}"$'\n' "${expected}"
}

@test "the root itself holds nothing else, and is not written to" {
  works "${WALL[@]}" --rx "${DEED}" -- "${DEED}" list /
  local first=${LL_TMP#/}
  is "$(grep -v '^\.' <<<"${output}" | sort | tr '\n' ' ')" "$(printf '%s\n' dev proc "${first%%/*}" | sort | tr '\n' ' ')"
  refused "errno 30" "${WALL[@]}" --rx "${DEED}" -- "${DEED}" mkdir /new
}

# ---- flags of the mounts

@test "every mount is nosuid, and nodev but for the six devices and terminals" {
  mkdir -m 777 d
  works "${BOXED[@]}" --rw d --ro-bind /etc:/data --tmpfs /scratch cat /proc/self/mountinfo
  local id parent device root place flags rest
  local -i count=0
  while read -r id parent device root place flags rest; do
    count+=1
    [[ ,${flags}, == *,nosuid,* ]] || { printf 'suid: %s\n' "${place}"; return 1; }
    case ${place} in
      /dev | /dev/null | /dev/zero | /dev/full | /dev/random | /dev/urandom | /dev/tty | /dev/pts) ;;
      *) [[ ,${flags}, == *,nodev,* ]] || { printf 'dev: %s\n' "${place}"; return 1; } ;;
    esac
  done <<<"${output}"
  ((count > 10))
}

@test "every mount in which nothing may be executed is noexec, and all that is not to be written is ro" {
  mkdir -m 777 read write run both
  works "${BOXED[@]}" -p sandbox --ro read --rw write --rx run --rwx both cat /proc/self/mountinfo
  local name
  local -A expected=([read]='ro,nosuid,nodev,noexec' [write]='rw,nosuid,nodev,noexec' [run]='ro,nosuid,nodev'
    [both]='rw,nosuid,nodev')
  for name in read write run both; do
    is "$(awk -v place="${T}/${name}" '$5 == place { sub(/,[^,]*atime.*/, "", $6); print $6 }' <<<"${output}")" \
      "${expected[${name}]}"
  done
  is "$(awk '$5 == "/" { sub(/,[^,]*atime.*/, "", $6); print $6 }' <<<"${output}")" ro,nosuid,nodev,noexec
  is "$(awk '$5 == "/tmp" { sub(/,[^,]*atime.*/, "", $6); print $6 }' <<<"${output}")" rw,nosuid,nodev,noexec
}

@test "the dynamic loader runs nothing that was written, in wall 2 alone" {
  needs_program readelf
  local loader program
  program=$(readlink -f "$(type -P true)")
  loader=$(readelf -lW "${program}" | sed -n 's/.*program interpreter: \(.*\)]/\1/p')
  [[ -n ${loader} ]] || skip "needs a dynamically linked true"
  mkdir -m 777 d
  works "${WALL[@]}" "${SYSTEM[@]}" --rwx d -- sh -c 'cp "$1" d/program && d/program && "$2" d/program' - "${program}" "${loader}"
  capture "${WALL[@]}" "${SYSTEM[@]}" --rw d -- sh -c '"$1" d/program' - "${loader}"
  is "${status}" 127
  says "failed to map segment from shared object"
  capture "${WALL[@]}" "${SYSTEM[@]}" --tmpfs /tmp -- sh -c 'cp "$1" /tmp/program && "$2" /tmp/program' - "${program}" "${loader}"
  is "${status}" 127
  says "failed to map segment from shared object"
  capture "${WALL[@]}" "${SYSTEM[@]}" --rw d -- d/program
  is "${status}" 125
  says EACCES
}

@test "a set-user-ID program gives nothing" {
  needs_root
  cp "${DEED}" own
  chmod 4755 own
  printf 'x\n' >secret
  chmod 600 secret
  works as_user ./own read secret
  refused EACCES "${WALL[@]}" --rx "${T}" -- "${T}/own" read "${T}/secret"
}

# ---- metadata

change_mode() {
  local file=${T}/ro-$1 writable=${T}/rw-$1
  mkdir -m 777 "${file}" "${writable}"
  works "${AS[@]}" "${DEED}" overwrite "${file}/file"
  works "${AS[@]}" "${DEED}" overwrite "${writable}/file"
  works "${AS[@]}" "${DEED}" chmod "${file}/file"
  local -a box=("${BOXED[@]}" -p sandbox --rx "${DEED}" --ro "${file}" --rw "${writable}")
  works "${box[@]}" "${DEED}" chmod "${writable}/file"
  # errno 30: EROFS, of the mount, though the filter lets the call through.
  refused "errno 30" "${box[@]}" "${DEED}" chmod "${file}/file"
  refused EPERM "${box[@]}" --metadata deny "${DEED}" chmod "${writable}/file"
  works "${box[@]}" "${DEED}" chmod /tmp
}

@test "chmod works where it is written to, and nowhere else" {
  change_mode user
  if ((EUID == 0)); then
    as_root
    change_mode root
  fi
}

# ---- the machine's root, images, binds

@test "--host-root keeps the machine's root, Landlock alone restricts it" {
  printf 'text\n' >file
  works "${BOXED[@]}" --host-root cat file
  works "${BOXED[@]}" --host-root sh -c 'echo $$; readlink /proc/self/ns/net'
  [[ ${output} == $'1\n'* && ${output##*$'\n'} != "$(readlink /proc/self/ns/net)" ]]
  chmod 666 file
  fails "${BOXED[@]}" --host-root sh -c 'echo more >>file'
  is "$(<file)" text
  capture "${BOXED[@]}" --host-root ls /
  says "Permission denied"
}

devices_of_host_root() {
  local name
  works "${BOXED[@]}" --host-root --explain true
  [[ ${output} == *' /dev '*'null zero full random urandom tty'* ]]
  for name in null zero full random urandom tty; do
    works "${BOXED[@]}" --host-root --ro /dev test -c "/dev/${name}"
  done
  works "${BOXED[@]}" --host-root sh -c 'echo x >/dev/null; head -c 3 /dev/zero | wc -c; head -c 2 /dev/urandom | wc -c'
  is "${output}" $'3\n2'
  # Nothing else of the machine's.
  works "${BOXED[@]}" --host-root --ro /dev ls /dev
  is "$(grep -v -x -E 'pts|shm' <<<"${output}")" $'fd\nfull\nnull\nptmx\nrandom\nstderr\nstdin\nstdout\ntty\nurandom\nzero'
}

@test "--host-root has the devices that --explain shows" { twice devices_of_host_root; }

# A name made and removed there would have changed the time of the directory.
deny_on_host_root() {
  local before
  printf 'secret\n' >secret
  before=$(stat -c %y /)
  works "${BOXED[@]}" -p sandbox --host-root --ro "${T}" cat secret
  capture "${BOXED[@]}" -q -p sandbox --host-root --ro "${T}" --deny secret cat secret
  is "${status} ${output} ${errors}" "1  cat: secret: Permission denied"
  is "$(stat -c %y /)" "${before}"
  rm -f secret
}

@test "what is denied with --host-root is hidden, and nothing is made or removed in the root" { twice deny_on_host_root; }

@test "--bind shows a directory at another place, to be written" {
  mkdir -m 777 d
  printf 'text\n' >d/file
  works "${BOXED[@]}" --bind "${T}/d:/data" cat /data/file
  is "${output}" text
  works "${BOXED[@]}" --bind ./d:/data/deep/er sh -c 'echo new >/data/deep/er/new'
  is "$(<d/new)" new
  works "${BOXED[@]}" -p sandbox --bind "${T}/d" cat "${T}/d/file"
  works "${BOXED[@]}" -p sandbox --bind=./d sh -c 'echo again >d/again'
  is "$(<d/again)" again
}

@test "--ro-bind shows it to be read" {
  mkdir -m 777 d
  printf 'text\n' >d/file
  chmod 666 d/file
  works "${BOXED[@]}" --ro-bind "${T}/d:/data" cat /data/file
  is "${output}" text
  fails "${BOXED[@]}" --ro-bind "${T}/d:/data" sh -c 'echo more >>/data/file'
  works "${BOXED[@]}" --bind "${T}/d:/data" sh -c 'echo more >>/data/file'
  works "${BOXED[@]}" --ro-bind d/file:/one cat /one
  is "${output}" $'text\nmore'
  works "${BOXED[@]}" -p sandbox --ro-bind d cat d/file
}

@test "--bind of a port is still the directive" {
  works "${BOXED[@]}" --rx "${DEED}" --bind any "${DEED}" bind 0
  # One that nothing listens on, whatever this machine serves.
  begin "${DEED}" serve tcp
  local port=${started}
  kill -KILL "${started_pid}"
  wait "${started_pid}" || true
  started_pid=
  refused EACCES "${BOXED[@]}" --rx "${DEED}" --net host "${DEED}" bind "${port}"
  works "${BOXED[@]}" --rx "${DEED}" --net host --bind "${port}" "${DEED}" bind "${port}"
}

@test "--bind of what does not exist, or to no absolute path, is refused" {
  capture "${BOXED[@]}" --bind /nonexistent:/data true
  is "${status}" 125
  says "cannot bind /nonexistent: ENOENT"
  mkdir d
  capture "${BOXED[@]}" --bind "${T}/d:data" true
  is "${status}" 125
  says "'data' is no place in the root"
}

@test "--tmpfs is empty, of its size, and gone afterwards" {
  mkdir -m 777 d
  printf 'text\n' >d/file
  works "${BOXED[@]}" --tmpfs "${T}/d" sh -c 'ls d; echo new >d/new; cat d/new'
  is "${output}" new
  is "$(ls d)" file
  works "${BOXED[@]}" --tmpfs /scratch:4M sh -c 'head -c 3000000 /dev/zero >/scratch/file'
  capture "${BOXED[@]}" --tmpfs /scratch:1M sh -c 'head -c 3000000 /dev/zero >/scratch/file'
  is "${status} ${errors##*: }" "1 No space left on device"
}

# Half of the machine's memory is what the kernel gives to one of which nothing is said.
@test "all that is empty and its own is bounded, in bytes and in files" {
  mkdir -m 777 d d/in
  works "${BOXED[@]}" -p sandbox --rw /dev/shm --tmpfs /scratch --tmpfs /small:5M --rw "${T}" --deny d/in cat /proc/self/mountinfo
  local tmpfs line
  tmpfs=$(grep -F ' - tmpfs none ' <<<"${output}")
  for line in / /dev /dev/shm /scratch /small /tmp "${T}/d/in"; do grep -q -F " ${line} " <<<"${tmpfs}"; done
  is "$(grep -v -E 'size=(262144|5120)k,nr_inodes=(65536|4096)\b' <<<"${tmpfs}")" ""
  works "${BOXED[@]}" --rw /dev/shm sh -c 'head -c 3000000 /dev/zero >/dev/shm/file'
  capture "${BOXED[@]}" --rw /dev/shm --tmpfs /dev/shm:1M sh -c 'head -c 3000000 /dev/zero >/dev/shm/file'
  is "${status} ${errors##*: }" "1 No space left on device"
  works "${BOXED[@]}" --tmpfs /small:1M bash -c 'for ((i = 0; i < 4000; i++)); do : >"/small/${i}"; done'
  fails "${BOXED[@]}" --tmpfs /small:1M bash -c 'for ((i = 0; i < 5000; i++)); do : >"/small/${i}" || exit; done'
  says "No space left on device"
}

@test "--tmpfs of what is no size is refused" {
  capture "${BOXED[@]}" --tmpfs /scratch:1X true
  is "${status}" 125
  says "'1X' is not a size"
}

image() {
  needs_program busybox
  local busybox
  busybox=$(readlink -f "$(command -v busybox)")
  if readelf -lW "${busybox}" 2>/dev/null | grep -q INTERP; then skip "needs a static busybox"; fi
  mkdir -p image/{bin,dev,etc,proc,tmp}
  cp "${busybox}" image/bin/busybox
  ln -s busybox image/bin/sh
  ln -s busybox image/bin/cat
  ln -s busybox image/bin/ls
  ln -s busybox image/bin/pwd
  ln -s /etc/name image/etc/link
  printf 'the image\n' >image/etc/name
  printf 'root of the image\n' >image/passwd
}

# With names that a mask could have, as a file and as a directory.
@test "what is denied in an image that can be written leaves the image as it is" {
  image
  printf 'secret\n' >image/etc/secret
  chmod -R a+rwX image
  local kind before
  for kind in file directory; do
    rm -rf image/.hidden image/hidden
    if [[ ${kind} == file ]]; then printf 'mine\n' | tee image/.hidden >image/hidden; else mkdir -p image/.hidden/in image/hidden/in; fi
    chmod -R a+rwX image
    before=$(find image -printf '%p %i %m %t %c\n' | sort)
    works "${BOXED[@]}" --rootfs image -p sandbox --rwx / cat /etc/secret
    is "${output}" secret
    capture "${BOXED[@]}" --rootfs image -p sandbox --rwx / --deny /etc/secret --deny /passwd cat /etc/secret
    is "${status} ${output}" "1 "
    says "Permission denied"
    works "${BOXED[@]}" --rootfs image -p sandbox --rwx / --deny /etc/secret cat /etc/name
    works "${WALL[@]}" --rootfs image --rwx / --deny /etc/secret -- ls -a /
    [[ ${output} == *.hidden* ]]
    is "$(find image -printf '%p %i %m %t %c\n' | sort)" "${before}"
  done
}

@test "no place is made in what is shown of the machine, were it through a link of the image" {
  image
  mkdir -m 777 image/b image/b/t mine other
  ln -s b image/a
  works "${WALL[@]}" --rootfs image --rx / --tmpfs /b/t --bind "${T}/other:/b/t/place" -- ls /b/t
  is "${output}" place
  capture "${WALL[@]}" --rootfs image --rx / --tmpfs /a/t --bind "${T}/mine:/b/t" --bind "${T}/other:/a/t/place" -- ls /a/t
  is "${status} ${output}" "125 "
  says "cannot mount what is at /a/t: ELOOP"
  is "$(ls mine image/b/t)" $'image/b/t:\n\nmine:'
}

@test "--rootfs has an image as root" {
  image
  works "${BOXED[@]}" --rootfs image -p sandbox --ro /etc cat /etc/name
  is "${output}" "the image"
  works "${BOXED[@]}" --rootfs "${T}/image" -p sandbox --ro /etc cat /etc/link
  works "${BOXED[@]}" --rootfs image sh -c 'pwd; echo $$'
  is "${output}" $'/\n1'
  works "${BOXED[@]}" --rootfs image sh -c 'echo x >/tmp/file && cat /tmp/file && test -c /dev/null'
  is "${output}" x
  # Not the machine's, whatever it is called.
  capture "${BOXED[@]}" --rootfs image -p sandbox --ro /etc cat "${T}/image/etc/name"
  is "${status}" 1
  capture "${BOXED[@]}" --rootfs image -p sandbox cat /passwd
  is "${status} ${output}" "1 "
}

@test "an image is not written to without a rule, and with one is" {
  image
  mkdir -m 777 image/data
  fails "${BOXED[@]}" --rootfs image -p sandbox --ro /data sh -c 'echo x >/data/file'
  fails "${WALL[@]}" --rootfs image --ro /data -- /bin/sh -c 'echo x >/data/file'
  [[ ! -e image/data/file ]]
  works "${BOXED[@]}" --rootfs image -p sandbox --rw /data sh -c 'echo x >/data/file'
  is "$(<image/data/file)" x
}

@test "a link of an image does not lead out of it" {
  image
  mkdir outside
  printf 'secret\n' >outside/secret
  ln -s "${T}/outside" image/absolute
  ln -s ../../../../../../../../../../../../..$"${T}/outside" image/relative
  local link
  for link in absolute relative; do
    capture "${BOXED[@]}" --rootfs image -p sandbox --ro "-/${link}" cat "/${link}/secret"
    is "${status} ${output}" "1 "
  done
}

@test "a directory of the machine is bound into an image" {
  image
  mkdir -m 777 image/data d
  printf 'text\n' >d/file
  works "${BOXED[@]}" --rootfs image --bind "${T}/d:/data" sh -c 'cat /data/file; echo new >/data/new'
  is "${output} $(<d/new)" "text new"
  [[ ! -e image/data/new ]]
}

@test "an image that does not exist is refused" {
  capture "${BOXED[@]}" --rootfs "${T}/none" -p sandbox true
  is "${status}" 125
  says "cannot open the root ${T}/none: ENOENT"
}

@test "-C and --chdir start there" {
  mkdir d
  local -a forms
  for forms in "-C d" "-C ${T}/d" "--chdir d" "--chdir=d" "--chdir ${T}/d"; do
    # shellcheck disable=SC2086 # words
    works "${BOXED[@]}" ${forms} pwd
    is "${output}" "${T}/d"
  done
  works "${BOXED[@]}" -C /usr pwd
  is "${output}" /usr
  capture "${BOXED[@]}" -C "${T}/none" pwd
  is "${status}" 125
  says "cannot start in ${T}/none: ENOENT"
}

@test "where it starts nothing is shown, also beneath what is granted and empty" {
  mkdir d
  printf 'outside\n' >d/file
  chmod -R a+rX .
  local -a options=(--rx "${DEED}" --tmpfs "${T%/*}") both=("${AS[@]}" "${LL_NS_PROGRAM}" --loader "${BOX}/ll-exec")
  local start
  for start in "${T}/d" "${T}" / /etc; do
    refused ENOENT "${both[@]}" "${options[@]}" --chdir "${start}" -- "${DEED}" read "${T}/d/file"
    # What a wall shows that Landlock does not guard.
    refused ENOENT "${AS[@]}" "${LL_NS_PROGRAM}" --no-loader "${options[@]}" --chdir "${start}" -- "${DEED}" read /etc/passwd
  done
  refused ENOENT "${both[@]}" "${options[@]}" --chdir "${T}/d" -- "${DEED}" read file
  works "${both[@]}" "${options[@]}" --ro "${T}/d" --chdir "${T}/d" -- "${DEED}" read file
}

# ---- network, names, users

@test "--net host is the machine's network; a port of the policy asks for it" {
  begin "${DEED}" serve tcp
  local port=${started}
  works "${BOXED[@]}" --rx "${DEED}" --connect "${port}" "${DEED}" connect "${port}"
  works "${BOXED[@]}" --rx "${DEED}" --net host --connect "${port}" "${DEED}" connect "${port}"
  refused EACCES "${BOXED[@]}" --rx "${DEED}" --net host "${DEED}" connect "${port}"
  refused "errno 101" "${BOXED[@]}" --rx "${DEED}" --net none --connect "${port}" "${DEED}" connect "${port}"
  works "${BOXED[@]}" --net host readlink /proc/self/ns/net
  is "${output}" "$(readlink /proc/self/ns/net)"
}

@test "--net of what is no network is refused" {
  capture "${BOXED[@]}" --net bridge true
  is "${status}" 125
  says "'bridge' is not a network
    --net bridge
          ^~~~~~
  none or host"
}

@test "an abstract socket outside is not reached, unless the policy says so" {
  begin "${DEED}" serve unix "@ll-tests-${T##*/}"
  works "${AS[@]}" "${DEED}" connect-unix "@ll-tests-${T##*/}"
  refused ECONNREFUSED "${WALL[@]}" --rx "${DEED}" -- "${DEED}" connect-unix "@ll-tests-${T##*/}"
  works "${WALL[@]}" --share net --rx "${DEED}" -- "${DEED}" connect-unix "@ll-tests-${T##*/}"
  works "${BOXED[@]}" --rx "${DEED}" --ipc abstract-unix --unix any "${DEED}" connect-unix "@ll-tests-${T##*/}"
}

namespace() { readlink "/proc/self/ns/$1"; }

@test "every namespace is its own, and --share leaves one the machine's" {
  local one other
  works "${BOXED[@]}" sh -c 'for one in user mnt cgroup ipc net pid uts; do echo "${one} $(readlink "/proc/self/ns/${one}")"; done'
  local -A inside=()
  while read -r one other; do inside[${one}]=${other}; done <<<"${output}"
  for one in user mnt cgroup ipc net pid uts; do
    [[ -n ${inside[${one}]} && ${inside[${one}]} != "$(namespace "${one}")" ]] || { printf 'shared: %s\n' "${one}"; return 1; }
  done
  for one in cgroup ipc net pid uts; do
    works "${BOXED[@]}" --share "${one}" sh -c 'for one; do readlink "/proc/self/ns/${one}"; done' - user mnt cgroup ipc net pid uts
    local -i own=0
    while IFS= read -r other; do
      if [[ ${other} == "$(namespace "${one}")" ]]; then own+=1; fi
      [[ ${other} == "${one}:"* ]] || [[ ${other} != "$(namespace "${other%%:*}")" ]] || { printf 'shared too: %s\n' "${other}"; return 1; }
    done <<<"${output}"
    is "${own}" 1
  done
}

@test "--share of what is no namespace is refused" {
  capture "${BOXED[@]}" --share mount true
  is "${status}" 125
  says "'mount' is not a namespace that can be shared
    --share mount
            ^~~~~
  cgroup, ipc, net, pid or uts"
}

@test "--hostname is the name inside, and not outside" {
  local name
  name=$(uname -n)
  works "${BOXED[@]}" --hostname box-of-tests uname -n
  is "${output}" box-of-tests
  is "$(uname -n)" "${name}"
  works "${BOXED[@]}" uname -n
  is "${output}" "${name}"
}

@test "--root is user 0 inside, and no more" {
  works "${BOXED[@]}" sh -c 'id -u; id -g'
  is "${output}" "$("${AS[@]}" id -u)"$'\n'"$("${AS[@]}" id -g)"
  works "${BOXED[@]}" --root sh -c 'id -u; id -g'
  is "${output}" $'0\n0'
  mkdir -m 777 d
  works "${BOXED[@]}" --root --rw d sh -c 'echo x >d/file'
  is "$(stat -c %u d/file)" "$("${AS[@]}" id -u)"
  fails "${BOXED[@]}" --root chown 1 /tmp
  fails "${BOXED[@]}" --root mount -t tmpfs none /tmp
}

no_privilege() {
  local line
  works "${BOXED[@]}" "$@" grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status
  for line in CapInh CapPrm CapEff CapBnd CapAmb; do
    is "$(sed -n "s/^${line}:\t//p" <<<"${output}")" 0000000000000000
  done
  is "$(sed -n 's/^NoNewPrivs:\t//p' <<<"${output}") $(sed -n 's/^Seccomp:\t//p' <<<"${output}")" "1 2"
}

@test "the command has no capability, no way to get one, and the filter" {
  twice no_privilege
  no_privilege --root
}

@test "no namespace can be made inside, in each wall" {
  works "${AS[@]}" "${DEED}" unshare-user
  refused "errno 28" "${WALL[@]}" --rx "${DEED}" -- "${DEED}" unshare-user
  refused EPERM "${BOXED[@]}" --rx "${DEED}" "${DEED}" unshare-user
}

# ---- --init

@test "with --init the command is another process, and process 1 reaps what is left to it" {
  works "${BOXED[@]}" --init sh -c 'echo $$'
  is "${output}" 2
  # Prints what became of the orphan: gone, or its state when the patience is over.
  cat >watch <<'END'
rounds=$1
until [ -s /tmp/orphan ]; do sleep 0.01; done
while [ -n "$2" ] && ! grep -q -x "$2" /proc/1/comm; do sleep 0.01; done
: >/tmp/go
read -r orphan </tmp/orphan
while [ "${rounds}" -gt 0 ]; do
  [ -e "/proc/${orphan}" ] || { echo reaped; exit; }
  sleep 0.01
  rounds=$((rounds - 1))
done
sed -n 's/^State:.\(.\).*/\1/p' "/proc/${orphan}/status"
END
  cat >orphan <<'END'
echo $$ >/tmp/orphan
until [ -e /tmp/go ]; do sleep 0.01; done
END
  works "${BOXED[@]}" --init sh -c '(sh orphan &); sh watch 1000'
  is "${output}" reaped
  # Process 1 that does not care leaves it a zombie.
  begin "${BOXED[@]}" sh -c '(sh orphan &); sh watch 50 sleep & exec sleep 1000'
  is "${started}" Z
}

@test "the statuses are the same with --init" {
  local code
  for code in 0 1 7 125 126 127 255; do
    ends "${code}" "${BOXED[@]}" --init sh -c "exit ${code}"
  done
  ends 134 "${BOXED[@]}" --init sh -c 'kill -ABRT $$'
  ends 143 "${BOXED[@]}" --init sh -c 'kill -TERM $$'
  ends 137 "${BOXED[@]}" --init sh -c 'kill -KILL $$'
}

@test "with --init a signal reaches the command" {
  begin "${BOXED[@]}" --init sh -c 'trap "echo got it; exit 9" TERM; echo ready; while :; do sleep 0.01; done'
  kill -TERM "${started_pid}"
  ends_with 9
  is "$(<started)" $'ready\ngot it'
  local marker=1000.${RANDOM}${RANDOM}
  begin "${BOXED[@]}" --init sh -c 'echo ready; exec sleep "$1"' - "${marker}"
  kill -TERM "${started_pid}"
  ends_with 143
  waits_until none_left "${marker}"
}

@test "with --init what the command left behind ends with it" {
  local marker=1000.${RANDOM}${RANDOM}
  works "${BOXED[@]}" --init sh -c 'sleep "$1" >/dev/null 2>&1 & exit 0' - "${marker}"
  waits_until none_left "${marker}"
}

@test "a command that handles SIGTERM and then means to die of it is ended, though it is process 1" {
  begin "${BOXED[@]}" bash -c 'trap "trap - TERM; kill -TERM \$\$" TERM; echo ready; while :; do sleep 0.01; done'
  kill -TERM "${started_pid}"
  ends_with 143
  # One that goes on to handle it is not.
  begin "${BOXED[@]}" bash -c 'trap "echo again" TERM; echo ready; for ((i = 0; i < 400; i++)); do sleep 0.01; done; exit 4'
  kill -TERM "${started_pid}"
  ends_with 4
  is "$(<started)" $'ready\nagain'
}

@test "node ends by SIGTERM and by SIGINT, as without a sandbox" {
  needs_program node
  "${AS[@]}" node -e 0 || skip "node does not run here"
  local name program='console.log("ready"); setInterval(() => {}, 1000)'
  for name in TERM INT; do
    # A shell's background job ignores SIGINT.
    begin "${AS[@]}" env --default-signal=INT node -e "${program}"
    kill "-${name}" "${started_pid}"
    ends_with $((128 + $(kill -l "${name}")))
    begin "${AS[@]}" env --default-signal=INT "${SANDBOX}" node -e "${program}"
    kill "-${name}" "${started_pid}"
    ends_with $((128 + $(kill -l "${name}")))
  done
  begin "${BOXED[@]}" node -e "process.on('SIGTERM', () => process.exit(6)); ${program}"
  kill -TERM "${started_pid}"
  ends_with 6
}

# ---- --timeout

@test "--timeout ends it with 124" {
  local marker=1000.${RANDOM}${RANDOM}
  ends 124 "${BOXED[@]}" --timeout 100ms sleep "${marker}"
  ends 124 "${BOXED[@]}" --init --timeout 100ms sleep "${marker}"
  waits_until none_left "${marker}"
  ends 3 "${BOXED[@]}" --timeout 10m sh -c 'exit 3'
}

@test "--timeout lets a command that handles SIGTERM end in its own way, and kills one that does not end" {
  # Time enough for a busy machine to come to the trap.
  capture "${BOXED[@]}" --timeout 3s sh -c 'trap "echo asked; exit 5" TERM; while :; do sleep 0.01; done'
  is "${status} ${output} ${errors}" "124 asked "
  capture "${BOXED[@]}" --timeout 3s sh -c 'trap "echo asked" TERM; while :; do sleep 0.01; done'
  is "${status} ${output} ${errors}" "124 asked "
  ends 124 "${BOXED[@]}" --timeout 100ms sh -c 'trap "" TERM; while :; do sleep 0.01; done'
}

@test "where there is no /dev/null, a closed standard descriptor leads out of no root" {
  needs_root
  printf 'secret\n' >secret
  chmod 644 secret
  bare_dev() { # CLOSED COMMAND...
    unshare --mount --propagation private -- sh -c "mount -t tmpfs none /dev && shift && exec \"\$@\" $1" sh "$@"
  }
  local -a wall=("${AS[@]}" "${LL_NS_PROGRAM}" --no-loader --proc "${SYSTEM[@]}")
  # What it would be if it were the root outside.
  capture bare_dev '<&-' "${AS[@]}" sh -c 'exec 9</ && cat "/proc/self/fd/9/$1"' - "${T}/secret"
  is "${output}" secret
  fails bare_dev '<&-' "${wall[@]}" -- cat "/proc/self/fd/0/${T}/secret"
  fails bare_dev '>&-' "${wall[@]}" -- sh -c 'cat "/proc/self/fd/1/$1" >&2' - "${T}/secret"
  works bare_dev '<&-' "${wall[@]}" -- cat
}

@test "--timeout comes, and the end does, whatever signals the command's threads cause by being traced" {
  works "${DEED}" be-traced 3 1
  # Where it were not so, it would not end.
  local -a box=("${AS[@]}" timeout -s KILL 60 "${SANDBOX}" --rx "${DEED}")
  ends 0 "${box[@]}" "${DEED}" be-traced 3 1
  ends 0 "${box[@]}" --init "${DEED}" be-traced 3 1
  ends 124 "${box[@]}" --timeout 500ms "${DEED}" be-traced 300 100
  ends 124 "${box[@]}" --init --timeout 500ms "${DEED}" be-traced 300 100
}

@test "--timeout of what is no time is refused" {
  local time
  for time in 0 0s x 5d -1 ''; do
    capture "${BOXED[@]}" --timeout "${time}" true
    is "${status}" 125
    says "'${time}' is not a time"
  done
}

# ---- the command line

@test "--print shows one command, which does the same when it is pasted" {
  mkdir 'a place'
  printf 'text\n' >'a place/it'\''s'
  chmod 777 'a place'
  local -a words=("${BOXED[@]}" --rw 'a place' --env "X=\$(id) 'a' \"b\"" --hostname box)
  local -a act=(sh -c 'cat "$1"; printf "<%s>" "${X}" "$(uname -n)" "$@" >"a place/new"' - "a place/it's" '' $'new\nline' '*' '$HOME;')
  works "${words[@]}" "${act[@]}"
  local first
  first=${output}$(<'a place/new')
  rm 'a place/new'
  works "${words[@]}" --print "${act[@]}"
  [[ ${output} == "${BOX}/ll-ns "*" -- sh -c "* ]]
  [[ ! -e 'a place/new' ]]
  works "${AS[@]}" bash -c "${output}"
  is "${output}$(<'a place/new')" "${first}"
  [[ ${first} == text*"<X="* || ${first} == text*"<\$(id) 'a' \"b\"><box>"* ]]
}

@test "--print prints one line, of what one would type, for a plain command" {
  works "${BOXED[@]}" --print --ro /etc true --flag
  is "${output}" "${BOX}/ll-ns --loader ${BOX}/ll-exec --proc --private-dev --tmpfs /tmp:256M -p sandbox --rx ${T} --ro /etc -- true --flag"
}

@test "arguments pass unchanged" {
  local -a words=(--ro '' 'a b' -- $'line\nbreak' -p '*' '$HOME' \\ $'\xff\xfe' "it's" --help)
  works "${BOXED[@]}" --rx "${DEED}" "${DEED}" arguments "${words[@]}"
  is "${output}" "$(printf '%s\n' "${words[@]}")"
  works "${BOXED[@]}" --rx "${DEED}" -- "${DEED}" arguments "${words[@]}"
  is "${output}" "$(printf '%s\n' "${words[@]}")"
}

@test "many and long arguments pass" {
  works "${BOXED[@]}" sh -c 'echo $# ${#1}' - "$(printf '%100000s' x)" {1..20000}
  is "${output}" "20001 100000"
}

# Options and directives of ll-ns, as its help names them: NAME or "NAME METAVAR".
known_options() {
  { "${LL_NS_PROGRAM}" --help && "${BOX}/ll-exec" --list directives; } | sed -n 's/^  \(-[a-zA-Z], \|    \)--\([a-z-]*\)\( [^ ]\{1,\}\( NAME\| PATH\)\{0,1\}\)\{0,1\} .*/\2\3/p'
}

@test "every option and directive of ll-ns is known to the wrapper, with its value" {
  local name value
  local -i count=0 valued=0
  while read -r name value; do
    count+=1
    case ${name} in help | print) continue ;; esac
    if [[ -n ${value} ]]; then
      valued+=1
      works "${BOXED[@]}" --print "--${name}" the-value the-command --its option
      [[ ${output} == *" --${name} the-value "*" -- the-command --its option" ||
        ${output} == *" --${name} the-value -- the-command --its option" ]] || { printf '%s\n' "${output}"; return 1; }
    else
      works "${BOXED[@]}" --print "--${name}" the-command --its option
      [[ ${output} == *" --${name}"*" -- the-command --its option" ]] || { printf '%s\n' "${output}"; return 1; }
    fi
    works "${BOXED[@]}" --print "--${name}=the-value" the-command --its option
    [[ ${output} == *"--${name}"[=\ ]the-value*" -- the-command --its option" ]] || { printf '%s\n' "${output}"; return 1; }
  done < <(known_options)
  ((count > 40 && valued > 30)) || { printf 'only %d, %d of them with a value\n' "${count}" "${valued}"; return 1; }
}

@test "every option and directive of the help of ll-exec is one of ll-ns or of the wrapper" {
  local name
  works "${BOX}/ll-exec" --help
  output+=$'\n'$("${BOX}/ll-exec" --list directives)
  local -i count=0
  while read -r name; do
    count+=1
    case ${name} in
      ldd | list | json | why | no-landlock | landlock | abi) continue ;; # what the loader alone is asked
      *) known_options | grep -q -x -E "${name}( .*)?" || { printf 'll-ns has no --%s\n' "${name}"; return 1; } ;;
    esac
  done < <(sed -n 's/^  \(-[a-zA-Z], \|    \)--\([a-z-]*\) .*/\2/p' <<<"${output}")
  ((count > 30))
}

@test "letters take their value, and stand together" {
  works "${BOXED[@]}" --print -p the-value the-command
  [[ ${output} == *" -p the-value -- the-command" ]]
  works "${BOXED[@]}" --print -pthe-value the-command
  [[ ${output} == *" -pthe-value -- the-command" ]]
  works "${BOXED[@]}" --print -C the-value the-command
  [[ ${output} == *" --chdir the-value"* && ${output} == *" -- the-command" ]]
  works "${BOXED[@]}" --print -q -v the-command
  [[ ${output} == *" -q -v"*" -- the-command" || ${output} == *" -q -v -- the-command" ]]
}

@test "an option without its value is refused, and nothing runs" {
  local option
  for option in --ro --rw --fs --env --chdir -C -p --policy --bind --ro-bind --tmpfs --rootfs --net --share --hostname --timeout \
    --memory --pids --cpus; do
    capture "${BOXED[@]}" "${option}"
    is "${status} ${output}" "125 "
    [[ -n ${errors} ]] || { printf 'nothing is said of %s\n' "${option}"; return 1; }
  done
}

@test "no command, and an unknown option, are errors" {
  capture "${BOXED[@]}"
  is "${status}" 125
  says "no command to run"
  capture "${BOXED[@]}" --rwz /tmp true
  is "${status}" 125
  says "unknown option '--rwz'"
  says "did you mean '--rw'?"
}

@test "--help fits a screen and names what the wrapper adds" {
  works "${BOXED[@]}" --help
  local lines widest name
  lines=$(wc -l <<<"${output}")
  widest=$(awk '{ if (length($0) > most) most = length($0) } END { print most }' <<<"${output}")
  ((lines < 24)) || { printf '%s lines\n' "${lines}"; return 1; }
  ((widest <= 80)) || { printf '%s columns\n' "${widest}"; return 1; }
  for name in --policy --ro --rx --rw --rwx --connect --chdir --bind --ro-bind --tmpfs --rootfs --host-root --net --share \
    --hostname --root --init --timeout --memory --pids --cpus --best-effort --explain --print TMPFS_SIZE CGROUP_LIMITS \
    CG_MEM_MAX CG_PIDS_MAX LL_NS LL_EXEC LOADER; do
    [[ ${output} == *"${name}"* ]] || { printf 'no %s\n' "${name}"; return 1; }
  done
  works "${BOXED[@]}" -h
}

@test "--explain shows the root, and runs nothing" {
  mkdir -m 777 d
  capture "${BOXED[@]}" --rw d --explain touch d/marker
  [[ ${output} == *$'root: nothing but\n'* && ${output} == *" rw- ${T}/d "* ]] || { printf '%s\n' "${output}"; return 1; }
  [[ ! -e d/marker ]]
}

# ---- behaves as the command would

@test "the exit status is the command's" {
  local code
  for code in 0 1 7 124 125 126 127 255; do
    ends "${code}" "${BOXED[@]}" sh -c "exit ${code}"
  done
}

@test "what this kernel cannot enforce is refused with the policy's line, not the option that it is handed on as" {
  printf 'use sandbox\nlimit nproc=4096\n' >p.policy
  local user=$((EUID == 0 ? ORDINARY : EUID))
  works "${BOXED[@]}" -p ./p.policy -- id -u
  is "${output}" "${user}"
  ((EUID == 0)) || skip 'needs root'
  as_root
  capture "${BOXED[@]}" -p ./p.policy -- true
  is "${status} ${errors}" "125 sandbox.sh: ./p.policy:2:7: 'limit nproc' does not hold for root: the kernel exempts it
    limit nproc=4096
          ^~~~~~~~~~
  run as an ordinary user, drop the rule, or add --best-effort to go on with this not enforced"
  works "${BOXED[@]}" -q -p ./p.policy --best-effort -- id -u
  is "${output}" 0
}

@test "messages are of sandbox.sh, and count its own arguments" {
  local at
  works "${BOXED[@]}" true
  capture "${BOXED[@]}" --ro /etc --rw /nonexistent true
  is "${status} ${errors}" "125 sandbox.sh: argument 4: /nonexistent does not exist
    --rw /nonexistent
         ^~~~~~~~~~~~
  if it need not, write -/nonexistent"
  capture "${BOXED[@]}" --ro /etc --frobnicate true
  is "${status} ${errors}" "125 sandbox.sh: argument 3: unknown option '--frobnicate'
    --frobnicate
    ^~~~~~~~~~~~
  sandbox.sh --help lists them"
  capture "${BOXED[@]}" --explain -q --timeout x true
  is "${errors%%$'\n'*}" "sandbox.sh: argument 4: 'x' is not a time"
  capture "${BOXED[@]}" -C /nonexistent true
  is "${errors%%$'\n'*}" "sandbox.sh: argument 2: cannot start in /nonexistent: ENOENT (no such file or directory)"
  # What sandbox.sh takes itself is counted, too, wherever it stands.
  for at in "--dry-run --overlay . --ro" "--overlay=. --json --changes c --ro"; do
    # shellcheck disable=SC2086 # words
    capture "${BOXED[@]}" ${at} /nonexistent true
    is "${errors%%$'\n'*}" "sandbox.sh: argument $(($(wc -w <<<"${at}") + 1)): /nonexistent does not exist"
  done
  # What it puts there itself is nobody's argument.
  capture env TMPFS_SIZE=x "${BOXED[@]}" true
  is "${errors%%$'\n'*}" "sandbox.sh: 'x' is not a size"
  capture "${BOXED[@]}" --dry-run true
  is "${status} ${errors%%$'\n'*}" "125 sandbox.sh: there is nothing to keep changes of"
  capture "${BOXED[@]}"
  is "${status} ${errors}" "125 sandbox.sh: no command to run
  sandbox.sh [options] [--] command [argument...]; sandbox.sh --help says more"
}

@test "messages are of ll-ns where that is what was started, and of the line that a policy has" {
  capture "${AS[@]}" "${LL_NS_PROGRAM}" --ro /nonexistent true
  is "${errors%%$'\n'*}" "ll-ns: argument 2: /nonexistent does not exist"
  capture "${AS[@]}" "${LL_NS_PROGRAM}" -q -p sandbox no-such-command
  is "${status} ${errors%%$'\n'*}" "127 ll-ns: 'no-such-command' is not found"
  printf 'use sandbox\nro /nonexistent\n' >p.policy
  capture "${BOXED[@]}" -p ./p.policy true
  is "${errors%%$'\n'*}" "sandbox.sh: ./p.policy:2:4: /nonexistent does not exist"
}

@test "a path below the current directory takes its place, and the command is still there" {
  mkdir in out
  printf 'text\n' >in/file
  printf 'secret\n' >other
  printf '#!/bin/sh\ncat in/file; cat other; echo new >out/made\n' >tool
  chmod 777 out
  chmod 755 tool
  capture "${BOXED[@]}" ./tool
  is "${status} ${output}" $'2 text\nsecret'
  capture "${BOXED[@]}" --ro in --rw out ./tool
  is "${status} ${output} ${errors} $(<out/made)" "0 text cat: other: No such file or directory new"
  local named
  for named in "in" "./in" "${T}/in" "in/." "out/../in" "in/file" "-in" "-none"; do
    fails "${BOXED[@]}" --ro "${named}" cat other
  done
  fails "${BOXED[@]}" "--fs=read_file,read_dir in" cat other
  mkdir deeper
  cp tool deeper/
  capture "${BOXED[@]}" --ro in -C deeper ./tool
  says "cat: in/file: No such file or directory"
  # What is not below it, or takes away, adds to it.
  for named in "." "${T}" "${T}/" "in/.." "/etc" "-../nowhere"; do
    works "${BOXED[@]}" --ro "${named}" cat other
    is "${output}" secret
  done
  works "${BOXED[@]}" --deny in cat other
  works "${BOXED[@]}" --rw . sh -c 'echo echo made >p && chmod +x p && ./p'
  is "${output}" made
}

@test "in a directory that was removed, or is closed, it says so" {
  mkdir -p gone closed/deeper
  chmod 777 gone closed closed/deeper
  cd gone
  works "${BOXED[@]}" true
  rmdir "${T}/gone"
  capture "${BOXED[@]}" true
  is "${status}" 125
  says "sandbox.sh: the current directory cannot be entered: it was removed, or is closed to this user"
  capture "${BOXED[@]}" -p sandbox pwd
  is "${status} ${output}" "0 /"
  says "sandbox.sh: warning: the current directory has no path any more, so the command starts in /"
  capture "${AS[@]}" "${BOX}/ll-exec" -p git true
  is "${status}" 125
  says ": the current directory has no path: it was removed, or lies outside of the root"
  cd "${T}/closed/deeper"
  ((EUID != 0)) || chown -R "${ORDINARY}" "${T}/closed"
  "${AS[@]}" chmod 0 ..
  capture "${BOXED[@]}" true
  is "${status}" 125
  says "a directory on its way is closed to this user"
  capture env HOME=/ "${BOXED[@]}" true
  is "${status}" 125
  says "sandbox.sh: the current directory cannot be entered: it was removed, or is closed to this user"
  chmod 755 "${T}/closed"
}

# sandbox.sh(1), CAVEATS: only one user exists inside.
@test "ssh refuses what a configuration of root's includes, and goes on with -F none" {
  needs_root
  needs_program ssh
  mkdir ssh
  printf 'Include /etc/ssh/part.conf\n' >ssh/ssh_config
  printf 'Host nothing\n' >ssh/part.conf
  # One that passwd(5) has.
  AS=(setpriv --reuid=daemon --regid=daemon --clear-groups --)
  use_programs
  works "${AS[@]}" ssh -F ssh/ssh_config -G -T localhost
  capture "${BOXED[@]}" --ro-bind "${T}/ssh:/etc/ssh" ssh -G -T localhost
  is "${status}" 255
  says "Bad owner or permissions on /etc/ssh/part.conf"
  works "${BOXED[@]}" --ro-bind "${T}/ssh:/etc/ssh" ssh -F none -G -T localhost
  as_root
  works "${BOXED[@]}" --ro-bind "${T}/ssh:/etc/ssh" ssh -G -T localhost
}

# shellcheck disable=SC2016 # for the shell inside
stdout_by_name() {
  : >into
  local -a opens=(sh -c 'echo text >/dev/stdout')
  # Of its own: another user's pipe cannot be opened anew.
  local -a piped=("${AS[@]}" bash -c '"$@" | cat' -)
  "${AS[@]}" "${opens[@]}" >into
  is "$(<into)" text
  works "${piped[@]}" "${opens[@]}"
  if "${AS[@]}" "$@" "${opens[@]}" >into 2>/dev/null; then return 1; fi
  "${AS[@]}" "$@" --rw /dev/stdout "${opens[@]}" >into
  is "$(<into)" text
  works "${piped[@]}" "$@" --rw /dev/stdout "${opens[@]}"
  is "${output}" text
  works "${piped[@]}" "$@" "${opens[@]}"
  is "${output}" text
}

@test "/dev/stdout, where it is a file, can be opened by its name if it is granted" {
  chmod 777 .
  : >into
  chmod 666 into
  stdout_by_name "${SANDBOX}"
  stdout_by_name "${BOX}/ll-exec" "${SYSTEM[@]}"
}

@test "with controllers of cgroup v1, or none, a ceiling is refused, and says so" {
  local controllers=/sys/fs/cgroup/cgroup.controllers
  [[ ! -e ${controllers} ]] || ! grep -q -w memory "${controllers}" || skip "cgroup v2 has the controllers"
  works "${BOXED[@]}" true
  capture "${BOXED[@]}" --memory 64M true
  is "${status} ${output}" "125 "
  [[ ${errors} == "sandbox.sh: argument 1: cgroup v2 has no "*" here: cgroup v1 has taken it"* ||
    ${errors} == "sandbox.sh: argument 1: no cgroup v2 hierarchy is mounted here"* ]] || { printf '%s\n' "${errors}"; return 1; }
  says "--limit nproc="
}

@test "a stack that is too small for them is said by all programs, and none crashes" {
  local kib
  for kib in 32 64; do
    capture "${AS[@]}" bash -c "ulimit -s ${kib} && exec \"\$@\"" - "${BOX}/ll-exec" -p sandbox -- true
    is "${status}" 125
    says "ll-exec: the stack is limited to $((kib * 1024)) bytes, "
    capture "${AS[@]}" bash -c "ulimit -s ${kib} && exec \"\$@\"" - "${LL_NS_PROGRAM}" -p sandbox -- true
    is "${status}" 125
    says "ll-ns: the stack is limited to $((kib * 1024)) bytes, "
    capture "${AS[@]}" bash -c "ulimit -s ${kib} && exec \"\$@\"" - "${SANDBOX}" true
    is "${status}" 125
    capture "${AS[@]}" bash -c "ulimit -s ${kib} && exec \"\$@\"" - "${BOX}/ll-changes" run --overlay . -- "${LL_NS_PROGRAM}" -p sandbox -- true
    is "${status}" 125
  done
  works "${AS[@]}" bash -c "ulimit -s 256 && exec \"\$@\"" - "${SANDBOX}" true
  works "${AS[@]}" bash -c "ulimit -s 2048 && exec \"\$@\"" - "${SANDBOX}" --overlay . --dry-run true
}

@test "a command that is not found is 127, one that cannot be run 126, as ll-exec says it" {
  capture "${BOXED[@]}" no-such-command
  is "${status} ${errors}" "127 sandbox.sh: 'no-such-command' is not found
  looked for it in the directories of PATH"
  capture "${BOXED[@]}" ./no-such-command
  is "${status} ${errors}" "127 sandbox.sh: './no-such-command' is not found"
  printf 'no\n' >cmd
  capture "${BOXED[@]}" ./cmd
  is "${status}" 126
  says "./cmd cannot be run: EACCES"
  capture "${BOXED[@]}" "${T}"
  is "${status}" 126
}

@test "a command that is killed is 137" {
  begin "${BOXED[@]}" sh -c 'echo ready; exec sleep 1000'
  local inside
  inside=$(pgrep -P "${started_pid}")
  kill -KILL "${inside}"
  ends_with 137
}

@test "standard input and output are the command's" {
  works "${BOXED[@]}" cat <<<"in and out"
  is "${output}" "in and out"
  capture "${BOXED[@]}" sh -c 'echo out; echo err >&2'
  is "${output} ${errors}" "out err"
  works "${BOXED[@]}" cat </dev/null
  is "${output}" ""
}

@test "binary data of some MiB goes through unchanged" {
  head -c 5000000 /dev/urandom >data
  "${BOXED[@]}" cat <data | "${BOXED[@]}" cat | "${BOXED[@]}" cat >copy
  cmp data copy
}

@test "a reader that goes away ends the writer" {
  local marker=y${RANDOM}${RANDOM} option
  for option in --proc --init; do
    "${BOXED[@]}" "${option}" yes "${marker}" 2>/dev/null 3>&- | head -n 1 >first
    is "$(<first)" "${marker}"
    waits_until none_left "${marker}"
  done
  # Of SIGPIPE, of which no process 1 dies (pid_namespaces(7)).
  "${BOXED[@]}" --init sh -c 'while :; do echo "$1"; done' - "${marker}" 2>/dev/null 3>&- | head -n 1 >first
  is "$(<first)" "${marker}"
  waits_until none_left "${marker}"
}

@test "closed standard descriptors stay usable" {
  works "${AS[@]}" "${DEED}" with-closed 0 "${BOX}/sandbox.sh" true
  works "${AS[@]}" "${DEED}" with-closed 012 "${BOX}/sandbox.sh" true
}

@test "timeout ends it at once" {
  local marker=1000.${RANDOM}${RANDOM}
  # 137 where SIGTERM does not end it.
  ends 124 "${AS[@]}" timeout -k 20 0.5 "${SANDBOX}" sleep "${marker}"
  waits_until none_left "${marker}"
  ends 124 "${AS[@]}" timeout -k 20 0.5 "${SANDBOX}" --init sleep "${marker}"
  ends 124 "${AS[@]}" timeout -k 20 0.5 "${SANDBOX}" sh -c 'sleep "$1"; :' - "${marker}"
  waits_until none_left "${marker}"
}

# Which signals end a command that does not handle them, and all that it started.
ended_by() { # SIGNAL STATUS
  local marker=1000.${RANDOM}${RANDOM}
  begin "${AS[@]}" env --default-signal "${SANDBOX}" sh -c 'sleep "$1" & echo ready; exec sleep "$1"' - "${marker}"
  [[ $(count_of "${marker}") != 0 ]]
  kill -s "$1" "${started_pid}"
  ends_with "$2"
  waits_until none_left "${marker}"
}

@test "SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1 end it, and all in it, with 128 + n" {
  ended_by TERM 143
  ended_by INT 130
  ended_by HUP 129
  ended_by QUIT 131
  ended_by USR1 138
}

@test "a command that handles a signal gets it, and its status is kept" {
  local signal
  for signal in TERM INT HUP USR1 WINCH; do
    begin "${AS[@]}" env --default-signal "${SANDBOX}" \
      bash -c "trap 'echo got ${signal}; exit 7' ${signal}; echo ready; while :; do sleep 0.01; done"
    kill -s "${signal}" "${started_pid}"
    ends_with 7
    is "$(<started)" $'ready\n'"got ${signal}"
  done
}

@test "a signal that the command ignores does not end it" {
  begin "${AS[@]}" env --default-signal "${SANDBOX}" \
    bash -c 'trap "" TERM; trap "echo end; exit 3" USR1; echo ready; while :; do sleep 0.01; done'
  kill -TERM "${started_pid}"
  kill -URG "${started_pid}"
  kill -CONT "${started_pid}"
  kill -USR1 "${started_pid}"
  ends_with 3
  is "$(<started)" $'ready\nend'
}

@test "a signal that the caller ignores stays ignored" {
  begin "${AS[@]}" env --ignore-signal=HUP "${SANDBOX}" \
    sh -c 'echo ready; while [ ! -e end ]; do sleep 0.01; done; echo end'
  kill -HUP "${started_pid}"
  : >end
  ends_with 0
  is "$(<started)" $'ready\nend'
}

@test "SIGSTOP and SIGCONT stop it and let it go on" {
  begin "${BOXED[@]}" sh -c 'echo ready; while [ ! -e end ]; do sleep 0.01; done; echo end'
  stopped() { [[ $(state_of "$1") == T ]]; }
  local inside
  inside=$(pgrep -P "${started_pid}")
  kill -TSTP "${started_pid}"
  waits_until stopped "${started_pid}"
  waits_until stopped "${inside}"
  : >end
  kill -CONT "${started_pid}"
  ends_with 0
  is "$(<started)" $'ready\nend'
}

@test "SIGKILL of the parent takes everything with it" {
  local marker=1000.${RANDOM}${RANDOM} option
  local before
  before=$(mounts)
  for option in --proc --init; do
    begin "${BOXED[@]}" "${option}" sh -c 'setsid sleep "$1" & sh -c "sleep $1; :" & echo ready; exec sleep "$1"' - "${marker}"
    waits_until at_least 3 "${marker}"
    kill -KILL "${started_pid}"
    ends_with 137
    waits_until none_left "${marker}"
  done
  is "$(mounts)" "${before}"
}

@test "what the command left running ends with it" {
  local marker=1000.${RANDOM}${RANDOM}
  works "${BOXED[@]}" sh -c 'setsid sleep "$1" >/dev/null 2>&1 & exit 0' - "${marker}"
  waits_until none_left "${marker}"
}

@test "nothing is left behind: no process, no mount, no file in /tmp" {
  local marker=1000.${RANDOM}${RANDOM} before
  before=$(mounts)
  works "${BOXED[@]}" sh -c 'echo x >/tmp/file; mkdir /tmp/folder'
  ends 3 "${BOXED[@]}" sh -c 'exit 3'
  ends 124 "${BOXED[@]}" --timeout 50ms sleep "${marker}"
  fails "${BOXED[@]}" no-such-command
  fails "${BOXED[@]}" --ro "${T}/none" true
  is "$(mounts)" "${before}"
  waits_until none_left "${marker}"
  # Others may work in /tmp at the same time: nothing new has a name that a sandbox could have made.
  find /tmp -maxdepth 1 -newer "${T}" \( -name 'll-ns*' -o -name 'll-exec*' -o -name 'sandbox*' -o -name 'newroot*' \) >new
  is "$(<new)" ""
  [[ ! -e /tmp/folder ]]
}

@test "--no-loader withholds secrets and what is put into every program too, and says so" {
  # Control: bare, they are there.
  works "${AS[@]}" env -i A=1 GITHUB_TOKEN=2 LD_AUDIT=/none.so "${DEED}" environment
  [[ ${output} == *GITHUB_TOKEN=2* ]]
  capture "${AS[@]}" env -i A=1 GITHUB_TOKEN=2 LD_AUDIT=/none.so "${LL_NS_PROGRAM}" --no-loader --rx "${DEED}" -- "${DEED}" environment
  is "${output}" 'A=1'
  [[ ${errors} == 'll-ns: warning: not passed to the command: GITHUB_TOKEN LD_AUDIT'* ]]
  works "${AS[@]}" env -i A=1 GITHUB_TOKEN=2 "${LL_NS_PROGRAM}" -q --no-loader --rx "${DEED}" -- "${DEED}" environment
  is "${output}" 'A=1'
}

@test "inherited descriptors are closed, but for those of --fd" {
  printf 'text\n' >file
  works "${AS[@]}" "${DEED}" with-descriptor 7 "${DEED}" descriptors 32 <file
  [[ ${output} == *7* ]]
  works "${AS[@]}" "${DEED}" with-descriptor 7 "${BOX}/sandbox.sh" --rx "${DEED}" "${DEED}" descriptors 256 <file
  is "${output}" $'0\n1\n2'
  works "${AS[@]}" "${DEED}" with-descriptor 7 "${BOX}/sandbox.sh" --fd 7 --rx "${DEED}" "${DEED}" descriptors 256 <file
  is "${output}" $'0\n1\n2\n7'
  works "${AS[@]}" "${DEED}" with-descriptor 7 "${BOX}/sandbox.sh" --init --fd 7 --rx "${DEED}" "${DEED}" descriptors 256 <file
  is "${output}" $'0\n1\n2\n7'
  works "${AS[@]}" "${DEED}" with-descriptor 7 "${LL_NS_PROGRAM}" --no-loader --rx "${DEED}" -- "${DEED}" descriptors 256 <file
  is "${output}" $'0\n1\n2'
}

@test "variables are those that the policy passes" {
  works env KEY=secret LANG=C.UTF-8 "${BOXED[@]}" sh -c 'echo "${KEY-none} ${LANG}"'
  is "${output}" "none C.UTF-8"
  works env KEY=secret "${BOXED[@]}" --env KEY sh -c 'echo "${KEY-none}"'
  is "${output}" secret
  works env BASH_ENV="${T}/startup" KEY=1 "${BOXED[@]}" true
}

@test "what the environment gives bash to run is not run" {
  printf 'touch %q\n' "${T}/marker" >startup
  works env BASH_ENV="${T}/startup" bash -c true
  [[ -e marker ]]
  rm marker
  works env BASH_ENV="${T}/startup" ENV="${T}/startup" 'BASH_FUNC_exec%%=() { touch marker; }' 'BASH_FUNC_printf%%=() { touch marker; }' \
    "${BOXED[@]}" true
  [[ ! -e marker ]]
}

@test "an odd IFS, or options of the shell, change nothing" {
  works env IFS=/ SHELLOPTS=noglob "${BOXED[@]}" echo 'a/b' '*'
  is "${output}" 'a/b *'
  works env POSIXLY_CORRECT=1 "${BOXED[@]}" echo hello
}

# ---- nested, and where namespaces are refused

@test "in itself the inner one is refused and says so" {
  works "${BOXED[@]}" --rx "${BOX}" "${SANDBOX}" --print true
  capture "${BOXED[@]}" --rx "${BOX}" "${SANDBOX}" true
  is "${status} ${output}" "125 "
  says "sandbox.sh: cannot enter new namespaces: "
  says "a sandbox or container around this one refuses"
}

@test "in itself, with --best-effort, the inner one goes on with ll-exec alone and one line" {
  [[ -r /etc/hostname ]] || skip "there is no /etc/hostname"
  local -a outer=("${BOXED[@]}" --rx "${BOX}" --ro /etc/hostname)
  works "${outer[@]}" cat /etc/hostname
  capture "${outer[@]}" "${SANDBOX}" --best-effort cat /etc/hostname
  is "${status}" 1
  says "cat: /etc/hostname: Permission denied"
  printf 'x\n' >file
  capture "${outer[@]}" "${SANDBOX}" --best-effort cat file
  is "${status} ${output}" "0 x"
  [[ ${errors} == "sandbox.sh: NOT enforced, as --best-effort allows: "* && ${errors} != *$'\n'* ]] || { printf '%s\n' "${errors}"; return 1; }
  works "${BOXED[@]}" --rx "${BOX}" "${SANDBOX}" -q --best-effort true
  ends 7 "${BOXED[@]}" --rx "${BOX}" "${SANDBOX}" -q --best-effort sh -c 'exit 7'
}

@test "in a Landlock domain without a filter, where the kernel refuses every mount, it says so" {
  local -a domain=("${AS[@]}" "${BOX}/ll-exec" --rwx / --syscall
    'allow unshare clone3 clone mount move_mount open_tree mount_setattr fsopen fsconfig fsmount pivot_root setns umount2')
  works "${domain[@]}" "${SANDBOX}" --print true
  works "${domain[@]}" unshare -Ur true
  capture "${domain[@]}" "${SANDBOX}" true
  is "${status} ${output}" "125 "
  [[ ${errors} == *": EPERM (not permitted)"*$'\n'*" refuse"* ]] || { printf '%s\n' "${errors}"; return 1; }
  capture "${domain[@]}" "${SANDBOX}" --best-effort sh -c 'cat /etc/shadow; exit 6'
  is "${status}" 6
  [[ ${errors} == "sandbox.sh: NOT enforced, as --best-effort allows: "*$'\n'"cat: /etc/shadow: Permission denied" ]]
}

@test "where user namespaces are switched off it ends with 125 and names the sysctl" {
  # In a user namespace of the test's own.
  # shellcheck disable=SC2016
  local -a off=("${AS[@]}" unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' -)
  works "${off[@]}" true
  capture "${off[@]}" "${SANDBOX}" echo ran
  is "${status} ${output} ${errors}" "125  sandbox.sh: cannot enter new namespaces: ENOSPC (no space left)
  the administrator allows none: sysctl user.max_user_namespaces=10000 as root"
  printf 'text\n' >file
  capture "${off[@]}" "${SANDBOX}" --best-effort sh -c 'cat file; cat /etc/shadow; exit 3'
  is "${status} ${output} ${errors}" "3 text sandbox.sh: NOT enforced, as --best-effort allows: cannot enter new namespaces: ENOSPC (no space left)
cat: /etc/shadow: Permission denied"
  capture "${off[@]}" "${SANDBOX}" --best-effort -q echo ran
  is "${status} ${output} ${errors}" "0 ran "
}

@test "with --best-effort, namespaces that are to be had are entered" {
  works "${BOXED[@]}" --best-effort sh -c 'echo $$'
  is "${output}" 1
}

@test "--check says what this machine can do" {
  works "${AS[@]}" "${LL_NS_PROGRAM}" --check
  [[ ${output} =~ ^\ *namespaces\ +yes$ ]]
  # shellcheck disable=SC2016
  capture "${AS[@]}" unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' - "${LL_NS_PROGRAM}" --check
  is "${status}" 1
  [[ ${output} == *"namespaces"*" no: "*"sysctl user.max_user_namespaces"* ]]
}

@test "in a user namespace, as root of a container, it works" {
  works "${AS[@]}" unshare -Urmpf --mount-proc "${SANDBOX}" sh -c 'id -u; echo $$'
  is "${output}" $'0\n1'
}

# ---- where it lives

says_hello() { # COMMAND...
  works "${AS[@]}" "$@" echo hello
  is "${output}" hello
}

@test "it works from a folder with blanks, by a link, by PATH, by bash, and in /tmp itself" {
  mkdir 'a place' links
  cp -R "${BOX}"/. 'a place/'
  chmod -R a+rX 'a place'
  says_hello "${T}/a place/sandbox.sh"
  says_hello ./'a place'/sandbox.sh
  ln -s "${T}/a place/sandbox.sh" links/box
  ln -s ../a\ place/sandbox.sh links/relative
  ln -s box links/twice
  says_hello links/box
  says_hello links/relative
  says_hello links/twice
  says_hello bash "${T}/a place/sandbox.sh"
  cd 'a place'
  says_hello bash sandbox.sh
  says_hello ./sandbox.sh
  cd ..
  says_hello env PATH="${T}/a place:${PATH}" sandbox.sh
  says_hello env PATH="${T}/links:${PATH}" box
  says_hello env "PATH=links:${PATH}" box
  local folder
  folder=$(mktemp -d /tmp/ll-tests.XXXXXX)
  cp -R "${BOX}"/. "${folder}/"
  chmod -R a+rX "${folder}"
  capture "${AS[@]}" "${folder}/sandbox.sh" echo hello
  rm -rf -- "${folder}"
  is "${status} ${output} ${errors}" "0 hello "
}

@test "the programs are found beside the script, in the build folder, and on PATH" {
  mkdir -p tree/wrappers tree/build bin alone
  cp "${SANDBOX}" tree/wrappers/
  cp "${SANDBOX}" alone/
  cp -R "${BOX}"/{ll-ns,ll-exec,policies} tree/build/
  cp -R "${BOX}"/{ll-ns,ll-exec,policies} bin/
  chmod -R a+rX .
  says_hello tree/wrappers/sandbox.sh
  works "${AS[@]}" tree/wrappers/sandbox.sh --print true
  [[ ${output} == *tree/wrappers/../build/ll-ns\ --loader\ *tree/wrappers/../build/ll-exec\ * ]] || { printf '%s\n' "${output}"; return 1; }
  says_hello env PATH="${T}/bin:${PATH}" alone/sandbox.sh
  # Those beside the script come first.
  works "${AS[@]}" env PATH="${T}/bin:${PATH}" "${SANDBOX}" --print true
  [[ ${output} == "${BOX}/ll-ns --loader ${BOX}/ll-exec "* ]]
}

@test "LL_EXEC, LL_NS and LOADER name the programs" {
  mkdir -p bin alone
  cp "${SANDBOX}" alone/
  cp -R "${BOX}"/{ll-ns,ll-exec,policies} bin/
  chmod -R a+rX .
    says_hello env LL_NS="${T}/bin/ll-ns" LL_EXEC="${T}/bin/ll-exec" alone/sandbox.sh
  says_hello env LL_NS=bin/ll-ns LL_EXEC=bin/ll-exec alone/sandbox.sh
  says_hello env LL_NS="${T}/bin/ll-ns" LOADER="${T}/bin/ll-exec" alone/sandbox.sh
  works "${AS[@]}" env LOADER="${SANDBOX}" LL_EXEC=bin/ll-exec LL_NS=bin/ll-ns "${SANDBOX}" --print true
  [[ ${output} == "bin/ll-ns --loader bin/ll-exec "* ]]
  works "${AS[@]}" env LOADER=bin/ll-exec "${SANDBOX}" --print true
  [[ ${output} == "${BOX}/ll-ns --loader bin/ll-exec "* ]]
}

@test "a missing program is named, with what to do, and nothing runs" {
  mkdir alone
  cp "${SANDBOX}" alone/
  capture "${AS[@]}" alone/sandbox.sh true
  is "${status} ${errors}" "125 sandbox.sh: there is no ll-exec
  build it with make, or name it: LL_NS, LL_EXEC"
  cp "${BOX}/ll-exec" alone/
  capture "${AS[@]}" alone/sandbox.sh true
  is "${status} ${errors}" "125 sandbox.sh: there is no ll-ns
  build it with make, or name it: LL_NS, LL_EXEC"
  capture "${BOXED[@]}" true
  is "${status}" 0
  capture "${AS[@]}" env LL_EXEC=/nonexistent "${SANDBOX}" true
  is "${status}" 125
  says /nonexistent
  capture "${AS[@]}" env LL_NS=/nonexistent "${SANDBOX}" true
  is "${status}" 125
  says /nonexistent
  [[ ${errors} != *": line "* ]]
}

@test "ll-ns works without bash, and finds ll-exec beside itself" {
  works "${AS[@]}" env PATH=/nonexistent "${LL_NS_PROGRAM}" --proc --private-dev --tmpfs /tmp "${SYSTEM[@]}" -- /bin/sh -c 'echo $$'
  is "${output}" 1
  ln -s "${LL_NS_PROGRAM}" link
  works "${AS[@]}" ./link "${SYSTEM[@]}" -- /bin/sh -c 'echo hello'
  is "${output}" hello
}

# A root with bash, what it links, the script, the two programs, policies and /proc: entered by pivot_root, as a user
# namespace is refused to who is in a chroot.
small_root() {
  local program=$1 library
  mkdir -p root/{proc,old,tmp,dev,sandbox,bin}
  chmod 777 root/tmp
  cp "${program}" root/bin/bash
  while IFS= read -r library; do
    mkdir -p "root${library%/*}"
    cp -L "${library}" "root${library}"
  done < <(ldd "${program}" | grep -o '/[^ ]*')
  cp -R "${BOX}"/. root/sandbox/
  chmod -R a+rX root
}

@test "it works in a root with nothing but bash, the script and the two programs" {
  needs_program busybox ldd
  local busybox
  busybox=$(readlink -f "$(type -P busybox)")
  if ldd "${busybox}" >/dev/null 2>&1; then skip "needs a static busybox"; fi
  small_root "$(type -P bash)"
  cp "${busybox}" root/old/busybox
  mkdir root/old/root
  # shellcheck disable=SC2016
  local -a inside=("${AS[@]}" unshare -Urm bash -c 'mount --bind root root && mount --rbind /proc root/proc && cd root &&
    mount --bind old/busybox old/busybox && pivot_root . old/root && cd / && /old/busybox umount -l /old/root && exec "$@"' -)
  works "${inside[@]}" /bin/bash -c 'echo /*'
  is "${output}" "$(cd root && printf '/%s ' * | sed 's/ $//')"
  # The libraries are where ldd found them, which is not where every distribution's base policy looks.
  local -a libraries=()
  local library
  while IFS= read -r library; do libraries+=(--rx "${library}"); done < <(cd root && find lib* usr -type f 2>/dev/null | sed 's|^|/|')
  works "${inside[@]}" /bin/bash /sandbox/sandbox.sh -q --rx /bin/bash "${libraries[@]}" /bin/bash -c \
    'echo $$; echo x >/tmp/file; read -r x </tmp/file; echo "${x}"; [[ -e /old || -e /sandbox ]] || echo hidden'
  is "${output}" $'1\nx\nhidden'
  # By its #!, where bash is.
  works "${inside[@]}" /sandbox/sandbox.sh -q --rx /bin/bash "${libraries[@]}" bash -c 'echo $$'
  is "${output}" 1
}

@test "in a chroot, where the kernel refuses user namespaces, it says so" {
  needs_root
  needs_program ldd chroot
  small_root "$(type -P bash)"
  works unshare -m sh -c 'mount --bind /proc root/proc && exec chroot "$@"' - root /bin/bash -c 'echo /sandbox/*'
  capture unshare -m sh -c 'mount --bind /proc root/proc && exec chroot "$@"' - root \
    /bin/bash /sandbox/sandbox.sh --rx /bin/bash /bin/bash -c 'echo ran'
  is "${status} ${output}" "125 "
  says "cannot enter new namespaces: EPERM"
  says chroot
}

# ---- many

@test "200 one after the other leave no process and no mount" {
  local marker=0.00${RANDOM}${RANDOM} before i
  before=$(mounts)
  for ((i = 0; i < 200; i++)); do
    "${BOXED[@]}" true "${marker}" 3>&- || { printf 'the %dth ends with %d\n' "${i}" "$?"; return 1; }
  done
  is "$(mounts)" "${before}"
  waits_until none_left "${marker}"
}

@test "16 at once leave no process and no mount" {
  local marker=0.5${RANDOM}${RANDOM} before i pid
  local -a started_all=()
  before=$(mounts)
  for ((i = 0; i < 16; i++)); do
    "${BOXED[@]}" sh -c 'echo "$1" >/tmp/own && sleep "$2" && read -r own </tmp/own && exit "${own}"' - "${i}" "${marker}" 3>&- &
    started_all+=("$!")
  done
  for ((i = 0; i < 16; i++)); do
    pid=${started_all[i]}
    local result=0
    wait "${pid}" || result=$?
    is "${result}" "${i}"
  done
  is "$(mounts)" "${before}"
  waits_until none_left "${marker}"
}
