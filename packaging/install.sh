#!/bin/bash -p
# What `make install` does: install.sh BUILD PREFIX [DESTDIR]
# BUILD/installed then lists, for uninstall.sh, the files, and the folders that were not there before: with a slash behind.
set -Eeuo pipefail

STAGE=

# What would be installed, as it is in an empty root; of the folders, those that the real one lacks.
list_new() { # DESTDIR
  local name
  find "${STAGE}" -mindepth 1 ! -type d -printf '/%P\n'
  while IFS= read -r name; do
    if [[ ! -d $1${name} ]]; then printf '%s\n' "${name}"; fi
  done < <(find "${STAGE}" -mindepth 1 -type d -printf '/%P/\n')
}

main() {
  local build=$1 prefix=$2 destination=${3:-} list
  [[ ${prefix} == /* ]] || prefix=${PWD}/${prefix}
  umask 022
  STAGE=$(mktemp -d)
  trap 'rm -rf -- "${STAGE}"' EXIT
  DESTDIR=${STAGE} cmake --install "${build}" --prefix "${prefix}" >/dev/null
  list=$(list_new "${destination}")
  # Those of an install before this one are there now.
  if [[ -e ${build}/installed ]]; then list+=$'\n'$(grep '/$' "${build}/installed" || true); fi
  DESTDIR=${destination} cmake --install "${build}" --strip --prefix "${prefix}"
  printf '%s\n' "${list}" >"${build}/installed"
}

main "$@"
