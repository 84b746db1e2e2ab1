load sandbox

# The built manual pages, and the generator that fills them from the tables.

PAGES=(ll-exec.1 ll-ns.1 ll-trace.1 ll-repeat.1 ll-changes.1 ll-policy.1 ll-mcp.1 ll-ask.1 sandbox.sh.1 ll-policy.5 llexec.3)

page() { printf '%s/man/man%s/%s' "${LL_BUILT}" "${1##*.}" "$1"; }

# generated PAGE [SED_EXPRESSION]: generates the page from its changed source.
generated() {
  mkdir -p in
  cp "${ROOT}"/docs/man/*.in in/
  sed -i -e "${2:-}" "in/$1.in"
  capture "${LL_BUILT}/docs/manual-ll-exec" "in/$1.in" "${LL_BUILT}/docs/calls" out
}

# The footer has the release, and the other pages are not installed here.
BESIDES='operating system explicitly specified|referenced manual not found'

@test "the manual pages are built, and are valid mdoc" {
  needs_program mandoc
  local name
  for name in "${PAGES[@]}"; do
    is "$(mandoc -Tlint "$(page "${name}")" 2>/dev/null | grep -vE "${BESIDES}")" ""
  done
}

@test "every manual page has the version of the programs" {
  local name version
  version=$("${BOX}/ll-exec" --version)
  for name in "${PAGES[@]}"; do
    [[ $(grep '^\.Os' "$(page "${name}")") == ".Os ll-exec ${version##* }" ]]
  done
}

@test "a directive, right or option that no manual page explains is a build error" {
  generated ll-policy.5
  is "${status} ${errors}" "0 "
  generated ll-policy.5 '/^@DIRECTIVE protect@$/d'
  is "${status} ${errors}" "1 in/ll-policy.5.in: protect is not explained"
  generated ll-policy.5 '/^@RIGHT refer@$/d'
  is "${status} ${errors}" "1 in/ll-policy.5.in: refer is not explained"
  generated ll-exec.1 '/^@OPTION ldd@$/d'
  is "${status} ${errors}" "1 in/ll-exec.1.in: ldd is not explained"
}

@test "an explanation of an unknown or already explained item is a build error" {
  generated ll-policy.5 's/^@DIRECTIVE protect@$/@DIRECTIVE shield@/'
  is "${status} ${errors}" "1 in/ll-policy.5.in: there is no shield"
  generated ll-policy.5 's/^@RIGHT refer@$/@RIGHT truncate@/'
  is "${status} ${errors}" "1 in/ll-policy.5.in: truncate is explained twice"
  generated ll-exec.1 's/^@EXIT@$/@EXITS@/'
  is "${status} ${errors}" "1 in/ll-exec.1.in: unknown mark @EXITS@"
}

@test "every --help fits into 80 columns, and into 24 rows except for ll-ns" {
  local program rows
  for program in ll-exec ll-ns ll-trace ll-repeat ll-policy ll-changes ll-mcp ll-ask sandbox.sh; do
    assert_success "${LL_BUILT}/${program}" --help
    is "$(awk 'length > 80' <<<"${output}")" ""
    rows=$(wc -l <<<"${output}")
    ((rows < 24)) || [[ ${program} == ll-ns ]] || { printf '%s: %d rows\n' "${program}" "${rows}"; return 1; }
  done
}

long_options() { grep -oE -- '--[a-z][a-z-]*' | sort -u; }

# Fl -policy, and Fl p , -policy.
options_of_page() { sed -n '/^\.It Fl/p' "$(page "$1")" | grep -oE -- ' -[a-z][a-z-]+' | sed 's/^ -/--/' | sort -u; }

@test "sandbox.sh(1) explains the options of sandbox.sh, and otherwise only options of ll-ns" {
  options_of_page sandbox.sh.1 >explained
  "${BOX}/sandbox.sh" --help | grep -E '^  -' | long_options >own
  [[ -s own ]]
  is "$(comm -13 explained own)" ""
  "${BOX}/ll-ns" --help | long_options | sort -u - own >known
  is "$(comm -23 explained known)" ""
}

@test "every line of the policies that ll-policy(5) shows is valid" {
  local text
  text=$(sed -n '/^\.Bd -literal/,/^\.Ed/p' "${ROOT}/docs/man/ll-policy.5.in" | sed '/^\.Bd/d; s/^\.Ed/--/')
  local -i number=0
  local policy
  while IFS= read -r -d '' policy; do
    number+=1
    # Paths of another machine need not exist on this one.
    sed 's, /, -/,g; s, public, -public,' <<<"${policy}" >"p${number}.policy"
    capture "${BOX}/ll-exec" -p "./p${number}.policy" --abi 11 --explain
    is "${status} ${errors}" "0 " || { cat "p${number}.policy"; return 1; }
  done < <(awk 'BEGIN { RS = "--\n"; ORS = "\0" } { print }' <<<"${text}")
  ((number == 4))
}

@test "the examples of ll-exec(1) run" {
  local line
  needs_program pdftotext
  printf 'b\na\n' >list.txt
  PATH=${BOX}:${PATH}
  while IFS= read -r line; do
    [[ ${line} != *upload.mov* && ${line} != *--why* ]] || continue
    capture bash -c "${line}"
    is "${status} ${errors}" "0 "
  done < <(sed -n 's/^\.Dl //p' "${ROOT}/docs/man/ll-exec.1.in")
}
