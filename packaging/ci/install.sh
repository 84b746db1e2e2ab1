#!/bin/bash -p
# Installs ll-exec in a CI job: install.sh PREFIX. From these sources, or from the release LL_TARBALL, of which
# LL_SHA256 is the checksum. The later steps of a GitHub job find it on PATH.
set -Eeuo pipefail

unpack() { # PREFIX
  if ! printf '%s  %s\n' "${LL_SHA256:-}" "${LL_TARBALL}" | sha256sum --check --status; then
    printf 'install.sh: the checksum of %s is not LL_SHA256\n' "${LL_TARBALL}" >&2
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

main() {
  local prefix=$1
  [[ ${prefix} == /* ]] || prefix=${PWD}/${prefix}
  if [[ -n ${LL_TARBALL:-} ]]; then
    unpack "${prefix}"
  else
    build "${prefix}"
  fi
  "${prefix}/bin/ll-exec" --version
  if [[ -n ${GITHUB_PATH:-} ]]; then printf '%s\n' "${prefix}/bin" >>"${GITHUB_PATH}"; fi
}

main "$@"
