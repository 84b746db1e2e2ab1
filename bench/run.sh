#!/bin/bash -p
# Measures the overhead of ll-exec, at the start of a command and while it runs, prints one line for each
# threshold, and fails if one is exceeded. README.md explains the output.
set -Eeuo pipefail
shopt -s inherit_errexit
export LC_ALL=C

BENCH=$(cd -- "${BASH_SOURCE[0]%/*}" && pwd -P)
REPO=${BENCH%/*}
BUILD=${REPO}/build
ALL_PARTS=(startup footprint rules tools layers calls programs traced repeats filter overlay hosts library)
PARTS=("${ALL_PARTS[@]}")
ROUNDS=300
WORK=    # everything that is started
RAW=     # what the measuring programs print
TABLES=  # the figures, until all are there
RESULTS= # where they go then
USERS=()
TOOLS=()
PROGRAMS=()
TRACED=()
declare -A VERSIONS=()

# shellcheck source=bench/sandboxes.sh
. "${BENCH}/sandboxes.sh"
# shellcheck source=bench/tables.sh
. "${BENCH}/tables.sh"
# shellcheck source=bench/thresholds.sh
. "${BENCH}/thresholds.sh"
# shellcheck source=bench/starting.sh
. "${BENCH}/starting.sh"
# shellcheck source=bench/running.sh
. "${BENCH}/running.sh"
# shellcheck source=bench/repeats.sh
. "${BENCH}/repeats.sh"
# shellcheck source=bench/overlay.sh
. "${BENCH}/overlay.sh"
# shellcheck source=bench/hosts.sh
. "${BENCH}/hosts.sh"
# shellcheck source=bench/library.sh
. "${BENCH}/library.sh"

usage() {
  cat <<END
usage: bench/run.sh [--rounds N] [--quick] [--parts PART,PART...] [--build DIR] [--csv DIR]
  --rounds N     runs of every command (300; the thresholds hold for 300 or more)
  --quick        60 rounds: a rough result
  --parts LIST   some of ${ALL_PARTS[*]}
  --build DIR    directory of the programs (build)
  --csv DIR      directory for figures and charts (DIR/bench of the build)
LL_EXEC=FILE     the loader to measure (DIR/ll-exec)
END
}

die() {
  printf 'bench: %s\n' "$1" >&2
  exit 2
}

choose_parts() { # LIST
  local part
  IFS=, read -r -a PARTS <<<"$1"
  ((${#PARTS[@]} > 0)) || die '--parts wants a list'
  for part in "${PARTS[@]}"; do
    [[ " ${ALL_PARTS[*]} " == *" ${part} "* ]] || die "no part '${part}': ${ALL_PARTS[*]}"
  done
}

parse_arguments() {
  while (($# > 0)); do
    case $1 in
      --rounds)
        (($# > 1)) || die '--rounds wants a number'
        [[ $2 =~ ^[1-9][0-9]{0,6}$ ]] || die "--rounds wants a number, not '$2'"
        ROUNDS=$2
        shift
        ;;
      --quick) ROUNDS=60 ;;
      --parts)
        (($# > 1)) || die '--parts wants a list'
        choose_parts "$2"
        shift
        ;;
      --build)
        (($# > 1)) || die '--build wants a directory'
        [[ -d $2 ]] || die "no directory '$2'"
        BUILD=$(cd -- "$2" && pwd -P)
        shift
        ;;
      --csv)
        (($# > 1)) || die '--csv wants a directory'
        mkdir -p -- "$2" || die "cannot make the directory '$2'"
        RESULTS=$(cd -- "$2" && pwd -P)
        shift
        ;;
      -h | --help)
        usage
        exit 0
        ;;
      *)
        usage >&2
        exit 2
        ;;
    esac
    shift
  done
  RESULTS=${RESULTS:-${BUILD}/bench}
}

clean_up() {
  [[ -z ${WORK} ]] || rm -rf -- "${WORK}"
}

programs_of() { # PART
  case $1 in
    startup) printf 'bench/floor bench/limit bench/tape bench/target bench/startup' ;;
    footprint) printf 'bench/floor bench/footprint' ;;
    rules) printf 'bench/target bench/startup bench/runtime' ;;
    layers) printf 'bench/target bench/startup ll-ns sandbox.sh' ;;
    calls) printf 'bench/startup bench/runtime' ;;
    traced) printf 'bench/startup ll-trace' ;;
    repeats) printf 'bench/startup bench/runtime ll-repeat' ;;
    filter) printf 'bench/filter' ;;
    library) printf 'bench/target bench/library' ;;
    overlay) printf 'bench/startup ll-ns ll-changes sandbox.sh' ;;
    hosts) printf 'bench/floor bench/startup bench/connects ll-net' ;;
    *) printf 'bench/startup' ;;
  esac
}

# Everything that is started lies in one directory that an ordinary user can enter, so that each
# command pays for the same path, and for the same file system.
make_workspace() {
  local loader=${LL_EXEC:-${BUILD}/ll-exec} part program programs
  [[ -x ${loader} ]] || die "no loader at '${loader}': run make, or set LL_EXEC"
  [[ -w ${RESULTS} ]] || die "cannot write the figures to '${RESULTS}'"
  trap clean_up EXIT
  trap 'exit 130' INT TERM HUP
  WORK=$(mktemp -d /tmp/ll-bench.XXXXXX)
  RAW=${WORK}/raw
  TABLES=${WORK}/tables
  chmod 755 "${WORK}"
  mkdir "${WORK}"/{bin,out,job,policies,raw,tables} "${WORK}/bin/open"
  chmod 777 "${WORK}/out" "${WORK}/bin/open"
  mkdir -p "${WORK}"/many/{001..999}
  for part in "${PARTS[@]}"; do
    programs=$(programs_of "${part}")
    for program in ${programs}; do
      [[ -x ${BUILD}/${program} ]] ||
        die "no ${BUILD}/${program}: cmake --build '${BUILD}' --target all bench-programs"
      cp -- "${BUILD}/${program}" "${WORK}/bin/"
    done
  done
  cp -- "${loader}" "${WORK}/bin/ll-exec"
  cp -- "${REPO}"/policies/*.policy "${WORK}/policies/"
  ln -s ../policies "${WORK}/bin/policies"
  "${WORK}/bin/ll-exec" --version >/dev/null || die "cannot execute files in '${WORK}'"
}

# The caller, and if that is root an ordinary user too, whose loader has less to do: there is no
# capability bounding set to empty. The last of them is the one that bars count system calls for.
choose_users() {
  if ((EUID != 0)); then
    USERS=(user)
  elif type -P setpriv >/dev/null; then
    USERS=(root user)
    chown 65534:65534 "${WORK}/job"
  else
    USERS=(root)
    printf 'note: no setpriv here, so nothing is measured as an ordinary user\n'
  fi
}

# In the language that most have: a shell that starts in it loads more than in C.
run_as() { # USER COMMAND...
  local who=$1
  shift
  if [[ ${who} == user ]] && ((EUID == 0)); then
    setpriv --reuid 65534 --regid 65534 --clear-groups -- \
      env -u LC_ALL -u XDG_CONFIG_HOME LANG=C.UTF-8 HOME=/nonexistent "$@"
  else
    env -u LC_ALL LANG=C.UTF-8 "$@"
  fi
}

describe_machine() {
  local commit kernel release cpus model system=unknown
  commit=$(git -C "${REPO}" describe --always --dirty --exclude '*' 2>/dev/null) || commit=unknown
  release=$(uname -r)
  kernel="Linux ${release%%-*} $(uname -m)" # what follows a dash names a build, mostly somebody's own
  cpus=$(nproc)
  model=$(awk -F': *' '/^model name/ { print $2; exit }' /proc/cpuinfo)
  # shellcheck source=/dev/null
  system=$(. /etc/os-release 2>/dev/null && printf '%s' "${PRETTY_NAME:-unknown}") || :
  printf 'll-exec bench: %s, %s CPUs (%s), commit %s, %s rounds\n' \
    "${kernel}" "${cpus}" "${model:-unnamed}" "${commit}" "${ROUNDS}"
  printf 'rules: rx %s; ro %s; rw %s\n' "${RX[*]}" "${RO[*]}" "${RW[*]}"
  record_machine kernel "${kernel}"
  record_machine system "${system}"
  record_machine cpus "${cpus}"
  record_machine cpu "${model:-unnamed}"
  record_machine commit "${commit}"
  record_machine rounds "${ROUNDS}"
  record_machine parts "${PARTS[*]}"
}

# All at once, so that a run that was broken off leaves those of the last one.
keep_results() {
  local tool missing=
  for tool in "${OTHER_TOOLS[@]}"; do
    [[ -z ${VERSIONS[${tool}]:-} ]] || record_machine "${tool}" "${VERSIONS[${tool}]}"
  done
  if type -P gnuplot >/dev/null; then
    "${BENCH}/charts.sh" "${TABLES}"
  else
    missing=', without charts: there is no gnuplot here'
  fi
  cp -- "${TABLES}"/* "${RESULTS}/"
  printf '\nfigures and charts are in %s%s\n' "${RESULTS}" "${missing}"
  (cd "${TABLES}" && printf '  %s\n' *)
}

main() {
  local part
  parse_arguments "$@"
  make_workspace
  choose_rules
  write_policy
  choose_users
  describe_machine
  for part in "${PARTS[@]}"; do "measure_${part}"; done
  printf '\n%-54s %9s  %-10s\n' bars measured bar
  for part in "${PARTS[@]}"; do "judge_${part}"; done
  keep_results
  if ((${#FAILED[@]} > 0)); then
    printf '\nbench: over the bar:\n' >&2
    printf '  %s\n' "${FAILED[@]}" >&2
    exit 1
  fi
  printf '\nbench: all bars hold\n'
}

main "$@"
