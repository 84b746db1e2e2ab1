load sandbox

# Installation, packages and CI.

setup_file() {
  INSTALLED=${LL_BUILT}/installed
  # The list of a real `make install` is kept.
  if [[ -e ${INSTALLED} ]]; then mv "${INSTALLED}" "${LL_TMP}/installed"; fi
  DIST=${LL_TMP}/dist
  export INSTALLED DIST
  "${BATS_TEST_DIRNAME}/../../packaging/package.sh" tarball "${LL_BUILT}" "${DIST}"
  if command -v dpkg-deb; then "${BATS_TEST_DIRNAME}/../../packaging/package.sh" deb "${LL_BUILT}" "${DIST}"; fi
}

teardown_file() {
  rm -f "${INSTALLED}"
  if [[ -e ${LL_TMP}/installed ]]; then mv "${LL_TMP}/installed" "${INSTALLED}"; fi
}

version() { sed -n 's/^project(ll-exec VERSION \([0-9.]*\) .*/\1/p' "${ROOT}/CMakeLists.txt"; }

# unpack_release FOLDER
unpack_release() {
  mkdir -p "$1"
  tar -xzf "${DIST}"/ll-exec-*.tar.gz -C "$1" --strip-components=1
}

# starts PROGRAM: with the policies that are installed with it, as an ordinary user.
starts() {
  assert_success as_user "$@" -q -p base --rx /usr/bin/sort --ro "${T}/list" -- /usr/bin/sort "${T}/list"
  is "${output}" $'a\nb'
}

# copy_sources FOLDER: without history and build directories.
copy_sources() {
  mkdir "$1"
  tar -C "${ROOT}" --exclude=./.git --exclude='./build*' -cf - . | tar -xf - --no-same-owner -C "$1"
}

# There is one list of installed files: a test that reads it has a lock until its end.
take_turn() {
  local turn
  exec {turn}>"${LL_TMP}/install.lock"
  flock "${turn}"
}

make_list() { printf 'b\na\n' >"${T}/list"; }

@test "make install writes below DESTDIR and PREFIX only, with any umask, and make uninstall removes it all" {
  take_turn
  make_list
  (umask 077 && make -C "${ROOT}" install BUILD="${LL_BUILT}" DESTDIR="${T}/stage" PREFIX=/opt/here)
  is "$(ls "${T}/stage" "${T}/stage/opt")" "${T}/stage:"$'\nopt\n\n'"${T}/stage/opt:"$'\nhere'
  [[ -f ${T}/stage/opt/here/share/doc/ll-exec/LICENSE ]]
  starts "${T}/stage/opt/here/bin/ll-exec"
  touch "${T}/stage/opt/here/share/kept"
  assert_success make -s -C "${ROOT}" uninstall BUILD="${LL_BUILT}" DESTDIR="${T}/stage"
  is "$(cd "${T}/stage" && find .)" $'.\n./opt\n./opt/here\n./opt/here/share\n./opt/here/share/kept'
  fails make -s -C "${ROOT}" uninstall BUILD="${LL_BUILT}"
  assert_stderr 'nothing is installed'
}

@test "make uninstall removes directories that make install created, also if it ran twice, and no others" {
  take_turn
  mkdir -p "${T}/stage/usr/share/man/man1" "${T}/stage/usr/bin"
  make -C "${ROOT}" install BUILD="${LL_BUILT}" DESTDIR="${T}/stage" PREFIX=/usr
  make -C "${ROOT}" install BUILD="${LL_BUILT}" DESTDIR="${T}/stage" PREFIX=/usr
  [[ -x ${T}/stage/usr/bin/ll-exec ]]
  assert_success make -s -C "${ROOT}" uninstall BUILD="${LL_BUILT}" DESTDIR="${T}/stage"
  is "$(cd "${T}/stage" && find . | LC_ALL=C sort)" $'.\n./usr\n./usr/bin\n./usr/share\n./usr/share/man\n./usr/share/man/man1'
}

@test "an installed program finds its policies through a symlink, with any prefix" {
  take_turn
  make_list
  make -C "${ROOT}" install BUILD="${LL_BUILT}" PREFIX="${T}/a prefix"
  ln -s "${T}/a prefix/bin/ll-exec" "${T}/linked"
  starts "${T}/linked"
  rm -r "${T}/a prefix/share/ll-exec"
  fails as_user "${T}/linked" -q -p base -- /bin/true
  assert_stderr 'base'
}

