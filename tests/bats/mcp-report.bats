#!/usr/bin/env bats
# shellcheck disable=SC2154 # of helpers.bash
# ll-mcp --report: a report page for each command.

load mcp

# The directory of the reports, writable for the server's user and for no command.
make_pages() {
  PAGES=${T}/pages
  rm -rf "${PAGES}"
  mkdir -m 777 "${PAGES}"
}

each_leaves_a_page() {
  local -a pages
  make_pages
  rm -rf project
  drives records --report "${PAGES}" "$@"
  pages=("${PAGES}"/*.html)
  is "${#pages[@]}" 6
  [[ ${pages[*]##*/} == 20*Z-1-sh.html\ *Z-2-sh.html\ *Z-3-_no_such_.html\ *Z-?-true.html\ *true.html\ *true.html ]]
  grep -q "^{\"path\":\"${T}/project/new\".*\"created\":true" "${pages[0]}"
  grep -q '"exit":3,"arguments":\["sh"' "${pages[0]}"
  grep -q '"complete":true' "${pages[3]}"
  ! grep -q '^<script>$' "${pages[@]}"
  is "$(stat -c %a "${pages[0]}")" 600
}

@test "--report writes a page for each command, with and without --sandbox, in a directory that commands cannot write to" {
  needs_program unshare
  each_leaves_a_page
  each_leaves_a_page --sandbox
}

@test "--report refuses a directory that is missing or writable for commands before any command runs" {
  make_pages
  mkdir -p project
  chmod 777 project
  local -a words
  mcp_words
  capture as_user node "${SERVED}/client/run.mjs" unsafe "${LL_MCP}" "${words[@]}" --report "${T}/none"
  [[ ${errors} == *"cannot write reports into ${T}/none: ENOENT"* ]]
  capture as_user node "${SERVED}/client/run.mjs" unsafe "${LL_MCP}" "${words[@]}" --report "${T}/project"
  [[ ${errors} == *"commands could rewrite the reports in ${T}/project"* ]]
  # A directory below one that commands can write to could be replaced by them.
  mkdir project/inner
  capture as_user node "${SERVED}/client/run.mjs" unsafe "${LL_MCP}" "${words[@]}" --report "${T}/project/inner"
  [[ ${errors} == *"commands could rewrite the reports in"* ]]
}

@test "--ask and --report exclude each other, and each alone does not" {
  make_pages
  capture "${SERVED}/ll-mcp" -p agent --ask --report "${PAGES}" --explain
  is "${status} ${errors}" '125 ll-mcp: --ask and --report exclude each other'
  local -a options
  for options in --ask "--report=${PAGES}"; do
    capture "${SERVED}/ll-mcp" -p agent "${options}" --explain
    is "${status} ${errors}" '0 '
  done
}
