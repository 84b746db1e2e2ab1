load sandbox

# sandbox.sh: images and the host's root as the root, and bind mounts.

# ---- the host's root, images, bind mounts

@test "--host-root keeps the root of the host, and Landlock alone restricts it" {
  printf 'text\n' >file
  assert_success "${BOXED[@]}" --host-root cat file
  assert_success "${BOXED[@]}" --host-root sh -c 'echo $$; readlink /proc/self/ns/net'
  [[ ${output} == $'1\n'* && ${output##*$'\n'} != "$(readlink /proc/self/ns/net)" ]]
  chmod 666 file
  fails "${BOXED[@]}" --host-root sh -c 'echo more >>file'
  is "$(<file)" text
  capture "${BOXED[@]}" --host-root ls /
  assert_stderr "Permission denied"
}

devices_of_host_root() {
  local name
  assert_success "${BOXED[@]}" --host-root --explain true
  [[ ${output} == *' /dev '*'null zero full random urandom tty'* ]]
  for name in null zero full random urandom tty; do
    assert_success "${BOXED[@]}" --host-root --ro /dev test -c "/dev/${name}"
  done
  assert_success "${BOXED[@]}" --host-root sh -c 'echo x >/dev/null; head -c 3 /dev/zero | wc -c; head -c 2 /dev/urandom | wc -c'
  is "${output}" $'3\n2'
  # Nothing else of the host.
  assert_success "${BOXED[@]}" --host-root --ro /dev ls /dev
  is "$(grep -v -x -E 'pts|shm' <<<"${output}")" $'fd\nfull\nnull\nptmx\nrandom\nstderr\nstdin\nstdout\ntty\nurandom\nzero'
}

@test "--host-root has the devices that --explain shows" { as_user_and_root devices_of_host_root; }

# Creating and removing a name there would have changed the time of the directory.
deny_on_host_root() {
  local before
  printf 'secret\n' >secret
  before=$(stat -c %y /)
  assert_success "${BOXED[@]}" -p sandbox --host-root --ro "${T}" cat secret
  capture "${BOXED[@]}" -q -p sandbox --host-root --ro "${T}" --deny secret cat secret
  is "${status} ${output} ${errors}" "1  cat: secret: Permission denied"
  is "$(stat -c %y /)" "${before}"
  rm -f secret
}

@test "a denied path with --host-root is hidden, and nothing is created or removed in the root" { as_user_and_root deny_on_host_root; }

@test "--bind mounts a directory at another path, writable" {
  mkdir -m 777 d
  printf 'text\n' >d/file
  assert_success "${BOXED[@]}" --bind "${T}/d:/data" cat /data/file
  is "${output}" text
  assert_success "${BOXED[@]}" --bind ./d:/data/deep/er sh -c 'echo new >/data/deep/er/new'
  is "$(<d/new)" new
  assert_success "${BOXED[@]}" -p sandbox --bind "${T}/d" cat "${T}/d/file"
  assert_success "${BOXED[@]}" -p sandbox --bind=./d sh -c 'echo again >d/again'
  is "$(<d/again)" again
}

@test "--ro-bind mounts a directory at another path, read-only" {
  mkdir -m 777 d
  printf 'text\n' >d/file
  chmod 666 d/file
  assert_success "${BOXED[@]}" --ro-bind "${T}/d:/data" cat /data/file
  is "${output}" text
  fails "${BOXED[@]}" --ro-bind "${T}/d:/data" sh -c 'echo more >>/data/file'
  assert_success "${BOXED[@]}" --bind "${T}/d:/data" sh -c 'echo more >>/data/file'
  assert_success "${BOXED[@]}" --ro-bind d/file:/one cat /one
  is "${output}" $'text\nmore'
  assert_success "${BOXED[@]}" -p sandbox --ro-bind d cat d/file
}

@test "--bind with a port is the directive" {
  assert_success "${BOXED[@]}" --rx "${PROBE}" --bind any "${PROBE}" bind 0
  # A port without a listener, whatever this machine serves.
  begin "${PROBE}" serve tcp
  local port=${started}
  kill -KILL "${started_pid}"
  wait "${started_pid}" || true
  started_pid=
  refused EACCES "${BOXED[@]}" --rx "${PROBE}" --net host "${PROBE}" bind "${port}"
  assert_success "${BOXED[@]}" --rx "${PROBE}" --net host --bind "${port}" "${PROBE}" bind "${port}"
}

@test "--bind of a missing source, or to a relative path, is refused" {
  capture "${BOXED[@]}" --bind /nonexistent:/data true
  is "${status}" 125
  assert_stderr "cannot bind /nonexistent: ENOENT"
  mkdir d
  capture "${BOXED[@]}" --bind "${T}/d:data" true
  is "${status}" 125
  assert_stderr "'data' is not a path in the root"
}

@test "--tmpfs is empty, has its size, and is gone afterwards" {
  mkdir -m 777 d
  printf 'text\n' >d/file
  assert_success "${BOXED[@]}" --tmpfs "${T}/d" sh -c 'ls d; echo new >d/new; cat d/new'
  is "${output}" new
  is "$(ls d)" file
  assert_success "${BOXED[@]}" --tmpfs /scratch:4M sh -c 'head -c 3000000 /dev/zero >/scratch/file'
  capture "${BOXED[@]}" --tmpfs /scratch:1M sh -c 'head -c 3000000 /dev/zero >/scratch/file'
  is "${status} ${errors##*: }" "1 No space left on device"
}

# By default the kernel limits a tmpfs to half of the machine's memory.
@test "every private tmpfs is limited in bytes and in files" {
  mkdir -m 777 d d/in
  assert_success "${BOXED[@]}" -q -p sandbox --rw /dev/shm --tmpfs /scratch --tmpfs /small:5M --rw "${T}" --deny d/in cat /proc/self/mountinfo
  local tmpfs line
  tmpfs=$(grep -F ' - tmpfs none ' <<<"${output}")
  for line in / /dev /dev/shm /scratch /small /tmp "${T}/d/in"; do grep -q -F " ${line} " <<<"${tmpfs}"; done
  is "$(grep -v -E 'size=(262144|5120)k,nr_inodes=(65536|4096)\b' <<<"${tmpfs}")" ""
  assert_success "${BOXED[@]}" --rw /dev/shm sh -c 'head -c 3000000 /dev/zero >/dev/shm/file'
  capture "${BOXED[@]}" --rw /dev/shm --tmpfs /dev/shm:1M sh -c 'head -c 3000000 /dev/zero >/dev/shm/file'
  is "${status} ${errors##*: }" "1 No space left on device"
  assert_success "${BOXED[@]}" --tmpfs /small:1M bash -c 'for ((i = 0; i < 4000; i++)); do : >"/small/${i}"; done'
  fails "${BOXED[@]}" --tmpfs /small:1M bash -c 'for ((i = 0; i < 5000; i++)); do : >"/small/${i}" || exit; done'
  assert_stderr "No space left on device"
}

@test "--tmpfs with an invalid size is refused" {
  capture "${BOXED[@]}" --tmpfs /scratch:1X true
  is "${status}" 125
  assert_stderr "'1X' is not a size"
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

# With names that an internal file could have, as a file and as a directory.
@test "denying a path in a writable image does not change the image" {
  image
  printf 'secret\n' >image/etc/secret
  chmod -R a+rwX image
  local kind before
  for kind in file directory; do
    rm -rf image/.hidden image/hidden
    if [[ ${kind} == file ]]; then printf 'mine\n' | tee image/.hidden >image/hidden; else mkdir -p image/.hidden/in image/hidden/in; fi
    chmod -R a+rwX image
    before=$(find image -printf '%p %i %m %t %c\n' | sort)
    assert_success "${BOXED[@]}" --rootfs image -p sandbox --rwx / cat /etc/secret
    is "${output}" secret
    capture "${BOXED[@]}" --rootfs image -p sandbox --rwx / --deny /etc/secret --deny /passwd cat /etc/secret
    is "${status} ${output}" "1 "
    assert_stderr "Permission denied"
    assert_success "${BOXED[@]}" --rootfs image -p sandbox --rwx / --deny /etc/secret cat /etc/name
    assert_success "${WALL[@]}" --rootfs image --rwx / --deny /etc/secret -- ls -a /
    [[ ${output} == *.hidden* ]]
    is "$(find image -printf '%p %i %m %t %c\n' | sort)" "${before}"
  done
}

@test "no mount point is created in host directories, not even through a symlink of the image" {
  image
  mkdir -m 777 image/b image/b/t mine other
  ln -s b image/a
  assert_success "${WALL[@]}" --rootfs image --rx / --tmpfs /b/t --bind "${T}/other:/b/t/place" -- ls /b/t
  is "${output}" place
  capture "${WALL[@]}" --rootfs image --rx / --tmpfs /a/t --bind "${T}/mine:/b/t" --bind "${T}/other:/a/t/place" -- ls /a/t
  is "${status} ${output}" "125 "
  assert_stderr "cannot mount what is at /a/t: ELOOP"
  is "$(ls mine image/b/t)" $'image/b/t:\n\nmine:'
}

@test "--rootfs uses an image as the root" {
  image
  assert_success "${BOXED[@]}" --rootfs image -p sandbox --ro /etc cat /etc/name
  is "${output}" "the image"
  assert_success "${BOXED[@]}" --rootfs "${T}/image" -p sandbox --ro /etc cat /etc/link
  assert_success "${BOXED[@]}" --rootfs image sh -c 'pwd; echo $$'
  is "${output}" $'/\n1'
  assert_success "${BOXED[@]}" --rootfs image sh -c 'echo x >/tmp/file && cat /tmp/file && test -c /dev/null'
  is "${output}" x
  # Not the host's file, whatever its name.
  capture "${BOXED[@]}" --rootfs image -p sandbox --ro /etc cat "${T}/image/etc/name"
  is "${status}" 1
  capture "${BOXED[@]}" --rootfs image -p sandbox cat /passwd
  is "${status} ${output}" "1 "
}

@test "an image is read-only without a rule, and writable with one" {
  image
  mkdir -m 777 image/data
  fails "${BOXED[@]}" --rootfs image -p sandbox --ro /data sh -c 'echo x >/data/file'
  fails "${WALL[@]}" --rootfs image --ro /data -- /bin/sh -c 'echo x >/data/file'
  [[ ! -e image/data/file ]]
  assert_success "${BOXED[@]}" --rootfs image -p sandbox --rw /data sh -c 'echo x >/data/file'
  is "$(<image/data/file)" x
}

@test "a symlink in an image does not lead out of it" {
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

@test "a host directory is bind-mounted into an image" {
  image
  mkdir -m 777 image/data d
  printf 'text\n' >d/file
  assert_success "${BOXED[@]}" --rootfs image --bind "${T}/d:/data" sh -c 'cat /data/file; echo new >/data/new'
  is "${output} $(<d/new)" "text new"
  [[ ! -e image/data/new ]]
}

@test "an image that does not exist is refused" {
  capture "${BOXED[@]}" --rootfs "${T}/none" -p sandbox true
  is "${status}" 125
  assert_stderr "cannot open the root ${T}/none: ENOENT"
}

@test "-C and --chdir set the working directory" {
  mkdir d
  local -a forms
  for forms in "-C d" "-C ${T}/d" "--chdir d" "--chdir=d" "--chdir ${T}/d"; do
    # shellcheck disable=SC2086 # words
    assert_success "${BOXED[@]}" ${forms} pwd
    is "${output}" "${T}/d"
  done
  assert_success "${BOXED[@]}" -C /usr pwd
  is "${output}" /usr
  capture "${BOXED[@]}" -C "${T}/none" pwd
  is "${status}" 125
  assert_stderr "cannot start in ${T}/none: ENOENT"
}

@test "the working directory grants no access, also beneath a granted or empty directory" {
  mkdir d
  printf 'outside\n' >d/file
  chmod -R a+rX .
  local -a options=(--rx "${PROBE}" --tmpfs "${T%/*}") both=("${AS[@]}" "${LL_NS_PROGRAM}" --loader "${BOX}/ll-exec")
  local start
  for start in "${T}/d" "${T}" / /etc; do
    refused ENOENT "${both[@]}" "${options[@]}" --chdir "${start}" -- "${PROBE}" read "${T}/d/file"
    # Visible through a mount alone, as ll-exec does not restrict it.
    refused ENOENT "${AS[@]}" "${LL_NS_PROGRAM}" --no-loader "${options[@]}" --chdir "${start}" -- "${PROBE}" read /etc/passwd
  done
  refused ENOENT "${both[@]}" "${options[@]}" --chdir "${T}/d" -- "${PROBE}" read file
  assert_success "${both[@]}" "${options[@]}" --ro "${T}/d" --chdir "${T}/d" -- "${PROBE}" read file
}
