# shellcheck shell=bash disable=SC2016,SC2154  # for ld.so and sh, not for bash; from helpers.bash
load helpers

# --ldd: what ld.so would load, found by reading. What ldd(1) says is the judge.

# The files that --ldd grants with rx to a command, one a line, sorted.
granted() {
  "${LL_EXEC}" --explain --json --ldd -- "$@" | tr '{' '\n' |
    sed -n 's/^"directive":"rx","path":"\([^"]*\)".*/\1/p' | sort
}

# What ldd(1) lists for a program, without links, and the program.
listed() {
  {
    realpath "$1"
    ldd "$1" | sed -n 's/.*=> \(\/.*\) (0x.*/\1/p; s/^\t\(\/.*\) (0x.*/\1/p' | xargs -r realpath
  } | sort -u
}

same_as_ldd() {
  local file
  file=$(command -v "$1") || skip "needs $1"
  [[ $(head -c 4 "${file}") == $'\177ELF' ]] || skip "$1 is a script here"
  is "$(granted "$1")" "$(listed "${file}")"
}

# library FILE NAME [OPTION...]: a library whose function NAME gives its length.
library() {
  local file=$1 name=$2
  shift 2
  printf 'int %s(void) { return %s; }\n' "${name}" "${#name}" |
    cc -shared -fPIC -x c - -x none -o "${file}" "-Wl,-soname,${file##*/}" "$@"
}

# program FILE NAME [OPTION...]: a program that prints what NAME gives.
program() {
  local file=$1 name=$2
  shift 2
  printf '#include <stdio.h>\nint %s(void);\nint main(void) { printf("%%d\\n", %s()); }\n' \
    "${name}" "${name}" | cc -x c - -x none -o "${file}" "$@"
}

script() {
  local file=$1
  shift
  printf '%s\n' "$@" >"${file}"
  chmod 755 "${file}"
}

# Clean: the loader's own error, or the command's; never a signal, and not for long.
ends_cleanly() {
  capture timeout 10 "${LL_EXEC}" --ldd -- "$@"
  case ${status} in
    0 | 125 | 126) ;;
    139) [[ ${errors} != *ll-exec* ]] ;; # the kernel took the program, and it broke
    *) printf 'status %s\n%s\n' "${status}" "${errors}" && return 1 ;;
  esac
}

@test "--ldd grants what a command needs to start, and it runs with nothing else" {
  works "${LL_EXEC}" --ldd -- /bin/ls /etc/ld.so.cache
  is "${output}" /etc/ld.so.cache
}

@test "without --ldd the same command is refused" {
  capture "${LL_EXEC}" -- /bin/ls /etc/ld.so.cache
  is "${status} ${output}" "126 "
}

@test "--ldd grants no more than that: another file is refused" {
  capture "${LL_EXEC}" --ldd -- /bin/cat /etc/passwd
  is "${status} ${output}" "1 "
  is "${errors##*: }" "Permission denied"
}

@test "--ldd --explain lists each file, and which argument asked for it" {
  capture "${LL_EXEC}" --explain --ldd -- /bin/ls
  is "${status}" 0
  [[ ${output} == *"r---x------ $(realpath /bin/ls) "*"rx  argument 4"* ]]
  [[ ${output} == *"r---------- /etc/ld.so.cache "*"ro  argument 4"* ]]
  [[ ${output} == *"r---x------ "*"/libc.so.6 "*"rx  argument 4"* ]]
}

@test "the files are those of ldd: ls" { same_as_ldd ls; }
@test "the files are those of ldd: python3" { same_as_ldd /usr/bin/python3; }
@test "the files are those of ldd: git" { same_as_ldd git; }
@test "the files are those of ldd: ffmpeg" { same_as_ldd ffmpeg; }
@test "the files are those of ldd: bash" { same_as_ldd bash; }
@test "the files are those of ldd: cc" { same_as_ldd cc; }

@test "a command is found on PATH and in the current directory, after chdir" {
  mkdir folder
  cp /bin/echo folder/mine
  works env PATH="${T}/folder" "${LL_EXEC}" --ldd -- mine found
  is "${output}" found
  works "${LL_EXEC}" --ldd --chdir folder -- ./mine found
  is "${output}" found
}

@test "a command that does not exist is not found" {
  capture "${LL_EXEC}" --ldd -- ./nowhere
  is "${status} ${errors}" "127 ll-exec: argument 3: cannot read ${T}/nowhere: \
ENOENT (no such file or directory)
    -- ./nowhere
       ^~~~~~~~~"
  capture "${LL_EXEC}" --ldd -- nowhere-at-all
  is "${status}" 127
}

