#!/bin/bash -p
# Boots every kernel of the matrix and runs the tests inside: run.sh [option]... [LABEL]...
#   --at-least N  fail if fewer than N amd64 kernels of the matrix ran (default 6; 0 where a mirror may be out of reach)
#   --jobs N      run N guests at a time (default: one more than there are processors)
#   --build DIR   the build folder, build/ unless given (also as BUILD=)
#   --keep DIR    leave each kernel's output there, as LABEL.log
# A kernel that cannot be downloaded is skipped by name, and never counted as passed. What a kernel lacks (escape
# probes that do not succeed without a sandbox either) is counted as skipped tests. The last line is N passed, N failed.
# Needs qemu-system-x86, qemu-system-arm, cpio, g++-aarch64-linux-gnu, apt and dpkg; not root. With lz4 and zstd a boot is shorter.
set -Eeuo pipefail

HERE=$(cd -- "${BASH_SOURCE[0]%/*}" && pwd)
ROOT=${HERE%/tests/kernels}
BUILD=${BUILD:-${ROOT}/build}
AT_LEAST=6
JOBS=$(($(nproc) + 1)) # a guest waits a fifth of its time
LOGS=
LIMIT=${LIMIT:-900} # seconds a kernel, for a slow machine; twice for arm64
readonly -a PROMISES=(check closed repeat files exec metadata truncate refer deny protect tcp hosts udp unix signals devices strict threads
  explain capped escapes sandbox)
readonly -a CROSS=(-DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64
  -DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++)

fail() {
  printf 'run.sh: %s\n' "$1" >&2
  exit 2
}

# ---- building the programs of the guests

# Sets ${built}, the directory of ll-exec, and ${programs}: the other programs. For this architecture most are built already.
place_of() { # ARCH
  local own=${BUILD}/kernels/$1
  built=${BUILD}
  programs=("${own}"/tests/{record,exec_as,names})
  if [[ $1 == arm64 ]]; then
    built=${BUILD}/arm64
    programs+=("${own}"/tests/{probe,old-kernel,held} "${own}"/escapes/escape-{probe,fixture})
  else
    programs+=("${BUILD}"/tests/{probe,old-kernel,held} "${BUILD}"/tests/escapes/escape-{probe,fixture} "${own}/attacks")
  fi
}

# A program with libllexec in it.
build_attacks() {
  "${ROOT}/scripts/build.sh" "${built}" -- llexec-static &&
    cc -std=c11 -O1 -w -static -I "${ROOT}/lib/include" -o "${BUILD}/kernels/amd64/attacks" "${ROOT}/tests/capi/attacks.c" \
      "${built}/libllexec.a" -lstdc++ -pthread
}

build_for() { # ARCH
  local built log=${WORK}/build-$1.log
  local -a programs cross=() without=() shared=(probe old-kernel held escape-probe) own=(record exec_as names)
  if [[ $1 == arm64 ]]; then
    cross=("${CROSS[@]}") without=(-DLL_TESTS=OFF -DLL_TOOLS=OFF)
    shared=() own=(kernel-programs)
  fi
  place_of "$1"
  {
    "${ROOT}/scripts/build.sh" "${built}" "${without[@]}" "${cross[@]}" -- ll-exec ll-net ll-ns ll-repeat "${shared[@]}" &&
      "${ROOT}/scripts/build.sh" --source "${HERE}" "${BUILD}/kernels/$1" "${cross[@]}" -- "${own[@]}" &&
      if [[ $1 == amd64 ]]; then build_attacks; fi
  } >"${log}" 2>&1 || { cat "${log}" >&2 && fail "the programs for $1 cannot be built"; }
}

# ---- the matrix

