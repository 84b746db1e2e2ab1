load policies

# The three attacks of docs/recipes.md from end to end: what a hostile file or package tries, and what stops
# it. Each is tried without a sandbox first, at a harmless size.

# ---- a zip bomb

# COUNT files of 1 MiB each, which take 1 KiB in the archive.
make_bomb() { # FILE COUNT
  own python3 -c 'import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as archive:
    for number in range(int(sys.argv[2])): archive.writestr(f"{number}.bin", bytes(1 << 20))' "$1" "$2"
}

count_files() { find . -name '*.bin' | wc -l; }

@test "a zip bomb within --disk is unpacked, and one beyond it leaves no file behind" {
  needs_program unzip python3
  WALL=sandbox.sh
  own mkdir job
  make_bomb "${T}/bomb.zip" 24
  # Each file is below every limit of a file's size, which does not help.
  own sh -c 'mkdir bare && cd bare && unzip -q ../bomb.zip'
  is "$(find bare -name '*.bin' | wc -l)" 24
  cd job
  under unzip --overlay . --disk 8M --ro ../bomb.zip -- unzip -q ../bomb.zip
  if [[ ${errors} == *'no user extended attributes'* ]]; then skip "needs Linux 6.6"; fi
  ((status != 0))
  assert_stderr "disk full"
  is "$(count_files)" 0
  does unzip --overlay . --disk 64M --ro ../bomb.zip -- unzip -q ../bomb.zip
  is "$(count_files)" 24
}

@test "a tar bomb beyond --disk leaves no file behind, with one large file or many small ones" {
  needs_program tar gzip
  WALL=sandbox.sh
  own mkdir job
  own sh -c 'mkdir big many && head -c 24000000 /dev/zero >big/0.bin &&
    for i in 1 2 3 4 5 6 7 8 9; do head -c 2000000 /dev/zero >many/${i}.bin; done; tar czf big.tgz big; tar czf many.tgz many'
  cd job
  local name before
  for name in big many; do
    before=$(count_files)
    under tar --overlay . --disk 8M --ro "../${name}.tgz" -- tar xf "../${name}.tgz"
    if [[ ${errors} == *'no user extended attributes'* ]]; then skip "needs Linux 6.6"; fi
    ((status != 0))
    [[ ${errors} == *'No space left on device'* || ${errors} == *'Wrote only'* ]]
    is "$(count_files)" "${before}"
    does tar --overlay . --disk 64M --ro "../${name}.tgz" -- tar xf "../${name}.tgz"
  done
  is "$(count_files)" 10
}

# ---- a hostile PDF

# A document with a list of COUNT numbers: a few KiB in the file, ten thousand times that in memory.
make_document() { # FILE COUNT
  own python3 -c 'import sys, zlib
words = zlib.compress(b"BT /F 1 Tf 9 9 Td (AAAAAAAA) Tj [" + b"0 " * int(sys.argv[2]) + b"] TJ ET", 9)
objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
  b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 900]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
  b"<</Filter/FlateDecode/Length %d>>stream\n" % len(words) + words + b"\nendstream"]
text, places = b"%PDF-1.4\n", []
for number, content in enumerate(objects, 1):
    places.append(len(text))
    text += b"%d 0 obj\n" % number + content + b"\nendobj\n"
start = len(text)
text += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
text += b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start
open(sys.argv[1], "wb").write(text)' "$1" "$2"
}

@test "--memory-each stops a document that allocates without end, and limit cpu one that computes without end" {
  needs_program pdftotext python3
  WALL=sandbox.sh
  own mkdir job
  cd job
  make_document in.pdf 4000000
  own pdftotext in.pdf - | grep -q AAAAAAAA || skip "pdftotext does not read it"
  does pdftotext --memory-each 1G -- pdftotext in.pdf -
  [[ ${output} == *AAAAAAAA* ]]
  under pdftotext --memory-each 32M -- pdftotext in.pdf out.txt
  ((status != 0 && status != 125)) || { printf '%s %s\n' "${status}" "${errors}"; return 1; }
  under pdftotext --limit cpu=1 --rx /bin/sh --rx /usr/bin/env -- sh -c 'while :; do :; done'
  ((status > 128))
}

# What a hijacked pdftotext tries: each of these works without the policy.
hijacks() {
  own mkdir out
  printf 'x' | own_file document.pdf
  local -a hijacked=(pdftotext --rx "${PROBE}" -- "${PROBE}")
  local -a act
  for act in "read ${HOME}/secret" "create ${HOME}/planted" "exec /bin/sh -c :" "socket 2 1 0" "map 4096 7 0x22" \
    "map 4096 3 0x22 5" "personality 0x40000"; do
    # shellcheck disable=SC2206 # words
    local -a words=(${act})
    own "${PROBE}" "${words[@]}"
    does_not "${hijacked[@]}" "${words[@]}"
  done
  does "${hijacked[@]}" read document.pdf
}

@test "a hijacked pdftotext gets no secret, shell, network or executable memory" {
  WALLS=(ll-exec)
  on_each_wall hijacks
}

# ---- a hostile dependency in CI

# What a package does when it is built: prints a line for each attempt that succeeded.
make_dependency() {
  own mkdir -p project "${HOME}/.ssh"
  printf 'key\n' | own_file "${HOME}/.ssh/id_ed25519"
  own_file project/build.sh <<'END'
#!/bin/sh
[ -z "${CI_TOKEN}" ] || echo token
cat ~/.ssh/id_ed25519 >/dev/null 2>&1 && echo key
(echo x >>~/.bashrc) 2>/dev/null && echo bashrc
(echo x >/var/tmp/"${PLANTED}") 2>/dev/null && echo planted
"${PROBE}" socket 2 1 0 2>/dev/null && echo network
kill -0 "${VICTIM}" 2>/dev/null && echo process
echo "children $("${PROBE}" forks 48)"
echo built >output
echo done
END
  own chmod 755 project/build.sh
}

@test "a hostile dependency in CI gets no token, key or network and cannot persist; the build still succeeds" {
  if "${AS[@]}" "${LL_NS_PROGRAM}" --check >/dev/null; then :; else skip "no namespaces here"; fi
  make_dependency
  export CI_TOKEN=hunter2 PLANTED=ll-planted.$$ PROBE
  begin "${AS[@]}" sh -c 'echo started; sleep 100'
  export VICTIM=${started_pid}
  cd project
  assert_success own ./build.sh
  is "${output}" $'token\nkey\nbashrc\nplanted\nnetwork\nprocess\nchildren 48\ndone'
  rm -f output "${HOME}/.bashrc" "/var/tmp/${PLANTED}"
  WALL=sandbox.sh
  local -a ceilings=(--memory-each 1G --timeout 1m)
  # With and without a cgroup.
  does sandbox --rwx . --rx "${PROBE}" --env PROBE="${PROBE}" --env VICTIM="${VICTIM}" --env PLANTED="${PLANTED}" --pids 32 \
    "${ceilings[@]}" -- ./build.sh
  [[ ${output} =~ ^children\ ([0-9]+)$'\n'done$ ]] || { printf '%s\n' "${output}"; return 1; }
  ((BASH_REMATCH[1] < 32))
  is "$(<output)" built
  [[ ! -e ${HOME}/.bashrc && ! -e /var/tmp/${PLANTED} ]]
}
