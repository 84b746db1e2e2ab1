#!/bin/sh
# shellcheck shell=dash
# Sees that this machine has what a task needs: setup.sh [--check] GROUP...
# As root what is missing is installed with the package manager; otherwise, and with --check, the command to do so is
# printed and the status is 1. Nothing is downloaded if nothing is missing.
# For sh: it is the first to run, and bash may be what is missing.
set -eu

# A command or a file that must be there, and the Debian package that has it.
words_of() { # GROUP
  case $1 in
    build)
      printf '%s\n' bash bash c++ g++ cmake cmake /usr/include/yaml.h libyaml-dev \
        /usr/include/toml++/toml.h libtomlplusplus-dev /usr/include/rapidjson/document.h rapidjson-dev
      ;;
    # What the demo needs at least. ffmpeg comes with 186 packages of Debian, so only those who ask for it get it.
    pdf) printf '%s\n' pdftotext poppler-utils ;;
    demo)
      words_of pdf
      printf '%s\n' ffmpeg ffmpeg
      ;;
    check) printf '%s\n' bats bats setpriv util-linux ;;
    test)
      words_of demo
      words_of check
      # Another language than that of most machines: its letters, numbers and order.
      printf '%s\n' /usr/share/i18n/locales/tr_TR locales
      printf '%s\n' shellcheck shellcheck clang-format clang-format cppcheck cppcheck \
        git git python3 python3 rsync rsync strace strace tmux tmux mandoc mandoc zsh zsh fish fish
      words_of wheel
      printf '%s\n' mypy mypy yq yq lintian lintian gnuplot gnuplot-nox
      # The programs of the policies, and the clients of ll-mcp. By their paths: a policy's tests run the distribution's
      # program, and it alone, whatever else there is of its name.
      printf '/usr/bin/%s\n%s\n' curl curl sqlite3 sqlite3 convert imagemagick gs ghostscript unzip unzip openssl openssl \
        make make node nodejs npm npm go golang-go cargo cargo pip3 python3-pip musl-gcc musl-tools
      # Beside hosts: a server of each, and its client.
      printf '%s\n' /usr/sbin/sshd openssh-server /usr/bin/ssh openssh-client /usr/bin/redis-server redis-server \
        /usr/bin/redis-cli redis-tools
      # What README learns policies for.
      printf '%s\n' /usr/bin/jq jq /usr/bin/xsltproc xsltproc /usr/bin/exiftool libimage-exiftool-perl
      # The other busybox links glibc, and runs in no root without it.
      printf '%s\n' /var/lib/dpkg/info/busybox-static.list busybox-static
      [ "$(uname -m)" != x86_64 ] || printf '%s\n' aarch64-linux-gnu-g++ g++-aarch64-linux-gnu
      ;;
    # What takes too long to be run for every change.
    long)
      words_of test
      words_of roots
      words_of kernels
      words_of fuzz
      words_of bench
      words_of lint
      # A cluster of two nodes, a thousand files at once, a page in a browser.
      printf '/usr/sbin/%s\n%s\n' slurmctld slurmctld slurmd slurmd munged munge
      printf '/usr/bin/%s\n%s\n' sbatch slurm-client parallel parallel chromium chromium
      ;;
    lint)
      printf '%s\n' shellcheck shellcheck clang-format clang-format cppcheck cppcheck run-clang-tidy clang-tidy
      ;;
    roots)
      printf '%s\n' debootstrap debootstrap patchelf patchelf musl-gcc musl-tools buildah buildah podman podman runc runc
      printf '%s\n' /var/lib/dpkg/info/busybox-static.list busybox-static
      ;;
    kernels)
      printf '%s\n' qemu-system-x86_64 qemu-system-x86 qemu-system-aarch64 qemu-system-arm cpio cpio lz4 lz4 zstd zstd
      [ "$(uname -m)" != x86_64 ] || printf '%s\n' aarch64-linux-gnu-g++ g++-aarch64-linux-gnu
      ;;
    wheel)
      printf '%s\n' python3 python3 pip3 python3-pip /usr/lib/python3/dist-packages/setuptools python3-setuptools \
        /usr/lib/python3/dist-packages/wheel python3-wheel
      ;;
    fuzz) printf '%s\n' clang++ clang "$(fuzzer_of_clang)" "libclang-rt-$(version_of_clang)-dev" ;;
    pictures) printf '%s\n' python3 python3 ;;
    bench) printf '%s\n' setpriv util-linux bwrap bubblewrap strace strace gnuplot gnuplot-nox ;;
    *)
      printf 'setup.sh: unknown group %s: build, pdf, demo, check, test, long, lint, roots, kernels, fuzz, bench, pictures, wheel\n' "$1" >&2
      return 2
      ;;
  esac
}

# The library that clang++ links with -fsanitize=fuzzer, or its name where it is not there.
fuzzer_of_clang() {
  clang++ -print-file-name="libclang_rt.fuzzer-$(uname -m).a" 2>/dev/null || printf 'libclang_rt.fuzzer\n'
}

# That of the clang++ that is here, or else of the one that the package `clang` stands for.
version_of_clang() {
  {
    clang++ -dumpversion || apt-cache depends clang | sed -n 's/.*Depends: clang-\([0-9]\)/\1/p'
  } 2>/dev/null | sed 's/[^0-9].*//; q'
}