@test "the tarball works in any directory, with both layers, as an ordinary user" {
  make_list
  unpack_release "${T}/some where"
  starts "${T}/some where/bin/ll-exec"
  assert_success as_user "${T}/some where/bin/sandbox.sh" -q -- sh -c 'echo $$'
  is "${output}" 1
  (cd "${DIST}" && sha256sum --check --quiet sha256sums)
  is "$(tar -tzf "${DIST}"/*.tar.gz | grep -vc "^ll-exec-$(version)-linux-$(uname -m)/")" 0
  is "$(find "${T}/some where" -name 'll-*' -path '*/bin/*' -exec readelf -lW {} + | grep INTERP)" ""
}

@test "packages are identical bytes with any umask, time zone and locale" {
  (umask 077 && TZ=Asia/Tokyo LC_ALL=C.UTF-8 "${ROOT}/packaging/package.sh" tarball "${LL_BUILT}" "${T}/again")
  cmp "${DIST}"/*.tar.gz "${T}"/again/*.tar.gz
  needs_program dpkg-deb
  (umask 077 && TZ=Asia/Tokyo LC_ALL=C.UTF-8 "${ROOT}/packaging/package.sh" deb "${LL_BUILT}" "${T}/again")
  cmp "${DIST}"/*.deb "${T}"/again/*.deb
  SOURCE_DATE_EPOCH=1 "${ROOT}/packaging/package.sh" deb "${LL_BUILT}" "${T}/older"
  fails cmp "${DIST}"/*.deb "${T}"/older/*.deb
}

@test "ll-exec is identical bytes when built by another user, in another directory, with another generator" {
  local compiler
  compiler=$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' "${LL_BUILT}/CMakeCache.txt")
  copy_sources elsewhere
  if ((EUID == 0)); then chown -R "${ORDINARY}:${ORDINARY}" elsewhere; fi
  umask 077
  export TZ=Asia/Tokyo
  as_user cmake -S elsewhere -B elsewhere/out -G 'Unix Makefiles' -DCMAKE_CXX_COMPILER="${compiler}" -DLL_TESTS=OFF \
    -DLL_TOOLS=OFF
  as_user cmake --build elsewhere/out --parallel "$(nproc)" --target ll-exec
  strip -o here.stripped "${LL_BUILT}/ll-exec"
  strip -o there.stripped elsewhere/out/ll-exec
  cmp here.stripped there.stripped
}

@test "the version is defined once, and every file has it" {
  local version name
  version=$(version)
  is "$(cd "${ROOT}" && grep -rlF "${version}" CMakeLists.txt Makefile action.yml cmake loader tools wrappers packaging scripts)" \
    CMakeLists.txt
  for name in ll-exec ll-ns ll-trace ll-repeat; do
    capture "${LL_BUILT}/${name}" --version
    is "${output}" "${name} ${version}"
  done
  [[ -e ${DIST}/ll-exec-${version}-linux-$(uname -m).tar.gz ]]
  needs_program dpkg-deb
  is "$(dpkg-deb --field "${DIST}"/*.deb Version)" "${version}-1"
}

# ---- Debian

@test "lintian reports nothing about the Debian package" {
  needs_program dpkg-deb lintian
  capture as_user lintian --fail-on error,warning --display-info --pedantic "${DIST}"/*.deb "${DIST}"/{python,library}/*.deb
  is "${output}" ""
  is "${status}" 0
}

@test "the Debian package installs and works, and a purge leaves nothing behind" {
  needs_program dpkg-deb
  make_list
  local -a dpkg=(dpkg --root="${T}/root" --force-not-root --force-depends --force-script-chrootless --log=/dev/null)
  mkdir -p root/var/lib/dpkg/{updates,info,triggers}
  touch root/var/lib/dpkg/{status,available}
  "${dpkg[@]}" --unpack "${DIST}"/*.deb "${DIST}"/{python,library}/*.deb
  "${dpkg[@]}" --configure ll-exec python3-llexec libllexec1 libllexec-dev
  starts "${T}/root/usr/bin/ll-exec"
  assert_success env "PYTHONPATH=${T}/root/usr/lib/python3/dist-packages" PYTHONDONTWRITEBYTECODE=1 "LL_EXEC=${T}/root/usr/bin/ll-exec" \
    /usr/bin/python3 -c 'from llexec import Policy, Sandbox; print(Sandbox(Policy("base", rx="/usr")).explain()["rules"][-1]["path"])'
  is "${output}" /usr
  (cd root && md5sum --check --quiet var/lib/dpkg/info/ll-exec.md5sums)
  "${dpkg[@]}" --remove ll-exec python3-llexec libllexec-dev libllexec1
  "${dpkg[@]}" --purge ll-exec python3-llexec libllexec-dev libllexec1
  is "$(find root -path root/var/lib/dpkg -prune -o -type f -print)" ""
  is "$(find root -name '*ll*exec*')" ""
}

# ---- containers

@test "ll-exec works as the only file of a root, and starts the one command beside it" {
  needs_root
  mkdir -p only/etc
  unpack_release "${T}/release"
  cp "${T}/release/bin/ll-exec" "${PROBE}" only/
  printf 'x\n' >only/etc/secret
  assert_success chroot only /ll-exec --rx /probe --ro /etc -- /probe read /etc/secret
  refused EACCES chroot only /ll-exec --rx /probe -- /probe read /etc/secret
  refused EACCES chroot --userspec="${ORDINARY}:${ORDINARY}" only /ll-exec --rx /probe -- /probe read /etc/secret
}

@test "the container recipes copy files of a release" {
  local file word
  unpack_release "${T}/release"
  for file in "${ROOT}"/packaging/container/Containerfile*; do
    while read -r word; do
      [[ -e ${T}/release/${word} ]] || { printf '%s: %s\n' "${file}" "${word}"; return 1; }
    done < <(sed -n 's/^COPY \([^-][^ ]*\) .*/\1/p' "${file}" | grep .)
  done
}

