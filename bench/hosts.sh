# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # of run.sh
# What a line of a host costs: at the start, and for each connection. measure_PART and judge_PART, as in starting.sh.

words_of_hosts() { # PORT
  words_of_ll_exec
  unset 'WORDS[-1]'
  WORDS+=(--connect "127.0.0.1:$1" --)
}

measure_hosts() {
  local bin=${WORK}/bin raw port server kind
  local -i rounds=$(((ROUNDS + 9) / 10))
  local -A count=([each]=2000 [all]=4000 [all64]=8000)
  "${bin}/connects" serve "${WORK}/port" &
  server=$!
  until [[ -s ${WORK}/port ]]; do sleep 0.01; done
  port=$(<"${WORK}/port")
  print_pair_titles 'connections to this machine, bare and by hosts'
  for kind in each all all64; do
    local -a loop=("${bin}/connects" "${kind%64}" "${port}" "${count[${kind}]}")
    if [[ ${kind} == all ]]; then loop+=(1); fi
    if [[ ${kind} == all64 ]]; then loop+=(64); fi
    words_of_hosts "${port}"
    raw=${RAW}/hosts-${kind}.csv
    measure_pair "${raw}" own "${rounds}" :: bare "${loop[@]}" :: sandboxed "${WORDS[@]}" "${loop[@]}"
    print_pair "${kind}" "${raw}" bare sandboxed 'us each' 1000
    record hosts "${kind}" "${USERS[-1]}" ns "${rounds}" "${raw}"
  done
  kill "${server}"
  wait "${server}" 2>/dev/null || :
  raw=${RAW}/hosts-start.csv
  words_of_ll_exec
  local -a without=("${WORDS[@]}")
  words_of_hosts 443
  run_as "${USERS[-1]}" "${bin}/startup" --rounds "${ROUNDS}" --base floor :: floor "${bin}/floor" /bin/true \
    :: ll-exec "${without[@]}" /bin/true :: hosts "${WORDS[@]}" /bin/true >"${raw}"
  print_times "${raw}" floor
  record hosts start "${USERS[-1]}" us "${ROUNDS}" "${raw}"
}

judge_hosts() {
  local without with ratio
  report_ratio 'connect(2) by hosts, to bare' 2.6 "${RAW}/hosts-each.csv" sandboxed bare
  report_ratio 'a connection by hosts, to bare' 2.0 "${RAW}/hosts-all.csv" sandboxed bare
  report_ratio 'the same, 64 threads' 2.0 "${RAW}/hosts-all64.csv" sandboxed bare
  without=$(number_of "${RAW}/hosts-start.csv" added ll-exec floor 4)
  with=$(number_of "${RAW}/hosts-start.csv" added hosts floor 4)
  ratio=$(divide "${with}" "${without}")
  printf -v with '%.0f to %.0f us' "${with}" "${without}"
  bar 'start-up added by hosts, to that of ll-exec' "${ratio}" 3 "${with}"
}
