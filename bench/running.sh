# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # of run.sh
# What the sandbox costs the command after its start: measure_PART and judge_PART, as in starting.sh.

# The twelve rules, and what the loops and programs need besides.
words_of_job() {
  words_of_ll_exec
  unset 'WORDS[-1]'
  WORDS+=(--rw "${WORK}/job" --ro /dev/zero --dev /dev/null --)
}

# Bare and sandboxed in turn.
measure_pair() { # RAW_CSV CLOCK ROUNDS :: bare COMMAND... :: sandboxed COMMAND...
  run_as "${USERS[-1]}" "${WORK}/bin/startup" --clock "$2" --rounds "$3" --warmup 2 --base bare "${@:4}" >"$1"
}

print_pair_titles() {
  printf '\n%s, as %s\n  %-20s %10s %10s  %-10s %8s\n' "$1" "${USERS[-1]}" '' bare sandboxed '' ratio
}

# --- calls: one system call, over and over --------------------------------------------------------

measure_calls() {
  local loop=${WORK}/bin/runtime name raw
  local -a bare
  print_pair_titles 'one system call, over and over'
  for name in getpid read; do
    bare=("${loop}" "${name}")
    [[ ${name} == getpid ]] || bare+=(/dev/zero)
    words_of_job
    raw=${RAW}/runtime-${name}.csv
    measure_pair "${raw}" own "${ROUNDS}" :: bare "${bare[@]}" :: sandboxed "${WORDS[@]}" "${bare[@]}"
    print_pair "${name}" "${raw}" bare sandboxed 'ns a call' 1
    record runtime "${name}" "${USERS[-1]}" ns "${ROUNDS}" "${raw}"
  done
}

judge_calls() {
  report_ratio 'getpid to bare' 1.35 "${RAW}/runtime-getpid.csv" sandboxed bare
  report_ratio 'read of one byte to bare' 1.3 "${RAW}/runtime-read.csv" sandboxed bare
}

# --- programs: whole ones, by their time on the processor -----------------------------------------

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
  run_as "${USERS[-1]}" "${PROGRAM}" /usr -type d ! -readable -prune -print >"${WORK}/unreadable" 2>/dev/null
  while IFS= read -r directory; do
    unreadable+=(-path "${directory}" -prune -o)
  done <"${WORK}/unreadable"
  WORDS=("${PROGRAM}" /usr "${unreadable[@]}" -print)
}