# ---- CI

# github [INPUT=VALUE]...: runs the steps of action.yml as a runner would, in ${T}/work.
github() {
  local count index key value given shell
  local -a environment=() folders=()
  mkdir -p work runner
  : >runner/path
  yq . "${ROOT}/action.yml" >runner/action
  count=$(jq '.runs.steps | length' runner/action)
  for ((index = 0; index < count; index++)); do
    jq ".runs.steps[${index}]" runner/action >runner/step
    environment=(GITHUB_ACTION_PATH="${ROOT}" GITHUB_PATH="${T}/runner/path" RUNNER_TEMP="${T}/runner" BUILD="${LL_BUILT}")
    while IFS=$'\t' read -r key value; do
      [[ ${value} =~ ^'${{ inputs.'([a-z0-9]+)' }}'$ ]] || return
      value=$(jq -r ".inputs.${BASH_REMATCH[1]}.default" runner/action)
      for given; do
        if [[ ${given%%=*} == "${BASH_REMATCH[1]}" ]]; then value=${given#*=}; fi
      done
      environment+=("${key}=${value}")
    done < <(jq -r '.env | to_entries[] | [.key, .value] | @tsv' runner/step)
    jq -r .run runner/step >runner/step.sh
    shell=$(jq -r .shell runner/step)
    mapfile -t folders <runner/path
    (
      cd work && unset LL_EXEC && PATH=${folders[0]:+${folders[0]}:}${PATH} &&
        env "${environment[@]}" "${shell}" --noprofile --norc -eo pipefail ../runner/step.sh
    ) || return
  done
}

@test "the action runs a script with the policy and options, after building" {
  local system=$'--rx /usr\n--rx -/bin\n--rx -/lib\n--rx -/lib64'
  capture github policy=base options="${system}"$'\n  --rwx .  \n' run=$'echo written >file\necho "$0: $(<file)"'
  is "${status} ${output##*$'\n'}" "0 bash: written"
  capture github policy=base options="${system}" run='echo written >other'
  is "${status}" 1
  assert_stderr 'other: Permission denied'
  [[ ! -e work/other ]]
}

@test "the action gives a script no secret of the job and no network, and returns its exit status" {
  SECRET=hunter2 capture github run='echo "[${SECRET:-}] [${GITHUB_PATH:-}]"; exit 7'
  is "${status} ${output##*$'\n'}" "7 [] []"
  needs_abi 4
  capture github run='exec 3<>/dev/tcp/127.0.0.1/9'
  assert_stderr 'Permission denied'
  capture github run='exec 3<>/dev/tcp/127.0.0.1/9' options='--connect 9'
  assert_stderr 'Connection refused'
}

@test "text in the action's inputs is never executed outside of the sandbox" {
  local evil='$(touch planted)`touch planted`"; touch planted; "'"'; touch planted; '"
  is "$(yq -r '.runs.steps[].run' "${ROOT}/action.yml" | grep -F '{{')" ""
  fails github run="${evil}" options="--chdir ${evil}" policy="${evil}"
  is "$(find work -name planted)" ""
  capture github run=true
  is "${status}" 0
}

@test "the action unpacks a release with the right checksum, and no other" {
  local sum
  sum=$(sha256sum <"$(printf '%s' "${DIST}"/*.tar.gz)")
  capture github run='echo inside' tarball="$(printf '%s' "${DIST}"/*.tar.gz)" sha256="${sum%% *}"
  is "${status} ${output}" "0 ll-exec $(version)"$'\ninside'
  rm -r runner
  capture github run='echo inside' tarball="$(printf '%s' "${DIST}"/*.tar.gz)" sha256="${sum/[0-9]/x}"
  assert_stderr ' does not match LL_SHA256'
  is "${status} ${output}" "1 "
  [[ ! -e runner/ll-exec ]]
}

# block LANGUAGE NUMBER: that block of the CI page.
block() { # LANGUAGE NUMBER
  awk -v fence='```'"$1" -v wanted="$2" '$0 == fence { if (++number == wanted) inside = 1; next } /^```$/ { inside = 0 } inside' \
    "${ROOT}/packaging/ci/README.md"
}

make_job() {
  mkdir -p work
  printf 'all:\n\techo built >result\ntest:\n\tgrep built result\n' >work/Makefile
}

@test "the GitHub step of the CI page works as written" {
  needs_program yq jq
  needs_abi 4
  block yaml 1 | yq '.[0].with' >with
  make_job
  capture github policy="$(jq -r .policy with)" options="$(jq -r .options with)" run="$(jq -r .run with)"
  is "${status} ${output##*$'\n'}" "0 built"
  is "$(<work/result)" built
}

@test "the GitLab job of the CI page works, except for its download" {
  needs_program yq jq
  local -a lines
  block yaml 2 | yq .test >job
  make_job
  is "$(jq -r '.before_script[0]' job)" 'apt-get update && apt-get install -y git make'
  is "$(jq -r '.before_script[1]' job)" 'git clone --depth 1 "$LL_EXEC_SOURCES" /opt/ll-exec'
  mapfile -t lines < <(jq -r '.before_script[2], .script[]' job | sed "s,/opt/ll-exec,${ROOT},; s,/usr/local,${T}/local,")
  is "${#lines[@]}" 2
  capture env BUILD="${LL_BUILT}" "PATH=${T}/local/bin:${PATH}" bash -ec "cd work; make; $(printf '%s\n' "${lines[@]}")"
  is "${status} ${output##*$'\n'}" "0 built"
}

# step NUMBER: runs that shell block of the CI page in its own directory.
step() {
  block sh "$1" >step.sh
  [[ -s step.sh ]]
  mkdir -p job home
  (cd job && HOME=${T}/home LL_EXEC_SOURCES=file://${T}/sources BUILD=${LL_BUILT} sh -eu ../step.sh)
}

@test "the shell steps of the CI page work, from sources and from a release" {
  needs_program git
  copy_sources sources
  git -C sources init -q
  git -C sources add .
  git -C sources -c user.name=n -c user.email=e commit -q -m sources
  step 1
  is "$(<job/result)" built
  rm -r job home
  mkdir job
  cp "${DIST}"/*.tar.gz "${DIST}/sha256sums" job/
  step 2
  is "$(<job/result)" built
  printf 'x' >>job/ll-exec-*.tar.gz
  fails step 2
}

# ---- another system

# With only the programs of busybox, and no bash.
without_bash() {
  local name
  mkdir -p tools
  for name in sh tr sort id uname "$@"; do ln -sf "$(command -v busybox)" "tools/${name}"; done
}

@test "the first step of the CI page names missing programs and their packages, without bash and as an ordinary user" {
  needs_program busybox
  without_bash apk
  capture as_user env PATH="${T}/tools" sh "${ROOT}/scripts/setup.sh" build demo
  is "${status} ${output}" "1 "
  assert_stderr 'apk add -q -U bash cmake ffmpeg g++ '
  rm tools/apk
  capture as_user env PATH="${T}/tools" sh "${ROOT}/scripts/setup.sh" build demo
  is "${status} ${output}" "1 "
  assert_stderr 'these are the names of Debian packages'
  assert_success "${ROOT}/scripts/setup.sh" --check build
}
