# shellcheck shell=bash
# shellcheck disable=SC2153,SC2154 # of run.sh
# What sandbox.sh --overlay costs: measure_overlay and judge_overlay, as in starting.sh.

readonly CHANGES=100000

measure_overlay() {
  local bin=${WORK}/bin job=${WORK}/job deed=${BENCH}/overlay-deed.sh
  cp -- "${deed}" "${bin}/"
  deed=${bin}/overlay-deed.sh
  ((EUID != 0)) || chown 65534:65534 "${job}"
  mkdir -p "${job}/empty"
  ((EUID != 0)) || chown 65534:65534 "${job}/empty"
  # Not more: each leaves a dozen freed inodes behind, which ext4 passes over for a minute and more.
  measure_deeds start wall "$(((ROUNDS + 4) / 5))" direct \
    :: direct "${bin}/sandbox.sh" --rw "${job}/empty" /bin/true \
    :: overlay "${bin}/sandbox.sh" --overlay "${job}/empty" /bin/true
  measure_deeds build own "$(((ROUNDS + 29) / 30))" direct \
    :: direct "${deed}" build env \
    :: overlay "${deed}" build "${bin}/sandbox.sh" --overlay .
  measure_deeds commit own "$(((ROUNDS + 99) / 100))" copy \
    :: copy "${deed}" copy "${CHANGES}" \
    :: commit "${deed}" commit "${bin}/sandbox.sh" "${bin}/ll-changes" "${CHANGES}"
}

measure_deeds() { # WHAT CLOCK ROUNDS BASE :: NAME COMMAND...
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
