# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # WORDS is for the callers; WORK and die are run.sh's
# Twelve rules in the language of each sandbox: into WORDS, without the command. A tool that could do more
# in the same run (namespaces, filters) is not asked to, so that each is compared at its fastest.

OTHER_TOOLS=(landrun sandboxec sandboxer sandlock setpriv minijail0 bwrap nsjail firejail)
RX=() RO=() RW=()
WORDS=()

# First N of the candidates that this machine has: not every system has /lib64.
choose_paths() { # ARRAY N CANDIDATE...
  local -n chosen=$1
  local -i wanted=$2
  local path
  shift 2
  for path; do
    if ((${#chosen[@]} < wanted)) && [[ -d ${path} ]]; then
      chosen+=("${path}")
    fi
  done
  ((${#chosen[@]} == wanted)) || die "fewer than ${wanted} of these exist: $*"
}

# Twelve, and nothing writable above the policy file, which ll-exec would rightly warn about.
choose_rules() {
  choose_paths RX 5 /usr /bin /lib /lib64 /sbin /usr/bin /usr/lib
  choose_paths RO 3 /etc /opt /srv /usr/share /home
  choose_paths RW 2 /var/tmp /dev/shm /run
  RX+=("${WORK}/bin")
  RW+=("${WORK}/out")
}

write_policy() {
  local path
  {
    for path in "${RX[@]}"; do printf 'rx %s\n' "${path}"; done
    for path in "${RO[@]}"; do printf 'ro %s\n' "${path}"; done
    for path in "${RW[@]}"; do printf 'rw %s\n' "${path}"; done
  } >"${WORK}/twelve.policy"
}

add_rules() { # WORD_BEFORE_RX WORD_BEFORE_RO WORD_BEFORE_RW
  local path
  for path in "${RX[@]}"; do WORDS+=("$1" "${path}"); done
  for path in "${RO[@]}"; do WORDS+=("$2" "${path}"); done
  for path in "${RW[@]}"; do WORDS+=("$3" "${path}"); done
}

words_of_ll_exec() {
  WORDS=("${WORK}/bin/ll-exec")
  add_rules --rx --ro --rw
  WORDS+=(--)
}

words_of_bwrap() {
  local path
  WORDS=("$1")
  for path in "${RX[@]}" "${RO[@]}"; do WORDS+=(--ro-bind "${path}" "${path}"); done
  for path in "${RW[@]}"; do WORDS+=(--bind "${path}" "${path}"); done
  WORDS+=(--)
}

words_of_firejail() {
  local path
  WORDS=("$1" --quiet --noprofile)
  for path in "${RX[@]}"; do WORDS+=("--read-only=${path}"); done
  for path in "${RO[@]}"; do WORDS+=("--read-only=${path}" "--noexec=${path}"); done
  for path in "${RW[@]}"; do WORDS+=("--read-write=${path}" "--noexec=${path}"); done
  WORDS+=(--)
}

words_of_landrun() {
  WORDS=("$1" --log-level error --best-effort)
  add_rules --rox --ro --rw
  WORDS+=(--)
}

words_of_minijail0() {
  WORDS=("$1" --logging=stderr -n)
  add_rules --fs-path-rx --fs-path-ro --fs-path-advanced-rw
  WORDS+=(--)
}

words_of_nsjail() {
  WORDS=("$1" --mode o --really_quiet --disable_proc --disable_rlimits --time_limit 0
    --disable_clone_newnet --disable_clone_newipc --disable_clone_newuts --disable_clone_newcgroup)
  add_rules --bindmount_ro --bindmount_ro --bindmount
  WORDS+=(--)
}

words_of_sandboxec() {
  local path
  WORDS=("$1" --best-effort)
  for path in "${RX[@]}"; do WORDS+=(--fs "rx:${path}"); done
  for path in "${RO[@]}"; do WORDS+=(--fs "r:${path}"); done
  for path in "${RW[@]}"; do WORDS+=(--fs "rw:${path}"); done
  WORDS+=(--)
}

# The kernel's own sample, which is told by its environment and knows no difference between ro and rx.
# That of every command of the round has the two variables, so none is at a disadvantage.
words_of_sandboxer() {
  local IFS=:
  export LL_FS_RO="${RX[*]}:${RO[*]}" LL_FS_RW="${RW[*]}"
  WORDS=("$1")
}

words_of_sandlock() {
  WORDS=("$1" run)
  add_rules -r -r -w
  WORDS+=(--)
}

words_of_setpriv() {
  local read=read-file,read-dir path
  local write=${read},write-file,remove-dir,remove-file
  write+=,make-dir,make-reg,make-sock,make-fifo,make-sym
  WORDS=("$1" --no-new-privs --landlock-access fs)
  for path in "${RX[@]}"; do
    WORDS+=(--landlock-rule "path-beneath:${read},execute:${path}")
  done
  for path in "${RO[@]}"; do WORDS+=(--landlock-rule "path-beneath:${read}:${path}"); done
  for path in "${RW[@]}"; do WORDS+=(--landlock-rule "path-beneath:${write}:${path}"); done
  WORDS+=(--)
}

# The word that a tool's help must have, because older versions know no file rules.
needed_option() { # TOOL
  case $1 in
    setpriv) printf '%s' --landlock-access ;;
    minijail0) printf '%s' --fs-path-rx ;;
    *) ;;
  esac
}

# The same namespaces and the same root for bwrap and ll-ns: /usr, some files of /etc, /tmp, /proc, /dev.
words_of_roots() { # fills BWRAP and NS
  local path
  BWRAP=(--unshare-all --tmpfs /tmp --proc /proc --dev /dev --ro-bind /usr /usr)
  NS=(--loader "${WORK}/bin/ll-exec" --rx /usr)
  for path in /bin /sbin /lib /lib64; do
    if [[ -L ${path} ]]; then
      BWRAP+=(--symlink "usr${path}" "${path}")
      NS+=(--ro "${path}")
    elif [[ -d ${path} ]]; then
      BWRAP+=(--ro-bind "${path}" "${path}")
      NS+=(--rx "${path}")
    fi
  done
  for path in /etc/passwd /etc/group /etc/ld.so.cache /etc/nsswitch.conf /etc/ssl/certs "${WORK}/bin/target"; do
    [[ -e ${path} ]] || continue
    BWRAP+=(--ro-bind "${path}" "${path}")
    NS+=(--rx "${path}")
  done
  NS+=(--tmpfs /tmp --proc --private-dev)
}

# A wrapper that does nothing but put bwrap's command line together, as people write them.
write_bwrap_script() { # FILE BWRAP
  {
    printf '#!/usr/bin/env bash\nset -Eeuo pipefail\nexec %q' "$2"
    printf ' %q' "${BWRAP[@]}"
    printf ' -- "$@"\n'
  } >"$1"
  chmod 755 -- "$1"
}

# What sandbox.sh executes, in a script that does nothing else: no sandbox.sh can cost less.
write_ll_ns_script() { # FILE SANDBOX_SH OPTION...
  local words
  words=$(run_as "${USERS[-1]}" "${@:2:1}" --print "${@:3}") || die 'sandbox.sh --print fails'
  printf '#!/bin/bash -p\nexec %s "$@"\n' "${words}" >"$1"
  chmod 755 -- "$1"
}

# --- whether a sandbox runs here, and is one ------------------------------------------------------

# Each rule's probe must have the result that the rule says, or another thing is measured: the command runs,
# a file is made where it may be, and none is made where it may not, which works without the sandbox.
why_not() { # USER TOOL FILE, and WORDS; prints nothing if it can be compared with
  local option help errors
  option=$(needed_option "$2")
  if [[ -n ${option} ]]; then
    help=$("$3" --help 2>&1) || :
    if [[ ${help} != *"${option}"* ]]; then
      printf 'this version has no %s' "${option}"
      return
    fi
  fi
  if ! errors=$(run_as "$1" "${WORDS[@]}" /bin/true 2>&1 </dev/null); then
    errors=${errors%%$'\n'*}
    printf 'does not run here: %s' "${errors:-no message}"
  elif ! makes_file "$1" "${WORK}/out/file" "${WORDS[@]}"; then
    printf 'refuses to write where it is granted'
  elif makes_file "$1" "${WORK}/bin/open/file" "${WORDS[@]}"; then
    printf 'lets it write where it is not granted'
  fi
}

makes_file() { # USER FILE [SANDBOX...]
  local made=1
  # shellcheck disable=SC2016 # the inner shell expands it
  if run_as "$1" "${@:3}" /bin/sh -c ': >"$1"' sh "$2" >/dev/null 2>&1 </dev/null && [[ -e $2 ]]; then made=0; fi
  rm -f -- "$2"
  return "${made}"
}

# Behind a private root there is no ${WORK}/out, which is there without it.
why_no_root() { # SANDBOX...
  local errors
  if ! errors=$(run_as "${USERS[-1]}" "$@" /bin/true 2>&1 </dev/null); then
    errors=${errors%%$'\n'*}
    printf 'does not run here: %s' "${errors:-no message}"
  elif run_as "${USERS[-1]}" "$@" /usr/bin/test -e "${WORK}/out" >/dev/null 2>&1 </dev/null; then
    printf 'shows what it should hide'
  fi
}
