load sandbox

# sandbox.sh: what the command sees of the host, and with which rights.

# ---- the root made from the policy

@test "a path that is not granted does not exist inside" {
  mkdir granted other
  printf 'x\n' >granted/file
  printf 'x\n' >other/file
  assert_success "${BOXED[@]}" -p sandbox --ro granted --rx "${PROBE}" "${PROBE}" read "${T}/granted/file"
  refused ENOENT "${BOXED[@]}" -p sandbox --ro granted --rx "${PROBE}" "${PROBE}" read "${T}/other/file"
  # EACCES would be from Landlock.
  assert_success "${AS[@]}" "${PROBE}" read "${T}/other/file"
  refused EACCES as_user "${BOX}/ll-exec" --ro granted --rx "${PROBE}" "${PROBE}" read "${T}/other/file"
}

@test "ro is read-only in both layers" {
  mkdir -m 777 d
  printf 'text\n' >d/file
  chmod 666 d/file
  assert_success "${WALL[@]}" "${SYSTEM[@]}" --ro d -- cat d/file
  assert_success "${WALL[@]}" "${SYSTEM[@]}" --rw d -- sh -c 'echo more >>d/file'
  capture "${WALL[@]}" "${SYSTEM[@]}" --ro d -- sh -c 'echo more >>d/file'
  [[ ${errors} == *"Read-only file system"* ]]
  capture "${WALL[@]}" "${SYSTEM[@]}" --rx d -- sh -c 'echo more >>d/file'
  [[ ${errors} == *"Read-only file system"* ]]
  is "$(<d/file)" $'text\nmore'
  assert_success "${BOXED[@]}" -p sandbox --ro d cat d/file
  fails "${BOXED[@]}" -p sandbox --ro d sh -c 'echo more >>d/file'
  is "$(<d/file)" $'text\nmore'
}

@test "rw is writable, and writes are visible outside" {
  mkdir -m 777 d
  assert_success "${BOXED[@]}" -p sandbox --rw d sh -c 'mkdir d/new && echo text >d/new/file && mv d/new d/moved'
  is "$(<d/moved/file)" text
  printf 'outside\n' >d/file
  assert_success "${BOXED[@]}" -p sandbox --rw d cat d/file
  is "${output}" outside
}

@test "a single file can be granted" {
  mkdir d
  printf 'one\n' >d/one
  printf 'two\n' >d/two
  chmod 666 d/one
  assert_success "${BOXED[@]}" -p sandbox --ro d/one cat d/one
  is "${output}" one
  capture "${BOXED[@]}" -p sandbox --ro d/one cat d/two
  is "${status} ${errors}" "1 cat: d/two: No such file or directory"
  assert_success "${WALL[@]}" "${SYSTEM[@]}" --ro d/one -- ls d
  is "${output}" one
  assert_success "${BOXED[@]}" -p sandbox --rw d/one sh -c 'echo three >d/one'
  is "$(<d/one)" three
  assert_success "${BOXED[@]}" -p sandbox --rx d/one --rx "${PROBE}" "${PROBE}" read "${T}/d/one"
}

@test "a single executable can be granted" {
  mkdir d
  cp "${PROBE}" d/probe
  assert_success "${BOXED[@]}" -p sandbox --rx d/probe d/probe exit 0
  capture "${BOXED[@]}" -p sandbox --ro d/probe d/probe exit 0
  is "${status}" 126
}

@test "rw within ro is writable, and the rest is not" {
  mkdir -m 777 d d/in
  assert_success "${BOXED[@]}" -p sandbox --ro d --rw d/in sh -c 'echo text >d/in/file'
  is "$(<d/in/file)" text
  fails "${BOXED[@]}" -p sandbox --ro d --rw d/in sh -c 'echo text >d/file'
  capture "${WALL[@]}" "${SYSTEM[@]}" --ro d --rw d/in -- sh -c 'echo text >d/file'
  [[ ${errors} == *"Read-only file system"* ]]
  assert_success "${BOXED[@]}" -p sandbox --rw d/in --ro d sh -c 'echo text >d/in/second'
}

@test "ro within rw is writable, as Landlock adds up the grants along a path" {
  mkdir -m 777 d d/in
  assert_success as_user "${LL_EXEC}" "${SYSTEM[@]}" --rw d --ro d/in -- sh -c 'echo text >d/in/file'
  assert_success "${BOXED[@]}" -p sandbox --rw d --ro d/in sh -c 'echo more >>d/in/file'
  is "$(<d/in/file)" $'text\nmore'
}

@test "rwx within rw is executable, and the rest is not" {
  mkdir -m 777 d d/in
  assert_success "${BOXED[@]}" -p sandbox --rw d --rwx d/in --ro "${PROBE}" sh -c 'cp "$1" d/in/probe && d/in/probe exit 0' - "${PROBE}"
  capture "${BOXED[@]}" -p sandbox --rw d --rwx d/in --ro "${PROBE}" sh -c 'cp "$1" d/probe && d/probe exit 0' - "${PROBE}"
  is "${status}" 126
}

