#!/bin/bash -p
# sandbox.sh: runs a command behind two walls, namespaces with a root of their own (ll-ns) and Landlock with a system
# call filter (ll-exec), both from one policy. It only puts a command line together: --print shows it.
set -Eeuo pipefail

usage() {
  cat <<'END'
sandbox.sh [options] [--] command [argument...]
Run a command in namespaces of its own, in a root that holds what a policy grants, through ll-exec.

Without -p the policy is `sandbox`, and the current directory can be read and executed; to write there: --rw .
  -p, --policy NAME|FILE   that policy instead; repeats
  --ro --rx --rw --rwx PATH, --connect PORT and every other directive of the policy: ll-exec --help
  -C, --chdir PATH         start there
  --bind SRC[:DST]         show SRC as DST, to be written; --ro-bind to be read
  --tmpfs DIR[:SIZE]       an empty file system; /tmp is one of TMPFS_SIZE (256M)
  --rootfs DIR             an unpacked image as root; --host-root: the machine's, Landlock alone restricts it
  --net none|host          the network; host if the policy opens a port, else none
  --share NAMESPACE        cgroup, ipc, net, pid or uts: the machine's; repeats
  --hostname NAME          what the machine is called inside
  --root                   be user 0 inside, instead of oneself
  --init                   a process 1 that reaps; the command is 2 and has all its signals (SIGPIPE, abort)
  --timeout TIME           end it after so long, such as 30s, with status 124
  --memory SIZE, --pids N, --cpus N   ceilings by a cgroup (CGROUP_LIMITS=1: CG_MEM_MAX=512M, CG_PIDS_MAX=64)
  --best-effort            go on without what this machine refuses, and say so
  --explain                print the root as it would be mounted
  --print                  print the command that would be run, to be read, changed and pasted
  -q, -v                   no warnings; what is not enforced
Exit status: the command's; 124 time is over, 125 nothing ran, 126 not runnable, 127 not found.
LL_NS, LL_EXEC (or LOADER): the two programs, if they are not beside this script, in ../build or on PATH.
END
}

fail() { # MESSAGE ADVICE
  printf 'sandbox.sh: %s\n  %s\n' "$1" "$2" >&2
  exit 125
}

# Sets ${found}: NAME beside this script, in the build folder or on PATH, unless PREFERRED is given.
find_program() { # NAME PREFERRED
  local folder=.
  found=$2
  if [[ -n ${found} ]]; then
    [[ -f ${found} && -x ${found} ]] || fail "cannot run ${found}" "LL_NS, LL_EXEC and LOADER name the programs"
    return
  fi
  if [[ ${BASH_SOURCE[0]} == */* ]]; then folder=${BASH_SOURCE[0]%/*}; fi
  if [[ -L ${BASH_SOURCE[0]} ]]; then
    folder=$(readlink -f -- "${BASH_SOURCE[0]}")
    folder=${folder%/*}
  fi
  for found in "${folder}/$1" "${folder}/../build/$1"; do
    if [[ -x ${found} ]]; then return 0; fi
  done
  hash -- "$1" 2>&- || fail "there is no $1" "build it with make, or name it: LL_NS, LL_EXEC"
  found=${BASH_CMDS[$1]}
}

# The directory that one stands in, unless that would be everything that one has. Both without symbolic links.
grant_here() {
  local here home=${HOME-}
  cd -P . 2>&- || fail 'the current directory is not there any more' 'go to another'
  here=${PWD}
  if [[ -n ${home} ]] && cd -P -- "${home}" 2>&-; then
    home=${PWD}
    cd -P -- "${here}" || fail "cannot return to ${here}" 'use -p, or start it elsewhere'
  fi
  if [[ ${here} == / || ${home}/ == "${here}"/* ]]; then
    ((quiet)) || printf 'sandbox.sh: %s is not granted: it holds all your files; name what is needed: --ro FILE\n' \
      "${here}" >&2
  else
    arguments+=(--rx "${here}")
  fi
}

# With a user manager where no cgroup can be divided here: it makes one.
limit_by_manager() {
  local -a properties=()
  [[ -S ${XDG_RUNTIME_DIR:-/nowhere}/systemd/private ]] && hash systemd-run 2>&- || return 0
  if "${command[0]}" --check "${limits[@]}" >&- 2>&-; then return 0; fi
  while ((${#limits[@]} > 0)); do
    case ${limits[0]} in
      --memory) properties+=(-p "MemoryMax=${limits[1]}" -p MemorySwapMax=0) ;;
      --pids) properties+=(-p "TasksMax=${limits[1]}") ;;
      *) properties+=(-p "CPUQuota=$(awk -v cpus="${limits[1]}" 'BEGIN { printf "%d%%", cpus * 100 }')") ;;
    esac
    limits=("${limits[@]:2}")
  done
  command=(systemd-run --user --scope --quiet --collect "${properties[@]}" -- "${command[@]}")
}

print_command() {
  printf '%q' "${command[0]}"
  printf ' %q' "${command[@]:1}"
  printf '\n'
}

main() {
  local found='' policy=0 image=0 print=0 quiet=0
  local -a arguments=() limits=() command=()
  while (($# > 0)); do
    case $1 in
      --) shift && break ;;
      -h | --help) usage && return ;;
      --print) print=1 ;;
      -C) arguments+=(--chdir "${@:2:1}") && shift ;;
      --memory | --pids | --cpus) limits+=("${@:1:2}") && shift ;;
      --memory=* | --pids=* | --cpus=*) limits+=("${1%%=*}" "${1#*=}") ;;
      -p | --policy | --use) policy=1 && arguments+=("${@:1:2}") && shift ;;
      -p* | --policy=* | --use=*) policy=1 && arguments+=("$1") ;;
      --ro | --rx | --rw | --rwx | --protect | --deny | --unix | --fs | --connect | --ipc | \
        --syscall | --metadata | --audit | --limit | --env | --fd | --cap | --chdir | --require | --dev | --bind | \
        --ro-bind | --tmpfs | --net | --share | --hostname | --timeout | --loader)
        arguments+=("${@:1:2}") && shift
        ;;
      --rootfs) image=1 && arguments+=("${@:1:2}") && shift ;;
      --rootfs=*) image=1 && arguments+=("$1") ;;
      -q | --quiet) quiet=1 && arguments+=("$1") ;;
      -*) arguments+=("$1") ;;
      *) break ;;
    esac
    (($# == 0)) || shift
  done
  if [[ ${CGROUP_LIMITS:-0} == 1 ]]; then
    limits=(--memory "${CG_MEM_MAX:-512M}" --pids "${CG_PIDS_MAX:-64}" "${limits[@]}")
  fi
  ((policy || image)) || grant_here
  ((policy)) || arguments=(-p sandbox "${arguments[@]}")
  find_program ll-exec "${LL_EXEC:-${LOADER-}}"
  arguments=(--loader "${found}" --proc --private-dev --tmpfs "/tmp:${TMPFS_SIZE:-256M}" "${arguments[@]}")
  find_program ll-ns "${LL_NS-}"
  command=("${found}")
  ((${#limits[@]} == 0)) || limit_by_manager
  command+=("${limits[@]}" "${arguments[@]}" -- "$@")
  if ((print)); then print_command && return; fi
  exec -- "${command[@]}"
}

main "$@"
