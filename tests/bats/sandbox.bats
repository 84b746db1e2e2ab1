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
  works "${BOXED[@]}" sh -c 'cat /proc/net/dev | grep -c :; cat /proc/net/route | wc -l'
  is "${output}" $'1\n1'
  works "${AS[@]}" "${DEED}" connect "$1"
  works "${WALL[@]}" --net host --rx "${DEED}" -- "${DEED}" connect "$1"
  # errno 101: ENETUNREACH, as the loopback device is down.
  refused "errno 101" "${WALL[@]}" --rx "${DEED}" -- "${DEED}" connect "$1"
  # Landlock refuses it before.
  refused EACCES "${BOXED[@]}" --rx "${DEED}" "${DEED}" connect "$1"
}

@test "there is no network: no interface but a loopback device that is down" {
  start "${DEED}" serve tcp
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
  capture "${BOXED[@]}" "${DEED}" write /dev/zero
  is "${status} ${errors}" "126 ll-exec: ${DEED} cannot be run: ENOENT (no such file or directory)" || :
  for name in zero random urandom full; do
    refused EACCES "${BOXED[@]}" --rx "${DEED}" "${DEED}" write "/dev/${name}"
  done
  works "${BOXED[@]}" --rx "${DEED}" "${DEED}" write /dev/null
}

@test "/dev has the six devices and they work; only /dev/null and /dev/tty take writes" { twice devices; }

@test "/dev holds nothing else" {
  works "${WALL[@]}" "${SYSTEM[@]}" -- ls /dev
  is "${output}" $'fd\nfull\nnull\nptmx\nrandom\nstderr\nstdin\nstdout\ntty\nurandom\nzero'
}

@test "the links of /dev lead to the descriptors" {
  works "${BOXED[@]}" sh -c 'echo out >/dev/stdout; cat /dev/stdin; echo err >/dev/fd/1' <<<in
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
  works env HOME="${PWD}" "${BOXED[@]}" -q --ro . cat file
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
  refused EACCES "${BOXED[@]}" -p sandbox --ro granted --rx "${DEED}" --host-root "${DEED}" read "${T}/other/file"
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
  works "${BOXED[@]}" -p sandbox --rx / cat "${T}/file"
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
  start "${BOXED[@]}" -p sandbox --rw d --deny d/in sh -c 'echo ready
    until [ -e d/go ]; do sleep 0.01; done; cat d/in/late; cat d/in/sub/late; cat d/late; echo end'
  mkdir d/in/sub
  printf 'secret\n' | tee d/in/late >d/in/sub/late
  printf 'text\n' >d/late
  : >d/go
  waits_until grep -q end started
  # A file made after the start is not named by any rule of Landlock's either; wall 2 alone shows it.
  if grep secret started; then return 1; fi
  start "${WALL[@]}" "${SYSTEM[@]}" --rw d --deny d/in -- sh -c 'echo ready
    until [ -e d/again ]; do sleep 0.01; done; cat d/in/late; cat d/in/sub/late; cat d/late; echo end'
  : >d/again
  waits_until grep -q end started
  is "$(<started)" $'ready\ntext\nend'
}

@test "a denied name that is replaced outside is still refused" {
  mkdir -m 777 d d/in
  printf 'secret\n' >d/file
  start "${BOXED[@]}" -p sandbox --rw d --deny d/in --deny d/file sh -c 'echo ready
    until [ -e go/now ]; do sleep 0.01; done; cat d/in/late; cat d/file; echo end' - --
  printf 'secret\n' >d/new
  mv d/new d/file
  mv d/in d/old
  mkdir d/in
  printf 'secret\n' >d/in/late
  kill -KILL "${started_pid}"
  local waited=0
  wait "${started_pid}" || waited=$?
  is "${waited}" 137
}

@test "a denied path that is no part of what is granted does no harm" {
  works "${BOXED[@]}" -p sandbox --deny /root true
  works "${BOXED[@]}" -p sandbox --deny -/nonexistent true
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

@test "every mount is nosuid, and nodev but for the six devices" {
  mkdir -m 777 d
  works "${BOXED[@]}" --rw d --ro-bind /etc:/data --tmpfs /scratch cat /proc/self/mountinfo
  local id parent device root place flags rest
  local -i count=0
  while read -r id parent device root place flags rest; do
    count+=1
    [[ ,${flags}, == *,nosuid,* ]] || { printf 'suid: %s\n' "${place}"; return 1; }
    case ${place} in
      /dev | /dev/null | /dev/zero | /dev/full | /dev/random | /dev/urandom | /dev/tty) ;;
      *) [[ ,${flags}, == *,nodev,* ]] || { printf 'dev: %s\n' "${place}"; return 1; } ;;
    esac
  done <<<"${output}"
  ((count > 10))
}

@test "every mount in which nothing may be executed is noexec, and all that is not to be written is ro" {
  mkdir -m 777 read write run both
  works "${BOXED[@]}" -p sandbox --ro read --rw write --rx run --rwx both cat /proc/self/mountinfo
  local name
  local -A expected=([read]=ro,nosuid,nodev,noexec [write]=rw,nosuid,nodev,noexec [run]=ro,nosuid,nodev [both]=rw,nosuid,nodev)
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
  program=$(readlink -f "$(command -v true)")
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
  capture "${BOXED[@]}" --host-root sh -c 'echo more >>file'
  says "Permission denied"
  is "$(<file)" text
  capture "${BOXED[@]}" --host-root ls /
  says "Permission denied"
}

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
  refused EACCES "${BOXED[@]}" --rx "${DEED}" --net host "${DEED}" bind 1234
  works "${BOXED[@]}" --rx "${DEED}" --net host --bind 1234 "${DEED}" bind 1234
}

@test "--bind of what does not exist, or to no absolute path, is refused" {
  capture "${BOXED[@]}" --bind /nonexistent:/data true
  is "${status}" 125
  says "cannot bind /nonexistent: ENOENT"
  mkdir d
  capture "${BOXED[@]}" --bind "${T}/d:data" true
  is "${status}" 125
  says "'data' is not an absolute path"
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

@test "--rootfs has an image as root" {
  image
  works "${BOXED[@]}" --rootfs image -p sandbox --ro /etc cat /etc/name
  is "${output}" "the image"
  works "${BOXED[@]}" --rootfs "${T}/image" -p sandbox --ro /etc cat /etc/link
  works "${BOXED[@]}" --rootfs image sh -c 'pwd; echo $$'
  is "${output}" $'/\n1'
  works "${BOXED[@]}" --rootfs image sh -c 'echo x >/tmp/file && cat /tmp/file && test -c /dev/null && cat /proc/1/comm'
  is "${output}" $'x\nsh'
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

# ---- network, names, users

@test "--net host is the machine's network; a port of the policy asks for it" {
  start "${DEED}" serve tcp
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
  none or host"
}

@test "an abstract socket outside is not reached, unless the policy says so" {
  start "${DEED}" serve unix "@ll-tests-${T##*/}"
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
