#!/bin/bash -p
# Runs a shell script inside a stock Debian kernel, under plain emulation: no privilege, no KVM, no disk image.
#
#   vm.sh [option]... fetch SUITE PACKAGE         gets the kernel and a busybox, prints the kernel's path
#   vm.sh [option]... run KERNEL SCRIPT [FILE]... boots it; SCRIPT runs as root under busybox sh in /test, beside each
#                                                 FILE (programs must be static), and its output is this one's
#   -a ARCH    amd64 (default) or arm64
#   -k PARAMS  more kernel parameters, such as lsm=yama
#   -m MIB     the guest's memory (default 512)
#   -t SECS    give up after that long (default 120)
#   -v         kernel messages too
#
# Exit status of run: the script's own; 124 too late; 125 the guest died before it could say one.
# 126: no such kernel can be had, or no emulator is here. 2: usage.
# PACKAGE is an extended regular expression; the newest package with such a name that can be downloaded is taken. Mirror
# and keyring are those of this machine's apt; its lists and sources are left alone. What was fetched stays in the cache,
# ${XDG_CACHE_HOME:-~/.cache}/ll-exec/kernels, and a download that was cut off goes on where it stopped.
set -Eeuo pipefail

CACHE=${XDG_CACHE_HOME:-${HOME}/.cache}/ll-exec/kernels
ARCH=amd64
PARAMETERS=
MEMORY=512
LIMIT=120
LOUD=quiet

fail() { # STATUS MESSAGE
  printf 'vm.sh: %s\n' "$2" >&2
  exit "$1"
}

usage() {
  sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
}

# ---- getting a kernel

apt_of() { # SUITE COMMAND...: apt with lists of its own
  local suite=$1
  shift
  APT_CONFIG=${CACHE}/apt/${suite}-${ARCH}/apt.conf "$@"
}

# The mirror that this machine has Debian's own packages from.
mirror() {
  # shellcheck disable=SC2016 # apt's variables
  apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' | sed -n 's/^Debian Debian //p' | sort -u | head -n 1
}

configure_apt() { # SUITE FOLDER
  local suite=$1 folder=$2 base keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  command -v apt-get dpkg-deb >/dev/null || fail 126 'there is no apt here to get a kernel with'
  base=$(mirror)
  [[ -n ${base} ]] || fail 126 "no Debian mirror among this machine's apt sources"
  mkdir -p "${folder}"/{etc/apt.conf.d,state/lists/partial,cache/archives/partial}
  : >"${folder}/state/status"
  printf 'deb [arch=%s%s] %s %s main\n' "${ARCH}" "$([[ ! -e ${keyring} ]] || printf ' signed-by=%s' "${keyring}")" \
    "${base%/}" "${suite}" >"${folder}/etc/sources.list"
  cat >"${folder}/apt.conf" <<END
Dir::Etc "${folder}/etc";
Dir::Etc::sourcelist "${folder}/etc/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State "${folder}/state";
Dir::State::status "${folder}/state/status";
Dir::Cache "${folder}/cache";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
APT::Architecture "${ARCH}";
APT::Architectures { "${ARCH}"; };
APT::Sandbox::User "root";
Acquire::GzipIndexes "true";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
Acquire::Retries "2";
END
}

# The lists of that suite, at most a day old: older ones name what the mirror no longer has.
update_lists() { # SUITE
  local suite=$1 folder=${CACHE}/apt/$1-${ARCH}
  [[ -z $(find "${folder}/ready" -mtime -1 2>/dev/null) ]] || return 0
  configure_apt "${suite}" "${folder}"
  apt_of "${suite}" apt-get -qq update >&2 || fail 126 "the package lists of ${suite} cannot be had"
  : >"${folder}/ready"
}

candidates() { # SUITE PACKAGE: newest first
  apt_of "$1" apt-cache pkgnames | grep -E -x -e "$2" | sort -rV
}

