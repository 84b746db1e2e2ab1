#!/bin/bash -p
# What the part `overlay` measures, each from a fresh start, in the current directory. Prints microseconds.
#
# overlay-probe.sh build COMMAND...         untar and build a C project, by COMMAND before sh
# overlay-probe.sh commit SANDBOX CHANGES N list and commit N changes
# overlay-probe.sh copy N                   copy as many files with cp -a
set -Eeuo pipefail

# 300 files that include the usual headers.
make_project() {
  local -i number
  local objects
  mkdir -p project
  for ((number = 0; number < 300; number++)); do
    printf '#include <stdio.h>\n#include <string.h>\nint f%d(int n) { return n < 2 ? n : (int)strlen("word") * f%d(n - 1); }\n' \
      "${number}" "${number}" >"project/f${number}.c"
  done
  objects=$(printf 'f%d.o ' {0..299})
  printf 'all: %s\n\tar rc all.a %s\n' "${objects}" "${objects}" >project/Makefile
  tar -cf project.tar project
  rm -r project
}

# As many in each directory as a source tree may have.
make_files() { # N
  local -i folder
  for ((folder = 0; folder < $1 / 100; folder++)); do
    mkdir "d${folder}"
    cd "d${folder}"
    printf '%s\n' "${folder}" | tee f{0..99} >/dev/null
    cd ..
  done
}

timed() { # COMMAND...
  local start=${EPOCHREALTIME}
  "$@" >/dev/null 2>&1
  printf '%d\n' "$((${EPOCHREALTIME/./} - ${start/./}))"
}

list_and_commit() { # CHANGES
  "$1" list layer
  "$1" commit layer
}

build() { # COMMAND...
  local commands='tar -xf project.tar && make -s -C project'
  make_project
  timed "$@" sh -c "${commands}"
  [[ -f project/all.a ]]
}

commit() { # SANDBOX CHANGES N
  local text
  text=$(declare -f make_files)
  mkdir tree
  "$1" --overlay tree -C tree --keep-in layer bash -c "set -e; ${text}; make_files $3" 2>/dev/null
  timed list_and_commit "$2"
  [[ -f tree/d0/f99 && ! -e layer ]]
}

copy() { # N
  mkdir tree
  (cd tree && make_files "$1")
  timed cp -a tree copy
}

here=$(mktemp -d "${PWD}/probe.XXXXXX")
trap 'rm -rf -- "${here}"' EXIT
cd "${here}"
export TMPDIR=${here%/*}
"$@"