# Sets the arrays of the rows wanted, by label.
read_matrix() { # LABEL...
  local label arch abi suite package parameters
  while read -r label arch abi suite package parameters; do
    [[ -n ${label} && ${label} != '#'* ]] || continue
    if (($# > 0)) && [[ " $* " != *" ${label} "* ]]; then continue; fi
    labels+=("${label}")
    arch_of[${label}]=${arch} abi_of[${label}]=${abi} suite_of[${label}]=${suite}
    package_of[${label}]=${package} parameters_of[${label}]=${parameters}
  done <"${HERE}/matrix"
  ((${#labels[@]} > 0)) || fail "no such kernel in the matrix: $*"
}

# Sets ${kernel_of}; a kernel that cannot be downloaded is reported at once.
fetch_all() {
  local label kernel
  for label in "${labels[@]}"; do
    if kernel=$("${HERE}/vm.sh" -a "${arch_of[${label}]}" fetch "${suite_of[${label}]}" "${package_of[${label}]}" \
      2>"${WORK}/${label}.fetch"); then
      kernel_of[${label}]=${kernel}
    else
      missing+=("${label}")
      printf 'SKIPPED %s: %s\n' "${label}" "$(tail -n 1 "${WORK}/${label}.fetch")" >&2
    fi
  done
}

# A guest that crashes or hangs is the emulator's fault unless it does so twice.
boot() { # LABEL
  local label=$1 arch=${arch_of[$1]} built status=0 limit=${LIMIT} folder=${WORK}/$1
  local -a programs
  local -i start=${SECONDS}
  place_of "${arch}"
  if [[ ${arch} == arm64 ]]; then limit=$((2 * LIMIT)); fi
  mkdir -p "${folder}"
  printf 'ABI=%s\n' "${abi_of[${label}]}" >"${folder}/expected"
  "${HERE}/vm.sh" -a "${arch}" -t "${limit}" -k "${parameters_of[${label}]}" run "${kernel_of[${label}]}" \
    "${HERE}/guest/main.sh" "${HERE}"/guest/*.sh "${HERE}/guest/gaps.txt" "${ROOT}/tests/escapes/known.txt" \
    "${folder}/expected" "${built}"/{ll-exec,ll-net,ll-ns,ll-repeat} "${programs[@]}" >"${WORK}/${label}.log" 2>&1 || status=$?
  if ((status == 124 || status == 125)) && [[ ! -e ${folder}/again ]]; then
    : >"${folder}/again"
    cp "${WORK}/${label}.log" "${WORK}/${label}.first-log"
    printf '%s: the guest died or hung (status %d), once more\n' "${label}" "${status}" >&2
    boot "${label}"
    return
  fi
  # A guest that did not finish has failed, whatever it printed before.
  if ((status != 0)) || ! grep -q -x 'done' "${WORK}/${label}.log"; then
    printf 'FAILED\tboot\tthe guest did not come to its end (status %d)\n' "${status}" >>"${WORK}/${label}.log"
  fi
  printf '%-13s %4d s  %s\n' "${label}" "$((SECONDS - start))" "$(sed -n 's/^kernel\t//p' "${WORK}/${label}.log")" >&2
}

# The last of the matrix first: they take the longest, and should not run alone at the end.
boot_all() {
  local label
  local -i running=0 number
  for ((number = ${#labels[@]} - 1; number >= 0; number--)); do
    label=${labels[number]}
    [[ -n ${kernel_of[${label}]:-} ]] || continue
    if ((running == JOBS)); then
      wait -n || true
      running=$((running - 1))
    fi
    boot "${label}" &
    running=$((running + 1))
  done
  wait
}

# ---- results

# The same plan for an ABI on every kernel, whatever that kernel has itself.
compare_plans() {
  local key plan label
  local -A plans=() first=()
  local -i different=0
  for label in "${!kernel_of[@]}"; do
    while IFS=$'\t' read -r _ key plan; do
      if [[ -z ${plans[${key}]:-} ]]; then
        plans[${key}]=${plan} first[${key}]=${label}
      elif [[ ${plans[${key}]} != "${plan}" ]]; then
        printf 'FAILED  --explain --abi prints another plan on %s than on %s: policy, ABI %s\n' \
          "${label}" "${first[${key}]}" "${key}"
        different+=1
      fi
    done < <(grep $'^plan\t' "${WORK}/${label}.log")
  done
  failed+=different
  passed+=$((${#plans[@]} - different > 0 ? ${#plans[@]} - different : 0))
}

# count LABEL PROMISE: sets ${ok}, ${bad} and ${left}.
# shellcheck disable=SC2034
count() {
  read -r ok bad left < <(awk -F '\t' -v promise="$2" '
    $2 == promise { n[$1]++ }
    END { print n["ok"] + 0, n["FAILED"] + 0, n["skipped"] + 0 }' "${WORK}/$1.log")
}

print_row() { # LABEL
  local label=$1 promise cell
  local -i ok bad left
  printf '%-13s' "${label}"
  if [[ -z ${kernel_of[${label}]:-} ]]; then
    printf ' SKIPPED: it could not be had\n'
    return
  fi
  for promise in "${PROMISES[@]}"; do
    count "${label}" "${promise}"
    passed+=ok failed+=bad skipped+=${left}
    cell=${ok}
    if ((bad > 0)); then cell="${bad}!"; fi
    if ((ok + bad == 0)); then cell=-; fi
    printf ' %*s' "${#promise}" "${cell}"
  done
  count "${label}" boot
  failed+=bad
  printf '%s\n' "$( ((bad == 0)) || printf ' DID NOT END')"
}

print_table() {
  local label
  printf '\n%-13s' kernel
  printf ' %s' "${PROMISES[@]}"
  printf '\n'
  for label in "${labels[@]}"; do print_row "${label}"; done
  printf 'a number: so many tests passed; N!: so many failed; -: not a promise there\n'
}

print_failures() {
  local label
  for label in "${!kernel_of[@]}"; do
    sed -n "s/^FAILED\t\([^\t]*\)\t/FAILED  ${label}: \1: /p" "${WORK}/${label}.log"
    if grep -q $'^FAILED\tboot' "${WORK}/${label}.log"; then tail -n 20 "${WORK}/${label}.log"; fi
  done
}

print_skipped() {
  local title
  ((skipped == 0)) || printf '\nnot possible without a sandbox either, so not counted, and on how many kernels:\n'
  while read -r title; do printf '    %s\n' "${title}"; done < <(
    cat "${WORK}"/*.log | sed -n 's/^skipped\tescapes\t\([^:]*\):.*/\1/p' | sort | uniq -c | sort -k1,1nr -k2 |
      awk '{ printf "%s%s %s", (NR > 1 && NR % 4 == 1 ? "\n" : (NR > 1 ? ", " : "")), $2, $1 } END { if (NR) print "" }'
  )
}

main() {
  local label
  local -a labels=() missing=()
  local -A arch_of=() abi_of=() suite_of=() package_of=() parameters_of=() kernel_of=()
  local -i passed=0 failed=0 skipped=0 ran=0
  while (($# > 0)); do
    case $1 in
      --at-least) AT_LEAST=${2:?} && shift ;;
      --jobs) JOBS=${2:?} && shift ;;
      --build) BUILD=${2:?} && shift ;;
      --keep) LOGS=${2:?} && shift ;;
      -*) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}" && exit 2 ;;
      *) break ;;
    esac
    shift
  done
  if (($# > 0)); then AT_LEAST=0; fi
  [[ $(uname -m) == x86_64 ]] || fail 'this is for an x86-64 machine: others would need another cross compiler'
  BUILD=$(mkdir -p "${BUILD}" && cd "${BUILD}" && pwd)
  WORK=$(mktemp -d)
  trap 'rm -rf -- "${WORK}"' EXIT
  read_matrix "$@"
  while read -r label; do build_for "${label}"; done < <(printf '%s\n' "${arch_of[@]}" | sort -u)
  fetch_all
  boot_all
  print_failures
  print_table
  for label in "${!kernel_of[@]}"; do
    if [[ ${arch_of[${label}]} == amd64 ]]; then ran+=1; fi
  done
  compare_plans
  print_skipped
  if [[ -n ${LOGS} ]]; then mkdir -p "${LOGS}" && cp "${WORK}"/*log "${LOGS}"; fi
  if ((ran < AT_LEAST)); then
    printf 'FAILED  only %d amd64 kernels ran, and %d must\n' "${ran}" "${AT_LEAST}"
    failed+=1
  fi
  if ((${#missing[@]} > 0)); then printf 'kernels skipped, as they could not be had: %s\n' "${missing[*]}"; fi
  printf '%d passed, %d failed\n' "${passed}" "${failed}"
  ((failed == 0))
}

main "$@"