# take SUITE PACKAGE MEMBER FILE: of the newest such package that can be downloaded, the one file whose name matches.
take() {
  local suite=$1 package=$2 member=$3 file=$4 name path folder
  local -a archives=()
  [[ ! -s ${file} ]] || return 0
  update_lists "${suite}"
  while IFS= read -r name; do
    # Kept until it is whole: apt-get continues what it finds there.
    folder=${CACHE}/downloads/${suite}-${ARCH}-${name}
    mkdir -p "${folder}"
    (cd "${folder}" && apt_of "${suite}" apt-get -qq download "${name}" >/dev/null 2>&1) || continue
    archives=("${folder}"/*.deb)
    path=$(dpkg-deb --fsys-tarfile "${archives[0]}" | tar -t | sed -n -E "\\#${member}#p" | tail -n 1)
    [[ -n ${path} ]] || continue
    dpkg-deb --fsys-tarfile "${archives[0]}" | tar -xO "${path}" >"${file}.new"
    # shellcheck disable=SC2016 # dpkg's variables
    dpkg-deb -W --showformat='${Package} ${Version}\n' "${archives[0]}" >"${file}.package"
    mv "${file}.new" "${file}"
    rm -rf -- "${folder}"
    return 0
  done < <(candidates "${suite}" "${package}")
  fail 126 "no package of ${suite} (${ARCH}) that matches ${package} can be had"
}

# Prints where it is. One at a time gets what is missing.
fetch() { # SUITE PACKAGE
  local file=${CACHE}/${ARCH}-$1-${2//[^A-Za-z0-9.+-]/_}.vmlinuz
  mkdir -p "${CACHE}"
  exec 9>"${CACHE}/lock-$1-${ARCH}"
  flock 9
  take "$1" "$2" '/vmlinuz[^/]*$' "${file}"
  exec 9>&-
  printf '%s\n' "${file}"
}

fetch_busybox() {
  local file=${CACHE}/${ARCH}-busybox
  mkdir -p "${CACHE}"
  exec 9>"${CACHE}/lock-bookworm-${ARCH}"
  flock 9
  take bookworm busybox-static '/bin/busybox$' "${file}"
  exec 9>&-
  printf '%s\n' "${file}"
}

# unpacked KERNEL: prints the kernel that KERNEL unpacks at its start, which the emulator boots as well and in less time
# (PVH; the header is that of Documentation/arch/x86/boot.rst). Where it cannot be unpacked here, KERNEL boots itself.
unpacked() {
  local kernel=$1 file=${1%.vmlinuz}.vmlinux part=${1%.vmlinuz}.vmlinux.$$ start size program
  if [[ ${ARCH} == amd64 && ! ${file} -nt ${kernel} ]]; then
    start=$((512 * ($(number_at "${kernel}" 0x1f1 1) + 1) + $(number_at "${kernel}" 0x248 4)))
    size=$(number_at "${kernel}" 0x24c 4)
    case $(number_at "${kernel}" "${start}" 4) in
      4247762216) program=zstd ;;
      407642370) program='lz4 -q' ;;
      *) program=false ;;
    esac
    # The last four bytes are the size of what is packed.
    # shellcheck disable=SC2086 # a program and its option
    if head -c "$((start + size - 4))" "${kernel}" | tail -c "+$((start + 1))" | ${program} -dc >"${part}" 2>/dev/null; then
      mv "${part}" "${file}"
    else
      rm -f -- "${part}"
    fi
  fi
  if [[ ${file} -nt ${kernel} ]]; then printf '%s\n' "${file}"; else printf '%s\n' "${kernel}"; fi
}

number_at() { # FILE OFFSET BYTES
  od -A n -t "u$3" -j "$2" -N "$3" "$1" | tr -d ' '
}

# ---- booting it

write_init() { # MARKER
  cat <<END
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs -o mode=1777 shm /dev/shm
chmod 1777 /tmp
ip link set lo up
# Without /dev/console in the initramfs, init starts with no open files.
exec </dev/null >/dev/console 2>&1
cd /test
sh ./.script
status=\$?
printf '\n%s %s.\n' '$1' "\$status"
reboot -f
END
}

write_initramfs() { # ROOT BUSYBOX MARKER SCRIPT FILE...
  local root=$1 busybox=$2 marker=$3 script=$4
  shift 4
  mkdir -p "${root}"/{bin,dev,etc,proc,root,srv,sys,test,tmp}
  install -m 755 "${busybox}" "${root}/bin/busybox"
  install -m 755 "${script}" "${root}/test/.script"
  (($# == 0)) || cp -RL --preserve=mode -- "$@" "${root}/test/"
  printf '%s\n' 'root:x:0:0::/root:/bin/sh' 'user:x:12345:12345::/tmp:/bin/sh' >"${root}/etc/passwd"
  printf '%s\n' 'root:x:0:' 'user:x:12345:' >"${root}/etc/group"
  write_init "${marker}" >"${root}/init"
  chmod 755 "${root}/init"
  (cd "${root}" && find . -print0 | LC_ALL=C sort -z | cpio --null -o -H newc -R 0:0 --quiet)
}

# Emulation alone, whatever the machine offers: a /dev/kvm without vmx or svm behind it gets no kernel far. What slows
# it down is off: mitigations flush at every system call; each random address is translated anew, and a page of code
# that was translated thousands of times takes minutes to be cleared, byte by byte where the processor has erms.
# Timers finer than a jiffy, and none while it idles, are set anew at every switch to another process: a call of the emulator's.
# On a busy machine the timer looks broken to the kernel, unless it does not check it. cx16: qemu 7.2 sometimes loses the
# flags of a cmpxchg16b, and the kernel dies of a double fault in kmalloc. The kernel's tests of its own cryptography are
# a quarter of a boot.
emulate() { # KERNEL INITRAMFS
  local console=ttyS0
  local -a emulator=(qemu-system-x86_64 -M pc -cpu 'max,-erms,-fsrm,-cx16')
  if [[ ${ARCH} == arm64 ]]; then
    console=ttyAMA0
    emulator=(qemu-system-aarch64 -M virt -cpu cortex-a57)
  fi
  timeout --foreground -k 5 "${LIMIT}" "${emulator[@]}" -accel tcg -m "${MEMORY}" -nodefaults -display none \
    -monitor none -serial stdio -no-reboot -kernel "$1" -initrd "$2" \
    -append "console=${console} panic=-1 mitigations=off norandmaps no_timer_check highres=off nohz=off cryptomgr.notests ${LOUD} ${PARAMETERS}" </dev/null 2>&1
}

run() { # KERNEL SCRIPT FILE...
  local kernel=$1 busybox work marker=vm-status-${RANDOM}${RANDOM} emulated=0 status
  shift
  command -v cpio >/dev/null || fail 126 'cpio is not installed'
  if [[ ${ARCH} == amd64 ]]; then
    command -v qemu-system-x86_64 >/dev/null || fail 126 'qemu-system-x86_64 is not installed'
  else
    command -v qemu-system-aarch64 >/dev/null || fail 126 'qemu-system-aarch64 is not installed'
  fi
  busybox=$(fetch_busybox)
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # now: the variable is local
  trap "rm -rf -- '${work}'" EXIT
  write_initramfs "${work}/root" "${busybox}" "${marker}" "$@" >"${work}/initramfs"
  emulate "$(unpacked "${kernel}")" "${work}/initramfs" | sed -u 's/\r//g' | tee "${work}/log" | sed -u "/^${marker}/,\$d" ||
    emulated=${PIPESTATUS[0]}
  status=$(sed -n "s/^${marker} \([0-9]*\)\.\$/\1/p" "${work}/log" | tail -n 1)
  if [[ -n ${status} ]]; then exit "${status}"; fi
  if ((emulated == 124 || emulated == 137)); then fail 124 "nothing more after ${LIMIT} seconds"; fi
  fail 125 "the guest died (emulator: ${emulated})"
}

main() {
  local option
  while getopts a:k:m:t:v option; do
    case ${option} in
      a) ARCH=${OPTARG} ;;
      k) PARAMETERS=${OPTARG} ;;
      m) MEMORY=${OPTARG} ;;
      t) LIMIT=${OPTARG} ;;
      v) LOUD=loglevel=7 ;;
      *) usage >&2 && exit 2 ;;
    esac
  done
  shift $((OPTIND - 1))
  [[ ${ARCH} == @(amd64|arm64) ]] || fail 2 "unknown architecture ${ARCH}"
  case ${1:-}:$# in
    fetch:3)
      fetch_busybox >/dev/null
      fetch "$2" "$3"
      ;;
    run:[3-9] | run:[1-9][0-9]*) run "${@:2}" ;;
    *) usage >&2 && exit 2 ;;
  esac
}

main "$@"