@test "a static program needs only itself" {
  needs_program cc
  printf '#include <unistd.h>\nint main(void) { return write(1, "static\\n", 7) != 7; }\n' >s.c
  cc -static s.c -o static 2>/dev/null || skip "needs a static libc"
  works "${LL_EXEC}" --ldd -- ./static
  is "${output}" static
  is "$(granted ./static)" "${T}/static"
}

# ---- where libraries are looked for

@test "RUNPATH with \$ORIGIN is followed" {
  needs_program cc
  mkdir -p app/bin app/lib
  library app/lib/libmine.so mine
  program app/bin/prog mine -Lapp/lib -lmine '-Wl,-rpath,$ORIGIN/../lib,--enable-new-dtags'
  works "${LL_EXEC}" --ldd -- app/bin/prog
  is "${output}" 4
  is "$(granted app/bin/prog)" "$(listed app/bin/prog)"
}

@test "the braces of \${ORIGIN} are taken off, and \$PLATFORM and \$LIB expand" {
  needs_program cc
  local lib folder
  lib=$(realpath "$(ldd /bin/ls | sed -n 's/^\t\(\/.*\) (0x.*/\1/p')")
  lib=${lib%/*}
  lib=${lib#/usr}
  for folder in '${ORIGIN}/x' '$ORIGIN/$PLATFORM' '$ORIGIN/${PLATFORM}' '$ORIGIN/${LIB}'; do
    rm -rf x "$(uname -m)" lib lib64 prog
    mkdir -p x "$(uname -m)" ".${lib}"
    case ${folder} in
      *x) library x/libmine.so mine ;;
      *LIB*) library ".${lib}/libmine.so" mine ;;
      *) library "$(uname -m)/libmine.so" mine ;;
    esac
    program prog mine "$(find . -name libmine.so)" "-Wl,-rpath,${folder}"
    capture ./prog
    is "${folder} ${status} ${output}" "${folder} 0 4"
    works "${LL_EXEC}" --ldd -- ./prog
    is "${output}" 4
  done
}

@test "RPATH holds for the libraries of libraries too" {
  needs_program cc
  mkdir lib
  library lib/libdeep.so deep
  printf 'int deep(void);\nint mine(void) { return deep(); }\n' |
    cc -shared -fPIC -x c - -x none -o lib/libmine.so -Wl,-soname,libmine.so -Llib -ldeep
  program prog mine -Llib -lmine "-Wl,-rpath,${T}/lib,--disable-new-dtags" "-Wl,-rpath-link,lib"
  works "${LL_EXEC}" --ldd -- ./prog
  is "${output}" 4
  is "$(granted ./prog)" "$(listed ./prog)"
}

@test "RUNPATH does not hold for the libraries of libraries: the command is refused" {
  needs_program cc
  mkdir lib
  library lib/libdeep.so deep
  printf 'int deep(void);\nint mine(void) { return deep(); }\n' |
    cc -shared -fPIC -x c - -x none -o lib/libmine.so -Wl,-soname,libmine.so -Llib -ldeep
  program prog mine -Llib -lmine "-Wl,-rpath,${T}/lib,--enable-new-dtags" "-Wl,-rpath-link,lib"
  capture ./prog
  is "${status}" 127
  capture "${LL_EXEC}" --ldd -- ./prog
  is "${status} ${output}" "125 "
  is "${errors}" "ll-exec: argument 3: libdeep.so is not found, which ${T}/lib/libmine.so needs
    -- ./prog
       ^~~~~~
  install it; libraries are looked for in LD_LIBRARY_PATH, too"
}

@test "LD_LIBRARY_PATH is searched, after RPATH and before RUNPATH" {
  needs_program cc
  mkdir one two
  library one/libmine.so mine
  library two/libmine.so mine
  program plain mine -Lone -lmine
  program old mine -Lone -lmine "-Wl,-rpath,${T}/one,--disable-new-dtags"
  program new mine -Lone -lmine "-Wl,-rpath,${T}/one,--enable-new-dtags"
  capture "${LL_EXEC}" --ldd -- ./plain
  is "${status}" 125
  export LD_LIBRARY_PATH="/nowhere:${T}/two"
  local name
  for name in plain old new; do
    works "${LL_EXEC}" --ldd -- "./${name}"
    is "$(granted "./${name}")" "$(listed "./${name}")"
  done
  [[ $(granted ./old) == *"${T}/one/libmine.so"* ]]
  [[ $(granted ./new) == *"${T}/two/libmine.so"* ]]
}

@test "an empty place in LD_LIBRARY_PATH is the current directory" {
  needs_program cc
  library libmine.so mine
  program prog mine -L. -lmine
  works env LD_LIBRARY_PATH=/nowhere: "${LL_EXEC}" --ldd -- ./prog
  works env LD_LIBRARY_PATH=:/nowhere "${LL_EXEC}" --ldd -- ./prog
  capture env LD_LIBRARY_PATH= "${LL_EXEC}" --ldd -- ./prog
  is "${status}" 125
}

@test "LD_PRELOAD is granted, and left out where it does not exist" {
  needs_program cc
  library libmine.so mine
  local before
  before=$(granted /bin/true)
  is "$(LD_PRELOAD="${T}/libmine.so" granted /bin/true | grep -c libmine.so)" 1
  is "$(LD_PRELOAD="/nowhere.so ${T}/libmine.so:/none.so" granted /bin/true)" \
    "$(printf '%s\n' "${before}" "${T}/libmine.so" | sort)"
}

@test "a library with a slash in its name is a path" {
  needs_program cc
  mkdir lib
  library lib/libmine.so mine "-Wl,-soname,${T}/lib/libmine.so"
  program prog mine lib/libmine.so
  works "${LL_EXEC}" --ldd -- ./prog
  is "$(granted ./prog)" "$(listed ./prog)"
}

@test "a library that is there under its own name is not looked for" {
  needs_program cc
  library libdeep.so.1.2 deep -Wl,-soname,libdeep.so.1
  program prog deep ./libdeep.so.1.2
  capture "${LL_EXEC}" --ldd -- ./prog
  is "${status}" 125
  works env LD_PRELOAD="${T}/libdeep.so.1.2" "${LL_EXEC}" --ldd -- ./prog
  is "${output}" 4
}

@test "a library of another machine is passed over" {
  needs_program cc
  mkdir one two
  library two/libmine.so mine
  { printf '\177ELF\2\1\1'; head -c 200 /dev/zero; } >one/libmine.so
  program prog mine two/libmine.so "-Wl,-rpath,${T}/one:${T}/two"
  works "${LL_EXEC}" --ldd -- ./prog
  is "${output}" 4
}

@test "libraries that need each other end" {
  needs_program cc
  printf 'int b(void);\nint a(void) { return 1; }\n' >a.c
  cc -shared -fPIC a.c -o liba.so -Wl,-soname,liba.so
  printf 'int a(void);\nint b(void) { return a(); }\n' | cc -shared -fPIC -x c - -o libb.so -L. -la
  cc -shared -fPIC a.c -o liba.so -Wl,-soname,liba.so -Wl,--no-as-needed -L. -lb
  program prog b -L. -lb "-Wl,-rpath,${T},--disable-new-dtags"
  works timeout 10 "${LL_EXEC}" --ldd -- ./prog
  is "$(granted ./prog)" "$(listed ./prog)"
}

@test "a musl program gets musl's libraries" {
  needs_program musl-gcc
  mkdir lib
  printf 'int mine(void) { return 4; }\n' | musl-gcc -shared -fPIC -x c - -o lib/libmine.so
  printf '#include <stdio.h>\nint mine(void);\nint main(void) { printf("%%d\\n", mine()); }\n' |
    musl-gcc -x c - -o prog -Llib -lmine "-Wl,-rpath,${T}/lib"
  works "${LL_EXEC}" --ldd -- ./prog
  is "${output}" 4
  [[ $(granted ./prog) != */libc.so.6* ]]
  rm lib/libmine.so
  capture "${LL_EXEC}" --ldd -- ./prog
  is "${status} ${errors%%$'\n'*}" \
    "125 ll-exec: argument 3: libmine.so is not found, which ${T}/prog needs"
  works env LD_LIBRARY_PATH=/nowhere "${LL_EXEC}" --explain --ldd -- /bin/ls
}

