#!/bin/bash -p
# Real files, real programs, shipped policies: what they let through and what they refuse. Every
# refusal has its control: the same command without ll-exec succeeds. The status is 1 if
# anything is not as it says. Without ffmpeg, or with VIDEO=no, it is pdftotext alone, and what is left out is named.
set -Eeuo pipefail

ROOT=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
BUILD=${BUILD:-build}
SECRET='password: lemon-4711'
WORK=
FAILED=0
HAS_FFMPEG=1
POLICY=ffmpeg # the one that the refusals are shown with
BOLD='' GREEN='' RED='' PLAIN=''

choose_colours() {
  if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
    BOLD=$'\e[1m' GREEN=$'\e[32m' RED=$'\e[31m' PLAIN=$'\e[0m'
  fi
}

heading() { printf '\n%s%s%s\n' "${BOLD}" "$1" "${PLAIN}"; }

# As one would type it.
command_line() {
  local word line=
  for word; do
    if [[ ${word} == *[!a-zA-Z0-9_./:=,@%+-]* ]]; then word="'${word//\'/\'\\\'\'}'"; fi
    line+=" ${word}"
  done
  printf '  $%s\n' "${line}"
}
result() { printf '    %s\n' "$1"; }

wrong() {
  FAILED=1
  printf '    %sNOT AS EXPECTED: %s%s\n' "${RED}" "$1" "${PLAIN}"
}

