#!/bin/bash -p
# Measures what a command costs more through ll-exec, at its start and while it runs, prints one
# line for each bar, and fails if one does not hold. README.md says how to read it.
set -Eeuo pipefail
shopt -s inherit_errexit
export LC_ALL=C

REPO=$(cd -- "${BASH_SOURCE[0]%/*}/.." && pwd -P)
BUILD=${REPO}/build
ROUNDS=300
WORK=
RESULTS=
USERS=()
TOOLS=()
PROGRAMS=()
TRACED=()
STRACE=
RX=() RO=() RW=()
WORDS=()
FAILED=()
BWRAP_PROGRAM=

usage() {
  cat <<'END'
usage: bench/run.sh [--rounds N] [--quick] [--build DIR]
  --rounds N   how often every command is run (300; the bars are stated for 300 or more)
  --quick      60 rounds: a first impression
  --build DIR  where the programs are, and where DIR/bench/*.csv goes (build)
LL_EXEC=FILE   the loader to measure (DIR/ll-exec)
END
}

die() {
  printf 'bench: %s\n' "$1" >&2
  exit 2
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
      --build)
        (($# > 1)) || die '--build wants a directory'
        [[ -d $2 ]] || die "no directory '$2'"
        BUILD=$(cd -- "$2" && pwd -P)
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
}

clean_up() {
  [[ -z ${WORK} ]] || rm -rf -- "${WORK}"
}

# Everything that is started lies in one directory that an ordinary user can enter, so that each
# command pays for the same path, and for the same file system.
make_workspace() {
  local loader=${LL_EXEC:-${BUILD}/ll-exec} program
  [[ -x ${loader} ]] || die "no loader at '${loader}': run make, or set LL_EXEC"
  for program in ll-ns ll-trace; do
    [[ -x ${BUILD}/${program} ]] || die "no ${BUILD}/${program}: run make"
  done
  for program in floor target startup footprint runtime filter; do
    [[ -x ${BUILD}/bench/${program} ]] ||
      die "no ${BUILD}/bench/${program}: cmake --build '${BUILD}' --target bench-programs"
  done
  [[ -w ${BUILD}/bench ]] || die "cannot write the results to '${BUILD}/bench'"
  trap clean_up EXIT
  trap 'exit 130' INT TERM HUP
  WORK=$(mktemp -d /tmp/ll-bench.XXXXXX)
  chmod 755 "${WORK}"
  mkdir "${WORK}/bin" "${WORK}/out" "${WORK}/job" "${WORK}/policies"
  mkdir -p "${WORK}"/many/{001..999}
  cp -- "${BUILD}"/bench/{floor,target,startup,footprint,runtime,filter} "${WORK}/bin/"
  cp -- "${loader}" "${WORK}/bin/ll-exec"
  cp -- "${BUILD}/ll-ns" "${BUILD}/ll-trace" "${BUILD}/sandbox.sh" "${WORK}/bin/"
  cp -- "${REPO}"/policies/*.policy "${WORK}/policies/"
  ln -s ../policies "${WORK}/bin/policies"
  "${WORK}/bin/target" || die "cannot execute files in '${WORK}'"
}

# First N of the candidates that this machine has: not every system has /lib64.
choose_paths() {
  local -n chosen=$1
  local -i wanted=$2
  local path
  shift 2
  for path; do
    if ((${#chosen[@]} < wanted)) && [[ -d ${path} ]]; then
      chosen+=("${path}")
    fi
  done
  ((${#chosen[@]} == wanted)) || die "fewer than ${wanted} of these exist: $*"
}

# Twelve, and nothing writable above the policy file, which ll-exec would rightly warn about.
choose_rules() {
  choose_paths RX 5 /usr /bin /lib /lib64 /sbin /usr/bin /usr/lib
  choose_paths RO 3 /etc /opt /srv /usr/share /home
  choose_paths RW 2 /var/tmp /dev/shm /run
  RX+=("${WORK}/bin")
  RW+=("${WORK}/out")
}

# --- the same rules in the language of each tool: into WORDS, without the command -----------------
# A tool that could do more in the same run (namespaces, filters) is not asked to, so that each is
# compared at its fastest.

add_rules() { # WORD_BEFORE_RX WORD_BEFORE_RO WORD_BEFORE_RW
  local path
  for path in "${RX[@]}"; do WORDS+=("$1" "${path}"); done
  for path in "${RO[@]}"; do WORDS+=("$2" "${path}"); done
  for path in "${RW[@]}"; do WORDS+=("$3" "${path}"); done
}

words_of_ll_exec() {
  WORDS=("${WORK}/bin/ll-exec")
  add_rules --rx --ro --rw
  WORDS+=(--)
}

words_of_bwrap() {
  local path
  WORDS=("$1")
  for path in "${RX[@]}" "${RO[@]}"; do WORDS+=(--ro-bind "${path}" "${path}"); done
  for path in "${RW[@]}"; do WORDS+=(--bind "${path}" "${path}"); done
  WORDS+=(--)
}

words_of_firejail() {
  local path
  WORDS=("$1" --quiet --noprofile)
  for path in "${RX[@]}"; do WORDS+=("--read-only=${path}"); done
  for path in "${RO[@]}"; do WORDS+=("--read-only=${path}" "--noexec=${path}"); done
  for path in "${RW[@]}"; do WORDS+=("--read-write=${path}" "--noexec=${path}"); done
  WORDS+=(--)
}

words_of_landrun() {
  WORDS=("$1" --log-level error --best-effort)
  add_rules --rox --ro --rw
  WORDS+=(--)
}

words_of_minijail0() {
  WORDS=("$1" --logging=stderr -n)
  add_rules --fs-path-rx --fs-path-ro --fs-path-advanced-rw
  WORDS+=(--)
}

words_of_nsjail() {
  WORDS=("$1" --mode o --really_quiet --disable_proc --disable_rlimits --time_limit 0
    --disable_clone_newnet --disable_clone_newipc --disable_clone_newuts --disable_clone_newcgroup)
  add_rules --bindmount_ro --bindmount_ro --bindmount
  WORDS+=(--)
}

words_of_setpriv() {
  local read=read-file,read-dir path
  local write=${read},write-file,remove-dir,remove-file
  write+=,make-dir,make-reg,make-sock,make-fifo,make-sym
  WORDS=("$1" --no-new-privs --landlock-access fs)
  for path in "${RX[@]}"; do
    WORDS+=(--landlock-rule "path-beneath:${read},execute:${path}")
  done
  for path in "${RO[@]}"; do WORDS+=(--landlock-rule "path-beneath:${read}:${path}"); done
  for path in "${RW[@]}"; do WORDS+=(--landlock-rule "path-beneath:${write}:${path}"); done
  WORDS+=(--)
}

# The word that a tool's help must have, because older versions know no file rules.
needed_option() {
  case $1 in
    setpriv) printf '%s' --landlock-access ;;
    minijail0) printf '%s' --fs-path-rx ;;
    *) ;;
  esac
}

# --- measuring ------------------------------------------------------------------------------------

# The caller, and if that is root an ordinary user too, whose loader has less to do: there is no
# capability bounding set to empty. The last of them is the one that bars count system calls for.
choose_users() {
  if ((EUID != 0)); then
    USERS=(user)
  elif type -P setpriv >/dev/null; then
    USERS=(root user)
  else
    USERS=(root)
    printf 'note: no setpriv here, so nothing is measured as an ordinary user\n'
  fi
  if ((EUID == 0)) && [[ ${USERS[-1]} == user ]]; then
    chown 65534:65534 "${WORK}/job"
  fi
}

run_as() { # USER COMMAND...
  local who=$1
  shift
  if [[ ${who} == user ]] && ((EUID == 0)); then
    setpriv --reuid 65534 --regid 65534 --clear-groups -- env -u XDG_CONFIG_HOME HOME=/nonexistent "$@"
  else
    "$@"
  fi
}

write_policy() {
  local path
  {
    for path in "${RX[@]}"; do printf 'rx %s\n' "${path}"; done
    for path in "${RO[@]}"; do printf 'ro %s\n' "${path}"; done
    for path in "${RW[@]}"; do printf 'rw %s\n' "${path}"; done
  } >"${WORK}/twelve.policy"
}

measure_startup() { # CSV USER COMMAND
  local csv=$1 who=$2 command=$3
  local bin=${WORK}/bin
  words_of_ll_exec
  run_as "${who}" "${bin}/startup" --rounds "${ROUNDS}" --base floor --base bare \
    :: bare "${command}" \
    :: floor "${bin}/floor" "${command}" \
    :: options "${WORDS[@]}" "${command}" \
    :: file "${bin}/ll-exec" -p "${WORK}/twelve.policy" -- "${command}" >"${csv}"
}

measure_footprint() { # CSV USER
  local csv=$1 who=$2
  local bin=${WORK}/bin
  words_of_ll_exec
  run_as "${who}" "${bin}/footprint" \
    :: floor "${bin}/floor" /bin/true \
    :: options "${WORDS[@]}" /bin/true \
    :: file "${bin}/ll-exec" -p "${WORK}/twelve.policy" -- /bin/true >"${csv}"
}

# N rules: one for the command, and as many different directories as are missing.
words_of_many() { # N COMMAND...
  local -i wanted=$1
  local directory
  shift
  WORDS=("${WORK}/bin/ll-exec" --rx "${WORK}/bin")
  for directory in "${WORK}"/many/*; do
    ((--wanted > 0)) || break
    WORDS+=(--ro "${directory}")
  done
  WORDS+=(-- "$@")
}

measure_many() { # CSV
  local csv=$1
  local ten hundred thousand
  words_of_many 10 "${WORK}/bin/target"
  ten=("${WORDS[@]}")
  words_of_many 100 "${WORK}/bin/target"
  hundred=("${WORDS[@]}")
  words_of_many 1000 "${WORK}/bin/target"
  thousand=("${WORDS[@]}")
  run_as "${USERS[-1]}" "${WORK}/bin/startup" --rounds "${ROUNDS}" --base bare \
    :: bare "${WORK}/bin/target" \
    :: 10 "${ten[@]}" :: 100 "${hundred[@]}" :: 1000 "${thousand[@]}" >"${csv}"
}

# Prints why a tool cannot be compared with, or nothing if it can. WORDS is its command line.
why_not() { # TOOL FILE
  local tool=$1 file=$2 option help errors
  option=$(needed_option "${tool}")
  if [[ -n ${option} ]]; then
    help=$("${file}" --help 2>&1) || :
    if [[ ${help} != *"${option}"* ]]; then
      printf 'this version has no %s' "${option}"
      return
    fi
  fi
  if ! errors=$("${WORDS[@]}" /bin/true 2>&1 </dev/null); then
    errors=${errors%%$'\n'*}
    printf 'does not run here: %s' "${errors:-no message}"
  fi
}

# Measures those that are here into TOOLS, and says why the others are missing.
measure_tools() { # CSV
  local csv=$1 tool file reason
  local groups=()
  for tool in bwrap firejail landrun setpriv minijail0 nsjail; do
    file=$(type -P "${tool}") || {
      printf '  %-10s not on PATH\n' "${tool}"
      continue
    }
    "words_of_${tool}" "${file}"
    reason=$(why_not "${tool}" "${file}")
    if [[ -n ${reason} ]]; then
      printf '  %-10s %s\n' "${tool}" "${reason}"
      continue
    fi
    TOOLS+=("${tool}")
    groups+=(:: "${tool}" "${WORDS[@]}" /bin/true)
  done
  words_of_ll_exec
  "${WORK}/bin/startup" --rounds "${ROUNDS}" --base bare \
    :: bare /bin/true :: ll-exec "${WORDS[@]}" /bin/true "${groups[@]}" >"${csv}"
}

# The same namespaces and the same root for bwrap and ll-ns: /usr, some files of /etc, /tmp, /proc, /dev.
words_of_roots() {
  local path
  BWRAP=(--unshare-all --tmpfs /tmp --proc /proc --dev /dev --ro-bind /usr /usr)
  NS=(--loader "${WORK}/bin/ll-exec" --rx /usr)
  for path in /bin /sbin /lib /lib64; do
    if [[ -L ${path} ]]; then
      BWRAP+=(--symlink "usr${path}" "${path}")
      NS+=(--ro "${path}")
    elif [[ -d ${path} ]]; then
      BWRAP+=(--ro-bind "${path}" "${path}")
      NS+=(--rx "${path}")
    fi
  done
  for path in /etc/passwd /etc/group /etc/ld.so.cache /etc/nsswitch.conf /etc/ssl/certs "${WORK}/bin/target"; do
    [[ -e ${path} ]] || continue
    BWRAP+=(--ro-bind "${path}" "${path}")
    NS+=(--rx "${path}")
  done
  NS+=(--tmpfs /tmp --proc --private-dev)
}

# A wrapper that does nothing but put bwrap's command line together, as people write them.
write_bwrap_script() { # FILE
  {
    printf '#!/usr/bin/env bash\nset -Eeuo pipefail\nexec %q' "${BWRAP_PROGRAM}"
    printf ' %q' "${BWRAP[@]}"
    printf ' -- "$@"\n'
  } >"$1"
  chmod 755 -- "$1"
}

# Both walls against bwrap's one.
measure_walls() { # CSV COMMAND
  local bin=${WORK}/bin
  local -a BWRAP=() NS=()
  words_of_roots
  write_bwrap_script "${bin}/bwrap.sh"
  run_as "${USERS[-1]}" "${bin}/startup" --rounds "${ROUNDS}" --base bwrap --base bwrap.sh \
    :: bwrap "${BWRAP_PROGRAM}" "${BWRAP[@]}" "$2" \
    :: bwrap.sh "${bin}/bwrap.sh" "$2" \
    :: ll-ns "${bin}/ll-ns" "${NS[@]}" -- "$2" \
    :: sandbox.sh "${bin}/sandbox.sh" --rx "${bin}/target" -- "$2" >"$1"
}

# --- while it runs --------------------------------------------------------------------------------

# Two commands against each other.
measure_pair() { # CSV CLOCK ROUNDS BASE :: NAME COMMAND... :: NAME COMMAND...
  local csv=$1 clock=$2 rounds=$3 base=$4
  shift 4
  run_as "${USERS[-1]}" "${WORK}/bin/startup" --clock "${clock}" --rounds "${rounds}" --warmup 2 \
    --base "${base}" "$@" >"${csv}"
}

# One row: the medians of both and the ratio.
print_pair() { # TITLE CSV BASE NAME UNIT DIVISOR
  local unit=$5 divisor=$6 base name ratio low high
  base=$(number_of "$2" time "$3" '' 4)
  name=$(number_of "$2" time "$4" '' 4)
  ratio=$(number_of "$2" ratio "$4" "$3" 4)
  low=$(number_of "$2" ratio "$4" "$3" 5)
  high=$(number_of "$2" ratio "$4" "$3" 6)
  base=$(divide "${base}" "${divisor}")
  name=$(divide "${name}" "${divisor}")
  printf '  %-20s %10.1f %10.1f  %-10s %8.3f  (%.3f to %.3f)\n' \
    "$1" "${base}" "${name}" "${unit}" "${ratio}" "${low}" "${high}"
}

# The twelve rules, and what the loops and programs need besides.
words_of_job() {
  words_of_ll_exec
  unset 'WORDS[-1]'
  WORDS+=(--rw "${WORK}/job" --ro /dev/zero --dev /dev/null --)
}

measure_loops() {
  local loop=${WORK}/bin/runtime name csv
  local -a bare one
  for name in getpid read; do
    bare=("${loop}" "${name}")
    [[ ${name} == getpid ]] || bare+=(/dev/zero)
    words_of_job
    csv=${RESULTS}/runtime-${name}.csv
    measure_pair "${csv}" own "${ROUNDS}" bare :: bare "${bare[@]}" \
      :: sandboxed "${WORDS[@]}" "${bare[@]}"
    print_pair "${name} loop" "${csv}" bare sandboxed 'ns a call' 1
  done
  words_of_many 1 "${loop}" open "${WORK}/bin/target"
  one=("${WORDS[@]}")
  words_of_many 1000 "${loop}" open "${WORK}/bin/target"
  csv=${RESULTS}/runtime-open.csv
  measure_pair "${csv}" own "${ROUNDS}" one :: one "${one[@]}" :: thousand "${WORDS[@]}"
  print_pair 'open+close, 1/1,000' "${csv}" one thousand 'ns a call' 1
}

# The same file on every machine: some thousand lines, with what real ones have in them.
write_c_file() {
  awk 'BEGIN {
    print "#include <errno.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <stdlib.h>"
    print "#include <string.h>\n#include <time.h>\n"
    for (i = 0; i < 240; i++) {
      printf "struct item_%d {\n  int64_t keys[%d];\n  char name[32];\n};\n\n", i, i % 7 + 2
      printf "int64_t work_%d(struct item_%d *item, int64_t seed) {\n", i, i
      printf "  int64_t sum = seed;\n  for (int i = 0; i < %d; i++) {\n", i % 7 + 2
      printf "    if (item->keys[i] %% %d == 0)\n      sum += item->keys[i] * %d;\n", i % 11 + 2, i
      printf "    else\n      sum ^= (int64_t)strlen(item->name) << (i & 7);\n  }\n"
      printf "  if (sum < 0)\n    fprintf(stderr, \"%%s: %d\\n\", strerror(errno));\n", i
      printf "  return sum;\n}\n\n"
    }
  }' >"${WORK}/job/code.c"
}

# --- each fills WORDS with a whole program, or prints why it cannot be measured -------------------

words_of_ffmpeg() {
  local film=${WORK}/job/in.mp4
  WORDS=("${PROGRAM}" -nostdin -loglevel error -y -i "${film}" -c:v mpeg4 "${WORK}/job/out.mp4")
  "${PROGRAM}" -nostdin -loglevel error -y -f lavfi -i testsrc=duration=3:size=640x360:rate=25 \
    -c:v mpeg4 "${film}" 2>/dev/null || printf 'has no testsrc or no mpeg4'
}

words_of_gcc() {
  write_c_file
  WORDS=("${PROGRAM}" -c -o "${WORK}/job/code.o" "${WORK}/job/code.c")
}

# Without the directories that only root can read: find would end with status 1.
words_of_find() {
  local directory
  local -a unreadable=()
  while IFS= read -r directory; do
    unreadable+=(-path "${directory}" -prune -o)
  done < <(run_as "${USERS[-1]}" "${PROGRAM}" /usr -type d ! -readable -prune -print 2>/dev/null)
  WORDS=("${PROGRAM}" /usr "${unreadable[@]}" -print)
}

# With matches, and its output thrown away, grep would stop at the first one. sh turns its status.
words_of_grep() {
  local tree
  for tree in /usr/include /usr/share/doc; do
    if [[ -d ${tree} ]] && (($(find "${tree}" -type f | wc -l) > 1000)); then
      # shellcheck disable=SC2016  # the inner shell expands it
      WORDS=(/bin/sh -c '! "$0" -r "$1" "$2"' "${PROGRAM}" 'a line that is nowhere' "${tree}")
      return
    fi
  done
  printf 'neither /usr/include nor /usr/share/doc has a thousand files'
}

# ffmpeg is held by its own policy, the others by the rules of the loops.
sandbox_program() { # NAME
  local -a program=("${WORDS[@]}")
  words_of_job
  if [[ $1 == ffmpeg ]]; then
    WORDS=("${WORK}/bin/ll-exec" -p "${WORK}/policies/ffmpeg.policy" --rx "${PROGRAM}" --)
  fi
  WORDS+=("${program[@]}")
}

# Runs in the directory of the job: what ffmpeg.policy opens is where it is started.
measure_program() { # NAME CSV
  local -a bare=("${WORDS[@]}")
  local -i rounds=$(((ROUNDS + 2) / 3))
  sandbox_program "$1"
  cd "${WORK}/job"
  export TMPDIR=${WORK}/job
  measure_pair "$2" cpu "${rounds}" bare :: bare "${bare[@]}" :: sandboxed "${WORDS[@]}"
}

# What does not run bare is skipped; what runs bare only is an error.
measure_programs() {
  local name csv reason PROGRAM
  for name in ffmpeg gcc find grep; do
    PROGRAM=$(type -P "${name}") || {
      printf '  %-20s not on PATH\n' "${name}"
      continue
    }
    "words_of_${name}" >"${WORK}/reason"
    reason=$(<"${WORK}/reason")
    if [[ -z ${reason} ]] && ! as_job "${WORDS[@]}"; then
      reason='does not run here, not even bare'
    fi
    if [[ -n ${reason} ]]; then
      printf '  %-20s %s\n' "${name}" "${reason}"
      continue
    fi
    csv=${RESULTS}/runtime-${name}.csv
    (measure_program "${name}" "${csv}")
    print_pair "${name}" "${csv}" bare sandboxed 'cpu ms' 1000
    PROGRAMS+=("${name}")
  done
}

as_job() { # COMMAND...
  (cd "${WORK}/job" && TMPDIR=${WORK}/job run_as "${USERS[-1]}" "$@" >/dev/null 2>&1 </dev/null)
}

# ll-trace against strace with the same question, which calls were refused: the time that each adds.
measure_traced() {
  local name csv PROGRAM
  local -i rounds=$(((ROUNDS + 14) / 15))
  local -a bare
  for name in ffmpeg gcc find; do
    PROGRAM=$(type -P "${name}") || continue
    "words_of_${name}" >"${WORK}/reason"
    if [[ -s ${WORK}/reason ]] || ! as_job "${WORDS[@]}"; then continue; fi
    bare=("${WORDS[@]}")
    sandbox_program "${name}"
    WORDS[0]=${WORK}/bin/ll-trace
    csv=${RESULTS}/traced-${name}.csv
    (cd "${WORK}/job" && export TMPDIR=${WORK}/job &&
      run_as "${USERS[-1]}" "${WORK}/bin/startup" --rounds "${rounds}" --warmup 2 --base bare :: bare "${bare[@]}" \
        :: ll-trace "${WORDS[@]}" :: strace "${STRACE}" -f -e trace=%file,%network -o /dev/null "${bare[@]}" 2>/dev/null >"${csv}")
    printf '  %s\n' "${name}"
    print_times "${csv}" bare
    TRACED+=("${name}")
  done
}

print_filters() { # CSV
  awk -F, '
    $1 == "time" { order[++rows] = $2; median[$2] = $4; low[$2] = $5; high[$2] = $6 }
    $1 == "ratio" { ratio[$2] = $4 }
    $1 == "length" { size[$2] = $4; tests[$2] = $5 }
    $1 == "bitmap" { answered[$2] = $4 }
    END {
      printf "  %-14s %10s %10s %10s %13s %13s %16s\n", "", "median us", "p10", "p90",
        "instructions", "x of linear", "calls in bitmap"
      for (row = 1; row <= rows; row++) {
        name = order[row]
        printf "  %-14s %10.1f %10.1f %10.1f %13d", name, median[name], low[name], high[name],
          size[name]
        if (name in ratio) printf " %13.3f %16d", ratio[name], answered[name]
        printf "\n"
      }
    }' "$1"
}

stripped_size() {
  cp -- "${WORK}/bin/ll-exec" "${WORK}/stripped"
  if type -P strip >/dev/null; then
    strip -- "${WORK}/stripped"
  fi
  stat -c %s -- "${WORK}/stripped"
}

# --- reporting ------------------------------------------------------------------------------------

# One number of a startup CSV.
number_of() { # CSV KIND NAME BASE COLUMN
  awk -F, -v kind="$2" -v name="$3" -v base="$4" -v column="$5" \
    '$1 == kind && $2 == name && $3 == base { print $column; found = 1 } END { exit !found }' "$1"
}

count_of() { # FOOTPRINT_CSV NAME COLUMN
  awk -F, -v name="$2" -v column="$3" \
    '$1 == name { print $column; found = 1 } END { exit !found }' "$1"
}

divide() {
  awk -v a="$1" -v b="$2" 'BEGIN { if (b <= 0) print "inf"; else printf "%.3f\n", a / b }'
}

print_times() { # CSV BASE
  awk -F, -v base="$2" '
    $1 == "time" { order[++rows] = $2; median[$2] = $4; low[$2] = $5; high[$2] = $6 }
    $3 == base && $1 == "ratio" { ratio[$2] = $4 }
    $3 == base && $1 == "added" { added[$2] = $4 }
    END {
      printf "  %-10s %10s %10s %10s %12s %12s\n", "", "median us", "p10", "p90",
        "+ us to " base, "x of " base
      for (row = 1; row <= rows; row++) {
        name = order[row]
        printf "  %-10s %10.1f %10.1f %10.1f", name, median[name], low[name], high[name]
        if (name in ratio) printf " %+12.1f %12.3f", added[name], ratio[name]
        printf "\n"
      }
    }' "$1"
}

print_footprint() { # CSV
  awk -F, '
    NR == 1 { $1 = ""; gsub("_", " ") }
    { printf "  %-10s %14s %14s %14s %14s\n", $1, $2, $3, $4, $5 }' OFS=, "$1"
}

# One line of the verdict. EXTRA is for people: the interval, or what the number is made of.
bar() { # NAME MEASURED BAR EXTRA
  local verdict=over
  if awk -v a="$2" -v b="$3" 'BEGIN { exit !(a <= b) }'; then
    verdict=PASS
  else
    FAILED+=("$1")
  fi
  printf '  %-52s %9s  <= %-7s %-5s %s\n' "$1" "$2" "$3" "${verdict}" "$4"
  printf '"%s",%s,%s,%s\n' "$1" "$2" "$3" "${verdict}" >>"${RESULTS}/bars.csv"
}

report_startup() {
  local who command name limit csv ratio low high
  for who in "${USERS[@]}"; do
    for command in true static; do
      limit=1.16
      [[ ${command} == true ]] || limit=1.5
      csv=${RESULTS}/startup-${command}-${who}.csv
      for name in options file; do
        ratio=$(number_of "${csv}" ratio "${name}" floor 4)
        low=$(number_of "${csv}" ratio "${name}" floor 5)
        high=$(number_of "${csv}" ratio "${name}" floor 6)
        printf -v ratio '%.3f' "${ratio}"
        printf -v low '%.3f to %.3f' "${low}" "${high}"
        bar "start-up with the filter: ${command}, ${name}, ${who}" "${ratio}" "${limit}" "${low}"
      done
    done
  done
}

report_tools() {
  local csv=${RESULTS}/tools.csv tool ours theirs ratio
  ours=$(number_of "${csv}" added ll-exec bare 4)
  for tool in "${TOOLS[@]}"; do
    theirs=$(number_of "${csv}" added "${tool}" bare 4)
    ratio=$(divide "${ours}" "${theirs}")
    printf -v theirs '%.0f to %.0f us' "${ours}" "${theirs}"
    bar "added time to that of ${tool}" "${ratio}" 0.25 "${theirs}"
  done
}

report_footprint() {
  local csv=${RESULTS}/footprint-${1}.csv name resident floor calls heap
  floor=$(count_of "${csv}" floor 2)
  for name in options file; do
    resident=$(count_of "${csv}" "${name}" 2)
    heap=$(count_of "${csv}" "${name}" 5)
    calls=$(count_of "${csv}" "${name}" 4)
    bar "resident KiB beyond the floor's, 12 in ${name}" "$((resident - floor))" 200 \
      "${resident} - ${floor}"
    bar "brk and mmap calls, 12 in ${name}" "${heap}" 0 ''
    bar "system calls, 12 in ${name}, as $1" "${calls}" "$((3 * 12 + 30))" '3 a rule + 30'
  done
}

report_walls() {
  local csv=${RESULTS}/walls-true.csv
  [[ -n ${BWRAP_PROGRAM} ]] || return 0
  report_ratio 'll-ns and ll-exec to bwrap, true' 0.56 "${csv}" ll-ns bwrap
  report_ratio 'the same, static' 0.5 "${RESULTS}/walls-static.csv" ll-ns bwrap
  report_ratio 'sandbox.sh to bwrap' 0.92 "${csv}" sandbox.sh bwrap
  report_ratio 'sandbox.sh to a script that starts bwrap' 0.7 "${csv}" sandbox.sh bwrap.sh
}

report_traced() {
  local name csv ours theirs ratio
  for name in "${TRACED[@]}"; do
    csv=${RESULTS}/traced-${name}.csv
    if [[ ${name} == ffmpeg ]]; then
      report_ratio 'll-trace to bare, ffmpeg' 1.3 "${csv}" ll-trace bare
      continue
    fi
    ours=$(number_of "${csv}" added ll-trace bare 4)
    theirs=$(number_of "${csv}" added strace bare 4)
    ratio=$(divide "${ours}" "${theirs}")
    printf -v theirs '%.0f to %.0f us' "${ours}" "${theirs}"
    bar "added time of ll-trace to that of strace, ${name}" "${ratio}" 0.5 "${theirs}"
  done
}

report_flatness() {
  local csv=${RESULTS}/many.csv ten thousand ratio
  ten=$(number_of "${csv}" added 10 bare 4)
  thousand=$(number_of "${csv}" added 1000 bare 4)
  ratio=$(divide "${thousand}" "${ten}")
  printf -v ten '%.0f to %.0f us' "${thousand}" "${ten}"
  bar 'added time of 1,000 rules to that of 10' "${ratio}" 110 "${ten}"
}

report_ratio() { # TITLE LIMIT CSV NAME BASE
  local ratio low high
  ratio=$(number_of "$3" ratio "$4" "$5" 4)
  low=$(number_of "$3" ratio "$4" "$5" 5)
  high=$(number_of "$3" ratio "$4" "$5" 6)
  printf -v ratio '%.3f' "${ratio}"
  printf -v low '%.3f to %.3f' "${low}" "${high}"
  bar "$1" "${ratio}" "$2" "${low}"
}

report_runtime() {
  local name
  local -A limit=([ffmpeg]=1.03 [gcc]=1.03 [find]=1.12 [grep]=1.18)
  local -A title=([ffmpeg]='ffmpeg transcodes' [gcc]='gcc -c' [find]='find /usr' [grep]='grep -r')
  report_ratio 'getpid to bare' 1.35 "${RESULTS}/runtime-getpid.csv" sandboxed bare
  report_ratio 'read of one byte to bare' 1.3 "${RESULTS}/runtime-read.csv" sandboxed bare
  report_ratio 'open+close, 1,000 rules to one' 1.05 "${RESULTS}/runtime-open.csv" thousand one
  for name in "${PROGRAMS[@]}"; do
    report_ratio "${title[${name}]}, to bare" "${limit[${name}]}" "${RESULTS}/runtime-${name}.csv" \
      sandboxed bare
  done
}

report_filters() {
  local csv=${RESULTS}/filter.csv policy answered allowed missed
  for policy in closed open; do
    report_ratio "filter install, tree to linear, ${policy} policy" 0.5 "${csv}" \
      "tree-${policy}" "linear-${policy}"
    answered=$(number_of "${csv}" bitmap "tree-${policy}" '' 4)
    allowed=$(number_of "${csv}" bitmap "tree-${policy}" '' 5)
    missed=$(number_of "${csv}" bitmap "tree-${policy}" '' 6)
    printf -v answered '%.0f answered, %.0f allowed' "${answered}" "${allowed}"
    bar "allowed calls not in the bitmap, ${policy} policy" "${missed%.*}" 0 "${answered}"
  done
}

print_header() {
  local commit kernel cpus model
  commit=$(git -C "${REPO}" describe --always --dirty --exclude '*' 2>/dev/null) || commit=unknown
  kernel=$(uname -srm)
  cpus=$(nproc)
  model=$(awk -F': *' '/^model name/ { print $2; exit }' /proc/cpuinfo)
  printf 'll-exec bench: %s, %s CPUs (%s), commit %s, %s rounds\n' \
    "${kernel}" "${cpus}" "${model:-unnamed}" "${commit}" "${ROUNDS}"
  printf 'rules: rx %s; ro %s; rw %s\n' "${RX[*]}" "${RO[*]}" "${RW[*]}"
}

measure_all() {
  local who name csv
  local -A target=([true]=/bin/true [static]=${WORK}/bin/target)
  for who in "${USERS[@]}"; do
    for name in true static; do
      csv=${RESULTS}/startup-${name}-${who}.csv
      printf '\nstart-up of %s, as %s\n' "${target[${name}]##*/}" "${who}"
      measure_startup "${csv}" "${who}" "${target[${name}]}"
      print_times "${csv}" floor
    done
    csv=${RESULTS}/footprint-${who}.csv
    printf '\nin the moment of execve, as %s\n' "${who}"
    measure_footprint "${csv}" "${who}"
    print_footprint "${csv}"
  done
  printf '\nmany rules before the static target, as %s\n' "${USERS[-1]}"
  measure_many "${RESULTS}/many.csv"
  print_times "${RESULTS}/many.csv" bare
  printf '\nother tools, with the same rules before /bin/true, as %s\n' "${USERS[0]}"
  measure_tools "${RESULTS}/tools.csv"
  print_times "${RESULTS}/tools.csv" bare
  BWRAP_PROGRAM=$(type -P bwrap) || printf '\nno bwrap here to compare both walls with\n'
  for name in true static; do
    [[ -n ${BWRAP_PROGRAM} ]] || break
    csv=${RESULTS}/walls-${name}.csv
    printf '\nboth walls before %s, as %s\n' "${target[${name}]##*/}" "${USERS[-1]}"
    measure_walls "${csv}" "${target[${name}]}"
    print_times "${csv}" bwrap
  done
  printf '\nwhile it runs, as %s\n  %-20s %10s %10s  %-10s %8s\n' \
    "${USERS[-1]}" '' bare sandboxed '' ratio
  measure_loops
  measure_programs
  if STRACE=$(type -P strace); then
    printf '\ntraced, as %s\n' "${USERS[-1]}"
    measure_traced
  else
    printf '\nno strace here to compare ll-trace with\n'
  fi
  printf '\nthe filter: seccomp(2) alone, as %s\n' "${USERS[-1]}"
  run_as "${USERS[-1]}" "${WORK}/bin/filter" --rounds "${ROUNDS}" >"${RESULTS}/filter.csv"
  print_filters "${RESULTS}/filter.csv"
}

report_bars() {
  local size
  printf '\n%-54s %9s  %-10s\n' bars measured bar
  printf 'name,measured,bar,verdict\n' >"${RESULTS}/bars.csv"
  report_startup
  report_tools
  size=$(stripped_size)
  bar 'stripped size, bytes' "${size}" "$((48 * 1024))" ''
  report_walls
  report_traced
  report_footprint "${USERS[-1]}"
  report_flatness
  report_runtime
  report_filters
}

main() {
  parse_arguments "$@"
  make_workspace
  choose_rules
  write_policy
  RESULTS=${BUILD}/bench
  print_header
  choose_users
  measure_all
  report_bars
  if ((${#FAILED[@]} > 0)); then
    printf '\nbench: over the bar:\n' >&2
    printf '  %s\n' "${FAILED[@]}" >&2
    exit 1
  fi
  printf '\nbench: all bars hold\n'
}

main "$@"
