# shellcheck shell=bash
# shellcheck disable=SC2154 # ${T}, ${ROOT}: of helpers.bash
# Runs the examples of a page for examples.bats: load it after sandbox.bash.
#
# A page is Markdown. Of its fenced blocks
#   sh       is run as a script, which must succeed;
#   console  has commands behind "$ " and their output, where "..." stands for any text; one without output
#            must succeed;
#   LANGUAGE FILE  is written to that file.
# The blocks of a page share a directory with sample files and an installed ll-exec; an ordinary user runs them.
# Comments above a block change how it is run:
#   <!-- not run: REASON -->      it cannot run here; it is listed and counted
#   <!-- task: NAME -->           readme-tasks.bats runs it, with its own names; `, not run: REASON` may follow
#   <!-- needs: PROGRAM... -->    it is skipped where one is not installed
#   <!-- serves: URL -->          it is started in the background, and stopped when the address has answered
#   <!-- if: COMMAND -->          it is skipped where that fails
#   <!-- as: root -->             root runs it, and it is skipped where the tests are not run by root

NOT_RUN=()
RAN=0
USER_OF_BLOCK=ordinary

# The files that the pages name.
make_samples() {
  needs_program ffmpeg pdftotext python3
  local samples
  samples=$(sed -n '/^make_pdf()/,/^}/p; /^make_video()/,/^}/p' "${ROOT}/scripts/demo.sh")
  # shellcheck source=/dev/null
  source /dev/stdin <<<"${samples}"
  make_video upload.mov
  make_pdf invoice.pdf 'Invoice 1001' 'Total: 42.00 EUR'
  cp invoice.pdf input.pdf
  printf 'pears\napples\n' >list.txt
  mkdir public
  printf '<p>hello</p>\n' >public/index.html
  printf '#!/bin/sh\nwc -c "%s"\n' "\$1" >untrusted-tool
  printf '#!/bin/sh\nwc -c "%s"\n' "\${1:-list.txt}" >tool
  printf 'all: hello\nhello:\n\tprintf "hello\\n" >hello\n' >Makefile
  chmod 755 untrusted-tool tool
  mkdir "${T}/home"
}

# Like `make install`.
install_programs() {
  cmake --install "${LL_BUILT}" --prefix "${T}/usr" >/dev/null
  PATH=${T}/usr/bin:${PATH}
}

prepare_page() {
  umask 022
  install_programs
  mkdir "${T}/page"
  cd "${T}/page" || return
  make_samples
  if ((EUID == 0)); then chown -R "${ORDINARY}:${ORDINARY}" "${T}/page" "${T}/home"; fi
}

# Sets ${command}: the script, as the user of the block.
compose() { # SCRIPT
  local -a as=("${AS[@]}")
  [[ ${USER_OF_BLOCK} != root ]] || as=()
  command=(env HOME="${T}/home" TERM=dumb "${as[@]}" timeout --foreground 60 bash -Eeuo pipefail -c "$1")
}

run_script() { # SCRIPT
  local -a command
  compose "$1"
  "${command[@]}" </dev/null 2>&1 3>&-
}

# ---- comparing

differs() { # ACTUAL EXPECTED
  printf -- '%s\n--- expected\n%s\n--- got\n%s\n---\n' "${PLACE}" "$2" "$1"
  return 1
}

