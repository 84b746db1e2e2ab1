#!/bin/bash -p
# Removes what the last `make install` put there, and the folders that it made, if they are empty now:
# uninstall.sh BUILD [DESTDIR]
set -Eeuo pipefail

main() {
  local installed=$1/installed destination=${2:-} name
  if [[ ! -e ${installed} ]]; then
    printf 'uninstall: nothing is installed from %s\n' "$1" >&2
    return 1
  fi
  # What is in a folder comes before the folder.
  while IFS= read -r name; do
    if [[ ${name} != */ ]]; then
      rm -f -- "${destination}${name}"
    elif [[ -d ${destination}${name} ]]; then
      rmdir --ignore-fail-on-non-empty -- "${destination}${name}"
    fi
  done < <(LC_ALL=C sort -r -u "${installed}")
  rm -- "${installed}"
}

main "$@"
