load sandbox
load examples

# docs/migrating: the examples run, the options that they name exist, and no replacement grants more than the original.

PAGES=${ROOT}/docs/migrating

# The pages grant /tmp, so the home directory must not be in it.
leave_tmp() {
  rm -rf "${T}"
  T=$(mktemp -d /var/tmp/ll-page.XXXXXX)
  chmod 755 "${T}"
  cd "${T}" || return
}

@test "every example of docs/migrating has the output that is shown, and its policies have no errors" {
  local page policy
  leave_tmp
  for page in "${PAGES}"/*.md; do
    cd "${T}" || return
    rm -rf page home usr
    NOT_RUN=() RAN=0
    run_page "${page}"
    for policy in *.policy; do
      [[ ! -e ${policy} ]] || assert_success run_script "ll-policy check ./${policy}"
    done
  done
}

@test "ll-policy converts the landrun command line of docs/migrating, and the result does the same" {
  local line
  line=$(sed -n 's/^landrun //p' "${PAGES}/landrun.md")
  [[ -n ${line} ]]
  prepare_page
  assert_success run_script "ll-policy convert -o ./landrun.policy -- landrun ${line}"
  assert_success run_script 'll-exec -p ./landrun.policy -- sort -o sorted.txt list.txt'
  is "$(<sorted.txt)" $'apples\npears'
}

# anchors_of PAGE: the link anchors of its headings.
anchors_of() { sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' | sed 's/[^a-z0-9_ -]//g; s/ /-/g'; }

@test "every heading that docs/migrating links to exists" {
  local page file anchor
  local -i links=0
  for page in "${PAGES}"/*.md; do
    while IFS='#' read -r file anchor; do
      anchors_of "${page%/*}/${file:-${page##*/}}" | grep -qxF -e "${anchor}" || { printf '%s: %s#%s\n' "${page##*/}" "${file}" "${anchor}"; return 1; }
      links+=1
    done < <(grep -oE '\]\([^() ]*#[^() ]+\)' "${page}" | sed 's/^](//; s/)$//')
  done
  ((links > 5))
}

# ours_of PAGE: the second column of its tables, where its heading is ours.
ours_of() {
  awk -F ' \\| ' '/^\| / { sub(/^\| /, ""); sub(/ \|$/, "") } !/\|/ { ours = 0 } $2 == "ours" { ours = 1; next } ours { print $2 }' "$1"
}

# words_of_ours PAGE: the code in that column, one word per line.
words_of_ours() { ours_of "$1" | grep -oE '`[^`]+`' | tr -d '`'; }

@test "every option, directive, policy and program of ll-exec that docs/migrating names exists" {
  local page word first rest
  local -i words=0
  { for program in ll-exec ll-ns ll-trace ll-changes ll-policy ll-mcp ll-net ll-ask; do "${LL_BUILT}/${program}" --help; done; "${BOX}/sandbox.sh" --help; } |
    grep -oE -- '(^|[ ,])--?[A-Za-z][a-z-]*' | tr -d ' ,' | sort -u >options
  "${BOX}/ll-exec" --list directives | sed -n 's/^ *--\([a-z-]*\) .*/\1/p' >directives
  sed 's/^/--/' directives >>options
  for page in "${PAGES}"/*.md; do
    words_of_ours "${page}" >words
    while read -r first rest; do
      words+=1
      word="${first} ${rest}"
      case ${first} in
        -*) grep -qxF -e "${first%%=*}" options || { printf '%s: no option %s\n' "${page##*/}" "${first}"; return 1; } ;;
        ll-*|sandbox.sh) [[ -x ${LL_BUILT}/${first} ]] || { printf '%s: no program %s\n' "${page##*/}" "${first}"; return 1; } ;;
        Policy*|Sandbox*|Stage*|Zygote*|restrict_self*|*.py) grep -qF "${first%%(*}" "${ROOT}"/python/llexec/__init__.py ;;
        *) grep -qxF -e "${first}" directives || { printf '%s: %s is not ours\n' "${page##*/}" "${word}"; return 1; } ;;
      esac
      while [[ ${word} =~ (^| )(-p|use)\ ([a-z][a-z-]*)($|\ )(.*) ]]; do
        [[ -e ${BOX}/policies/${BASH_REMATCH[3]}.policy ]] || { printf '%s: no policy %s\n' "${page##*/}" "${BASH_REMATCH[3]}"; return 1; }
        word=${BASH_REMATCH[5]}
      done
      grep -oE -- ' --[a-z][a-z-]*' <<<" ${rest}" | tr -d ' ' >more || true
      while read -r first; do
        grep -qxF -e "${first}" options || { printf '%s: no option %s in %s\n' "${page##*/}" "${first}" "${rest}"; return 1; }
      done <more
    done <words
  done
  ((words > 200))
}

