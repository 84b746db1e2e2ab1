# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # of run.sh, and for it
# What was measured against what it may be.

FAILED=()

# One line of the verdict. EXTRA is for people: the interval, or what the number is made of.
bar() { # NAME MEASURED BAR EXTRA
  local verdict=over
  if awk -v a="$2" -v b="$3" 'BEGIN { exit !(a <= b) }'; then
    verdict=PASS
  else
    FAILED+=("$1")
  fi
  printf '  %-52s %9s  <= %-7s %-5s %s\n' "$1" "$2" "$3" "${verdict}" "$4"
  [[ -e ${TABLES}/bars.csv ]] || printf 'name,measured,bar,verdict\n' >"${TABLES}/bars.csv"
  printf '"%s",%s,%s,%s\n' "$1" "$2" "$3" "${verdict}" >>"${TABLES}/bars.csv"
}

report_ratio() { # TITLE LIMIT RAW_CSV NAME BASE
  local ratio low high
  ratio=$(number_of "$3" ratio "$4" "$5" 4)
  low=$(number_of "$3" ratio "$4" "$5" 5)
  high=$(number_of "$3" ratio "$4" "$5" 6)
  printf -v ratio '%.3f' "${ratio}"
  printf -v low '%.3f to %.3f' "${low}" "${high}"
  bar "$1" "${ratio}" "$2" "${low}"
}

# The upper end of the interval is what must hold.
report_upper_end() { # as report_ratio
  local ratio high
  ratio=$(number_of "$3" ratio "$4" "$5" 4)
  high=$(number_of "$3" ratio "$4" "$5" 6)
  printf -v ratio 'upper end of the interval around %.3f' "${ratio}"
  printf -v high '%.3f' "${high}"
  bar "$1" "${high}" "$2" "${ratio}"
}

report_ratio_if_there() { # as report_ratio
  if number_of "$3" ratio "$4" "$5" 4 >/dev/null; then report_ratio "$@"; fi
}