# ---- scripts

@test "a script gets its interpreter" {
  script s '#!/bin/sh -e' 'printf "script %s\n" "$1"'
  works "${LL_EXEC}" --ldd -- ./s works
  is "${output}" "script works"
  is "$(granted ./s)" "$({ listed /bin/sh; printf '%s\n' "${T}/s"; } | sort)"
}

@test "a script of a script gets both interpreters" {
  script one '#!/bin/sh' 'printf "%s\n" "one of ${1##*/}"'
  script two "#!${T}/one"
  works "${LL_EXEC}" --ldd -- ./two
  is "${output}" "one of two"
}

@test "a script for env gets env and the program that it names" {
  script plain '#!/usr/bin/env sh' 'echo plain'
  script split '#!/usr/bin/env -S -i LC_ALL=C sh -e' 'echo split'
  works "${LL_EXEC}" --ldd -- ./plain
  is "${output}" plain
  works "${LL_EXEC}" --ldd -- ./split
  is "${output}" split
}

@test "a python script for env starts as far as its libraries go" {
  [[ -x /usr/bin/python3 ]] || skip "needs /usr/bin/python3"
  script p '#!/usr/bin/env python3' 'print("python")'
  works env PATH=/usr/bin "${LL_EXEC}" --ldd --rx /usr/lib --rx=-/usr/local/lib --ro . -- ./p
  is "${output}" python
}

