#!/bin/bash -p
# sandbox.sh: runs a command in two layers, namespaces with a private root (ll-ns) and Landlock with a system call
# filter (ll-exec), both from one policy. It only builds the command line: --print shows it.
#
# sandbox.sh [options] [--] command [argument...]
# Run a command in private namespaces, with a root that the policy defines.
#   -p, --policy NAME|FILE  instead of `sandbox` and this directory (rx); repeats
#   --ro --rx --rw --rwx PATH, --connect PORT, any other directive: man ll-policy
#                           a PATH below this directory is granted in its place
#   --bind SRC[:DST]        mount SRC at DST, writable; --ro-bind: read-only
#   --tmpfs DIR[:SIZE]      mount a tmpfs; /tmp is one of TMPFS_SIZE (256M)
#   --rootfs DIR            use an image as root; --host-root: the host's root
#   --net none|host         default: host if the policy opens a port, else none
#   --clock TIME[,frozen], --seed N  reproducible output; --judge PROGRAM: ask it
#   -C, --chdir PATH, --share, --hostname, --root, --init, others: man sandbox.sh
#   --overlay DIR           keep what is written there in a layer until the end
#   --on-success ACTION, --on-failure ACTION  then commit, discard or keep it
#   --dry-run               print the changes, discard them; --keep-in LAYER: keep
#   --changes FILE, --json, --diff  write the changes to FILE; as JSON; with diffs
#   --timeout TIME          kill it after TIME, such as 30s, with status 124
#   --memory SIZE, --pids N, --cpus N  limits; or CGROUP_LIMITS=1, CG_MEM_MAX
#                           (512M), CG_PIDS_MAX (64); --memory-each, --disk SIZE
#   --no-namespaces, --best-effort  ll-exec alone; run without what is refused
#   --explain, --print, --check  print the root, the command line, or support
# Status: the command's; 124 timed out; 125 nothing ran or committed; 126, 127.
# LL_NS, LL_EXEC (LOADER), LL_CHANGES: the programs; else beside it or on PATH.
set -Eeuo pipefail

fail() { # MESSAGE ADVICE
  printf 'sandbox.sh: %s\n  %s\n' "$1" "$2" >&2
  exit 125
}

