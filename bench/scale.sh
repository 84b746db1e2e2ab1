#!/bin/bash -p
# What a policy costs a start, and a million of them: scale.sh [--rounds N] [--starts N] [--build DIR]
# Each start is measured next to a bare one of the same round; then so many starts (20,000) are run as a queue of jobs would,
# as many at a time as there are processors, bare and sandboxed, and compared with what the single starts predict. As the user
# who calls, with LANG as it is. Prints the table of docs/scale.md.
set -Eeuo pipefail

REPO=$(cd -- "${BASH_SOURCE[0]%/*}/.." && pwd -P)
BUILD=${REPO}/build
ROUNDS=300
STARTS=20000
WORK=

die() {
  printf 'scale: %s\n' "$1" >&2
  exit 2
}

parse_arguments() {
  while (($# > 0)); do
    (($# > 1)) || die "${1} wants a value"
    case $1 in
      --rounds) ROUNDS=$2 ;;
      --starts) STARTS=$2 ;;
      --build) BUILD=$(cd -- "$2" && pwd -P) ;;
      *) die "unknown option '$1'" ;;
    esac
    shift 2
  done
}

# The rows: a name, and the words before /bin/true.
readonly -a NAMES=(base ffmpeg build sandbox.sh 'sandbox.sh -p ffmpeg')
words_of() { # NAME
  case $1 in
    base) WORDS=("${BUILD}/ll-exec" -q -p base --rx /bin/true --) ;;
    ffmpeg) WORDS=("${BUILD}/ll-exec" -q -p ffmpeg --rx /bin/true --) ;;
    build) WORDS=("${BUILD}/ll-exec" -q -p build --rx /bin/true --) ;;
    sandbox.sh) WORDS=("${BUILD}/sandbox.sh" -q) ;;
    *) WORDS=("${BUILD}/sandbox.sh" -q -p ffmpeg --rx /bin/true --) ;;
  esac
}

number_of() { # KIND NAME FIELD
  awk -F , -v kind="$1" -v name="$2" -v field="$3" '$1 == kind && $2 == name { print $field }' "${WORK}/starts"
}

measure_starts() {
  local name
  local -a commands=(:: bare /bin/true)
  for name in "${NAMES[@]}"; do
    words_of "${name}"
    commands+=(:: "${name}" "${WORDS[@]}" /bin/true)
  done
  startup --rounds "${ROUNDS}" --base bare "${commands[@]}" >"${WORK}/starts"
}

# Seconds on the wall that so many starts take, as many at a time as there are processors.
seconds_of() { # COMMAND...
  local start=${EPOCHREALTIME/./} end
  seq "${STARTS}" | xargs -P "$(nproc)" -I '{}' "$@" >/dev/null
  end=${EPOCHREALTIME/./}
  awk -v us="$((end - start))" 'BEGIN { printf "%.1f\n", us / 1e6 }'
}

print_row() { # NAME
  local name=$1 added low high
  added=$(number_of added "${name}" 4) low=$(number_of added "${name}" 5) high=$(number_of added "${name}" 6)
  awk -v name="${name}" -v added="${added}" -v low="${low}" -v high="${high}" 'BEGIN {
    printf "| `%s` | %.2f ms (%.2f to %.2f) | %.0f min |\n", name, added / 1e3, low / 1e3, high / 1e3, added / 60 }'
}

check() { # NAME
  local bare sandboxed added
  words_of "$1"
  bare=$(seconds_of /bin/true)
  sandboxed=$(seconds_of "${WORDS[@]}" /bin/true)
  added=$(number_of added "$1" 4)
  awk -v name="$1" -v bare="${bare}" -v sandboxed="${sandboxed}" -v added="${added}" -v n="${STARTS}" -v p="$(nproc)" 'BEGIN {
    foretold = added * n / p / 1e6
    printf "%d starts, %d at a time: bare %.1f s, `%s` %.1f s: %.1f s more; the single starts predict %.1f s\n",
      n, p, bare, name, sandboxed, sandboxed - bare, foretold }'
}

main() {
  parse_arguments "$@"
  [[ -x ${BUILD}/bench/startup ]] || die "build it first: scripts/build.sh ${BUILD} -- ll-exec ll-net ll-ns bench-programs"
  PATH=${BUILD}:${BUILD}/bench:${PATH}
  mkdir -p ~/.cache/ll-exec # of the policy `build`
  WORK=$(mktemp -d /var/tmp/ll-scale.XXXXXX)
  trap 'rm -rf -- "${WORK}"' EXIT
  cd "${WORK}"
  measure_starts
  local name
  printf '| policy | overhead of a start | of a million a day, on one processor |\n|---|---|---|\n'
  for name in "${NAMES[@]}"; do print_row "${name}"; done
  printf '\n'
  check base
  check ffmpeg
  check sandbox.sh
}

main "$@"
