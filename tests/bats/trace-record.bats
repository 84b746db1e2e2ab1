load trace

# ll-trace --report: a record of a run as a page, as JSON and as text. report-page.bats tests the page in a browser.

# ---- contents

# A project and a policy for it, with used and unused rules.
make_project() {
  mkdir -p project/in project/out project/other
  printf 12345 >project/in/f
  cd project || return
  policy p.policy "use base
rx /usr/bin /bin
ro ./in ./other
rw ./out
rwx ./in/f
connect 443
ro -./none"
}

# entry FILE TEXT...: the only line of the report with all of these texts.
entry() {
  local file=$1 found text
  found=$(<"${file}")
  shift
  for text; do found=$(grep -F -- "${text}" <<<"${found}"); done
  [[ $(wc -l <<<"${found}") == 1 && -n ${found} ]] || { printf 'not one line with: %s\n%s\n' "$*" "${found}"; return 1; }
  printf '%s\n' "${found}"
}

@test "a report has each path with its operations, count, size and first process" {
  needs_ptrace
  make_project
  assert_success "${LL_TRACE}" -q -p ./p.policy --report ../r.json -- sh -c 'cat in/f; cat in/f >out/new; rm out/new; cat in/f >out/kept; echo'
  local line
  line=$(entry ../r.json "\"path\":\"${PWD}/in/f\"")
  [[ ${line} == *'"read":3,"write":0,"run":0,"kind":"file","size":5,"by":'* ]]
  line=$(entry ../r.json "\"path\":\"${PWD}/out/new\"")
  [[ ${line} == *'"write":2,"run":0,"kind":"gone","created":true'* ]]
  line=$(entry ../r.json "\"path\":\"${PWD}/out/kept\"")
  [[ ${line} == *'"write":1,"run":0,"kind":"file","size":5,"created":true,"by":0}'* ]]
  line=$(entry ../r.json '"path":"/usr/bin/cat"')
  [[ ${line} == *'"run":3'* ]]
  [[ $(tail -n 1 ../r.json) == '],"complete":true}' ]]
}

@test "a report has the tree of programs with arguments, times and exit statuses, without threads" {
  needs_ptrace
  make_project
  capture "${LL_TRACE}" -q -p ./p.policy --report ../r.json -- sh -c '(exit 5); sh -c "exec cat in/f"; kill -9 $$'
  is "${status}" 137
  [[ $(entry ../r.json '"parent":null') == *'"signal":9,"arguments":["sh","-c","(exit 5); '* ]]
  [[ $(entry ../r.json '"parent":0' '"forked":true') == *'"exit":5'* ]]
  [[ $(entry ../r.json '"parent":0' '"replaced":true') == *'"arguments":["sh","-c","exec cat in/f"]'* ]]
  [[ $(entry ../r.json '"arguments":["cat","in/f"]') == *'"parent":2,'*'"exit":0'* ]]
  needs_program /usr/bin/python3
  assert_success "${LL_TRACE}" -q -p ./p.policy --ro /usr --ro /etc --report ../r.json -- /usr/bin/python3 -I -c 'import threading
for _ in range(5): t = threading.Thread(target=lambda: open("in/f").close()); t.start(); t.join()'
  is "$(grep -c '"pid":' ../r.json)" 1
  [[ $(entry ../r.json "\"path\":\"${PWD}/in/f\"") == *'"read":5,'*'"by":0}' ]]
}

@test "a report has each grant, whether it was used, and which grant would be sufficient" {
  needs_ptrace
  make_project
  capture "${LL_TRACE}" -q -p ./p.policy --report ../r.json -- sh -c 'cat in/f; echo >out/new; cat ../secret; cat other/none'
  [[ $(entry ../r.json '"grant":"ro ./in"') == *'"uses":0,"there":true}'* ]]
  [[ $(entry ../r.json '"grant":"ro ./other"') == *'"where":"./p.policy:3:9","source":"./p.policy","uses":0,'* ]]
  [[ $(entry ../r.json '"grant":"rwx ./in/f"') == *'"uses":1,"there":true,"enough":"ro"}'* ]]
  [[ $(entry ../r.json '"grant":"rw ./out"') != *'"uses":0'* ]]
  [[ $(entry ../r.json '"grant":"connect 443"') == *'"uses":0,"there":true}'* ]]
  [[ $(entry ../r.json '"grant":"ro -./none"') == *'"uses":0,"there":false}'* ]]
  # Dropping what the report suggests changes nothing.
  sed -i '/^connect/d; s/^ro .*/#/; s/^rwx/ro/' p.policy
  capture "${LL_TRACE}" -q -p ./p.policy --report ../again.json -- sh -c 'cat in/f; echo >out/new'
  is "${status} ${output}" '0 12345'
}

@test "a report has the refusals with the line that allows each, as --json has them" {
  needs_ptrace
  make_project
  printf x >../secret
  capture "${LL_TRACE}" -q -p ./p.policy --json ../j.json --report ../r.json -- cat ../secret
  local line
  line=$(entry ../j.json '"layer"')
  line=$(entry ../r.json "${line# }")
  [[ ${line%,} == *"\"line\":\"ro ${T}/secret\"}" ]]
  [[ ${errors} == *"allow it: ro ${T}/secret"* ]]
}

