# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # of run.sh
# What ll-repeat costs: measure_repeats and judge_repeats, as in running.sh.

# bare and repeated in turn: LOOP [ARGUMENT] :: the same or another loop beneath ll-repeat
measure_repeated() { # NAME OPTION -- BARE... -- REPEATED...
  local name=$1 raw=${RAW}/repeats-$1.csv
  local -a option=("$2" "$3") bare=() repeated=()
  shift 4
  while [[ $1 != -- ]]; do
    bare+=("$1")
    shift
  done
  repeated=("${WORK}/bin/ll-repeat" "${option[@]}" -- "${WORK}/bin/runtime" "${@:2}")
  measure_pair "${raw}" own "${ROUNDS}" :: bare "${WORK}/bin/runtime" "${bare[@]}" :: sandboxed "${repeated[@]}"
  print_pair "${name}" "${raw}" bare sandboxed 'ns a call' 1
  record repeats "${name}" "${USERS[-1]}" ns "${ROUNDS}" "${raw}"
}

measure_repeats() {
  local then=2000-01-01T00:00:00Z
  print_pair_titles 'under ll-repeat'
  measure_repeated frozen --clock "${then},frozen" -- clock -- clock
  measure_repeated moved --clock "${then}" -- raw-clock -- clock
  measure_repeated compute --clock "${then}" -- compute -- compute
  measure_repeated spawn --clock "${then}" -- spawn /bin/true -- spawn /bin/true
  measure_repeated seeded --seed 42 -- spawn /bin/true -- spawn /bin/true
}

judge_repeats() {
  report_ratio 'clock_gettime that stands, to the vDSO' 1 "${RAW}/repeats-frozen.csv" sandboxed bare
  report_ratio 'clock_gettime that goes, to a raw call' 1.3 "${RAW}/repeats-moved.csv" sandboxed bare
  report_ratio 'computing under ll-repeat, to bare' 1.02 "${RAW}/repeats-compute.csv" sandboxed bare
  report_ratio 'fork and exec of true with a clock, to bare' 2 "${RAW}/repeats-spawn.csv" sandboxed bare
  report_ratio 'fork and exec of true with a seed, to bare' 2 "${RAW}/repeats-seeded.csv" sandboxed bare
}
