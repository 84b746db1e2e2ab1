load sandbox

# sandbox.sh: its programs, and where they are searched.

# ---- its location

says_hello() { # COMMAND...
  assert_success "${AS[@]}" "$@" echo hello
  is "${output}" hello
}

@test "sandbox.sh works from a directory with blanks, by a symlink, from PATH, as an argument of bash, and in /tmp" {
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

@test "the programs are found beside the script, in the build directory, and in PATH" {
  mkdir -p tree/wrappers tree/build bin alone
  cp "${SANDBOX}" tree/wrappers/
  cp "${SANDBOX}" alone/
  cp -R "${BOX}"/{ll-ns,ll-exec,policies} tree/build/
  cp -R "${BOX}"/{ll-ns,ll-exec,policies} bin/
  chmod -R a+rX .
  says_hello tree/wrappers/sandbox.sh
  assert_success "${AS[@]}" tree/wrappers/sandbox.sh --print true
  [[ ${output} == *tree/wrappers/../build/ll-ns\ --loader\ *tree/wrappers/../build/ll-exec\ * ]] || { printf '%s\n' "${output}"; return 1; }
  says_hello env PATH="${T}/bin:${PATH}" alone/sandbox.sh
  # The programs beside the script come first.
  assert_success "${AS[@]}" env PATH="${T}/bin:${PATH}" "${SANDBOX}" --print true
  [[ ${output} == "${BOX}/ll-ns --loader ${BOX}/ll-exec "* ]]
}

@test "LL_EXEC, LL_NS and LOADER set the paths of the programs" {
  mkdir -p bin alone
  cp "${SANDBOX}" alone/
  cp -R "${BOX}"/{ll-ns,ll-exec,policies} bin/
  chmod -R a+rX .
    says_hello env LL_NS="${T}/bin/ll-ns" LL_EXEC="${T}/bin/ll-exec" alone/sandbox.sh
  says_hello env LL_NS=bin/ll-ns LL_EXEC=bin/ll-exec alone/sandbox.sh
  says_hello env LL_NS="${T}/bin/ll-ns" LOADER="${T}/bin/ll-exec" alone/sandbox.sh
  assert_success "${AS[@]}" env LOADER="${SANDBOX}" LL_EXEC=bin/ll-exec LL_NS=bin/ll-ns "${SANDBOX}" --print true
  [[ ${output} == "bin/ll-ns --loader bin/ll-exec "* ]]
  assert_success "${AS[@]}" env LOADER=bin/ll-exec "${SANDBOX}" --print true
  [[ ${output} == "${BOX}/ll-ns --loader bin/ll-exec "* ]]
}

@test "a missing program is named, with advice, and nothing runs" {
  mkdir alone
  cp "${SANDBOX}" alone/
  capture "${AS[@]}" alone/sandbox.sh true
  is "${status} ${errors}" "125 sandbox.sh: ll-exec not found
  build it with make, or set LL_NS and LL_EXEC"
  cp "${BOX}/ll-exec" alone/
  capture "${AS[@]}" alone/sandbox.sh true
  is "${status} ${errors}" "125 sandbox.sh: ll-ns not found
  build it with make, or set LL_NS and LL_EXEC"
  capture "${BOXED[@]}" true
  is "${status}" 0
  capture "${AS[@]}" env LL_EXEC=/nonexistent "${SANDBOX}" true
  is "${status}" 125
  assert_stderr /nonexistent
  capture "${AS[@]}" env LL_NS=/nonexistent "${SANDBOX}" true
  is "${status}" 125
  assert_stderr /nonexistent
  [[ ${errors} != *": line "* ]]
}

@test "ll-ns works without bash, and finds ll-exec beside itself" {
  assert_success "${AS[@]}" env PATH=/nonexistent "${LL_NS_PROGRAM}" --proc --private-dev --tmpfs /tmp "${SYSTEM[@]}" -- /bin/sh -c 'echo $$'
  is "${output}" 1
  ln -s "${LL_NS_PROGRAM}" link
  assert_success "${AS[@]}" ./link "${SYSTEM[@]}" -- /bin/sh -c 'echo hello'
  is "${output}" hello
}

# A root with bash, its libraries, the script, the two programs, policies and /proc: entered by pivot_root, as a process in
# a chroot cannot create a user namespace.
small_root() {
  local program=$1 library
  # A machine without other locales.
  export LC_ALL=C
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

@test "sandbox.sh works in a root with nothing but bash, the script and the two programs" {
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
  assert_success "${inside[@]}" /bin/bash -c 'echo /*'
  is "${output}" "$(cd root && printf '/%s ' * | sed 's/ $//')"
  # The libraries are where ldd found them, which may be outside of the paths in the base policy.
  local -a libraries=()
  local library
  while IFS= read -r library; do libraries+=(--rx "${library}"); done < <(cd root && find lib* usr -type f 2>/dev/null | sed 's|^|/|')
  assert_success "${inside[@]}" /bin/bash /sandbox/sandbox.sh -q --rx /bin/bash "${libraries[@]}" /bin/bash -c \
    'echo $$; echo x >/tmp/file; read -r x </tmp/file; echo "${x}"; [[ -e /old || -e /sandbox ]] || echo hidden'
  is "${output}" $'1\nx\nhidden'
  # By its #!, where bash is.
  assert_success "${inside[@]}" /sandbox/sandbox.sh -q --rx /bin/bash "${libraries[@]}" bash -c 'echo $$'
  is "${output}" 1
}

@test "in a chroot, where the kernel refuses user namespaces, the start fails with the reason" {
  needs_root
  needs_program ldd chroot
  small_root "$(type -P bash)"
  assert_success unshare -m sh -c 'mount --bind /proc root/proc && exec chroot "$@"' - root /bin/bash -c 'echo /sandbox/*'
  capture unshare -m sh -c 'mount --bind /proc root/proc && exec chroot "$@"' - root \
    /bin/bash /sandbox/sandbox.sh --rx /bin/bash /bin/bash -c 'echo ran'
  is "${status} ${output}" "125 "
  assert_stderr "cannot enter new namespaces: EPERM"
  assert_stderr chroot
}
