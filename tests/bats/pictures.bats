load helpers

# The commands that a picture shows, in order.
commands_of() { # FILE
  sed -n 's/.*\(\$ [a-z].*\)/\1/p' <(sed 's/<[^>]*>//g' "$1") | sed 's/tcp:[^ ]*/tcp:PORT/'
}

@test "the pictures of README.md show the output of a run now, and are well-formed" {
  needs_program python3
  needs_program ffmpeg
  needs_program pdftotext
  local name
  assert_success "${ROOT}/scripts/pictures.py" --build "${LL_BUILT}" "${T}"
  for name in demo explain; do
    assert_success python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "${name}.svg"
    is "$(commands_of "${name}.svg")" "$(commands_of "${ROOT}/docs/pictures/${name}.svg")"
    [[ $(commands_of "${name}.svg") == *ll-exec* ]]
    grep -q "docs/pictures/${name}.svg" "${ROOT}/README.md"
  done
  grep -q refused demo.svg
  grep -q 'everything else is refused' explain.svg
}

@test "the demo without ffmpeg shows the other parts, and names what it leaves out" {
  needs_program pdftotext
  BUILD=${LL_BUILT} VIDEO=no assert_success "${ROOT}/scripts/demo.sh"
  [[ ${output} == *'Total: 42.00 EUR'*refused*refused*'They need ffmpeg'* ]]
  [[ ${output} != *'ffmpeg -v'* ]]
}
