load ll-policy

# ll-policy check --used: how recorded runs used a policy's rules.

make_project() {
  mkdir -p project/in project/out
  printf x >project/in/f
  cd project || return
  policy p.policy "use base
rx /usr/bin
ro ./in
rw ./out
env PATH LANG LC_*"
}

# grants FILE GRANT...: writes a report with these grants, as ll-trace does.
grants() {
  local file=$1 grant separator=''
  shift
  {
    printf '{"report":1,"grants":['
    for grant; do
      printf '%s{%s}' "${separator}" "${grant}"
      separator=,
    done
    printf '],"complete":true}\n'
  } >"${file}"
}

found() { json "${output}" '" ".join(d["kind"] + "@" + d["where"].split(":", 1)[1] for d in all)'; }

@test "check --used names rules that no recorded run used or that are wider than used, over several reports" {
  make_project
  grants one.json '"grant":"ro ./in","uses":0,"there":true' '"grant":"rw ./out","uses":3,"there":true,"enough":"ro"'
  grants two.json '"grant":"ro ./in","uses":1,"there":true' '"grant":"rw ./out","uses":1,"there":true'
  capture "${LL_POLICY}" check p.policy
  is "${status} ${errors}" '0 '
  capture "${LL_POLICY}" check --json --used one.json p.policy
  is "${status} $(found)" '0 unused@3:4 unused@4:4'
  capture "${LL_POLICY}" check --json --used one.json --used two.json p.policy
  is "${status} $(found)" '0 '
  capture "${LL_POLICY}" check --strict --used one.json p.policy
  is "${status}" 1
  [[ ${errors} == *'p.policy:3:4: warning: no recorded run used this'*'leave it out, or record more runs'*'ro would have been enough for the recorded runs'* ]]
}

@test "check --used keeps the rights that either of two runs needed" {
  make_project
  policy p.policy 'rwx ./out' 'env PATH'
  local one two wanted
  while read -r one two wanted; do
    grants one.json "\"grant\":\"rwx ./out\",\"uses\":3,\"there\":true,\"enough\":\"${one}\""
    grants two.json "\"grant\":\"rwx ./out\",\"uses\":3,\"there\":true,\"enough\":\"${two}\""
    capture "${LL_POLICY}" check --json --used one.json --used two.json p.policy
    is "$(json "${output}" '" ".join(d["message"].split()[0] for d in all if d["kind"] == "unused")')" "${wanted}"
  done <<'END'
ro ro ro
ro rx rx
rw ro rw
rx rw
END
}

@test "check --used skips rules that reports lack, whose path was missing, or that another policy grants" {
  make_project
  grants one.json '"grant":"ro ./in","uses":0,"there":false' '"grant":"ro -/etc/ld.so.cache","uses":0,"there":true'
  capture "${LL_POLICY}" check --json --used one.json p.policy
  is "${status} $(found)" '0 '
}

@test "check --used refuses files that are not reports, and incomplete reports" {
  make_project
  printf '[]\n' >list.json
  printf '{"report":2,"grants":[],"complete":true}\n' >later.json
  printf 'x' >none.json
  local file
  for file in list.json later.json none.json /dev/null; do
    capture "${LL_POLICY}" check --used "${file}" p.policy
    is "${status}" 125
    [[ ${errors} == *"${file} is not a report"*'ll-trace --report FILE.json writes one'* ]]
  done
  capture "${LL_POLICY}" check --used missing.json p.policy
  [[ ${status} == 125 && ${errors} == *'cannot read missing.json'* ]]
  printf '{"report":1,"grants":[],"complete":false}\n' >cut.json
  capture "${LL_POLICY}" check --used cut.json p.policy
  [[ ${status} == 125 && ${errors} == *'cut.json is incomplete: its run exceeded a limit'* ]]
  capture "${LL_POLICY}" list --used list.json
  [[ ${status} == 125 && ${errors} == *'--used is only for check'* ]]
}

@test "check --used reads JSON and HTML reports of ll-trace, with paths that are not UTF-8" {
  local tracer=${LL_BUILT}/ll-trace
  "${tracer}" -q -p base --rx /usr/bin -- true || skip "needs ptrace"
  make_project
  printf x >in/$'\xff<'
  "${tracer}" -q -p ./p.policy --report r.json -- sh -c 'cat in/*' >/dev/null
  "${tracer}" -q -p ./p.policy --report r.html -- sh -c 'echo x >out/f'
  capture "${LL_POLICY}" check --json --used r.json p.policy
  is "$(found)" 'unused@4:4'
  capture "${LL_POLICY}" check --json --used r.html p.policy
  is "$(found)" 'unused@3:4'
  capture "${LL_POLICY}" check --json --used r.html --used r.json p.policy
  is "${status} $(found)" '0 '
}