# looks_like ACTUAL EXPECTED: "..." in what is expected stands for any text.
looks_like() {
  local rest=$1 expected=$2 part=${2%%...*}
  if [[ ${expected} != *...* ]]; then
    [[ ${rest} == "${expected}" ]] || differs "$1" "$2"
    return
  fi
  [[ ${rest} == "${part}"* ]] || differs "$1" "$2" || return
  rest=${rest#"${part}"}
  expected=${expected#*...}
  while [[ ${expected} == *...* ]]; do
    part=${expected%%...*}
    [[ ${rest} == *"${part}"* ]] || differs "$1" "$2" || return
    rest=${rest#*"${part}"}
    expected=${expected#*...}
  done
  [[ ${rest} == *"${expected}" ]] || differs "$1" "$2"
}

shows() { # COMMAND EXPECTED
  local actual result=0
  actual=$(run_script "$1") || result=$?
  [[ -n $2 || ${result} == 0 ]] || differs "status ${result}"$'\n'"${actual}" "status 0 of: $1" || return
  looks_like "${actual}" "$2" || { printf 'of: %s\n' "$1"; return 1; }
}

run_console() { # TEXT
  local line command='' expected=''
  while IFS= read -r line; do
    case ${line} in
      '$ '*)
        [[ -z ${command} ]] || shows "${command}" "${expected%$'\n'}" || return
        command=${line#??} expected=
        ;;
      '> '*) command+=$'\n'${line#??} ;;
      *) expected+=${line}$'\n' ;;
    esac
  done <<<"$1"
  [[ -n ${command} ]] || differs "$1" 'a command behind "$ "' || return
  shows "${command}" "${expected%$'\n'}"
}

answers() { curl -fsS -o /dev/null "$1" 2>/dev/null; }

# In its own session, to be killed as a whole.
serve() { # URL SCRIPT
  local -a command
  local served result=0
  ! answers "$1" || { printf '%s: something else answers at %s\n' "${PLACE}" "$1"; return 1; }
  compose "exec $2"
  setsid -- "${command[@]}" </dev/null >"${T}/served" 2>&1 3>&- &
  served=$!
  waits_until answers "$1" || { result=1; cat "${T}/served"; }
  kill -- "-${served}" || result=1
  wait "${served}" || true
  return "${result}"
}

# ---- the blocks of a page

missing_program() { # NAME...
  local name
  for name; do
    if ! type -P "${name}" >/dev/null; then
      printf '%s' "${name}"
      return
    fi
  done
}

# Sets ${USER_OF_BLOCK}, ${SERVED} and ${WHY}: why the block is not run here, empty if it is.
heed() { # COMMENT...
  local comment missing
  USER_OF_BLOCK=ordinary SERVED='' WHY=
  for comment; do
    case ${comment} in
      'not run: '* | 'task: '*', not run: '*) WHY=${comment#*not run: } ;;
      'needs: '*)
        # shellcheck disable=SC2086 # several names
        missing=$(missing_program ${comment#needs: })
        WHY+=${missing:+needs ${missing}}
        ;;
      'if: '*) run_script "${comment#if: }" >/dev/null || WHY+="needs what \`${comment#if: }\` asks for" ;;
      'as: root')
        USER_OF_BLOCK=root
        ((EUID == 0)) || WHY+='needs root'
        ;;
      'serves: '*) SERVED=${comment#serves: } ;;
      *) ;;
    esac
  done
}

do_block() { # LANGUAGE FILE TEXT
  local printed
  if [[ -n ${FILES_ONLY:-} && $1 == @(sh|console) ]]; then return; fi
  if [[ -n ${WHY} ]]; then
    NOT_RUN+=("${PLACE}: ${WHY}")
    return
  fi
  RAN=$((RAN + 1))
  case $1 in
    sh)
      if [[ -n ${SERVED} ]]; then
        serve "${SERVED}" "$3"
      else
        printed=$(run_script "$3") || differs "${printed}" 'status 0'
      fi
      ;;
    console) run_console "$3" ;;
    *)
      [[ -n $2 ]] || differs "$1" 'a language that is run, or the name of a file behind it' || return
      mkdir -p "$(dirname "$2")"
      printf '%s\n' "$3" >"$2"
      ;;
  esac
}

# run_page FILE: runs all of its blocks, in order. With FILES_ONLY set, only writes the files.
run_page() {
  local line language='' file='' text='' inside=no
  local -i number=0
  local -a comments=()
  prepare_page
  while IFS= read -r line; do
    number+=1
    if [[ ${line} == '```'* && ${inside} == no ]]; then
      PLACE=${1#"${ROOT}/"}:${number}
      read -r language file <<<"${line#'```'}" || true
      inside=yes text=
    elif [[ ${line} == '```' ]]; then
      inside=no
      heed "${comments[@]}"
      do_block "${language}" "${file}" "${text%$'\n'}" || return
      comments=()
    elif [[ ${inside} == yes ]]; then
      text+=${line}$'\n'
    elif [[ ${line} =~ ^'<!-- '(.*)' -->'$ ]]; then
      comments+=("${BASH_REMATCH[1]}")
    elif [[ ${line} == '    '* ]]; then
      printf '%s:%d: an indented block is not seen by the tests: fence it\n' "$1" "${number}"
      return 1
    elif [[ -n ${line} ]]; then
      comments=()
    fi
  done <"$1"
  USER_OF_BLOCK=ordinary # for commands of the test after the page as well
  [[ ${inside} == no ]] || { printf '%s: a block that does not end\n' "$1"; return 1; }
  printf '# %s: %d blocks, %d not run\n' "${1#"${ROOT}/"}" "${RAN}" "${#NOT_RUN[@]}" >&3
  ((${#NOT_RUN[@]} == 0)) || printf '#   %s\n' "${NOT_RUN[@]}" >&3
}