@test "a granted directory in /tmp is the host's, within a private /tmp" {
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

@test "/ as a rule grants everything" {
  printf 'text\n' >file
  [[ -r /etc/hostname ]] || skip "there is no /etc/hostname"
  fails "${BOXED[@]}" cat /etc/hostname
  assert_success "${BOXED[@]}" -p sandbox --rx / cat /etc/hostname
  assert_success "${BOXED[@]}" -p sandbox --ro / cat /etc/hostname
  assert_success "${BOXED[@]}" -p sandbox --ro / --rw "${T}" sh -c 'echo more >>"$1"' - "${T}/new"
  is "$(<new)" more
  assert_success "${WALL[@]}" --rx / -- cat "${T}/file"
}

@test "a path that does not exist is refused, unless it is optional" {
  capture "${BOXED[@]}" -p sandbox --ro "${T}/none" true
  is "${status}" 125
  assert_stderr "${T}/none does not exist"
  assert_success "${BOXED[@]}" -p sandbox --ro "-${T}/none" true
}

# ---- symlinks

@test "a path through symlinks is at its real place, and is reachable by both names" {
  mkdir -p real/in
  printf 'text\n' >real/in/file
  ln -s real link
  ln -s in real/inner
  ln -s "${T}/link/inner/file" absolute
  assert_success "${BOXED[@]}" -p sandbox --ro link/inner cat link/inner/file real/in/file
  is "${output}" $'text\ntext'
  assert_success "${BOXED[@]}" -p sandbox --ro absolute cat absolute link/inner/file real/in/file
  is "${output}" $'text\ntext\ntext'
  capture "${BOXED[@]}" -p sandbox --ro real/in cat link/in/file
  is "${status} ${errors}" "1 cat: link/in/file: No such file or directory"
}

@test "a loop of symlinks is refused" {
  ln -s a b
  ln -s b a
  capture "${BOXED[@]}" -p sandbox --ro a true
  is "${status}" 125
  assert_stderr ELOOP
}

@test "merged system directories are the same symlinks as on the host" {
  local folder expected=
  for folder in /bin /sbin /lib /lib64; do
    [[ ! -e ${folder} ]] || expected+="${folder} $(readlink "${folder}" || printf 'no link')"$'\n'
  done
  assert_success "${BOXED[@]}" sh -c 'for folder in /bin /sbin /lib /lib64; do
    [ ! -e "${folder}" ] || echo "${folder} $(readlink "${folder}" || echo no link)"; done'
  is "${output}"$'\n' "${expected}"
}

@test "the root has nothing else, and is read-only" {
  assert_success "${WALL[@]}" --rx "${PROBE}" -- "${PROBE}" list /
  local first=${LL_TMP#/}
  is "$(grep -v '^\.' <<<"${output}" | sort | tr '\n' ' ')" "$(printf '%s\n' dev proc "${first%%/*}" | sort | tr '\n' ' ')"
  refused "errno 30" "${WALL[@]}" --rx "${PROBE}" -- "${PROBE}" mkdir /new
}

# ---- mount flags

@test "every mount is nosuid, and nodev except the six devices and terminals" {
  mkdir -m 777 d
  assert_success "${BOXED[@]}" --rw d --ro-bind /etc:/data --tmpfs /scratch cat /proc/self/mountinfo
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

@test "every mount without execute rights is noexec, and every one without write rights read-only" {
  mkdir -m 777 read write run both
  assert_success "${BOXED[@]}" -p sandbox --ro read --rw write --rx run --rwx both cat /proc/self/mountinfo
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

@test "the dynamic linker cannot execute a written file with namespaces alone" {
  needs_program readelf
  local loader program
  program=$(readlink -f "$(type -P true)")
  loader=$(readelf -lW "${program}" | sed -n 's/.*program interpreter: \(.*\)]/\1/p')
  [[ -n ${loader} ]] || skip "needs a dynamically linked true"
  mkdir -m 777 d
  assert_success "${WALL[@]}" "${SYSTEM[@]}" --rwx d -- sh -c 'cp "$1" d/program && d/program && "$2" d/program' - "${program}" "${loader}"
  capture "${WALL[@]}" "${SYSTEM[@]}" --rw d -- sh -c '"$1" d/program' - "${loader}"
  is "${status}" 127
  assert_stderr "failed to map segment from shared object"
  capture "${WALL[@]}" "${SYSTEM[@]}" --tmpfs /tmp -- sh -c 'cp "$1" /tmp/program && "$2" /tmp/program' - "${program}" "${loader}"
  is "${status}" 127
  assert_stderr "failed to map segment from shared object"
  capture "${WALL[@]}" "${SYSTEM[@]}" --rw d -- d/program
  is "${status}" 125
  assert_stderr EACCES
}

@test "a set-user-ID program gains nothing" {
  needs_root
  cp "${PROBE}" own
  chmod 4755 own
  printf 'x\n' >secret
  chmod 600 secret
  assert_success as_user ./own read secret
  refused EACCES "${WALL[@]}" --rx "${T}" -- "${T}/own" read "${T}/secret"
}

# ---- metadata

change_mode() {
  local file=${T}/ro-$1 writable=${T}/rw-$1
  mkdir -m 777 "${file}" "${writable}"
  assert_success "${AS[@]}" "${PROBE}" overwrite "${file}/file"
  assert_success "${AS[@]}" "${PROBE}" overwrite "${writable}/file"
  assert_success "${AS[@]}" "${PROBE}" chmod "${file}/file"
  local -a box=("${BOXED[@]}" -p sandbox --rx "${PROBE}" --ro "${file}" --rw "${writable}")
  assert_success "${box[@]}" "${PROBE}" chmod "${writable}/file"
  # errno 30: EROFS, of the mount, although the filter allows the call.
  refused "errno 30" "${box[@]}" "${PROBE}" chmod "${file}/file"
  refused EPERM "${box[@]}" --metadata deny "${PROBE}" chmod "${writable}/file"
  assert_success "${box[@]}" "${PROBE}" chmod /tmp
}

@test "chmod works in writable directories, and nowhere else" {
  change_mode user
  if ((EUID == 0)); then
    as_root
    change_mode root
  fi
}
