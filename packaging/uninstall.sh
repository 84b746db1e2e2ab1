#!/bin/bash -p
# Removes what the last `make install` put there, and the folders named after it: uninstall.sh BUILD [DESTDIR]
set -Eeuo pipefail

main() {
  local installed=$1/installed destination=${2:-} file folder
  if [[ ! -e ${installed} ]]; then
    printf 'uninstall: nothing was installed from %s\n' "$1" >&2
    return 1
  fi
  # No newline ends the last line.
  while IFS= read -r file || [[ -n ${file} ]]; do
    rm -f -- "${destination}${file}"
    folder=${file%/*}
    while [[ ${folder##*/share/} == *ll-exec* ]]; do
      rmdir --ignore-fail-on-non-empty -- "${destination}${folder}" 2>/dev/null || break
      folder=${folder%/*}
    done
  done <"${installed}"
  rm -- "${installed}"
}

main "$@"
