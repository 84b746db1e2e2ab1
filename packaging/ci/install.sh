#!/bin/bash -p
# Installs ll-exec in a CI job: install.sh PREFIX. From these sources, or from the release LL_TARBALL, of which
# LL_SHA256 is the checksum. The later steps of a GitHub job find it on PATH.
set -Eeuo pipefail

unpack() { # PREFIX
  if ! printf '%s  %s\n' "${LL_SHA256:-}" "${LL_TARBALL}" | sha256sum --check --status; then
    printf 'install.sh: the checksum of %s does not match LL_SHA256\n' "${LL_TARBALL}" >&2
    return 1
  fi
  mkdir -p -- "$1"
  tar -xzf "${LL_TARBALL}" -C "$1" --strip-components=1 --no-same-owner
}

build() { # PREFIX
  cd "${BASH_SOURCE[0]%/*}/../.."
  scripts/setup.sh build
  make --no-print-directory install PREFIX="$1"
}

# Where AppArmor lets only programs with a profile make user namespaces, as on Ubuntu 24.04, ll-ns is given its own.
load_profile() { # PREFIX
  local folder=$1/share/ll-exec/apparmor
  [[ $(cat /proc/sys/kernel/apparmor_restrict_unprivileged_userns 2>/dev/null) == 1 ]] || return 0
  sed -i "s,^@{ll_ns} = .*,@{ll_ns} = $1/bin/ll-ns," "${folder}/ll-ns"
  if ((EUID == 0)); then
    "${folder}/load.sh"
  elif sudo -n true 2>/dev/null; then
    sudo -n "${folder}/load.sh"
  else
    printf 'install.sh: sandbox.sh needs an AppArmor profile here; load it as root: %s/load.sh\n' "${folder}" >&2
  fi
}

main() {
  local prefix=$1
  [[ ${prefix} == /* ]] || prefix=${PWD}/${prefix}
  if [[ -n ${LL_TARBALL:-} ]]; then
    unpack "${prefix}"
  else
    build "${prefix}"
  fi
  load_profile "${prefix}"
  "${prefix}/bin/ll-exec" --version
  if [[ -n ${GITHUB_PATH:-} ]]; then printf '%s\n' "${prefix}/bin" >>"${GITHUB_PATH}"; fi
}

main "$@"
