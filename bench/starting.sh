# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # of run.sh, and for it
# What comes before the command's first instruction. A part has two functions: measure_PART prints and records,
# and judge_PART holds what was measured against the bars.

# --- startup: nothing, the floor, the limit and ll-exec -------------------------------------------

# The limit of that user's start: the same system calls, and nothing else.
make_limit() { # USER COMMAND...
  run_as "$1" "${WORK}/bin/tape" "${WORK}/out/tape" "${@:2}" || die 'the start of ll-exec cannot be recorded'
  objcopy --update-section ".tape=${WORK}/out/tape" "${WORK}/bin/limit" "${WORK}/bin/limit-$1"
  rm -f -- "${WORK}/out/tape"
}

measure_startup() {
  local who command raw
  local bin=${WORK}/bin
  type -P objcopy >/dev/null || die 'no objcopy: install binutils'
  for who in "${USERS[@]}"; do
    for command in /bin/true "${bin}/target"; do
      raw=${RAW}/startup-${command##*/}-${who}.csv
      printf '\nstart-up of %s, as %s\n' "${command##*/}" "${who}"
      words_of_ll_exec
      make_limit "${who}" "${WORDS[@]}" "${command}"
      run_as "${who}" "${bin}/startup" --rounds "${ROUNDS}" --base floor --base limit --base bare \
        :: bare "${command}" \
        :: floor "${bin}/floor" "${command}" \
        :: limit "${bin}/limit-${who}" "${command}" \
        :: options "${WORDS[@]}" "${command}" \
        :: file "${bin}/ll-exec" -p "${WORK}/twelve.policy" -- "${command}" >"${raw}"
      print_times "${raw}" floor
      record startup "ll-exec before ${command##*/}" "${who}" us "${ROUNDS}" "${raw}"
    done
  done
}

judge_startup() {
  local who command most
  for who in "${USERS[@]}"; do
    for command in true target; do
      most=1.12
      [[ ${command} == target ]] || most=1.06
      report_upper_end "start-up to its own system calls: ${command}, ${who}" "${most}" \
        "${RAW}/startup-${command}-${who}.csv" options limit
    done
  done
}

# --- footprint: memory and system calls before execve ---------------------------------------------

measure_footprint() {
  local who raw name resident private calls heap size
  local bin=${WORK}/bin
  for who in "${USERS[@]}"; do
    raw=${RAW}/footprint-${who}.csv
    printf '\nin the moment of execve, as %s\n' "${who}"
    words_of_ll_exec
    run_as "${who}" "${bin}/footprint" \
      :: floor "${bin}/floor" /bin/true \
      :: options "${WORDS[@]}" /bin/true \
      :: file "${bin}/ll-exec" -p "${WORK}/twelve.policy" -- /bin/true >"${raw}"
    print_footprint "${raw}"
    while IFS=, read -r name resident private calls heap; do
      [[ ${name} != name ]] || continue
      record_count footprint 'resident memory' "${who}" "${name}" KiB "${resident}"
      record_count footprint 'private memory' "${who}" "${name}" KiB "${private}"
      record_count footprint 'system calls' "${who}" "${name}" calls "${calls}"
      record_count footprint 'brk and mmap' "${who}" "${name}" calls "${heap}"
    done <"${raw}"
  done
  size=$(stripped_size)
  record_count footprint 'stripped file' any ll-exec bytes "${size}"
}

stripped_size() {
  cp -- "${WORK}/bin/ll-exec" "${WORK}/stripped"
  if type -P strip >/dev/null; then
    strip -- "${WORK}/stripped"
  fi
  stat -c %s -- "${WORK}/stripped"
}

judge_footprint() {
  local who=${USERS[-1]} name resident floor calls heap size
  local raw=${RAW}/footprint-${who}.csv
  floor=$(count_of "${raw}" floor 2)
  for name in options file; do
    resident=$(count_of "${raw}" "${name}" 2)
    heap=$(count_of "${raw}" "${name}" 5)
    calls=$(count_of "${raw}" "${name}" 4)
    bar "resident KiB beyond the floor's, 12 in ${name}" "$((resident - floor))" 200 "${resident} - ${floor}"
    bar "brk and mmap calls, 12 in ${name}" "${heap}" 0 ''
    bar "system calls, 12 in ${name}, as ${who}" "${calls}" "$((3 * 12 + 30))" '3 a rule + 30'
  done
  size=$(stripped_size)
  bar 'stripped size, bytes' "${size}" "$((96 * 1024))" ''
}

# --- rules: one to a thousand of them -------------------------------------------------------------

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

measure_rules() {
  local who=${USERS[-1]} count
  local -a start=() open=()
  for count in 1 10 100 1000; do
    words_of_many "${count}" "${WORK}/bin/target"
    start+=(:: "${count}" "${WORDS[@]}")
    words_of_many "${count}" "${WORK}/bin/runtime" open "${WORK}/bin/target"
    open+=(:: "${count}" "${WORDS[@]}")
  done
  printf '\nmany rules before the static target, as %s\n' "${who}"
  run_as "${who}" "${WORK}/bin/startup" --rounds "${ROUNDS}" --base bare \
    :: bare "${WORK}/bin/target" "${start[@]}" >"${RAW}/many.csv"
  print_times "${RAW}/many.csv" bare
  record rules 'start of target' "${who}" us "${ROUNDS}" "${RAW}/many.csv"
  printf '\nopen and close of one file under as many rules, as %s\n' "${who}"
  run_as "${who}" "${WORK}/bin/startup" --clock own --rounds "${ROUNDS}" --warmup 2 --base bare --base 1 \
    :: bare "${WORK}/bin/runtime" open "${WORK}/bin/target" "${open[@]}" >"${RAW}/open.csv"
  print_times "${RAW}/open.csv" bare ns
  record rules 'open and close' "${who}" ns "${ROUNDS}" "${RAW}/open.csv"
}

judge_rules() {
  local ten thousand ratio
  ten=$(number_of "${RAW}/many.csv" added 10 bare 4)
  thousand=$(number_of "${RAW}/many.csv" added 1000 bare 4)
  ratio=$(divide "${thousand}" "${ten}")
  printf -v ten '%.0f to %.0f us' "${thousand}" "${ten}"
  bar 'added time of 1,000 rules to that of 10' "${ratio}" 110 "${ten}"
  report_ratio 'open+close, 1,000 rules to one' 1.05 "${RAW}/open.csv" 1000 1
}

# --- tools: the other sandboxes on PATH, with the same rules --------------------------------------

# Measures those that are here into TOOLS, and says why the others are missing.
measure_tools() {
  local who
  for who in "${USERS[@]}"; do
    printf '\nother tools, with the same rules before /bin/true, as %s\n' "${who}"
    measure_tools_as "${who}" "${RAW}/tools-${who}.csv"
  done
}

measure_tools_as() { # USER RAW_CSV
  local tool file reason
  local -a groups=()
  makes_file "$1" "${WORK}/bin/open/file" || die "'$1' cannot write what the sandboxes are to refuse"
  for tool in "${OTHER_TOOLS[@]}"; do
    file=$(type -P "${tool}") || {
      printf '  %-10s not on PATH\n' "${tool}"
      continue
    }
    "words_of_${tool}" "${file}"
    reason=$(why_not "$1" "${tool}" "${file}")
    if [[ -n ${reason} ]]; then
      printf '  %-10s %s\n' "${tool}" "${reason}"
      continue
    fi
    TOOLS+=("${tool},$1")
    VERSIONS["${tool}"]=$(version_of "${file}")
    groups+=(:: "${tool}" "${WORDS[@]}" /bin/true)
  done
  words_of_ll_exec
  reason=$(why_not "$1" ll-exec "${WORK}/bin/ll-exec")
  [[ -z ${reason} ]] || die "ll-exec ${reason}"
  run_as "$1" "${WORK}/bin/startup" --rounds "${ROUNDS}" --base bare \
    :: bare /bin/true :: ll-exec "${WORDS[@]}" /bin/true "${groups[@]}" >"$2"
  print_times "$2" bare
  record startup 'twelve paths before true' "$1" us "${ROUNDS}" "$2"
}

version_of() { # FILE
  local text
  text=$("$1" --version 2>&1 </dev/null) || text='unknown version'
  printf '%s' "${text%%$'\n'*}"
}

judge_tools() {
  local pair tool who ours theirs ratio limit
  for pair in "${TOOLS[@]}"; do
    tool=${pair%,*} who=${pair#*,} limit=0.25
    # As short as ll-exec: a libc's start and the same calls.
    [[ ${tool} != sandboxer ]] || limit=1
    ours=$(number_of "${RAW}/tools-${who}.csv" added ll-exec bare 4)
    theirs=$(number_of "${RAW}/tools-${who}.csv" added "${tool}" bare 4)
    ratio=$(divide "${ours}" "${theirs}")
    printf -v theirs '%.0f to %.0f us' "${ours}" "${theirs}"
    bar "added time to that of ${tool}, ${who}" "${ratio}" "${limit}" "${theirs}"
  done
}

# --- layers: namespaces and a private root as well, against bwrap's --------------------------------

measure_layers() {
  local bin=${WORK}/bin bwrap
  local -a BWRAP=() NS=()
  words_of_roots
  LAYERS=()
  if bwrap=$(type -P bwrap); then
    write_bwrap_script "${bin}/bwrap.sh" "${bwrap}"
    add_wall bwrap "${bwrap}" "${BWRAP[@]}" --
    add_wall 'bwrap in a script' "${bin}/bwrap.sh"
  fi
  add_wall 'll-ns and ll-exec' "${bin}/ll-ns" "${NS[@]}" --
  add_wall 'policy sandbox' "${bin}/ll-ns" --loader "${bin}/ll-exec" --proc --private-dev --tmpfs /tmp:256M \
    -p sandbox --rx "${bin}/target" --
  write_ll_ns_script "${bin}/ll-ns.sh" "${bin}/sandbox.sh" --rx "${bin}/target" --
  add_wall 'll-ns in a script' "${bin}/ll-ns.sh"
  add_wall sandbox.sh "${bin}/sandbox.sh" --rx "${bin}/target" --
  measure_layers_before /bin/true
  measure_layers_before "${bin}/target"
}

# Adds to LAYERS, with the number of its words, if it runs here.
add_wall() { # NAME SANDBOX...
  local reason
  reason=$(why_no_root "${@:2}")
  if [[ -n ${reason} ]]; then
    printf '  %-18s %s\n' "$1" "${reason}"
    return
  fi
  LAYERS+=("$#" "$@")
}

measure_layers_before() { # COMMAND
  local raw=${RAW}/layers-${1##*/}.csv base
  local -i index
  local -a bases=(bare) groups=() options=()
  for ((index = 0; index < ${#LAYERS[@]}; index += LAYERS[index] + 1)); do
    case ${LAYERS[index + 1]} in
      bwrap*) bases+=("${LAYERS[index + 1]}") ;;
      *) ;;
    esac
    groups+=(:: "${LAYERS[@]:index + 1:LAYERS[index]}" "$1")
  done
  for base in "${bases[@]}"; do options+=(--base "${base}"); done
  printf '\nboth layers before %s, as %s\n' "${1##*/}" "${USERS[-1]}"
  run_as "${USERS[-1]}" "${WORK}/bin/startup" --rounds "${ROUNDS}" "${options[@]}" \
    :: bare "$1" "${groups[@]}" >"${raw}"
  print_times "${raw}" "${bases[1]:-bare}"
  record startup "private root before ${1##*/}" "${USERS[-1]}" us "${ROUNDS}" "${raw}"
}

judge_layers() {
  local raw=${RAW}/layers-true.csv
  report_ratio_if_there 'll-ns and ll-exec to bwrap, true' 0.56 "${raw}" 'll-ns and ll-exec' bwrap
  report_ratio_if_there 'the same, static' 0.5 "${RAW}/layers-target.csv" 'll-ns and ll-exec' bwrap
  report_ratio_if_there 'policy sandbox to bwrap, true' 0.65 "${raw}" 'policy sandbox' bwrap
  report_ratio_if_there 'sandbox.sh to bwrap' 1.15 "${raw}" sandbox.sh bwrap
  report_ratio_if_there 'sandbox.sh to a script that starts bwrap' 0.7 "${raw}" sandbox.sh 'bwrap in a script'
}
