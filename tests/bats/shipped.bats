load helpers

# The installed policies, on real programs and against attacks by hijacked ones. They are read from the
# sources: a user's policy of the same name is not used instead.

# under POLICY COMMAND...
under() {
  local name=$1
  shift
  "${LL_EXEC}" -q -p "${ROOT}/policies/${name}.policy" -- "$@"
}

# hijacked POLICY VERB [ARGUMENT...]: runs probe in the place of the program.
hijacked() {
  local name=$1
  shift
  "${LL_EXEC}" -q -p "${ROOT}/policies/${name}.policy" --rx "${PROBE}" -- "${PROBE}" "$@"
}

video() { ffmpeg -v error -nostdin -f lavfi -i testsrc=duration=1:size=128x96:rate=10 -c:v mpeg4 "$1"; }

@test "every policy has a description in its first line, and a comment above every rule" {
  local file line before
  for file in "${ROOT}"/policies/*.policy; do
    IFS= read -r line <"${file}"
    [[ ${line} == '# '?* ]]
    before=
    while IFS= read -r line; do
      # A list of system calls continues.
      if [[ ${line} == 'syscall only '* && ${before} == 'syscall only '* ]]; then continue; fi
      [[ -z ${line} || ${line} == '#'* || ${before} == '#'* ]] || { printf '%s: %s\n' "${file}" "${line}"; return 1; }
      before=${line}
    done <"${file}"
  done
}

@test "base starts a dynamically linked program, and grants no writing" {
  printf 'b\na\n' >list
  capture "${LL_EXEC}" -q -p "${ROOT}/policies/base.policy" --rx /usr/bin/sort --ro list -- sort list
  is "${status} ${output} ${errors}" $'0 a\nb '
  refused EACCES hijacked base create "${T}/new"
  refused EACCES hijacked base read /etc/passwd
  assert_success "${PROBE}" read /etc/passwd
}

@test "ffmpeg transcodes, overwrites and renames in the current directory" {
  needs_program ffmpeg
  video in.mov
  assert_success under ffmpeg ffmpeg -v error -nostdin -i in.mov out.webm
  assert_success under ffmpeg ffmpeg -v error -nostdin -y -i in.mov -b:v 64k out.webm
  [[ -s out.webm ]]
  assert_success under ffmpeg ffmpeg -v error -nostdin -i in.mov -c:v mpeg2video -f hls list.m3u8
  [[ -s list.m3u8 ]]
}

@test "a hijacked ffmpeg cannot read secrets, write elsewhere, connect or start a shell" {
  printf 'secret\n' >../secret
  refused EACCES hijacked ffmpeg read "${T}/../secret"
  assert_success "${PROBE}" read "${T}/../secret"
  refused EACCES hijacked ffmpeg create "${T}/../planted"
  assert_success "${PROBE}" create "${T}/../planted"
  rm "${T}/../planted" "${T}/../secret"
  refused EACCES hijacked ffmpeg exec /bin/sh -c :
  assert_success "${PROBE}" exec /bin/sh -c :
  needs_abi 4
  refused EACCES hijacked ffmpeg connect 9
  refused EACCES hijacked ffmpeg bind 0
}

@test "a hijacked pdftotext cannot delete, rename or start a shell" {
  printf 'x\n' >file
  refused EACCES hijacked pdftotext unlink "${T}/file"
  refused EACCES hijacked pdftotext rename "${T}/file" "${T}/other"
  refused EACCES hijacked pdftotext exec /bin/sh -c :
  assert_success hijacked pdftotext create "${T}/new"
  assert_success "${PROBE}" unlink "${T}/file"
}

@test "sandbox runs the system's programs in /tmp, and grants no file of the user" {
  local place
  place=$(mktemp -d /tmp/ll-shipped.XXXXXX)
  chmod 777 "${place}"
  assert_success under sandbox sh -c "ls -l /usr >/dev/null && printf 'b\na\n' | sort >'${place}/out' && rm '${place}/out'"
  rmdir "${place}"
  refused EACCES hijacked sandbox list /home
  assert_success "${PROBE}" list /home
  refused EACCES hijacked sandbox create /var/tmp/ll-planted
  needs_abi 4
  refused EACCES hijacked sandbox connect 9
}
