#!/bin/bash -p
# sandbox.sh: runs a command in two layers, namespaces with a private root (ll-ns) and Landlock with a system call
# filter (ll-exec), both from one policy. It only builds the command line: --print shows it. Its --help is at the end.
#
# Most of its time is bash's, which reads and executes line by line, and copies each function that it calls: the usual
# start comes first, without what it does not need. The command inherits what is exported, hence the prefix ll_.
set -Eeuo pipefail

fail() { # MESSAGE ADVICE
  printf 'sandbox.sh: %s\n  %s\n' "$1" "$2" >&2
  exit 125
}

# Sets ${ll_home} and enters the current directory by its path, both without symbolic links.
enter_here() {
  local here=${PWD-}
  ll_home=${HOME:-/}
  if cd -P -- "${ll_home}" 2>&-; then
    ll_home=${PWD}
    if [[ -n ${here} ]] && cd -P -- "${here}" 2>&-; then return; fi
  elif cd -P . 2>&- && [[ ${PWD} == /* ]]; then
    return
  fi
  fail 'cannot enter the current directory: it was removed, or this user may not search it' \
    'change to another, or use -p'
}

# Grants the current directory. False if that depends on more: below.
grant_here() {
  local path
  enter_here
  for path in "${ll_named[@]}"; do
    case ${path#-}/ in
      "${PWD}"/* | "${ll_logical}"/*) return 1 ;;
      /?*) ;;
      *) return 1 ;;
    esac
  done
  if [[ ${PWD} == /tmp || ${PWD} == / || ${ll_home}/ == "${PWD}"/* ]]; then return 1; fi
  ll_granted=(-p sandbox --rx "${PWD}")
}

# The directory of the programs, unless they are elsewhere.
ll_beside=${BASH_SOURCE[0]%/*}
if [[ -n ${CGROUP_LIMITS-}${LL_NS-}${LL_EXEC-}${LOADER-}${LL_CHANGES-} || ! -x ${ll_beside}/ll-ns ||
  ! -x ${ll_beside}/ll-exec ]]; then
  ll_beside=
fi
ll_logical=${PWD-}
ll_home=
ll_policy=
ll_granted=()
ll_named=()
ll_arguments=()
while (($# > 2)); do
  case $1 in
    --ro | --rx | --rw | --rwx) ll_named+=("$2") ;;
    -p) ll_policy=given ;;
    --connect | --env | --net | --timeout) ;;
    *) break ;;
  esac
  ll_arguments+=("$1" "$2")
  shift 2
done
if [[ ${1-} != -* ]]; then set -- -- "$@"; fi
if [[ -n ${ll_beside} && $1 == -- ]] && { [[ -n ${ll_policy} ]] || grant_here; }; then
  exec -- "${ll_beside}/ll-ns" "--wrapper=$((${#ll_granted[@]} + 6))" --loader "${ll_beside}/ll-exec" \
    --proc --private-dev --tmpfs "/tmp:${TMPFS_SIZE:-256M}" "${ll_granted[@]}" "${ll_arguments[@]}" "$@"
fi

# ---- all options

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
grant_part_of_here() { # COMMAND START
  local command=$1 path place here='' below=''
  [[ -n ${ll_home} ]] || enter_here
  for path in "${ll_named[@]}"; do
    locate "${path#-}" "${PWD}" "${ll_logical}"
    case ${place} in
      here) here=yes ;;
      below) below=yes ;;
    esac
  done
  if [[ -n ${below} && -z ${here} ]]; then
    if [[ -n $2 && ${command} == */* && ${command} != /* ]]; then command=$2/${command}; fi
    locate "${command}" "${PWD}" "${ll_logical}"
    if [[ ${command} == */* && ${place} == below ]]; then ll_granted+=(--rx "-${command}"); fi
    return
  fi
  local why='it holds all your files'
  if [[ ${PWD} == /tmp ]]; then
    why='the sandbox has a private, empty one'
  elif [[ ${PWD} != / && ${ll_home}/ != "${PWD}"/* ]]; then
    ll_granted+=(--rx "${PWD}")
    return
  fi
  [[ -n ${ll_quiet}${here} ]] ||
    printf 'sandbox.sh: %s is not granted: %s; name what is needed: --ro FILE\n' "${PWD}" "${why}" >&2
}

# The comment at the end.
print_usage() {
  local line
  while IFS= read -r line && [[ ${line} != '# ---- usage' ]]; do :; done
  while IFS= read -r line; do printf '%s\n' "${line:2}"; done
} <"${BASH_SOURCE[0]}"

# Placeholders for arguments that ll-ns does not get, so that the positions in its messages are those of this script.
skip() { # COUNT
  local -i count
  for ((count = $1; count > 0; count--)); do ll_arguments+=(--wrapper=-); done
}

# A user manager makes cgroups, where the controllers are those of cgroup v2: elsewhere it would succeed without effect.
has_manager() { [[ -S ${XDG_RUNTIME_DIR:-/nowhere}/systemd/private && -e /sys/fs/cgroup/cgroup.controllers ]]; }

ll_to_do=
ll_quiet=
ll_start=
ll_disk=
ll_managed=
ll_alone=
ll_memory=/tmp
ll_limits=()
ll_limit_places=()
ll_overlay=()
ll_status_option=()
while (($# > 0)); do
  case $1 in
    --ro | --rx | --rw | --rwx | --protect) ll_named+=("${@:2:1}") ;;
    --ro=* | --rx=* | --rw=* | --rwx=* | --protect=*) ll_named+=("${1#*=}") ;;
    --fs) (($# < 2)) || ll_named+=("${2#* }") ;;
    --fs=*) ll_named+=("${1#* }") ;;
    -C | --chdir) ll_start=${*:2:1} ;;
    -C?*) ll_start=${1#-C} ;;
    --chdir=*) ll_start=${1#*=} ;;
  esac
  case $1 in
    --) shift && break ;;
    -h | --help)
      print_usage
      exit
      ;;
    --print) ll_to_do=print_command && skip 1 ;;
    --check) ll_to_do=${ll_to_do:-check_machine} && ll_arguments+=("$1") ;;
    --memory | --pids | --cpus)
      ll_limits+=("${@:1:2}") && ll_limit_places+=("${#ll_arguments[@]}") && ll_arguments+=("${@:1:2}") && shift
      ;;
    --memory=* | --pids=* | --cpus=*)
      ll_limits+=("${1%%=*}" "${1#*=}") && ll_limit_places+=("${#ll_arguments[@]}") && ll_arguments+=("$1")
      ;;
    --overlay | --on-success | --on-failure | --keep-in | --changes) ll_overlay+=("${@:1:2}") && skip 2 && shift ;;
    --overlay=* | --on-success=* | --on-failure=* | --keep-in=* | --changes=* | --dry-run | --json | --diff)
      ll_overlay+=("$1") && skip 1
      ;;
    -p | --policy | --use) ll_policy=given && ll_arguments+=("${@:1:2}") && shift ;;
    -p* | --policy=* | --use=*) ll_policy=given && ll_arguments+=("$1") ;;
    --rootfs) ll_policy=${ll_policy:-image} && ll_arguments+=("${@:1:2}") && shift ;;
    --rootfs=*) ll_policy=${ll_policy:-image} && ll_arguments+=("$1") ;;
    --ro | --rx | --rw | --rwx | --protect | --protect-all | --keep | --deny | --unix | --fs | --connect | --noconnect | --localhost | --publish | --ipc | --syscall | --metadata | \
      --audit | --aslr | --hugepages | --memory-deny-write-execute | --lock-personality | --limit | --env | --fd | --cap | -C | --chdir | --require | --dev | --bind | --ro-bind | --tmpfs | --net | \
      --share | --hostname | --timeout | --clock | --seed | --loader | --record | --report | --wrapper | --memory-each | --layers | \
      --judge | --judge-fd | --ask | --answer-in)
      ll_arguments+=("${@:1:2}") && shift
      ;;
    --no-namespaces) ll_alone=yes && ll_arguments+=("$1") ;;
    --disk) ll_disk=${*:2:1} && ll_arguments+=("${@:1:2}") && shift ;;
    --disk=*) ll_disk=${1#*=} && ll_arguments+=("$1") ;;
    --status-fd) ll_arguments+=("${@:1:2}") && ll_status_option=("${@:1:2}") && shift ;;
    --status-fd=*) ll_arguments+=("$1") && ll_status_option=("$1") ;;
    -q | --quiet) ll_quiet=yes && ll_arguments+=("$1") ;;
    -*) ll_arguments+=("$1") ;;
    *) break ;;
  esac
  (($# == 0)) || shift
done
if [[ -n ${ll_overlay[*]-} ]]; then
  ll_overlay+=(${ll_alone:+--no-namespaces} ${ll_disk:+"--disk=${ll_disk}"} "${ll_status_option[@]}")
fi
[[ ${ll_policy} == given ]] || ll_granted=(-p sandbox)
[[ -n ${ll_policy} ]] || grant_part_of_here "${1-}" "${ll_start}"
if [[ -z ${ll_disk} || -n ${TMPFS_SIZE-} ]]; then ll_memory=/tmp:${TMPFS_SIZE:-256M}; fi
if [[ -z ${ll_alone} ]]; then
  ll_added=(--proc --private-dev --tmpfs "${ll_memory}" "${ll_granted[@]}")
else
  ll_added=(${TMPFS_SIZE:+--tmpfs "${ll_memory}"} "${ll_granted[@]}")
fi
ll_words=(-- "$@")
if [[ -n ${ll_limits[*]-} ]] && has_manager; then ll_managed=yes; fi
if [[ -n ${ll_beside} && -z ${ll_to_do}${ll_managed} ]]; then
  ll_command=("${ll_beside}/ll-ns" "--wrapper=$((${#ll_added[@]} + 2))" --loader "${ll_beside}/ll-exec"
    "${ll_added[@]}" "${ll_arguments[@]}" "${ll_words[@]}")
  if [[ -z ${ll_overlay[*]-} ]]; then exec -- "${ll_command[@]}"; fi
  if [[ -x ${ll_beside}/ll-changes ]]; then
    exec -a sandbox.sh -- "${ll_beside}/ll-changes" run "${ll_overlay[@]}" -- "${ll_command[@]}"
  fi
fi

# ---- programs that are elsewhere, limits by a user manager, --print and --check

# A pasted command has no positions of this script.
leave_out_wrapper() {
  local option
  local -a options=()
  for option in "${ll_arguments[@]}"; do
    [[ ${option} == --wrapper=- ]] || options+=("${option}")
  done
  ll_added=("${ll_added[@]:1}")
  ll_arguments=("${options[@]}")
}

print_command() {
  printf '%q' "${ll_command[0]}"
  printf ' %q' "${ll_command[@]:1}"
  printf '\n'
}

# Sets ${ll_found}: what is named, or NAME beside this script, in the build directory or on PATH.
find_program() { # NAMED NAME
  local folder=.
  if [[ ${BASH_SOURCE[0]} == */* ]]; then folder=${BASH_SOURCE[0]%/*}; fi
  if [[ -L ${BASH_SOURCE[0]} ]]; then
    folder=$(readlink -f -- "${BASH_SOURCE[0]}")
    folder=${folder%/*}
  fi
  for ll_found in ${1:+"$1"} "${folder}/$2" "${folder}/../build/$2"; do
    if [[ -f ${ll_found} && -x ${ll_found} ]]; then return; fi
    [[ -z $1 ]] || fail "cannot run $1" 'LL_NS, LL_EXEC and LOADER name the programs'
  done
  hash -- "$2" 2>&- || fail "$2 not found" 'build it with make, or set LL_NS and LL_EXEC'
  ll_found=${BASH_CMDS[$2]}
}

# ll-ns sets the limits where it can create a cgroup; otherwise a user manager does, if there is one.
add_limits() { # LL_NS
  local -a properties=()
  local -i place
  if ! has_manager || ! hash systemd-run 2>&- || "$1" --check "${ll_limits[@]}" >&- 2>&-; then return; fi
  while ((${#ll_limits[@]} > 0)); do
    case ${ll_limits[0]} in
      --memory) properties+=(-p "MemoryMax=${ll_limits[1]}" -p MemorySwapMax=0) ;;
      --pids) properties+=(-p "TasksMax=${ll_limits[1]}") ;;
      *) properties+=(-p "CPUQuota=$(awk -v cpus="${ll_limits[1]}" 'BEGIN { printf "%d%%", cpus * 100 }')") ;;
    esac
    ll_limits=("${ll_limits[@]:2}")
  done
  ll_scope=(systemd-run --user --scope --quiet --collect "${properties[@]}" --)
  for place in "${ll_limit_places[@]}"; do
    [[ ${ll_arguments[place]} == *=* ]] || ll_arguments[place + 1]=--wrapper=-
    ll_arguments[place]=--wrapper=-
  done
}

# ll-exec reports what the machine supports, ll-ns whether it can do what the other options request.
check_machine() { # LL_EXEC LL_NS
  local -a format=()
  local -i status=0
  if [[ " ${ll_overlay[*]-} " == *' --json '* ]]; then format=(--json); fi
  "$1" --check "${format[@]}" || status=$?
  if ((${#ll_limits[@]} > 0 && ${#format[@]} == 0)); then
    "$2" "${ll_arguments[@]}" || status=1
  else
    "$2" "${ll_arguments[@]}" >&- || status=1
  fi
  return "${status}"
}

find_program "${LL_EXEC:-${LOADER-}}" ll-exec
ll_loader=${ll_found}
ll_added=(--loader "${ll_found}" "${ll_added[@]}")
find_program "${LL_NS-}" ll-ns
ll_scope=()
ll_default_limits=()
if [[ ${CGROUP_LIMITS:-0} == 1 ]]; then
  ll_default_limits=(--memory "${CG_MEM_MAX:-512M}" --pids "${CG_PIDS_MAX:-64}")
  ll_limits=("${ll_default_limits[@]}" "${ll_limits[@]}")
fi
if [[ ${ll_to_do} == check_machine ]]; then
  check_machine "${ll_loader}" "${ll_found}"
  exit
fi
if ((${#ll_limits[@]} > 0)); then add_limits "${ll_found}"; fi
if ((${#ll_scope[@]} == 0)); then ll_added=("${ll_default_limits[@]}" "${ll_added[@]}"); fi
ll_added=("--wrapper=${#ll_added[@]}" "${ll_added[@]}")
if [[ ${ll_to_do} == print_command ]]; then leave_out_wrapper; fi
ll_command=("${ll_found}" "${ll_added[@]}" "${ll_arguments[@]}" "${ll_words[@]}")
if ((${#ll_overlay[@]} > 0)); then
  find_program "${LL_CHANGES-}" ll-changes
  ll_command=("${ll_found}" run "${ll_overlay[@]}" -- "${ll_command[@]}")
fi
if ((${#ll_scope[@]} > 0 && ${#ll_overlay[@]} > 0)) && [[ -z ${ll_to_do} ]]; then
  # shellcheck disable=SC2016 # it is that shell's to expand
  ll_scope+=("${BASH}" -p -c 'exec -a sandbox.sh -- "$@"' -)
fi
ll_command=("${ll_scope[@]}" "${ll_command[@]}")
if [[ ${ll_to_do} == print_command ]]; then
  print_command
  exit
fi
if ((${#ll_scope[@]} == 0 && ${#ll_overlay[@]} > 0)); then exec -a sandbox.sh -- "${ll_command[@]}"; fi
exec -- "${ll_command[@]}"

# ---- usage
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