# Sets ${home} and enters the current directory by its path, both without symbolic links.
enter_here() {
  local here=${PWD-}
  if cd -P -- "${home}" 2>&-; then
    home=${PWD}
    if [[ -n ${here} ]] && cd -P -- "${here}" 2>&-; then return; fi
  elif cd -P . 2>&- && [[ ${PWD} == /* ]]; then
    return
  fi
  fail 'cannot enter the current directory: it was removed, or this user may not search it' 'change to another, or use -p'
}

# Sets ${place}: where a path is, seen from the current directory: here, below or elsewhere. Only by its text: ll-ns
# resolves symbolic links.
locate() { # PATH DIRECTORY...
  local path=$1 name folder
  local -i depth=0
  place=elsewhere
  for folder in "${@:2}"; do
    if [[ ${path}/ == "${folder}"/* ]]; then path=./${path:${#folder}} && break; fi
  done
  if [[ ${path} == /* ]]; then return; fi
  while [[ -n ${path} ]]; do
    name=${path%%/*}
    path=${path:${#name}}
    path=${path#/}
    case ${name} in
      '' | .) ;;
      ..) if ((--depth < 0)); then return; fi ;;
      *) depth+=1 ;;
    esac
  done
  if ((depth > 0)); then place=below; else place=here; fi
}

# Grants the current directory, unless a part of it is named or it holds all of the user's files. If a part is named,
# the command is granted if it lies in the directory.
grant_here() { # COMMAND START
  local home=${HOME:-/} logical=${PWD-} command=$1 path place here='' below=''
  enter_here
  for path in "${named[@]}"; do
    locate "${path#-}" "${PWD}" "${logical}"
    case ${place} in
      here) here=yes ;;
      below) below=yes ;;
    esac
  done
  if [[ -n ${below} && -z ${here} ]]; then
    if [[ -n $2 && ${command} == */* && ${command} != /* ]]; then command=$2/${command}; fi
    locate "${command}" "${PWD}" "${logical}"
    if [[ ${command} == */* && ${place} == below ]]; then granted+=(--rx "-${command}"); fi
    return
  fi
  local why='it holds all your files'
  if [[ ${PWD} == /tmp ]]; then
    why='the sandbox has a private, empty one'
  elif [[ ${PWD} != / && ${home}/ != "${PWD}"/* ]]; then
    granted+=(--rx "${PWD}")
    return
  fi
  [[ -n ${quiet}${here} ]] ||
    printf 'sandbox.sh: %s is not granted: %s; name what is needed: --ro FILE\n' "${PWD}" "${why}" >&2
}

# Placeholders for arguments that ll-ns does not get, so that the positions in its messages are those of this script.
skip() { # COUNT
  local -i count
  for ((count = $1; count > 0; count--)); do arguments+=(--wrapper=-); done
}

# A user manager makes cgroups, where the controllers are those of cgroup v2: elsewhere it would succeed without effect.
has_manager() { [[ -S ${XDG_RUNTIME_DIR:-/nowhere}/systemd/private && -e /sys/fs/cgroup/cgroup.controllers ]]; }

# Starts the command if the programs are beside this script and nothing else is requested. Everything else is below, and
# is only read then.
main() {
  local quiet='' policy='' start='' disk='' managed='' alone='' memory=/tmp beside=${BASH_SOURCE[0]%/*}
  local -a granted=() named=() status_option=()
  while (($# > 0)); do
    case $1 in
      --ro | --rx | --rw | --rwx | --protect) named+=("${@:2:1}") ;;
      --ro=* | --rx=* | --rw=* | --rwx=* | --protect=*) named+=("${1#*=}") ;;
      --fs) (($# < 2)) || named+=("${2#* }") ;;
      --fs=*) named+=("${1#* }") ;;
      -C | --chdir) start=${*:2:1} ;;
      -C?*) start=${1#-C} ;;
      --chdir=*) start=${1#*=} ;;
    esac
    case $1 in
      --) shift && break ;;
      -h | --help) to_do=print_usage && return ;;
      --print) to_do=print_command && skip 1 ;;
      --check) to_do=${to_do:-check_machine} && arguments+=("$1") ;;
      --memory | --pids | --cpus)
        limits+=("${@:1:2}") && limit_places+=("${#arguments[@]}") && arguments+=("${@:1:2}") && shift
        ;;
      --memory=* | --pids=* | --cpus=*)
        limits+=("${1%%=*}" "${1#*=}") && limit_places+=("${#arguments[@]}") && arguments+=("$1")
        ;;
      --overlay | --on-success | --on-failure | --keep-in | --changes) overlay+=("${@:1:2}") && skip 2 && shift ;;
      --overlay=* | --on-success=* | --on-failure=* | --keep-in=* | --changes=* | --dry-run | --json | --diff)
        overlay+=("$1") && skip 1
        ;;
      -p | --policy | --use) policy=given && arguments+=("${@:1:2}") && shift ;;
      -p* | --policy=* | --use=*) policy=given && arguments+=("$1") ;;
      --rootfs) policy=${policy:-image} && arguments+=("${@:1:2}") && shift ;;
      --rootfs=*) policy=${policy:-image} && arguments+=("$1") ;;
      --ro | --rx | --rw | --rwx | --protect | --protect-all | --keep | --deny | --unix | --fs | --connect | --noconnect | --localhost | --publish | --ipc | --syscall | --metadata | \
        --audit | --aslr | --hugepages | --memory-deny-write-execute | --lock-personality | --limit | --env | --fd | --cap | -C | --chdir | --require | --dev | --bind | --ro-bind | --tmpfs | --net | \
        --share | --hostname | --timeout | --clock | --seed | --loader | --record | --report | --wrapper | --memory-each | --layers | \
        --judge | --judge-fd | --ask | --answer-in)
        arguments+=("${@:1:2}") && shift
        ;;
      --no-namespaces) alone=yes && arguments+=("$1") ;;
      --disk) disk=${*:2:1} && arguments+=("${@:1:2}") && shift ;;
      --disk=*) disk=${1#*=} && arguments+=("$1") ;;
      --status-fd) arguments+=("${@:1:2}") && status_option=("${@:1:2}") && shift ;;
      --status-fd=*) arguments+=("$1") && status_option=("$1") ;;
      -q | --quiet) quiet=yes && arguments+=("$1") ;;
      -*) arguments+=("$1") ;;
      *) break ;;
    esac
    (($# == 0)) || shift
  done
  if [[ -n ${overlay[*]-} ]]; then overlay+=(${alone:+--no-namespaces} ${disk:+"--disk=${disk}"} "${status_option[@]}"); fi
  [[ ${policy} == given ]] || granted=(-p sandbox)
  [[ -n ${policy} ]] || grant_here "${1-}" "${start}"
  if [[ -z ${disk} || -n ${TMPFS_SIZE-} ]]; then memory=/tmp:${TMPFS_SIZE:-256M}; fi
  if [[ -z ${alone} ]]; then
    added=(--proc --private-dev --tmpfs "${memory}" "${granted[@]}")
  else
    added=(${TMPFS_SIZE:+--tmpfs "${memory}"} "${granted[@]}")
  fi
  words=(-- "$@")
  if [[ -n ${limits[*]-} ]] && has_manager; then managed=yes; fi
  if [[ -z ${to_do}${managed}${CGROUP_LIMITS-}${LL_NS-}${LL_EXEC-}${LOADER-}${LL_CHANGES-} && -x ${beside}/ll-ns &&
    -x ${beside}/ll-exec ]]; then
    local -a command=("${beside}/ll-ns" "--wrapper=$((${#added[@]} + 2))" --loader "${beside}/ll-exec" "${added[@]}"
      "${arguments[@]}" "${words[@]}")
    if [[ -z ${overlay[*]-} ]]; then exec -- "${command[@]}"; fi
    if [[ -x ${beside}/ll-changes ]]; then
      exec -a sandbox.sh -- "${beside}/ll-changes" run "${overlay[@]}" -- "${command[@]}"
    fi
  fi
}

to_do=
added=()
arguments=()
words=()
limits=()
limit_places=()
overlay=()
main "$@"

# ---- read only when it is needed

# The comment at the top.
print_usage() {
  local line
  local -i number=0
  while IFS= read -r line && [[ ${line} == '#'* ]]; do
    ((number++ < 4)) || printf '%s\n' "${line:2}"
  done <"${BASH_SOURCE[0]}"
}

# A pasted command has no positions of this script.
leave_out_wrapper() {
  local option
  local -a options=()
  for option in "${arguments[@]}"; do
    [[ ${option} == --wrapper=- ]] || options+=("${option}")
  done
  added=("${added[@]:1}")
  arguments=("${options[@]}")
}

print_command() {
  printf '%q' "${command[0]}"
  printf ' %q' "${command[@]:1}"
  printf '\n'
}

# Sets ${found}: what is named, or NAME beside this script, in the build directory or on PATH.
find_program() { # NAMED NAME
  local folder=.
  if [[ ${BASH_SOURCE[0]} == */* ]]; then folder=${BASH_SOURCE[0]%/*}; fi
  if [[ -L ${BASH_SOURCE[0]} ]]; then
    folder=$(readlink -f -- "${BASH_SOURCE[0]}")
    folder=${folder%/*}
  fi
  for found in ${1:+"$1"} "${folder}/$2" "${folder}/../build/$2"; do
    if [[ -f ${found} && -x ${found} ]]; then return; fi
    [[ -z $1 ]] || fail "cannot run $1" 'LL_NS, LL_EXEC and LOADER name the programs'
  done
  hash -- "$2" 2>&- || fail "$2 not found" 'build it with make, or set LL_NS and LL_EXEC'
  found=${BASH_CMDS[$2]}
}

# ll-ns sets the limits where it can create a cgroup; otherwise a user manager does, if there is one.
add_limits() { # LL_NS
  local -a properties=()
  local -i place
  if ! has_manager || ! hash systemd-run 2>&- || "$1" --check "${limits[@]}" >&- 2>&-; then return; fi
  while ((${#limits[@]} > 0)); do
    case ${limits[0]} in
      --memory) properties+=(-p "MemoryMax=${limits[1]}" -p MemorySwapMax=0) ;;
      --pids) properties+=(-p "TasksMax=${limits[1]}") ;;
      *) properties+=(-p "CPUQuota=$(awk -v cpus="${limits[1]}" 'BEGIN { printf "%d%%", cpus * 100 }')") ;;
    esac
    limits=("${limits[@]:2}")
  done
  scope=(systemd-run --user --scope --quiet --collect "${properties[@]}" --)
  for place in "${limit_places[@]}"; do
    [[ ${arguments[place]} == *=* ]] || arguments[place + 1]=--wrapper=-
    arguments[place]=--wrapper=-
  done
}

# ll-exec reports what the machine supports, ll-ns whether it can do what the other options request.
check_machine() { # LL_EXEC LL_NS
  local -a format=()
  local -i status=0
  if [[ " ${overlay[*]-} " == *' --json '* ]]; then format=(--json); fi
  "$1" --check "${format[@]}" || status=$?
  if ((${#limits[@]} > 0 && ${#format[@]} == 0)); then
    "$2" "${arguments[@]}" || status=1
  else
    "$2" "${arguments[@]}" >&- || status=1
  fi
  return "${status}"
}

if [[ ${to_do} == print_usage ]]; then
  print_usage
  exit
fi
find_program "${LL_EXEC:-${LOADER-}}" ll-exec
loader=${found}
added=(--loader "${found}" "${added[@]}")
find_program "${LL_NS-}" ll-ns
scope=()
default_limits=()
if [[ ${CGROUP_LIMITS:-0} == 1 ]]; then
  default_limits=(--memory "${CG_MEM_MAX:-512M}" --pids "${CG_PIDS_MAX:-64}")
  limits=("${default_limits[@]}" "${limits[@]}")
fi
if [[ ${to_do} == check_machine ]]; then
  check_machine "${loader}" "${found}"
  exit
fi
if ((${#limits[@]} > 0)); then add_limits "${found}"; fi
if ((${#scope[@]} == 0)); then added=("${default_limits[@]}" "${added[@]}"); fi
added=("--wrapper=${#added[@]}" "${added[@]}")
if [[ ${to_do} == print_command ]]; then leave_out_wrapper; fi
command=("${found}" "${added[@]}" "${arguments[@]}" "${words[@]}")
if ((${#overlay[@]} > 0)); then
  find_program "${LL_CHANGES-}" ll-changes
  command=("${found}" run "${overlay[@]}" -- "${command[@]}")
fi
if ((${#scope[@]} > 0 && ${#overlay[@]} > 0)) && [[ -z ${to_do} ]]; then
  # shellcheck disable=SC2016 # it is that shell's to expand
  scope+=("${BASH}" -p -c 'exec -a sandbox.sh -- "$@"' -)
fi
command=("${scope[@]}" "${command[@]}")
if [[ ${to_do} == print_command ]]; then
  print_command
  exit
fi
if ((${#scope[@]} == 0 && ${#overlay[@]} > 0)); then exec -a sandbox.sh -- "${command[@]}"; fi
exec -- "${command[@]}"
