load policies

# NAME-calls: the installed lists of system calls. Each tool does all of its corpus (tests/corpus) under its list
# as without it; calls outside of the list are refused, or kill the tool.

setup_file() {
  make_box
  install -m 755 "${LL_BUILT}/tests/each-call" "${BOX}/"
}

# The calls of a group; those that a policy allows, and those that it does not.
group() { "${BOX}/ll-exec" --list syscalls | sed -n "/^$1\$/,/^[^ ]/s/^  //p"; }
left_by() {
  { group @default; sed -n 's/^syscall only //p' "${ROOT}/policies/$1.policy" | tr ' ' '\n'; } | sort -u
}
# Except one that no filter decides: for a program that is not traced it fails with EPERM or kills
# (kernel/seccomp.c, __secure_computing, since Linux 6.18).
others_than() {
  comm -13 <(left_by "$1") <("${BOX}/ll-exec" --list syscalls | sed -n 's/^  //p' | sort -u) | grep -vx uprobe
}

at_most_half() { # TOOL
  local -i most count
  most=$(group @system-service | wc -l)
  count=$(left_by "$1-calls" | wc -l)
  ((most > 200 && count > 50 && count <= most / 2)) || { printf '%s: %d of %d\n' "$1" "${count}" "${most}"; return 1; }
}

# Without the list they return something else: it is the list that refuses.
others_are_refused() { # TOOL
  local -a others
  mapfile -t others < <(others_than "$1-calls")
  local -a probe=(--rx "${BOX}/each-call" -- "${BOX}/each-call" "${others[@]}")
  capture "${AS[@]}" "${BOX}/ll-exec" -q -p "$1-calls" "${probe[@]}"
  is "${status} $(grep -vE ' (EPERM|none)$' <<<"${output}")" "0 "
  is "$(wc -l <<<"${output}")" "${#others[@]}"
  capture own "${BOX}/each-call" "${others[@]}"
  local -i free
  free=$(grep -cvE ' (EPERM|none)$' <<<"${output}")
  ((free > 150)) || { printf 'without a sandbox %d of %d are refused\n' "$((${#others[@]} - free))" "${#others[@]}"; return 1; }
}

# The calls are determined as above; with little time, some of them are tried.
others_kill() { # TOOL
  local -i step=20 i
  local name
  local -a others
  mapfile -t others < <(others_than "$1-calls")
  if [[ -n ${LL_LONG:-} || $1 == pdftotext ]]; then step=1; fi
  for ((i = 0; i < ${#others[@]}; i += step)); do
    name=${others[i]}
    capture "${AS[@]}" "${BOX}/ll-exec" -q -p "$1-calls" --syscall 'action kill' --rx "${BOX}/each-call" -- \
      "${BOX}/each-call" "${name}"
    [[ ${status} == 159 || ${output} == *none ]] || { printf '%s: %s %s\n' "${name}" "${status}" "${output}"; return 1; }
  done
}

does_its_corpus() { # TOOL
  own mkdir -p corpus
  capture own env LL_BIN="${BOX}" LL_CORPUS="${PWD}/corpus" "${ROOT}/tests/corpus/run.sh" check "$1"
  [[ ${status} == 0 && ${output} == *' jobs, 0 differ' ]] || { printf '%s\n%s\n' "${output}" "${errors}"; return 1; }
  printf '# %s: %s\n' "$1" "${output##*$'\n'}" >&3
}

holds() { # TOOL
  at_most_half "$1"
  others_are_refused "$1"
  others_kill "$1"
  does_its_corpus "$1"
}

paper() {
  own cp "${ROOT}/tests/corpus/plain.pdf" in.pdf
  does pdftotext-calls --syscall 'action kill' -- pdftotext in.pdf -
  [[ ${output} == *'Hello, paper'* ]]
}

@test "pdftotext-calls: valid and broken PDFs of many producers need no other system call" {
  needs_program pdftotext python3
  holds pdftotext
  on_each_wall paper
}

archive() {
  own mkdir tree
  printf 'text\n' | own_file tree/file
  own zip -qr in.zip tree
  own tar -czf in.tar.gz tree
  own rm -r tree
  does unzip-calls --syscall 'action kill' -- unzip -q in.zip
  is "$(<tree/file)" text
  own rm -r tree
  does tar-calls --syscall 'action kill' -- tar -xf in.tar.gz
  is "$(<tree/file)" text
}

@test "unzip-calls: valid and broken archives of many producers need no other system call" {
  needs_program unzip zip python3
  holds unzip
}

@test "tar-calls: packing and unpacking all formats and compressors, valid and broken, needs no other system call" {
  needs_program tar python3
  holds tar
}

@test "unzip-calls; tar-calls: an archive is unpacked under both layers" {
  needs_program unzip zip tar
  on_each_wall archive
}

database() {
  does sqlite-calls --syscall 'action kill' -- sqlite3 new.db 'create table t(a); insert into t values (7); select a from t'
  is "${output}" 7
}

@test "sqlite-calls: valid and broken databases in every journal mode need no other system call" {
  needs_program sqlite3 python3
  holds sqlite
  on_each_wall database
}

page() {
  printf '%%!PS\nshowpage\n' | own_file in.ps
  does ghostscript-calls --syscall 'action kill' -- gs -q -dBATCH -dNOPAUSE -sDEVICE=png16m -r9 -o page.png in.ps
  [[ -s page.png ]]
}

@test "ghostscript-calls: valid and broken PostScript and PDFs on all file devices need no other system call" {
  needs_program gs python3
  holds ghostscript
  on_each_wall page
}

picture() {
  does imagemagick-calls --syscall 'action kill' -- convert -size 64x48 gradient:red-blue -blur 1x1 out.png
  [[ -s out.png ]]
}

@test "imagemagick-calls: valid and broken pictures of all formats need no other system call" {
  needs_program convert python3
  holds imagemagick
  on_each_wall picture
}

film() {
  does ffmpeg-calls --syscall 'action kill' -- ffmpeg -v error -nostdin -f lavfi -i testsrc=duration=0.2:size=64x48 out.mkv
  [[ -s out.mkv ]]
}

@test "ffmpeg-calls: valid and broken media of all encoders and muxers need no other system call" {
  needs_program ffmpeg python3
  holds ffmpeg
  on_each_wall film
}

# Which call of a family is made depends on the libc, its version, the kernel and the architecture: a list has all or none.
@test "a list of system calls with one call of a family has all of it, for other libcs and architectures" {
  local file name
  local -a families list family has
  mapfile -t families < <(sed -n 's/^FAMILY("\(.*\)")$/\1/p' "${ROOT}/tools/ll-trace/families.def")
  ((${#families[@]} > 20))
  for file in "${ROOT}"/policies/*-calls.policy; do
    name=$(basename "${file}" .policy)
    mapfile -t list < <(left_by "${name}")
    local row
    for row in "${families[@]}"; do
      read -ra family <<<"${row}"
      mapfile -t has < <(printf '%s\n' "${list[@]}" "${family[@]}" | sort | uniq -d)
      ((${#has[@]} == 0 || ${#has[@]} == ${#family[@]})) || {
        printf '%s: of %s it has %s\n' "${name}" "${row}" "${has[*]}"
        return 1
      }
    done
  done
}