clean_up() {
  local -a running
  mapfile -t running < <(jobs -p)
  if ((${#running[@]} > 0)); then kill "${running[@]}" 2>/dev/null || true; fi
  [[ -z ${WORK} ]] || rm -rf -- "${WORK}"
}

# ---- real files

make_video() { # FILE
  ffmpeg -v error -nostdin -f lavfi -i testsrc=duration=3:size=320x240:rate=25 \
    -f lavfi -i sine=frequency=440:duration=3 -c:v mpeg4 -c:a aac "$1"
}

# PDF 1.4: five objects, and a table of where each of them begins.
make_pdf() { # FILE LINE...
  local LC_ALL=C file=$1 line text='BT /F1 18 Tf 72 720 Td 24 TL' body='%PDF-1.4' table='' object
  local -i number=0 start
  shift
  for line; do text+=" (${line}) Tj T*"; done
  text+=' ET'
  local -a objects=(
    '<< /Type /Catalog /Pages 2 0 R >>'
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>'
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>'
    "<< /Length ${#text} >>"$'\n'"stream"$'\n'"${text}"$'\n'"endstream"
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'
  )
  for object in "${objects[@]}"; do
    number+=1
    printf -v table '%s%010d 00000 n \n' "${table}" "$((${#body} + 1))"
    body+=$'\n'"${number} 0 obj"$'\n'"${object}"$'\n'"endobj"
  done
  start=$((${#body} + 1))
  printf '%s\nxref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n' \
    "${body}" "${table}" "${start}" >"${file}"
}

# ---- what is granted

# grant COMMAND...: it must succeed under ll-exec.
grant() {
  command_line "$@"
  "$@" 2>errors && return
  wrong "$(<errors)"
}

# What ffprobe says about a file: video, sound, length, size.
facts_of() { # FILE
  local facts
  local -a fact
  facts=$(ffprobe -v error -show_entries 'stream=codec_name:format=duration,size' -of csv=p=0 "$1") || return 0
  mapfile -t fact < <(tr , '\n' <<<"${facts}")
  printf '%-11s %s, %s, %.1f s, %d bytes' "$1" "${fact[@]}"
}

show_transcoding() {
  local facts
  grant ll-exec -p ffmpeg -- ffmpeg -v error -i upload.mov out.webm
  facts=$(facts_of upload.mov)
  result "${facts}"
  facts=$(facts_of out.webm)
  result "${facts}"
  [[ ${facts} == *', opus, 3.'* ]] || wrong 'this is no WebM of three seconds with sound'
}

show_extraction() {
  local text
  grant ll-exec -p pdftotext -- pdftotext invoice.pdf invoice.txt
  while IFS= read -r text; do
    [[ -z ${text//$'\f'/} ]] || result "${text}"
  done <invoice.txt
  grep -q 'Total: 42.00 EUR' invoice.txt || wrong 'the text is not that of the PDF'
}

# ---- what is refused

# refused POLICY COMMAND...: under ll-exec it must fail, and for want of permission.
refused() {
  local said status=0
  command_line ll-exec -p "$1" -- "${@:2}"
  timeout 60 ll-exec -p "$1" -- "${@:2}" >output 2>errors </dev/null || status=$?
  # pdftotext says of any file only that it cannot.
  said=$(grep -m 1 -E "Permission denied|Couldn't open" errors) || said=
  if ((status == 0)) || [[ -z ${said} ]]; then
    wrong "status ${status}: $(<errors)"
    return
  fi
  result "${GREEN}refused${PLAIN}: ${said#*] }"
}

# The same without ll-exec, which must succeed.
control() { timeout 60 "$@" >output 2>errors </dev/null || wrong "without ll-exec it should succeed: $(<errors)"; }

without() { result "without ll-exec: $1"; }

show_secret() {
  local -a probe=(ffmpeg -v error -f data -i ../private/secret.txt -map 0 -c copy -f data -)
  if ((!HAS_FFMPEG)); then probe=(pdftotext ../private/secret.pdf -); fi
  refused "${POLICY}" "${probe[@]}"
  ! grep -q "${SECRET}" output || wrong 'the secret was read'
  control "${probe[@]}"
  grep -q "${SECRET}" output || wrong 'it does not print the secret'
  without "it prints '$(grep -m 1 . output)'"
}

# Whether a socket of this machine listens on the port (proc(5), net/tcp: 0A is LISTEN).
listens() {
  local hex
  printf -v hex ':%04X 00000000:0000 0A' "$1"
  grep -q "${hex}" /proc/net/tcp
}

# A listener that writes what it receives to ../private/received, once. Sets PORT and LISTENER.
listen() {
  local try wait
  for ((try = 0; try < 10; try++)); do
    PORT=$((20000 + RANDOM % 10000))
    timeout 60 ffmpeg -v error -nostdin -y -f data -i "tcp://127.0.0.1:${PORT}?listen=1" -map 0 -c copy \
      -f data ../private/received 2>../private/listener &
    LISTENER=$!
    for ((wait = 0; wait < 100; wait++)); do
      if listens "${PORT}"; then return 0; fi
      kill -0 "${LISTENER}" 2>/dev/null || break
      sleep 0.05
    done
  done
  wrong "no listener: $(<../private/listener)"
  return 1
}

show_connection() {
  listen || return 0
  local -a probe=(ffmpeg -v error -f data -i invoice.txt -map 0 -c copy -f data "tcp://127.0.0.1:${PORT}")
  if ll-exec -p ffmpeg --explain --json | grep -q '"right":"connect_tcp"'; then
    result "${RED}NOT refused on this kernel${PLAIN}: Landlock has no rule for TCP before Linux 6.7"
    return
  fi
  refused ffmpeg "${probe[@]}"
  control "${probe[@]}"
  wait "${LISTENER}" || true
  cmp -s invoice.txt ../private/received || wrong 'the listener did not receive the file'
  without 'the listener receives the text'
}

show_write() {
  local planted=../private/planted
  local -a probe=(ffmpeg -v error -i upload.mov -c copy -f mov "${planted}")
  if ((!HAS_FFMPEG)); then probe=(pdftotext invoice.pdf "${planted}"); fi
  refused "${POLICY}" "${probe[@]}"
  [[ ! -e ${planted} ]] || wrong 'the file was written'
  control "${probe[@]}"
  [[ -s ${planted} ]] || wrong 'no file was written'
  without "$(wc -c <"${planted}") bytes are written there"
}

# ---- both layers

# hidden COMMAND...: its file does not exist in sandbox.sh.
hidden() {
  local said
  command_line sandbox.sh "$@"
  if sandbox.sh "$@" >output 2>errors </dev/null; then wrong 'it succeeds'; fi
  said=$(grep -m 1 'No such file or directory' errors) || wrong "$(<errors)"
  result "${GREEN}not visible${PLAIN}: ${said}"
}

show_namespaces() {
  local answer
  if ! answer=$(ll-ns --check); then
    result "not on this machine: ${answer#*no: }"
    return
  fi
  if ((HAS_FFMPEG)); then
    grant sandbox.sh -p ffmpeg -- ffmpeg -v error -i upload.mov second.webm
    answer=$(facts_of second.webm)
  else
    grant sandbox.sh -p pdftotext -- pdftotext invoice.pdf second.txt
    answer=$(grep Total second.txt) || wrong 'the text is not that of the PDF'
  fi
  result "${answer}"
  # shellcheck disable=SC2016 # the shell inside expands it
  local -a alone=(sh -c 'echo "process $$ of" /proc/[0-9]*')
  command_line sandbox.sh "${alone[@]}"
  answer=$(sandbox.sh "${alone[@]}" 2>errors) || wrong "$(<errors)"
  result "${answer}"
  [[ ${answer} == 'process 1 of /proc/1' ]] || wrong 'there are other processes'
  hidden cat ../private/secret.txt
  control cat ../private/secret.txt
  without "it prints '$(<output)'"
}

main() {
  export LC_ALL=C
  choose_colours
  if [[ ${VIDEO:-} == no ]] || ! type -P ffmpeg >/dev/null; then HAS_FFMPEG=0 POLICY=pdftotext; fi
  PATH=$(cd "${ROOT}" && cd "${BUILD}" && pwd):${PATH}
  trap clean_up EXIT
  trap 'exit 130' INT TERM HUP
  WORK=$(mktemp -d "${TMPDIR:-/var/tmp}/ll-demo.XXXXXX")
  # The policies of this build, not somebody's own.
  export XDG_CONFIG_HOME=${WORK}
  mkdir "${WORK}/job" "${WORK}/private"
  cd "${WORK}/job"
  printf '%s\n' "${SECRET}" >../private/secret.txt
  if ((HAS_FFMPEG)); then make_video upload.mov; fi
  make_pdf ../private/secret.pdf "${SECRET}"
  make_pdf invoice.pdf 'Invoice 1001' 'Seven lemons, one sandbox' 'Total: 42.00 EUR'

  heading 'Granted: the work'
  if ((HAS_FFMPEG)); then show_transcoding; fi
  show_extraction
  heading 'Refused: a secret file'
  show_secret
  if ((HAS_FFMPEG)); then
    heading 'Refused: a TCP connection'
    show_connection
  fi
  heading 'Refused: a file outside the current directory'
  show_write
  heading 'With namespaces as well: sandbox.sh'
  show_namespaces
  printf '\n'
  if ((!HAS_FFMPEG)); then
    printf 'Left out: the video, and a connection to a listener. They need ffmpeg: as root,\n'
    printf '"make demo VIDEO=yes" installs it, 186 packages on Debian.\n\n'
  fi
  ((FAILED == 0)) || printf '%sThe demo failed.%s\n' "${RED}" "${PLAIN}" >&2
  return "${FAILED}"
}

main "$@"