# names PAGE WORD...: the page has each of them as code, alone or before a value.
names() {
  local page=$1 word
  shift
  for word; do
    grep -qE -- "\`${word//./\\.}([\` =]|\$)" "${PAGES}/${page}" || { printf '%s does not name %s\n' "${page}" "${word}"; return 1; }
  done
}

@test "the pages about landrun and sandlock have every option that ll-policy convert reads" {
  local -a words
  mapfile -t words < <(sed -n 's/^FLAG([^"]*"\([^"]*\)".*/--\1/p' "${ROOT}/tools/ll-policy/landrun.def")
  ((${#words[@]} > 15))
  names landrun.md "${words[@]}"
  mapfile -t words < <(sed -n 's/^KEY([^"]*"\([^"][^"]*\)".*/--\1/p' "${ROOT}/tools/ll-policy/sandlock.def")
  ((${#words[@]} > 50))
  names sandlock.md "${words[@]}"
}

@test "the pages about firejail and bubblewrap have every option of the installed program" {
  local -a words
  local program page
  for program in firejail bwrap; do
    type -P "${program}" >/dev/null || continue
    page=${program/bwrap/bubblewrap}.md
    # An option ends where an argument begins.
    mapfile -t words < <("${program}" --help 2>&1 | grep -oE '^ +--[a-z0-9.-]+' | tr -d ' ' | sed 's/\.$//' | sort -u)
    ((${#words[@]} > 40))
    names "${page}" "${words[@]}"
  done
}

# ---- not wider

# command_of PAGE NUMBER: that sh block, without the job at its end.
command_of() {
  awk -v wanted="$2" '/^```sh$/ { number++; inside = number == wanted; next } /^```$/ { inside = 0 } inside' "${PAGES}/$1" |
    sed -z 's/\\\n *//g; s/ sort -o sorted.txt list.txt\n$//'
}

# The probes that the original refuses and the replacement allows.
compare() { # PAGE
  local old new
  old=$(command_of "$1" 1)
  new=$(command_of "$1" 2)
  [[ -n ${old} && ${new} == *ll-exec* || ${new} == *sandbox.sh* ]]
  mapfile -t comments < <(awk '/^<!-- as: root -->$/ { print "as: root" } /^```sh$/ { exit }' "${PAGES}/$1")
  heed "${comments[@]}"
  [[ -z ${WHY} ]] || skip "${WHY}"
  printf -v script '%q ' bash "${T}/compare.sh" "${old}" "${new}"
  printf -v script 'OUTSIDE=%q PORT=%q API_TOKEN=x SETTING=x %s <%q' "${outside}" "${port}" "${script}" "${T}/probes"
  USER_OF_BLOCK=${USER_OF_BLOCK} run_script "${script}"
}

prepare_comparison() { # PROGRAM PAGE
  needs_program "$1" /usr/bin/python3
  leave_tmp
  prepare_page
  awk '/^```bash compare.sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "${PAGES}/README.md" >"${T}/compare.sh"
  awk '/^```text probes$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "${PAGES}/README.md" >"${T}/probes"
  (($(wc -l <"${T}/probes") > 15))
  echo secret >"${T}/home/.secret"
  chown "${ORDINARY}:${ORDINARY}" "${T}/home/.secret" 2>/dev/null || true
  mkfifo "${T}/ready"
  as_user /usr/bin/python3 -c 'import socket, sys, time
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
while True: server.accept()[0].close()' >"${T}/ready" 3>&- &
  outside=$!
  started_pid=${outside}
  read -r port <"${T}/ready"
}

# not_wider PROGRAM PAGE: the replacement of the page's first example allows no probe that the original refuses.
not_wider() {
  local port outside script
  local -a comments
  prepare_comparison "$@"
  # Control: running without a sandbox allows more.
  { sed '/^```sh$/,$d' "${PAGES}/$2"; printf '```sh\n%s sort -o sorted.txt list.txt\n```\n```sh\nenv NO=sandbox.sh sort -o sorted.txt list.txt\n```\n' "$(command_of "$2" 1)"; } >"${T}/all.md"
  PAGES=${T} compare all.md >"${T}/wider" || skip "needs $1 that works here: $(<"${T}/wider")"
  grep -q '^wider: ' "${T}/wider"
  is "$(compare "$2")" ""
}

@test "the replacement of the bubblewrap example grants nothing more" { not_wider bwrap bubblewrap.md; }
@test "the replacement of the firejail example grants nothing more" { not_wider firejail firejail.md; }
@test "the replacement of the systemd-run example grants nothing more" { not_wider systemd-run systemd-run.md; }
@test "the replacement of the landrun example grants nothing more" { not_wider landrun landrun.md; }
@test "the replacement of the sandlock example grants nothing more" { not_wider sandlock sandlock.md; }
