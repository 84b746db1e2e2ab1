#!/bin/bash -p
# What `make install` does: install.sh BUILD PREFIX [DESTDIR]
# BUILD/installed then lists, for uninstall.sh, the files, and the folders that were not there before: with a slash behind.
set -Eeuo pipefail

STAGE=

# What would be installed, as folders of another root: those that the real one lacks.
new_folders() { # BUILD PREFIX DESTDIR
  local folder
  DESTDIR=${STAGE} cmake --install "$1" --prefix "$2" >/dev/null
  while IFS= read -r folder; do
    if [[ ! -d $3${folder} ]]; then printf '%s\n' "${folder}"; fi
  done < <(find "${STAGE}" -mindepth 1 -type d -printf '/%P/\n')
}

main() {
  local build=$1 prefix=$2 destination=${3:-} folders
  [[ ${prefix} == /* ]] || prefix=${PWD}/${prefix}
  umask 022
  STAGE=$(mktemp -d)
  trap 'rm -rf -- "${STAGE}"' EXIT
  folders=$(new_folders "${build}" "${prefix}" "${destination}")
  # Those of an install before this one are there now.
  if [[ -e ${build}/installed ]]; then folders+=$'\n'$(grep '/$' "${build}/installed" || true); fi
  DESTDIR=${destination} cmake --install "${build}" --strip --prefix "${prefix}"
  # No newline ends the last line of CMake's list.
  { cat "${build}/install_manifest.txt" && printf '\n%s\n' "${folders}"; } | sed '/^$/d' >"${build}/installed"
  rm -- "${build}/install_manifest.txt"
}

main "$@"
