#!/bin/bash -p
# The Python package as a wheel, in BUILD/dist: wheel.sh BUILD
# Without the network, by the tools of the distribution.
set -Eeuo pipefail

COPY=

# The first that has what it takes.
find_python() {
  for python in python3 /usr/bin/python3; do
    if "${python}" -c 'import setuptools, wheel, pip' 2>/dev/null; then return; fi
  done
  printf 'wheel: no python3 with pip, setuptools and wheel found\n' >&2
  return 1
}

main() {
  local sources=${BASH_SOURCE[0]%/*}/../python version python
  find_python
  read -r version _ <"$1/release"
  COPY=$(mktemp -d)
  trap 'rm -rf -- "${COPY}"' EXIT
  cp -r "${sources}/llexec" "${COPY}/"
  rm -rf -- "${COPY}/llexec/__pycache__"
  sed "s/@VERSION@/${version}/" "${sources}/pyproject.toml.in" >"${COPY}/pyproject.toml"
  mkdir -p "$1/dist"
  "${python}" -m pip wheel --quiet --no-deps --no-index --no-build-isolation --wheel-dir "$1/dist" "${COPY}"
  ls "$1"/dist/llexec-*.whl
}

main "$@"
