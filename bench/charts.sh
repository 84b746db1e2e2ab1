#!/bin/bash -p
# Draws startup.svg, runtime.svg and rules.svg from the figures of run.sh: charts.sh DIR
set -Eeuo pipefail
shopt -s inherit_errexit
export LC_ALL=C.UTF-8

CHARTS=$(cd -- "${BASH_SOURCE[0]%/*}/charts" && pwd -P)
WIDTH=560
LEFT=186 # where bars begin
WORK=

die() {
  printf 'charts: %s\n' "$1" >&2
  exit 2
}

clean_up() {
  [[ -z ${WORK} ]] || rm -rf -- "${WORK}"
}

fact() { # DIR NAME
  awk -F, -v name="$2" '$1 == name { gsub(/^[^,]*,"|"$/, ""); print; exit }' "$1/machine.csv"
}

# What a reader has to know of the machine.
describe_machine() { # DIR
  local kernel cpus
  kernel=$(fact "$1" kernel)
  cpus=$(fact "$1" cpus)
  kernel=${kernel#Linux }
  printf 'Linux %s, %s, %s CPUs' "${kernel%%[!0-9.]*}" "${kernel##* }" "${cpus}"
}

text_of() { # KIND ROWS
  awk -F'\t' -v kind="$1" '$1 == kind { print $2 }' "$2"
}

# For who does not see it: all that it says.
describe() { # ROWS
  awk -F'\t' '
    $1 == "title" || $1 == "note" || $1 == "group" { printf "%s. ", $2 }
    $1 == "bar" { printf "%s: %s. ", $3, $7 }' "$1"
}

draw() { # DIR CHART
  local rows=${WORK}/rows places=${WORK}/places height title description foot machine colours
  awk -v chart="$2" -f "${CHARTS}/rows.awk" "$1/$2.csv" >"${rows}"
  grep -q '^bar' "${rows}" || return 0
  awk -v width="${WIDTH}" -v left="${LEFT}" -f "${CHARTS}/layout.awk" "${rows}" >"${WORK}/laid"
  read -r height <"${WORK}/laid"
  sed 1d "${WORK}/laid" >"${places}"
  machine=$(describe_machine "$1")
  foot=$(text_of foot "${rows}")
  foot="${foot}. ${machine}"
  colours=$(awk -v q="'" '{ printf "%s=%s%s%s; ", $1, q, $2, q }' "${CHARTS}/colours")
  gnuplot -e "places='${places}'; output='${WORK}/plain.svg'; foot='${foot}'" \
    -e "width=${WIDTH}; height=${height}; left=${LEFT}; ${colours}" "${CHARTS}/bars.gnuplot"
  title=$(text_of title "${rows}")
  description=$(describe "${rows}")
  awk -v title="${title}" -v description="${description}${foot}." -f "${CHARTS}/style.awk" "${CHARTS}/colours" \
    "${WORK}/plain.svg" >"$1/$2.svg"
}

main() {
  local chart
  (($# == 1)) || die 'usage: charts.sh DIR'
  [[ -e $1/machine.csv ]] || die "no machine.csv in '$1'"
  trap clean_up EXIT
  WORK=$(mktemp -d "${TMPDIR:-/tmp}/ll-charts.XXXXXX")
  for chart in startup runtime rules; do
    [[ ! -e $1/${chart}.csv ]] || draw "$1" "${chart}"
  done
}

main "$@"
