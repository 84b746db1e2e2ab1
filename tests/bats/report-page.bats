load trace

# The page of ll-trace --report in a real browser. browser.py runs the steps.

BROWSER=${BATS_TEST_DIRNAME}/browser.py

needs_browser() {
  # The browser creates directories in its home.
  export HOME=${T}
  needs_ptrace
  needs_program python3
  CHROMIUM=$(type -P chromium || type -P chromium-browser || type -P google-chrome) || skip "needs chromium"
  printf '<title>bare</title>' >bare.html
  [[ $(timeout 60 python3 "${BROWSER}" "${CHROMIUM}" bare.html document.title 2>&1) == bare ]] ||
    skip "chromium does not run here without a sandbox"
}

# page STEP...: opens the page. Sets ${output}; nothing may be requested, blocked by its security policy, or an error.
page() {
  assert_success timeout 120 python3 "${BROWSER}" "${CHROMIUM}" r.html "$@"
  [[ $'\n'${output} != *$'\n'@(asked|blocked|error|exception)\ * ]] || { printf '%s\n' "${output}"; return 1; }
}

# Selectors of the tests: a name for each tree, and its visible content.
tree() { printf 'document.querySelector("[aria-label=%s]").%s' "$1" "${2:-innerText}"; }

record() { # COMMAND...
  policy p.policy "use base
rx /usr/bin
ro ${T}/in
rw ${T}/out
connect 443"
  mkdir -p in out
  capture "${LL_TRACE}" -q -p ./p.policy --report r.html -- "$@"
}

@test "the page shows programs, files and refusals in light and dark mode, and loads nothing" {
  needs_browser
  mkdir in
  printf 12345 >in/f
  record sh -c 'cat in/f; cat in/f >out/new; cat /etc/hostname'
  page 'document.title' 'document.querySelector("h1").textContent' "$(tree Programs)" \
    'getComputedStyle(document.body).backgroundColor'
  [[ ${output} == 'What '*' did
sh -c cat in/f; cat in/f >out/new; cat /etc/hostname
'*'cat in/f
'*'cat /etc/hostname
'*'exit 1'*'rgb(255, 255, 255)' ]]
  page '[...document.querySelectorAll(".line code")].map((e) => e.textContent).join("|")'
  is "${output}" 'ro /etc/hostname|connect 443'
  page --dark 'getComputedStyle(document.body).backgroundColor'
  [[ ${output} != 'rgb(255, 255, 255)' ]]
}

@test "the page can be used with the keyboard alone, and its lines copied" {
  needs_browser
  mkdir in
  printf 12345 >in/f
  record sh -c 'cat in/f /etc/hostname'
  page 'document.body.focus()' "$(tree Files 'focus()')" key=Home key=ArrowLeft "$(tree Files)" key=Enter key=ArrowDown \
    "$(tree Files 'querySelector(".at .name").textContent')" key=End key=ArrowRight key=ArrowRight \
    "$(tree Files 'querySelector(".at").getAttribute("aria-level")')" key=ArrowLeft \
    "$(tree Files 'querySelector(".at").getAttribute("aria-level")')"
  [[ ${output} == *'etc/'*$'\n3\n2' ]]
  page 'document.querySelector(".line button").focus()' key=Enter 'navigator.clipboard.readText()' \
    'document.querySelector(".line button").textContent'
  is "${output}" $'null\nro /etc/hostname\ncopied'
}

@test "names are shown as text, without markup, script or bidirectional control characters" {
  needs_browser
  local name
  mkdir -p 'in/<' out
  for name in '<script>alert(1)<' '</script><script>alert(1)<' '<!--<script>' '<img src=x onerror=alert(1)>' $'a\nb' \
    $'r\xe2\x80\xaelo' $'\xff' "'\"onmouseover=alert(1) x"; do
    printf x >"in/${name}"
  done
  record sh -c 'cat in/* in/*/* "</script><script>alert(1)</script>" "javascript:alert(1)"'
  # Control: a page that is affected by a name is detected.
  printf '<script>throw new Error("obeyed")</script><img src=x>' >bare.html
  capture timeout 120 python3 "${BROWSER}" "${CHROMIUM}" bare.html 1
  [[ ${output} == *'asked file://'* && ${output} == *'error Error: obeyed'* ]]
  page 'document.querySelectorAll("script").length + " " + document.images.length' \
    'document.querySelector("input").focus()' 'type=in/' "$(tree Files)" "$(tree Files 'innerHTML')"
  [[ ${output} == $'2 0\n'* && ${output} == *'r<U+202E>lo'* && ${output} == *'a<U+000A>b'* ]]
  [[ ${output} == *'<img src=x onerror=alert(1)>'* && ${output} == *'&lt;img src=x onerror'* ]]
  [[ ${output} == *'</script><script>alert(1)<'* && ${output} != *$'\xe2\x80\xae'* ]]
}

@test "of 10,000 paths the page renders only those that are expanded" {
  needs_browser
  mkdir -p in out
  (cd in && for i in {0..99}; do mkdir "d${i}" && (cd "d${i}" && eval 'for f in {0..99}; do : >"f${f}"; done'); done)
  record sh -c 'for d in in/*; do cat "$d"/*; done; ls in/d7 >/dev/null'
  [[ $(grep -c '^{"path":.*/in/d' r.html) -ge 10000 ]]
  page 'document.querySelectorAll("*").length < 1500' \
    'document.querySelector("input").focus()' type=/in/d "$(tree Files 'querySelectorAll(".row").length')" \
    "$(tree Files 'lastChild.textContent')" "$(tree Files 'focus()')" key=End key=Enter \
    "$(tree Files 'querySelectorAll(".row").length')" "$(tree Files 'querySelectorAll(".at").length')"
  [[ ${output} == $'true\nnull\n201\n9'*' more'$'\nnull\n401\n1' ]]
  # Control: with all of it open there would be many times as many elements.
  page "$(tree Files 'childElementCount') < 50" \
    'files.length >= 10000 && tree.show(files.map((f) => ({name: f.path})), 0) === undefined && document.querySelectorAll("*").length < 1500'
  is "${output}" $'true\ntrue'
}
