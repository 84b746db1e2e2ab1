# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # of run.sh
# What sandbox.sh --overlay costs: measure_overlay and judge_overlay, as in starting.sh.

readonly CHANGES=100000

measure_overlay() {
  local bin=${WORK}/bin job=${WORK}/job probe=${BENCH}/overlay-probe.sh
  cp -- "${probe}" "${bin}/"
  probe=${bin}/overlay-probe.sh
  ((EUID != 0)) || chown 65534:65534 "${job}"
  mkdir -p "${job}/empty"
  ((EUID != 0)) || chown 65534:65534 "${job}/empty"
  # Not more: each leaves a dozen freed inodes behind, which ext4 passes over for a minute and more.
  measure_probes start wall "$(((ROUNDS + 4) / 5))" direct \
    :: direct "${bin}/sandbox.sh" --rw "${job}/empty" /bin/true \
    :: overlay "${bin}/sandbox.sh" --overlay "${job}/empty" /bin/true
  measure_probes build own "$(((ROUNDS + 29) / 30))" direct \
    :: direct "${probe}" build env \
    :: overlay "${probe}" build "${bin}/sandbox.sh" --overlay .
  measure_probes commit own "$(((ROUNDS + 99) / 100))" copy \
    :: copy "${probe}" copy "${CHANGES}" \
    :: commit "${probe}" commit "${bin}/sandbox.sh" "${bin}/ll-changes" "${CHANGES}"
}

measure_probes() { # WHAT CLOCK ROUNDS BASE :: NAME COMMAND...
  local raw=${RAW}/overlay-$1.csv
  printf '\n--overlay: %s, as %s\n' "$1" "${USERS[-1]}"
  in_job run_as "${USERS[-1]}" "${WORK}/bin/startup" --clock "$2" --rounds "$3" --warmup 1 --base "$4" "${@:5}" >"${raw}"
  print_times "${raw}" "$4"
  record overlay "$1" "${USERS[-1]}" us "$3" "${raw}"
}

judge_overlay() {
  report_ratio '--overlay: a command that does nothing' 1.3 "${RAW}/overlay-start.csv" overlay direct
  report_ratio '--overlay: untar and build 300 files' 1.15 "${RAW}/overlay-build.csv" overlay direct
  report_ratio "ll-changes list and commit ${CHANGES} to cp -a" 2 "${RAW}/overlay-commit.csv" commit copy
}
