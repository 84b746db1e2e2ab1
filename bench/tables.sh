# shellcheck shell=bash
# shellcheck disable=SC2154 # TABLES is run.sh's
# The figures: kept in one CSV a subject, and printed. README.md says what the columns are.

COLUMNS_OF_TABLES=what,user,variant,unit,rounds,median,low,high,baseline,ratio,ratio_low,ratio_high,added,added_low,added_high

open_table() { # SUBJECT
  [[ -e ${TABLES}/$1.csv ]] || printf '%s\n' "${COLUMNS_OF_TABLES}" >"${TABLES}/$1.csv"
}

# What startup or filter measured: a row for every variant and every baseline that it was compared with.
record() { # SUBJECT WHAT USER UNIT ROUNDS RAW_CSV
  open_table "$1"
  awk -F, -v OFS=, -v what="$2" -v user="$3" -v unit="$4" -v rounds="$5" '
    $1 == "time" { order[++rows] = $2; times[$2] = $4 OFS $5 OFS $6 }
    $1 == "ratio" { bases[$2] = bases[$2] FS $3; ratios[$2, $3] = $4 OFS $5 OFS $6 }
    $1 == "added" { added[$2, $3] = $4 OFS $5 OFS $6 }
    END {
      for (row = 1; row <= rows; row++) {
        name = order[row]
        start = what OFS user OFS name OFS unit OFS rounds OFS times[name]
        count = split(substr(bases[name], 2), base)
        if (count == 0) print start, "", "", "", "", "", "", ""
        for (i = 1; i <= count; i++) print start, base[i], ratios[name, base[i]], added[name, base[i]]
      }
    }' "$6" >>"${TABLES}/$1.csv"
}

# What is counted, and is the same every time.
record_count() { # SUBJECT WHAT USER VARIANT UNIT NUMBER
  open_table "$1"
  printf '%s,%s,%s,%s,1,%s,%s,%s,,,,,,,\n' "$2" "$3" "$4" "$5" "$6" "$6" "$6" >>"${TABLES}/$1.csv"
}

record_machine() { # NAME VALUE
  [[ -e ${TABLES}/machine.csv ]] || printf 'name,value\n' >"${TABLES}/machine.csv"
  printf '%s,"%s"\n' "$1" "${2//\"/\'}" >>"${TABLES}/machine.csv"
}

# --- numbers of what startup, filter and footprint print ------------------------------------------

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

# --- the same for people --------------------------------------------------------------------------

print_times() { # CSV BASE [UNIT]
  awk -F, -v base="$2" -v unit="${3:-us}" '
    $1 == "time" { order[++rows] = $2; median[$2] = $4; low[$2] = $5; high[$2] = $6 }
    $3 == base && $1 == "ratio" { ratio[$2] = $4 }
    $3 == base && $1 == "added" { added[$2] = $4 }
    END {
      printf "  %-18s %10s %10s %10s %14s %12s\n", "", "median " unit, "p10", "p90",
        "+ " unit " to " base, "x of " base
      for (row = 1; row <= rows; row++) {
        name = order[row]
        printf "  %-18s %10.1f %10.1f %10.1f", name, median[name], low[name], high[name]
        if (name in ratio) printf " %+14.1f %12.3f", added[name], ratio[name]
        printf "\n"
      }
    }' "$1"
}

print_footprint() { # CSV
  awk -F, '
    NR == 1 { $1 = ""; gsub("_", " ") }
    { printf "  %-10s %14s %14s %14s %14s\n", $1, $2, $3, $4, $5 }' OFS=, "$1"
}

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