# What a Debian package is called here, of the groups build and demo.
name_here() { # PACKAGE
  case ${MANAGER}:$1 in
    apk:g++) printf 'g++ linux-headers\n' ;;
    dnf:g++) printf 'gcc-c++ glibc-static libstdc++-static\n' ;;
    pacman:g++) printf 'gcc\n' ;;
    zypper:g++) printf 'gcc-c++ glibc-devel-static\n' ;;
    apk:libtomlplusplus-dev) printf 'tomlplusplus-dev\n' ;;
    dnf:libtomlplusplus-dev | zypper:libtomlplusplus-dev) printf 'tomlplusplus-devel\n' ;;
    pacman:libtomlplusplus-dev) printf 'tomlplusplus\n' ;;
    apk:libyaml-dev) printf 'yaml-dev yaml-static\n' ;;
    dnf:libyaml-dev | zypper:libyaml-dev) printf 'libyaml-devel\n' ;;
    pacman:libyaml-dev) printf 'libyaml\n' ;;
    dnf:rapidjson-dev | zypper:rapidjson-dev) printf 'rapidjson-devel\n' ;;
    pacman:rapidjson-dev) printf 'rapidjson\n' ;;
    dnf:ffmpeg) printf 'ffmpeg-free\n' ;;
    pacman:poppler-utils) printf 'poppler\n' ;;
    zypper:poppler-utils) printf 'poppler-tools\n' ;;
    apk:libclang-rt-* | dnf:libclang-rt-* | pacman:libclang-rt-*) printf 'compiler-rt\n' ;;
    *) printf '%s\n' "$1" ;;
  esac
}

find_manager() {
  for MANAGER in apt-get apk dnf pacman zypper; do
    if has "${MANAGER}"; then return; fi
  done
  MANAGER=
}

# The command that installs what is written behind it. PREFIX: what makes one root.
installer() { # PREFIX
  case ${MANAGER} in
    apt-get) printf '%sapt-get update -qq && %sapt-get install -qq -y --no-install-recommends' "$1" "$1" ;;
    apk) printf '%sapk add -q -U' "$1" ;;
    dnf) printf '%sdnf install -q -y' "$1" ;;
    pacman) printf '%spacman -Sy -q --needed --noconfirm' "$1" ;;
    *) printf '%szypper -q -n install' "$1" ;;
  esac
}

has() { # COMMAND|/FILE
  case $1 in
    /*) [ -e "$1" ] ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

missing_packages() { # GROUP...
  local group words command package
  for group; do
    words=$(words_of "${group}") || return
    while read -r command && read -r package; do
      has "${command}" || name_here "${package}"
    done <<END
${words}
END
  done
}

# How many packages these bring, and how large they are, as apt counts them. Prints nothing where apt does not know.
print_size() { # PACKAGES
  # shellcheck disable=SC2086 # one word a package
  LC_ALL=C apt-get install --assume-no --no-install-recommends $1 2>/dev/null | sed -n \
    -e 's/.* \([0-9]*\) newly installed.*/setup: \1 packages with those that they need/p' \
    -e 's/^Need to get \(.*\) of archives\.$/setup: \1 to download/p' \
    -e 's/^After this operation, \(.*\) of additional disk space will be used\.$/setup: \1 on the disk/p'
}

# The progress of apt, KIND:NAME:PERCENT:ACTION: on a terminal one line that changes, in a log a line every tenth.
show_progress() {
  local kind percent action step='' shown=''
  while IFS=: read -r kind _ percent action; do
    case ${kind} in
      dlstatus) step=downloading ;;
      pmstatus) step=installing ;;
      *) continue ;;
    esac
    percent=${percent%.*}
    if [ -t 2 ]; then
      printf '\rsetup: %s, %3d %% %-40.40s' "${step}" "${percent}" "${action}" >&2
    elif [ "${shown}" != "${step} ${percent%?}" ]; then
      shown="${step} ${percent%?}"
      printf 'setup: %s, %d %%\n' "${step}" "${percent}" >&2
    fi
  done
  if [ -t 2 ]; then printf '\r%60s\r' '' >&2; fi
}

install_with_apt() { # PACKAGES
  apt-get update -qq >/dev/null || return
  print_size "$1" >&2
  # shellcheck disable=SC2086 # one word a package
  { DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends -o APT::Status-Fd=3 $1 3>&1 >&4 4>&- |
    show_progress; } 4>/dev/null
}

# The caller checks again whether everything is installed.
install_packages() { # PACKAGES
  printf 'setup: installing %s\n' "$1" >&2
  if [ "${MANAGER}" = apt-get ]; then
    install_with_apt "$1"
  else
    sh -c "$(installer '') $1" >&2
  fi
}

name_packages() { # PACKAGES
  local prefix='' who=''
  printf 'missing on this machine: %s\n' "$1"
  if [ -z "${MANAGER}" ]; then
    printf 'these are the names of Debian packages; install the packages that have the same programs here, then run this again\n'
    return
  fi
  if [ "$(id -u)" != 0 ]; then
    if has sudo; then
      prefix='sudo '
    elif has doas; then
      prefix='doas '
    else
      who='as root, '
    fi
  fi
  printf '%sinstall them, then run this again:\n\n    %s %s\n\n' "${who}" "$(installer "${prefix}")" "$1"
}

main() {
  local check=no missing
  if [ "${1:-}" = --check ]; then
    check=yes
    shift
  fi
  find_manager
  missing=$(missing_packages "$@")
  if [ -z "${missing}" ]; then return; fi
  missing=$(printf '%s\n' "${missing}" | tr ' ' '\n' | sort -u | tr '\n' ' ')
  missing=${missing% }
  if [ "${check}" = no ] && [ -n "${MANAGER}" ] && [ "$(id -u)" = 0 ]; then
    install_packages "${missing}"
    "$0" --check "$@"
    return
  fi
  name_packages "${missing}" >&2
  return 1
}

main "$@"
