load sandbox

# bench/run.sh with few rounds: that it measures and draws, not how long anything takes.

PARTS=startup,footprint,rules,tools,layers,calls

setup_file() {
  export BENCH_OUT=${BATS_FILE_TMPDIR}/out
  [[ -x ${LL_BUILT}/bench/startup ]] || return 0
  bench --parts "${PARTS}" --rounds 3 --csv "${BENCH_OUT}" >"${BATS_FILE_TMPDIR}/log" 2>&1 ||
    printf '%s' "$?" >"${BATS_FILE_TMPDIR}/status"
}

bench() { env -u LL_EXEC "${ROOT}/bench/run.sh" --build "${LL_BUILT}" "$@"; }

needs_bench() {
  [[ -x ${LL_BUILT}/bench/startup ]] || skip "needs the benchmark's programs: make bench"
  needs_program python3
}

judge() { python3 "${BATS_TEST_DIRNAME}/charts.py" "$@"; }

# With so few rounds a threshold may be missed, which is exit status 1.
@test "bench runs every part, and writes the results and the charts" {
  needs_bench
  needs_program gnuplot
  [[ ! -e ${BATS_FILE_TMPDIR}/status ]] || is "$(<"${BATS_FILE_TMPDIR}/status")" 1 || { cat "${BATS_FILE_TMPDIR}/log"; return 1; }
  local files=("${BENCH_OUT}"/*)
  is "${files[*]##*/}" "bars.csv footprint.csv machine.csv rules.csv rules.svg runtime.csv runtime.svg startup.csv startup.svg"
  local release
  release=$(uname -r)
  grep -qxF "kernel,\"Linux ${release%%-*} $(uname -m)\"" "${BENCH_OUT}/machine.csv"
}

@test "the tables of results have every column and every baseline" {
  needs_bench
  assert_success judge columns "${BENCH_OUT}"
  is "${output}" ""
  mkdir bad
  sed '/^[^,]*,[^,]*,bare,/d' "${BENCH_OUT}/rules.csv" >bad/rules.csv
  capture judge columns bad
  is "${status} ${output%%$'\n'*}" "1 rules.csv: start of target, $(user_of rules), 1: its baseline is not in the table"
}

user_of() { awk -F, 'NR == 2 { print $2 }' "${BENCH_OUT}/$1.csv"; }

@test "the charts are well-formed, and show and describe every name and value" {
  needs_bench
  needs_program gnuplot
  assert_success judge values "${BENCH_OUT}"
  is "${output}" ""
  cp -r "${BENCH_OUT}" bad
  sed -i 's/>1,000 rules</>999 rules</' bad/rules.svg
  capture judge values bad
  [[ ${status} == 1 && ${output} == *"does not show 1,000 rules: "* ]]
}

@test "the colours of the charts have enough contrast on light and dark backgrounds" {
  needs_bench
  needs_program gnuplot
  assert_success judge contrast "${BENCH_OUT}"
  is "${output}" ""
  mkdir bad
  sed 's/#1f6feb/#0d2137/' "${BENCH_OUT}/rules.svg" >bad/rules.svg
  capture judge contrast bad
  [[ ${status} == 1 && ${output} == *"rules.svg, dark: fill #0d2137 of polygon on #0d1117: "* ]]
}

@test "the committed charts are generated from the committed tables" {
  needs_program gnuplot python3
  assert_success judge columns "${ROOT}/docs/charts"
  assert_success judge values "${ROOT}/docs/charts"
  assert_success judge contrast "${ROOT}/docs/charts"
}

# env is named like the kernel's sample, and restricts nothing.
@test "a tool that does not refuse what it must refuse is left out of the comparison" {
  needs_bench
  mkdir bin
  cp "$(type -P env)" bin/sandboxer
  PATH=${T}/bin:${PATH} bench --parts tools --rounds 1 --csv out >log 2>&1 || true
  grep -q '^  sandboxer *lets it write where it is not granted$' log
  run ! grep -q sandboxer out/startup.csv
}

@test "without gnuplot the results are written, and a message says that there are no charts" {
  needs_bench
  mkdir bin
  ln -s /usr/bin/* /bin/* bin/ 2>/dev/null || true
  rm -f bin/gnuplot*
  PATH=${T}/bin bench --parts calls --rounds 1 --csv out >log 2>&1 || true
  grep -q 'without charts: there is no gnuplot here$' log
  local files=(out/*)
  is "${files[*]}" "out/bars.csv out/machine.csv out/runtime.csv"
}

@test "an unknown part of the bench is an error" {
  capture bench --parts startup,lunch
  is "${status} ${errors}" "2 bench: no part 'lunch': startup footprint rules tools layers calls programs traced repeats filter overlay hosts library"
}
