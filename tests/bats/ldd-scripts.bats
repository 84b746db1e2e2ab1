# shellcheck shell=bash disable=SC2016,SC2154  # for ld.so and sh, not for bash; from helpers.bash
load ldd

# --ldd of scripts, and of files that are not programs.

# ---- scripts

@test "--ldd grants a script its interpreter" {
  script s '#!/bin/sh -e' 'printf "script %s\n" "$1"'
  assert_success "${LL_EXEC}" --ldd -- ./s works
  is "${output}" "script works"
  is "$(granted ./s)" "$({ listed /bin/sh; printf '%s\n' "${T}/s"; } | sort)"
}

@test "--ldd grants a script whose interpreter is a script both interpreters" {
  script one '#!/bin/sh' 'printf "%s\n" "one of ${1##*/}"'
  script two "#!${T}/one"
  assert_success "${LL_EXEC}" --ldd -- ./two
  is "${output}" "one of two"
}

@test "--ldd grants a script with /usr/bin/env both env and the program that it names" {
  script plain '#!/usr/bin/env sh' 'echo plain'
  script split '#!/usr/bin/env -S -i LC_ALL=C sh -e' 'echo split'
  assert_success "${LL_EXEC}" --ldd -- ./plain
  is "${output}" plain
  assert_success "${LL_EXEC}" --ldd -- ./split
  is "${output}" split
}

@test "a python script with /usr/bin/env starts with --ldd and its library directories" {
  [[ -x /usr/bin/python3 ]] || skip "needs /usr/bin/python3"
  script p '#!/usr/bin/env python3' 'print("python")'
  assert_success env PATH=/usr/bin "${LL_EXEC}" --ldd --rx /usr/lib --rx=-/usr/local/lib --ro . -- ./p
  is "${output}" python
}

@test "a script with /usr/bin/env whose program is not in PATH is not run" {
  script p '#!/usr/bin/env nowhere-at-all'
  capture "${LL_EXEC}" --ldd -- ./p
  is "${status} ${errors}" "127 ll-exec: 'nowhere-at-all' is not found
  looked for it in the directories of PATH"
}

@test "a script whose interpreter does not exist is not run, and the message names the interpreter" {
  script s '#!/nowhere/sh'
  capture "${LL_EXEC}" --ldd -- ./s
  is "${status} ${errors%%$'\n'*}" "125 ll-exec: argument 3: cannot read /nowhere/sh: \
ENOENT (no such file or directory)"
}

@test "--ldd ends on a script that is its own interpreter" {
  script s "#!${T}/s"
  capture timeout 10 "${LL_EXEC}" --ldd -- ./s
  is "${status}" 126
}

# ---- files that are not programs

@test "--ldd refuses a program of another architecture, with the reason" {
  { printf '\177ELF\2\1\1'; head -c 11 /dev/zero; printf '\7\0'; head -c 200 /dev/zero; } >foreign
  chmod 755 foreign
  capture "${LL_EXEC}" --ldd -- ./foreign
  is "${status} ${output}" "125 "
  is "${errors}" "ll-exec: argument 3: ${T}/foreign is built for another machine
    -- ./foreign
       ^~~~~~~~~
  this one is $(uname -m)"
}

@test "--ldd refuses a real program of another architecture" {
  needs_program aarch64-linux-gnu-gcc
  [[ $(uname -m) != aarch64 ]] || skip "needs another machine"
  printf 'int main(void) { return 0; }\n' | aarch64-linux-gnu-gcc -x c - -o foreign
  capture "${LL_EXEC}" --ldd -- ./foreign
  is "${status} ${errors%%$'\n'*}" \
    "125 ll-exec: argument 3: ${T}/foreign is built for another machine"
}

@test "--ldd refuses a text file without #!" {
  script text 'echo no'
  capture "${LL_EXEC}" --ldd -- ./text
  is "${status} ${errors}" "126 ll-exec: ./text cannot be run: \
ENOEXEC (not a program that this kernel can run)
  a script needs #! and its interpreter in the first line"
}

@test "--ldd refuses a directory, an empty file and a pipe" {
  mkdir folder
  : >empty
  mkfifo pipe
  chmod 755 empty pipe
  local file why
  for file in folder empty pipe; do
    case ${file} in
      folder) why='EISDIR (is a directory)' ;;
      empty) why='ENOEXEC (not a program that this kernel can run)' ;;
      pipe) why='ESPIPE (not seekable)' ;;
    esac
    capture timeout 10 "${LL_EXEC}" --ldd -- "./${file}"
    is "${status} ${errors%%$'\n'*}" "125 ll-exec: argument 3: cannot read ${T}/${file}: ${why}"
  done
}

@test "--ldd refuses a program that is not readable, with the reason" {
  cp /bin/true secret
  chmod 711 secret
  capture as_user "${LL_EXEC}" --ldd -- ./secret
  ((EUID == 0)) || skip "needs root, to be somebody else"
  is "${status} ${errors%%$'\n'*}" \
    "125 ll-exec: argument 3: cannot read ${T}/secret: EACCES (permission denied)"
}

@test "--ldd ends without a crash on a program truncated at any byte" {
  local size
  for size in 1 3 4 16 18 20 40 63 64 65 100 119 120 200 400 567 568 700 800 1000 4096 8000 20000; do
    head -c "${size}" /bin/true >short
    chmod 755 short
    ends_cleanly ./short
  done
}

@test "--ldd ends without a crash on a program with invalid headers" {
  local at
  for at in 16 32 36 39 54 56 57 64 72 80 96 104 120 128 136 152 176 184 192 232 240; do
    cp /bin/true broken
    printf '\377\377\377\177' | dd of=broken bs=1 seek="${at}" conv=notrunc status=none
    ends_cleanly ./broken
  done
}

@test "--ldd ends without a crash on a program of random bytes" {
  local i
  for ((i = 0; i < 20; i++)); do
    { head -c 64 /bin/true; head -c 4000 /dev/urandom; } >noise
    chmod 755 noise
    ends_cleanly ./noise
  done
}
