# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # for ld.so and sh, not for bash; from helpers.bash
load helpers

# --ldd: the files that ld.so would load, found by reading. They are compared with ldd(1).

# The files that --ldd grants rx to a command, one per line, sorted.
granted() {
  "${LL_EXEC}" --explain --json --ldd -- "$@" | tr '{' '\n' |
    sed -n 's/^"directive":"rx","path":"\([^"]*\)".*/\1/p' | sort
}

# The files that ldd(1) lists for a program, with symlinks resolved, and the program.
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

# library FILE NAME [OPTION...]: a library with a function NAME that returns the length of NAME.
library() {
  local file=$1 name=$2
  shift 2
  printf 'int %s(void) { return %s; }\n' "${name}" "${#name}" |
    cc -shared -fPIC -x c - -x none -o "${file}" "-Wl,-soname,${file##*/}" "$@"
}

# program FILE NAME [OPTION...]: a program that prints the result of NAME.
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

# An error of ll-exec or of the command, never a signal, and within a short time.
ends_cleanly() {
  capture timeout 10 "${LL_EXEC}" --ldd -- "$@"
  case ${status} in
    0 | 125 | 126) ;;
    139) [[ ${errors} != *ll-exec* ]] ;; # the kernel accepted the program, which crashed
    *) printf 'status %s\n%s\n' "${status}" "${errors}" && return 1 ;;
  esac
}