@test "a report includes processes that outlive the command, when they have ended" {
  needs_ptrace
  make_project
  mkfifo ../go
  assert_success "${LL_TRACE}" -q -p ./p.policy --ro ../go --report ../r.json -- sh -c '{ read -r _ <../go; cat in/f; } >out/late 2>&1 & exit 0'
  [[ $(<../r.json) != *'"arguments":["cat","in/f"]'* ]]
  entry ../r.json '"path":"/usr/bin/dash"' >/dev/null || entry ../r.json '"parent":null'
  echo >../go
  waits_until grep -q '"arguments":\["cat","in/f"\]' ../r.json
  waits_until grep -q '"complete":true' ../r.json
  [[ $(entry ../r.json '"parent":null') == *'"exit":0'* ]]
}

@test "the command behaves the same with a report as without, including refusals" {
  needs_ptrace
  make_project
  local -a command=(sh -c 'cat in/f ../secret; echo x >in/f2; ls /; exit 3')
  printf x >../secret
  capture "${LL_TRACE}" -q -p ./p.policy -- "${command[@]}"
  local before="${status} ${output} ${errors}"
  capture "${LL_TRACE}" -q -p ./p.policy --report ../r.html -- "${command[@]}"
  is "${status} ${output} ${errors}" "${before}"
}

# ---- output

@test "--report - writes text to standard output, after the command's output" {
  needs_ptrace
  make_project
  printf x >../secret
  capture "${LL_TRACE}" -q -p ./p.policy --report - -- sh -c 'cat in/f ../secret >out/new; echo own'
  [[ ${output} == "own
ll-trace: "*' ms, programs:
  /usr/bin/'*'
    /usr/bin/cat in/f ../secret: '*', exit 1
run
  '*'written
  '"${PWD}"'/out/new, 5 B, created
read
'*"  ${PWD}/in/f, 5 B
"*"refused
  read_file ${T}/secret: cat
    allow it: ro ${T}/secret
granted but not used
"*'  connect 443/tcp  ./p.policy:6:9'* ]]
}

@test "a report page is one file, and names in it can neither be markup nor end its script" {
  needs_ptrace
  make_project
  local name
  mkdir -p 'in/<'
  for name in '<script>alert(1)<' '</script><script>alert(1)<' '<!--<script>' $'a\nb' $'r\xe2\x80\xaelo' $'\xff'; do
    mkdir -p "in/$(dirname "${name}")"
    printf x >"in/${name}"
  done
  capture "${LL_TRACE}" -q -p ./p.policy --report ../r.html -- sh -c 'cat in/* "</script><b>" in/*/*'
  local page
  page=$(sed -n '/^<script type="application\/json" id="data">/,/^<\/script>/p' ../r.html)
  [[ ${page} == *'\u003c/script\u003e\u003cscript\u003ealert(1)\u003c'* && ${page} == *'r\u202elo'* ]]
  page=${page#*>}
  [[ ${page%%</script>*} != *[\<\>\&]* ]]
  is "$(grep -c -i '<script' ../r.html)" 2
  is "$(grep -c -E '(src|href|url|import)[=(]' ../r.html)" 0
  grep -q "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]*='; script-src 'sha256-[A-Za-z0-9+/]*='" ../r.html
}

@test "the content security policy of a page has the hashes of its style and script" {
  needs_ptrace
  needs_program python3
  make_project
  assert_success "${LL_TRACE}" -q -p ./p.policy --report ../r.html -- cat in/f
  assert_success python3 - ../r.html <<'END'
import base64, hashlib, re, sys
page = open(sys.argv[1], encoding="utf-8", newline="").read()
for name, policy in (("style", "style-src"), ("script", "script-src")):
    text = re.search(f"<{name}>(.*?)</{name}>", page, re.S)[1]
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert f"{policy} 'sha256-{digest}'" in page, name
END
}

@test "--report writes to a file descriptor that the command does not inherit, and not through symlinks of the project" {
  needs_ptrace
  make_project
  "${LL_TRACE}" -q --report 7 --rx "${PROBE}" -- "${PROBE}" descriptors 20 7>../seven >../open
  is "$(<../open) $(head -n 1 ../seven)" $'0\n1\n2 <!doctype html>'
  printf mine >../mine
  ln -s ../mine r.json
  capture "${LL_TRACE}" -q --report r.json --rx "${PROBE}" -- "${PROBE}" pid
  is "${status} ${output} $(<../mine)" '125  mine'
  [[ ${errors} == *'is a symbolic link to '* ]]
  capture "${LL_TRACE}" --report ../r.htm --rx "${PROBE}" -- "${PROBE}" pid
  is "${status}" 125
  [[ ${errors} == *"'../r.htm' is not a report file"*'name it FILE.html or FILE.json'* ]]
  capture "${LL_TRACE}" --report /nonexistent/r.json --rx "${PROBE}" -- "${PROBE}" pid
  is "${status}" 125
  [[ ${errors} == *'cannot write the report to /nonexistent/r.json: ENOENT'* ]]
  [[ ! -c /dev/full ]] || {
    capture "${LL_TRACE}" --report 7 --rx "${PROBE}" -- "${PROBE}" exit 0 7>/dev/full
    is "${status}" 0
    [[ ${errors} == *'cannot write the report to 7: ENOSPC'* ]]
  }
}

@test "--learn with --report reports the run under the written policy" {
  needs_ptrace
  make_project
  assert_success "${LL_TRACE}" -q --learn ../learned.policy --report ../r.json -- cat in/f
  entry ../r.json "\"source\":\"../learned.policy\"" '"grant":"rx /usr/bin/cat"' >/dev/null
  [[ $(entry ../r.json "\"path\":\"${PWD}/in/f\"") == *'"read":1,'* ]]
}
