#!/bin/bash -p
# Configures a build directory if that is not done, and builds:
# build.sh [--source FOLDER] FOLDER [CMAKE_OPTION...] [-- TARGET...]
set -Eeuo pipefail

# A configuration that failed or was interrupted leaves a cache, and nothing to build with: it begins anew.
configure() { # SOURCE FOLDER OPTION...
  local source=$1 folder=$2
  shift 2
  if [[ -e ${folder}/CMakeCache.txt && (-e ${folder}/build.ninja || -e ${folder}/Makefile) ]]; then return; fi
  rm -rf -- "${folder}/CMakeCache.txt" "${folder}/CMakeFiles"
  if type -P ninja >/dev/null; then set -- -G Ninja "$@"; fi
  cmake -S "${source}" -B "${folder}" "$@" >/dev/null
}

# Of several that build in a folder at the same time, as .ci/run does, each waits for those before it. What builds does not
# hold the lock: a compiler's cache may leave a server behind.
take_turn() { # FOLDER
  mkdir -p "$1"
  exec {turn}>"$1/.turn"
  if type -P flock >/dev/null; then flock "${turn}"; fi
}

main() {
  local source folder jobs turn
  local -a options=() targets=()
  source=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
  if [[ $1 == --source ]]; then
    source=$2
    shift 2
  fi
  folder=$1
  shift
  while (($# > 0)) && [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  if (($# > 1)); then targets=(--target "${@:2}"); fi
  # Not this make's: CMake's generated makefiles are another project, with its own jobs.
  unset MAKEFLAGS MAKELEVEL MFLAGS
  take_turn "${folder}"
  configure "${source}" "${folder}" "${options[@]}" {turn}>&-
  jobs=$(nproc)
  cmake --build "${folder}" --parallel "${jobs}" "${targets[@]}" {turn}>&-
}

main "$@"