@test "a script for env whose program is not on PATH is not run" {
  script p '#!/usr/bin/env nowhere-at-all'
  capture "${LL_EXEC}" --ldd -- ./p
  is "${status} ${errors}" "127 ll-exec: 'nowhere-at-all' is not found
  looked for it in the directories of PATH"
}

@test "a script whose interpreter does not exist is not run, and it says which" {
  script s '#!/nowhere/sh'
  capture "${LL_EXEC}" --ldd -- ./s
  is "${status} ${errors%%$'\n'*}" "125 ll-exec: argument 3: cannot read /nowhere/sh: \
ENOENT (no such file or directory)"
}

@test "a script that interprets itself ends" {
  script s "#!${T}/s"
  capture timeout 10 "${LL_EXEC}" --ldd -- ./s
  is "${status}" 126
}

# ---- what is no program

@test "a program of another machine is refused, and it says why" {
  { printf '\177ELF\2\1\1'; head -c 11 /dev/zero; printf '\7\0'; head -c 200 /dev/zero; } >foreign
  chmod 755 foreign
  capture "${LL_EXEC}" --ldd -- ./foreign
  is "${status} ${output}" "125 "
  is "${errors}" "ll-exec: argument 3: ${T}/foreign is built for another machine
    -- ./foreign
       ^~~~~~~~~
  this one is $(uname -m)"
}

@test "a real program of another machine is refused" {
  needs_program aarch64-linux-gnu-gcc
  [[ $(uname -m) != aarch64 ]] || skip "needs another machine"
  printf 'int main(void) { return 0; }\n' | aarch64-linux-gnu-gcc -x c - -o foreign
  capture "${LL_EXEC}" --ldd -- ./foreign
  is "${status} ${errors%%$'\n'*}" \
    "125 ll-exec: argument 3: ${T}/foreign is built for another machine"
}

@test "a text file without #! is no program" {
  script text 'echo no'
  capture "${LL_EXEC}" --ldd -- ./text
  is "${status} ${errors}" "126 ll-exec: ./text cannot be run: \
ENOEXEC (not a program that this kernel can run)
  a script needs #! and its interpreter in the first line"
}

@test "a directory, an empty file and a pipe are no programs" {
  mkdir folder
  : >empty
  mkfifo pipe
  chmod 755 empty pipe
  local file why
  for file in folder empty pipe; do
    case ${file} in
      folder) why='EISDIR (is a directory)' ;;
      empty) why='ENOEXEC (not a program that this kernel can run)' ;;
      pipe) why='ESPIPE (not a file that can be sought in)' ;;
    esac
    capture timeout 10 "${LL_EXEC}" --ldd -- "./${file}"
    is "${status} ${errors%%$'\n'*}" "125 ll-exec: argument 3: cannot read ${T}/${file}: ${why}"
  done
}

@test "a program that cannot be read is refused, and it says why" {
  cp /bin/true secret
  chmod 711 secret
  capture as_user "${LL_EXEC}" --ldd -- ./secret
  ((EUID == 0)) || skip "needs root, to be somebody else"
  is "${status} ${errors%%$'\n'*}" \
    "125 ll-exec: argument 3: cannot read ${T}/secret: EACCES (permission denied)"
}

@test "a program that is cut anywhere ends cleanly" {
  local size
  for size in 1 3 4 16 18 20 40 63 64 65 100 119 120 200 400 567 568 700 800 1000 4096 8000 20000; do
    head -c "${size}" /bin/true >short
    chmod 755 short
    ends_cleanly ./short
  done
}

@test "a program whose headers are nonsense ends cleanly" {
  local at
  for at in 16 32 36 39 54 56 57 64 72 80 96 104 120 128 136 152 176 184 192 232 240; do
    cp /bin/true broken
    printf '\377\377\377\177' | dd of=broken bs=1 seek="${at}" conv=notrunc status=none
    ends_cleanly ./broken
  done
}

@test "a program of random bytes ends cleanly" {
  local i
  for ((i = 0; i < 20; i++)); do
    { head -c 64 /bin/true; head -c 4000 /dev/urandom; } >noise
    chmod 755 noise
    ends_cleanly ./noise
  done
}
