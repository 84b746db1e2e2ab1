#!/bin/bash -p
# Sees that this machine has what a task needs: setup.sh [--check] GROUP...
# As root what is missing is installed with apt-get; otherwise, and with --check, the command to do so is printed and
# the status is 1. Nothing is downloaded if nothing is missing.
set -Eeuo pipefail

# A command or a file that must be there, and the Debian package that has it.
words_of() { # GROUP
  case $1 in
    build) printf '%s\n' c++ g++ cmake cmake /usr/include/rapidjson/document.h rapidjson-dev ;;
    demo) printf '%s\n' ffmpeg ffmpeg pdftotext poppler-utils ;;
    test)
      words_of demo
      printf '%s\n' bats bats shellcheck shellcheck clang-format clang-format cppcheck cppcheck \
        run-clang-tidy clang-tidy setpriv util-linux git git python3 python3 sqlite3 sqlite3 rsync rsync curl curl convert imagemagick strace strace busybox busybox tmux tmux node nodejs npm npm
      [[ $(uname -m) != x86_64 ]] || printf '%s\n' aarch64-linux-gnu-g++ g++-aarch64-linux-gnu
      ;;
    kernels)
      printf '%s\n' qemu-system-x86_64 qemu-system-x86 qemu-system-aarch64 qemu-system-arm cpio cpio
      [[ $(uname -m) != x86_64 ]] || printf '%s\n' aarch64-linux-gnu-g++ g++-aarch64-linux-gnu
      ;;
    fuzz) printf '%s\n' clang++ clang clang++ libclang-rt-14-dev ;;
    bench) printf '%s\n' setpriv util-linux bwrap bubblewrap strace strace ;;
    *)
      printf 'setup.sh: there is no group %s: build, demo, test, kernels, fuzz, bench\n' "$1" >&2
      return 2
      ;;
  esac
}

is_there() { # COMMAND|/FILE
  if [[ $1 == /* ]]; then [[ -e $1 ]]; else type -P "$1" >/dev/null; fi
}

install_packages() { # PACKAGE...
  printf 'setup: installing %s\n' "$*"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}

name_packages() { # PACKAGE...
  local sudo='sudo '
  if ((EUID == 0)); then sudo=; fi
  printf 'missing on this machine: %s\n' "$*"
  if type -P apt-get >/dev/null; then
    printf 'install them, then run this again:\n\n'
    printf '    %sapt-get update && ' "${sudo}"
    printf '%sapt-get install -y --no-install-recommends %s\n\n' "${sudo}" "$*"
  else
    printf 'these are the names of Debian packages; install what has the same programs here, then run this again\n'
  fi
}

main() {
  local check=no group words index
  local -a commands=() needed=() missing=()
  if [[ ${1:-} == --check ]]; then
    check=yes
    shift
  fi
  for group; do
    words=$(words_of "${group}")
    mapfile -t commands <<<"${words}"
    needed+=("${commands[@]}")
  done
  for ((index = 0; index < ${#needed[@]}; index += 2)); do
    is_there "${needed[index]}" || missing+=("${needed[index + 1]}")
  done
  ((${#missing[@]} > 0)) || return 0
  mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
  if [[ ${check} == no ]] && ((EUID == 0)) && type -P apt-get >/dev/null; then
    install_packages "${missing[@]}"
    return
  fi
  name_packages "${missing[@]}" >&2
  return 1
}

main "$@"