# With matches, and its output thrown away, grep would stop at the first one. sh turns its status.
words_of_grep() {
  local tree count
  for tree in /usr/include /usr/share/doc; do
    count=$(find "${tree}" -type f 2>/dev/null | wc -l) || continue
    if ((count > 1000)); then
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

# In the directory of the job: what ffmpeg.policy opens is where it is started.
in_job() { # COMMAND...
  (cd "${WORK}/job" && TMPDIR=${WORK}/job "$@")
}

runs_bare() { # COMMAND...
  in_job run_as "${USERS[-1]}" "$@" >/dev/null 2>&1 </dev/null
}

# Into PROGRAM and WORDS, or prints why it cannot be measured: what does not run bare. What runs bare only is an error.
choose_program() { # NAME
  local reason
  PROGRAM=$(type -P "$1") || {
    printf '  %-20s not on PATH\n' "$1"
    return 1
  }
  "words_of_$1" >"${WORK}/reason"
  reason=$(<"${WORK}/reason")
  if [[ -z ${reason} ]] && ! runs_bare "${WORDS[@]}"; then
    reason='does not run here, not even bare'
  fi
  [[ -z ${reason} ]] || {
    printf '  %-20s %s\n' "$1" "${reason}"
    return 1
  }
}

measure_programs() {
  local name raw PROGRAM
  local -i rounds=$(((ROUNDS + 2) / 3))
  local -a bare
  print_pair_titles 'whole programs'
  for name in ffmpeg gcc find grep; do
    choose_program "${name}" || continue
    bare=("${WORDS[@]}")
    sandbox_program "${name}"
    raw=${RAW}/runtime-${name}.csv
    in_job measure_pair "${raw}" cpu "${rounds}" :: bare "${bare[@]}" :: sandboxed "${WORDS[@]}"
    print_pair "${name}" "${raw}" bare sandboxed 'cpu ms' 1000
    record runtime "${name}" "${USERS[-1]}" 'us of cpu' "${rounds}" "${raw}"
    PROGRAMS+=("${name}")
  done
}

judge_programs() {
  local name
  local -A limit=([ffmpeg]=1.03 [gcc]=1.03 [find]=1.12 [grep]=1.18)
  local -A title=([ffmpeg]='ffmpeg transcodes' [gcc]='gcc -c' [find]='find /usr' [grep]='grep -r')
  for name in "${PROGRAMS[@]}"; do
    report_ratio "${title[${name}]}, to bare" "${limit[${name}]}" "${RAW}/runtime-${name}.csv" sandboxed bare
  done
}

# --- traced: ll-trace against strace with the same question, which calls were refused -------------

measure_traced() {
  local name raw strace PROGRAM
  local -i rounds=$(((ROUNDS + 19) / 20))
  local -a bare report
  strace=$(type -P strace) || {
    printf '\nno strace here to compare ll-trace with\n'
    return
  }
  printf '\ntraced, as %s\n' "${USERS[-1]}"
  for name in ffmpeg gcc find; do
    choose_program "${name}" || continue
    bare=("${WORDS[@]}")
    sandbox_program "${name}"
    WORDS[0]=${WORK}/bin/ll-trace
    report=("${WORDS[0]}" --report "${WORK}/job/report.json" "${WORDS[@]:1}")
    raw=${RAW}/traced-${name}.csv
    in_job run_as "${USERS[-1]}" "${WORK}/bin/startup" --rounds "${rounds}" --warmup 1 --base bare \
      :: bare "${bare[@]}" :: ll-trace "${WORDS[@]}" :: report "${report[@]}" \
      :: strace "${strace}" -f -e trace=%file,%network -o /dev/null "${bare[@]}" >"${raw}"
    printf '  %s\n' "${name}"
    print_times "${raw}" bare
    record traced "${name}" "${USERS[-1]}" us "${rounds}" "${raw}"
    TRACED+=("${name}")
  done
}

judge_traced() {
  local name raw variant title ours theirs ratio
  for name in "${TRACED[@]}"; do
    raw=${RAW}/traced-${name}.csv
    for variant in ll-trace report; do
      title=ll-trace
      if [[ ${variant} == report ]]; then title+=' --report'; fi
      # What either adds to gcc is less than its own times differ by.
      if [[ ${variant} == report && ${name} == gcc ]]; then continue; fi
      if [[ ${name} == ffmpeg ]]; then
        report_ratio "${title} to bare, ffmpeg" 1.3 "${raw}" "${variant}" bare
        continue
      fi
      ours=$(number_of "${raw}" added "${variant}" bare 4)
      theirs=$(number_of "${raw}" added strace bare 4)
      ratio=$(divide "${ours}" "${theirs}")
      printf -v theirs '%.0f to %.0f us' "${ours}" "${theirs}"
      bar "added time of ${title#ll-trace } to that of strace, ${name}" "${ratio}" 0.5 "${theirs}"
    done
  done
}

# --- filter: seccomp(2) alone ---------------------------------------------------------------------

measure_filter() {
  local who=${USERS[-1]} raw=${RAW}/filter.csv kind name first second third
  printf '\nthe filter: seccomp(2) alone, as %s\n' "${who}"
  run_as "${who}" "${WORK}/bin/filter" --rounds "${ROUNDS}" >"${raw}"
  print_filters "${raw}"
  record filter install "${who}" us "${ROUNDS}" "${raw}"
  while IFS=, read -r kind name _ first second third; do
    case ${kind} in
      length) record_count filter length any "${name}" instructions "${first%.*}" ;;
      bitmap)
        record_count filter 'calls in bitmap' any "${name}" calls "${first%.*}"
        record_count filter 'calls always allowed' any "${name}" calls "${second%.*}"
        record_count filter 'of these not in bitmap' any "${name}" calls "${third%.*}"
        ;;
      *) ;;
    esac
  done <"${raw}"
}

judge_filter() {
  local raw=${RAW}/filter.csv policy answered allowed missed
  for policy in closed open; do
    report_ratio "filter install, tree to linear, ${policy} policy" 0.5 "${raw}" \
      "tree-${policy}" "linear-${policy}"
    answered=$(number_of "${raw}" bitmap "tree-${policy}" '' 4)
    allowed=$(number_of "${raw}" bitmap "tree-${policy}" '' 5)
    missed=$(number_of "${raw}" bitmap "tree-${policy}" '' 6)
    printf -v answered '%.0f answered, %.0f allowed' "${answered}" "${allowed}"
    bar "allowed calls not in the bitmap, ${policy} policy" "${missed%.*}" 0 "${answered}"
  done
}
