#!/bin/bash -p
# Loads the profile of ll-ns in Debian 13's kernel, under emulation, and tests its effect: apparmor.sh ROOT [BUILD]
#   ROOT   a folder in which `chroot ROOT apparmor_parser` is one of AppArmor 4, as debootstrap --include=apparmor trixie
#          makes it: no machine that this is developed on has another
#   BUILD  the build folder, build/ unless given, with kernels/amd64/tests/exec_as, as run.sh builds it
# Ubuntu's kernel.apparmor_restrict_unprivileged_userns is not in that kernel: its effect is not tested.
# The last line is N passed, N failed. Needs root, and what run.sh needs.
set -Eeuo pipefail

HERE=$(cd -- "${BASH_SOURCE[0]%/*}" && pwd)
readonly SUITE=trixie PACKAGE='linux-image-6\.12\..*-cloud-amd64(-unsigned)?' PARAMETERS='apparmor=1 lsm=landlock,apparmor'

run() { # SCRIPT FILE...
  "${HERE}/vm.sh" -t 400 -k "${PARAMETERS}" run "${kernel}" "$@" | tr -d '\r'
}

# As apparmor_parser(8) reads them: a folder.
write_features() { # FOLDER
  local name value
  while read -r name value; do
    mkdir -p "$1/$(dirname "${name}")"
    printf '%s\n' "${value}" >"$1/${name}"
  done
}

main() {
  local root=$1 build=${2:-${HERE}/../../build} kernel work log
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # now
  trap "rm -rf -- '${work}' '${root}/ll-features'" EXIT
  kernel=$("${HERE}/vm.sh" fetch "${SUITE}" "${PACKAGE}")
  rm -rf -- "${root}/ll-features"
  run "${HERE}/apparmor/features.sh" | sed -n 's/^feature //p' | write_features "${root}/ll-features"
  chroot "${root}" apparmor_parser -Q -K -T -S --kernel-features=/ll-features \
    <"${HERE}/../../packaging/apparmor/ll-ns" >"${work}/ll-ns.policy"
  log=${work}/log
  run "${HERE}/apparmor/guest.sh" "${work}/ll-ns.policy" "${build}"/{ll-ns,ll-exec} \
    "${build}/kernels/amd64/tests/exec_as" >"${log}" || true
  cat "${log}"
  grep -q -x 'done' "${log}" || printf 'FAILED\tthe guest did not come to its end\n' | tee -a "${log}"
  printf '%s passed, %s failed\n' "$(grep -c '^ok' "${log}")" "$(grep -c '^FAILED' "${log}")"
  ! grep -q '^FAILED' "${log}"
}

main "$@"
