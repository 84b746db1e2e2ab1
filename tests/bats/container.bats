load sandbox
load examples

# README's examples where user namespaces are refused: as an ordinary user in a container with Docker's default
# profile, which tests/tools/container.cpp emulates. Each works, or prints one line with what is missing and how to allow it.

setup() {
  enter_test_folder
  CONTAINER=${LL_BUILT}/tests/container
  [[ -x ${CONTAINER} ]] || CONTAINER=${LL_TOOLS:-}/container
  [[ -x ${CONTAINER} ]] || skip "needs tests/container: build it"
  install -m 755 "${CONTAINER}" "${T}/container"
  AS+=("${T}/container")
  use_programs
}

leave_tmp() {
  rm -rf "${T}"
  T=$(mktemp -d /var/tmp/ll-page.XXXXXX)
  chmod 755 "${T}"
  cd "${T}" || return
  install -m 755 "${CONTAINER}" "${T}/container"
  AS=("${AS[@]:0:${#AS[@]}-1}" "${T}/container")
  use_programs
}

@test "namespaces and mounts are refused in the container, and work outside it" {
  needs_program unshare
  local -a outside=("${AS[@]:0:${#AS[@]}-1}")
  assert_success "${outside[@]}" unshare -Ur true
  fails "${AS[@]}" unshare -Ur true
  assert_stderr "Operation not permitted"
  assert_success "${AS[@]}" sh -c '(exit 0) & wait'
}

# Runs the lines of a shell block one by one, since one may be refused. Counts them.
WORKED=0 TOLD=()
run_line() { # LINE
  local printed result=0
  printed=$(run_script "$1") || result=$?
  if ((result == 0)); then
    WORKED=$((WORKED + 1))
    return
  fi
  [[ ${result} == 125 ]] || { printf '%s: status %s of %s\n%s\n' "${PLACE}" "${result}" "$1" "${printed}"; return 1; }
  [[ $(sed -n 1p <<<"${printed}") == *": cannot enter new namespaces: EPERM (not permitted)" &&
    ${printed} == *$'\n  --no-namespaces does without'* ]] || differs "${printed}" "what is lacking, and what allows it"
  TOLD+=("$1")
}

do_block() { # LANGUAGE FILE TEXT
  local line
  [[ -z ${WHY} ]] || return 0
  case $1 in
    sh)
      if [[ -n ${SERVED} ]]; then
        serve "${SERVED}" "$3"
        return
      fi
      while IFS= read -r line; do run_line "${line}" || return; done <<<"$3"
      ;;
    console) run_console "$3" ;;
    *) printf '%s\n' "$3" >"$2" ;;
  esac
}

@test "every example of README.md works in the container or says what is missing, and works with --no-namespaces" {
  leave_tmp
  run_page "${ROOT}/README.md" 3>/dev/null
  printf '# %d work, %d are told how\n' "${WORKED}" "${#TOLD[@]}" >&3
  ((WORKED >= 6 && ${#TOLD[@]} >= 5))
  local line printed
  for line in "${TOLD[@]}"; do
    rm -f hello
    printed=$(run_script "${line/sandbox.sh/sandbox.sh --no-namespaces}") ||
      differs "${printed}" "status 0 of ${line/sandbox.sh/sandbox.sh --no-namespaces}"
  done
}

@test "--check in the container says what works, and what would allow the rest" {
  capture "${BOXED[@]}" --check
  is "${status}" 1
  [[ ${output} == *$'\n  Landlock works         yes\n  seccomp filters work   yes\n'* ]] || skip "no Landlock here"
  [[ ${output} == *$'\n  namespaces             no: EPERM (not permitted)\n'*'refuses it'* ]]
  [[ ${output} == *$'\n  overlayfs              no: needs namespaces; --no-namespaces --overlay works in a copy'* ]]
  [[ ${output} == *$'\n  without namespaces     yes, by sandbox.sh --no-namespaces'* ]]
}

@test "in the container --overlay works in a copy, and remaining processes are killed" {
  mkdir work
  chmod 777 work
  cd work
  assert_success "${BOXED[@]}" --no-namespaces --overlay . sh -c 'echo x >made; setsid sleep 86421 & exit 0'
  is "$(ls)" made
  is "$(count_of 86421)" 0
  capture "${BOXED[@]}" --no-namespaces --overlay . --dry-run rm made
  is "${status} ${errors}" "0 D made  (file, 2 bytes, mode 0644)"
  [[ -e made ]]
}
