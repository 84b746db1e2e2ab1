#!/bin/bash -p
# Configures a build folder if that is not done, and builds: build.sh FOLDER [CMAKE_OPTION...] [-- TARGET...]
set -Eeuo pipefail

main() {
  local root folder jobs
  local -a options=() targets=()
  root=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
  folder=$1
  shift
  while (($# > 0)) && [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  if (($# > 1)); then targets=(--target "${@:2}"); fi
  if type -P ninja >/dev/null; then options+=(-G Ninja); fi
  # Not this make's: CMake's generated makefiles are another project, with its own jobs.
  unset MAKEFLAGS MAKELEVEL MFLAGS
  if [[ ! -e ${folder}/CMakeCache.txt ]]; then
    cmake -S "${root}" -B "${folder}" "${options[@]}" >/dev/null
  fi
  jobs=$(nproc)
  cmake --build "${folder}" --parallel "${jobs}" "${targets[@]}"
}

main "$@"
