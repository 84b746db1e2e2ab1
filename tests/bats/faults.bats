load helpers

# Every system call that ll-exec makes fails in turn, with each errno of its manual page: see
# tests/faults.

@test "whichever system call fails, the command runs as restricted as its policy says, or not at all" {
  local tool
  for tool in faults report report-moving; do
    [[ -x ${LL_TOOLS:-}/${tool} ]] || skip "tests/faults is not built: no ${LL_TOOLS:-LL_TOOLS}/${tool}"
  done
  capture "${LL_TOOLS}/faults" "${LL_EXEC}" "${LL_TOOLS}/report" "${LL_TOOLS}/report-moving"
  if ((status != 0)); then
    grep -vE '^(ok|1\.\.)' <<<"${output}" | cut -c1-300 | head -n 100
    # shellcheck disable=SC2154 # capture sets it
    printf '%s\n' "${errors}"
  fi
  is "${status}" 0
}
