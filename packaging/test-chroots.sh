#!/bin/bash -p
# From nothing in roots of their own, as root: test-chroots.sh [debian|alpine|containers]...
# A bare Debian, with make and git only; a root like Alpine's; containers, by podman. What is made in two of them has to be
# the same bytes. The last line counts.
set -Eeuo pipefail

ROOT=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
BUILD=$(cd "${ROOT}" && cd "${BUILD:-build}" && pwd)
# shellcheck disable=SC2016 # the shells inside expand it
readonly REFUSED='refused() { if "$@"; then exit 1; fi; }'
WORK=
PASSED=0
FAILED=0

# check TITLE COMMAND...: one more passed or failed, and how long it took; what it prints is shown if it fails.
check() {
  local title=$1 output status start=${SECONDS}
  shift
  # Not `|| status=$?`: behind that no error would end a function.
  set +e
  output=$(
    set -e
    "$@" 2>&1 </dev/null
  )
  status=$?
  set -e
  if ((status == 0)); then
    PASSED=$((PASSED + 1))
    printf 'ok      %s (%d s)\n' "${title}" "$((SECONDS - start))"
    return
  fi
  FAILED=$((FAILED + 1))
  printf '%s\nFAILED  %s (status %d)\n' "${output}" "${title}" "${status}"
}

clean_up() {
  [[ -n ${WORK} ]] || return 0
  rm -rf --one-file-system -- "${WORK}"
}

inside() { "${ROOT}/packaging/enter-root.sh" "$@"; }

# As its user u, at home in the sources.
as_user() { # ROOT SCRIPT
  inside "$1" su u -c "cd /home/u/sources && $2"
}

# says TEXT COMMAND...: which fails.
says() {
  local output
  if output=$("${@:2}" 2>&1); then return 1; fi
  printf '%s\n' "${output}"
  [[ ${output} == *"$1"* ]]
}

# ---- Debian

mirror() {
  # shellcheck disable=SC2016 # apt expands it
  apt-get indextargets --format '$(REPO_URI)' "Codename: ${VERSION_CODENAME}" | head -n 1
}

make_debian() {
  local url
  # shellcheck source=/dev/null
  . /etc/os-release
  url=$(mirror)
  debootstrap --variant=minbase --include=make,git "${VERSION_CODENAME}" "${WORK}/debian" "${url}"
  cp /etc/resolv.conf /etc/hosts "${WORK}/debian/etc/"
  git clone --quiet "file://${ROOT}" "${WORK}/debian/root/sources"
  cp -a "${WORK}/debian" "${WORK}/users"
  inside "${WORK}/users" useradd --create-home --shell /bin/bash u
  inside "${WORK}/users" sh -c 'mv /root/sources /home/u/ && chown -R u: /home/u/sources'
}

demo_as_root() { inside "${WORK}/debian" make -C /root/sources demo; }

demo_as_user() {
  local output command
  output=$(as_user "${WORK}/users" 'make demo' 2>&1) && return 1
  command=$(sed -n 's/^    //p' <<<"${output}")
  inside "${WORK}/users" sh -ec "export DEBIAN_FRONTEND=noninteractive; ${command}"
  as_user "${WORK}/users" 'make demo'
}

# Everything but what dpkg itself writes down.
files_of() { # ROOT
  (cd "$1" && find etc home opt usr var -xdev ! -path 'var/lib/dpkg*' ! -path 'var/log*' ! -path 'var/cache*' | sort)
}

install_deb() {
  local before after
  inside "${WORK}/debian" make -C /root/sources deb tarball
  before=$(files_of "${WORK}/debian")
  # shellcheck disable=SC2016 # the shell inside expands it
  inside "${WORK}/debian" sh -ec "${REFUSED}"'
    dpkg -i /root/sources/build/dist/*.deb
    cd /var/tmp
    ll-exec -p base --rx /usr/bin/sort --ro /etc/hostname -- sort /etc/hostname
    refused ll-exec -p base --rx /usr/bin/sort -- sort /etc/hostname
    [ "$(sandbox.sh -q -- sh -c "echo \$\$")" = 1 ]
    dpkg --remove ll-exec
    dpkg --purge ll-exec'
  after=$(files_of "${WORK}/debian")
  [[ ${before} == "${after}" ]] || diff <(printf '%s\n' "${before}") <(printf '%s\n' "${after}")
}

same_packages() {
  as_user "${WORK}/users" 'umask 077; export TZ=Asia/Tokyo; make deb tarball'
  local name
  for name in "${WORK}"/debian/root/sources/build/dist/*; do
    cmp "${name}" "${WORK}/users/home/u/sources/build/dist/${name##*/}"
  done
}

try_debian() {
  check 'a bare Debian root is created' make_debian
  check 'make demo passes in Debian as root' demo_as_root
  check 'make demo as an ordinary user names the missing packages, and passes with them' demo_as_user
  check 'the Debian package works, and a purge leaves nothing behind' install_deb
  check 'another user in another directory builds the same packages' same_packages
}

# ---- Alpine

build_on_musl() {
  inside "${WORK}/alpine" sh -ec 'cd /root/sources
    scripts/setup.sh build
    scripts/build.sh build -DLL_TESTS=OFF -DLL_TOOLS=OFF -- ll-exec ll-ns'
  grep '^add -q -U bash cmake g++ ' "${WORK}/alpine/root/apk"
}

# use_on_musl FOLDER: a program of musl and the shell are started from there, and refused what is not granted.
use_on_musl() {
  # shellcheck disable=SC2016 # the shell inside expands it
  inside "${WORK}/alpine" sh -ec "${REFUSED}"'
    PATH=$0:$PATH
    cd /root/sources
    echo secret >/etc/secret
    [ "$(ll-exec -q -p base --rx /usr/bin/show --ro /etc/secret -- show /etc/secret)" = secret ]
    refused ll-exec -q -p base --rx /usr/bin/show -- show /etc/secret
    show /etc/secret
    [ "$(ll-exec -q -p sandbox -- ls -d /usr)" = /usr ]
    refused ll-exec -q -p sandbox -- cat /etc/secret
    [ "$(sandbox.sh -q sh -c "echo \$\$")" = 1 ]
    refused sandbox.sh -q show /etc/secret' "$1"
}

# The release, where there is neither a toolchain nor bash.
use_release_on_musl() {
  mkdir "${WORK}/alpine/opt/release"
  tar -xzf "${BUILD}"/dist/*.tar.gz -C "${WORK}/alpine/opt/release" --strip-components=1
  inside "${WORK}/alpine" su u -c 'exec /opt/release/bin/ll-exec -q -p base --rx /usr/bin/show --ro /etc/passwd -- show /etc/passwd'
  says 'Permission denied' inside "${WORK}/alpine" su u -c \
    'exec /opt/release/bin/ll-exec -q -p base --rx /usr/bin/show -- show /etc/passwd'
}

try_alpine() {
  check 'a root like Alpine is created' "${ROOT}/packaging/alpine-like.sh" "${WORK}/alpine"
  git clone --quiet "file://${ROOT}" "${WORK}/alpine/root/sources"
  check 'the first step in Alpine, without bash, names the missing packages' says \
    'apk add -q -U bash cmake ffmpeg g++ ' inside "${WORK}/alpine" sh -c \
    'cd /root/sources && scripts/setup.sh --check build demo'
  check 'a release runs a musl program in Alpine' use_release_on_musl
  check 'the sources build in Alpine, without headers and libraries of glibc' build_on_musl
  check 'the built programs restrict commands in Alpine, with one layer and both' use_on_musl /root/sources/build
}

# ---- containers

containers() {
  local program=$1
  shift
  "${program}" --root "${WORK}/store/root" --runroot "${WORK}/store/run" --storage-driver vfs "$@"
}

# run IMAGE WORD...: as an engine does, without a network and capabilities.
run() {
  containers podman --cgroup-manager cgroupfs --runtime runc run --rm --network none --cap-drop all --user 12345 \
    --read-only --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 --volume "${WORK}/plain/bin/busybox:/busybox:ro" "$@"
}

make_images() {
  local container
  mkdir -p "${WORK}"/{release,plain/{bin,etc,tmp}}
  chmod 1777 "${WORK}/plain/tmp"
  tar -xzf "${BUILD}"/dist/*.tar.gz -C "${WORK}/release" --strip-components=1
  cp "$(command -v busybox)" "${WORK}/plain/bin/busybox"
  ln -s busybox "${WORK}/plain/bin/cat"
  printf 'secret\n' >"${WORK}/plain/etc/secret"
  container=$(containers buildah from scratch)
  containers buildah copy --quiet "${container}" "${WORK}/plain" /
  containers buildah commit --quiet "${container}" plain
  containers buildah build --quiet -t ll-exec -f "${ROOT}/packaging/container/Containerfile" "${WORK}/release"
  containers buildah build --quiet -t restricted --build-arg IMAGE=localhost/plain \
    -f "${ROOT}/packaging/container/Containerfile.image" "${WORK}/release"
}

run_alone() {
  run ll-exec --check
  run ll-exec --rx /busybox --ro / -- /busybox ls /etc
  says 'Permission denied' run ll-exec --rx /busybox -- /busybox ls /etc
}

run_in_front() {
  run --entrypoint /bin/cat restricted /etc/secret
  run restricted --ro /etc/secret -- cat /etc/secret
  says 'Permission denied' run restricted -- cat /etc/secret
}

try_containers() {
  check 'the container images are built' make_images
  check 'a container of ll-exec alone restricts a command that is added' run_alone
  check 'a container with ll-exec as its entry point restricts the command of its image' run_in_front
}

main() {
  local part
  if ((EUID != 0)); then
    printf 'test-chroots.sh: run as root\n' >&2
    return 1
  fi
  WORK=$(mktemp -d)
  trap clean_up EXIT
  trap 'exit 130' INT TERM HUP
  chmod 755 "${WORK}"
  for part; do "try_${part}"; done
  printf '%d passed, %d failed\n' "${PASSED}" "${FAILED}"
  ((FAILED == 0))
}

if (($# == 0)); then set -- containers alpine debian; fi
main "$@"
