#!/bin/bash -p
# Runs every escape probe without a sandbox, in each layer and in both, and in each other sandbox found, and
# prints which refused it.
set -Eeuo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
readonly here
readonly root=${here%/tests/escapes}
# shellcheck source=tests/escapes/fixture.sh disable=SC1091
source "$here/fixture.sh"
# Shared with it, see there.
base="" work="" owner=""

# The policy. Besides this, each sandbox grants the probe's own file for execution and one directory,
# with files that belong to the user, for reading.
readonly -a policy_rx=(/usr /bin /lib /lib64)
readonly -a policy_ro=(/etc)
readonly -a policy_rw=(/tmp)
readonly -a ll_exec_options=(--metadata deny)
readonly -a ll_ns_options=(--proc --private-dev)

# Only these can pass and fail: the loader, namespaces and a root of their own, and one in the other.
readonly -a ours=(ll-exec ll-ns both)
# ll-exec through an MCP client: the same table as without. Only when it is asked for.
readonly -a through=(mcp)
readonly -a comparators=(bwrap firejail landrun minijail0 setpriv)

usage() {
  cat <<'END'
usage: run.sh [option]...
  --tool NAME     only this sandbox (ll-exec ll-ns both mcp bwrap firejail landrun minijail0 setpriv); repeats
  --ours          only ll-exec, ll-ns and both
  --only PATTERN  only the probes whose name matches
  --as-root       as root instead of as an ordinary user
  -v              say what the kernel answered to what
Environment: LL_EXEC and LL_NS, the programs (build/ll-exec, build/ll-ns; mcp: those beside LL_EXEC); ESCAPES_BIN, the directory with
escape-probe and escape-fixture (build/tests/escapes; built on the fly if they are not there).
Exit status: 0 if ll-exec, ll-ns and both refused every probe but those that known*.txt says, 1 if not,
125 if nothing could be run. The last line reads: N passed, N failed, N skipped
END
}

fail() {
  printf 'run.sh: %s\n' "$1" >&2
  exit 125
}

# --- the same policy in each sandbox's words ---

# Appends to the caller's array `words`: OPTION PATH for each path that exists.
append_paths() {
  local -r option=$1
  local path
  shift
  for path in "$@"; do
    [[ ! -e $path ]] || words+=("$option" "$path")
  done
}

append_equal_paths() {
  local -r option=$1
  local path
  shift
  for path in "$@"; do
    [[ ! -e $path ]] || words+=("$option=$path")
  done
}

append_binds() {
  local -r option=$1
  local path
  shift
  for path in "$@"; do
    [[ ! -e $path ]] || words+=("$option" "$path" "$path")
  done
}

append_policy() {
  append_paths --rx "${policy_rx[@]}" "$base/bin/escape-probe"
  append_paths --ro "${policy_ro[@]}" "$base/readonly"
  append_paths --rw "${policy_rw[@]}"
}

ll_exec_words() {
  words=("$base/bin/ll-exec")
  append_policy
  words+=("${ll_exec_options[@]}" --)
}

ll_ns_words() {
  words=("$base/bin/ll-ns" --no-loader "${ll_ns_options[@]}")
  append_policy
  words+=(--)
}

both_words() {
  words=("$base/bin/ll-ns" --loader "$base/bin/ll-exec" "${ll_ns_options[@]}")
  append_policy
  words+=("${ll_exec_options[@]}" --)
}

mcp_words() {
  words=("$base/bin/through-mcp.py" "$base/bin/ll-mcp")
  append_policy
  words+=("${ll_exec_options[@]}" --)
}

bwrap_words() {
  words=(bwrap --unshare-all --new-session --die-with-parent --cap-drop ALL)
  if bwrap --help 2>&1 | grep -q -- --disable-userns; then
    words+=(--unshare-user --disable-userns)
  fi
  append_binds --ro-bind "${policy_rx[@]}" "${policy_ro[@]}" "$base/bin/escape-probe" "$base/readonly"
  append_binds --bind "${policy_rw[@]}"
  words+=(--)
}

# Its file rules take things away instead of granting them; --whitelist hides what is beside.
firejail_words() {
  words=(firejail --quiet --noprofile --net=none --ipc-namespace --private-dev --nonewprivs
    --caps.drop=all --seccomp --seccomp.block-secondary --protocol=unix)
  append_equal_paths --read-only "${policy_rx[@]}" "${policy_ro[@]}"
  append_equal_paths --whitelist "$base/bin/escape-probe" "$base/readonly"
  append_equal_paths --read-only "$base/readonly"
  append_equal_paths --noexec "${policy_rw[@]}" "$base/readonly"
  words+=(--)
}

landrun_words() {
  words=(landrun --log-level error)
  append_paths --rox "${policy_rx[@]}" "$base/bin/escape-probe"
  append_paths --ro "${policy_ro[@]}" "$base/readonly"
  append_paths --rw "${policy_rw[@]}"
  words+=(--)
}

minijail0_words() {
  words=(minijail0 -n -U -m -M -v -p -l -e -N)
  append_equal_paths --fs-path-rx "${policy_rx[@]}" "$base/bin/escape-probe"
  append_equal_paths --fs-path-ro "${policy_ro[@]}" "$base/readonly"
  append_equal_paths --fs-path-advanced-rw "${policy_rw[@]}"
  words+=(--)
}

setpriv_words() {
  local -r read=read-file,read-dir
  local -r change=write-file,truncate,make-dir,make-reg,make-sock,make-fifo,make-sym
  local -r remove=remove-dir,remove-file,refer
  local path
  words=(setpriv --no-new-privs --bounding-set=-all --inh-caps=-all --landlock-access fs)
  for path in "${policy_rx[@]}" "$base/bin/escape-probe"; do
    [[ ! -d $path ]] || words+=(--landlock-rule "path-beneath:execute,$read:$path")
    [[ ! -f $path ]] || words+=(--landlock-rule "path-beneath:execute,read-file:$path")
  done
  for path in "${policy_ro[@]}" "$base/readonly"; do
    words+=(--landlock-rule "path-beneath:$read:$path")
  done
  for path in "${policy_rw[@]}"; do
    words+=(--landlock-rule "path-beneath:$read,$change,$remove:$path")
  done
}

# Sets `words` to what comes before the command.
sandbox_words() {
  case $1 in
    bare) words=() ;;
    ll-exec) ll_exec_words ;;
    ll-ns) ll_ns_words ;;
    both) both_words ;;
    mcp) mcp_words ;;
    bwrap) bwrap_words ;;
    firejail) firejail_words ;;
    landrun) landrun_words ;;
    minijail0) minijail0_words ;;
    setpriv) setpriv_words ;;
    *) fail "there is no sandbox '$1' here" ;;
  esac
}

# --- one probe in one sandbox ---

# Sets `verdict` (escaped, refused, unavailable, broken), `cell` and `answer`.
judge() {
  local -r -i status=$1
  local -r line=$2
  local error
  verdict=broken
  cell="broken $status"
  answer=${line:-exit status $status}
  error=${line#*: }
  error=${error%% *}
  case $status:$line in
    "0:escaped: "*) verdict=escaped cell=ESCAPED ;;
    "1:refused: "*) verdict=refused cell=${error/#-/refused} ;;
    "2:unavailable: "*) verdict=unavailable cell=${error/#-/missing} ;;
    159:*) verdict=refused cell=SIGSYS ;;
    124:*) cell=timeout ;;
  esac
}

try_probe() {
  local -r tool=$1 probe=$2
  local -a words=()
  local output
  local -i status=0
  sandbox_words "$tool"
  words+=("$base/bin/escape-probe" "$probe" "$work/targets")
  output=$(fixture_run "$probe" "${words[@]}" 2>>"$log") || status=$?
  judge "$status" "${output##*$'\n'}"
}

# 42 is what the probe answers to a run without anything to try.
can_start() {
  local -r tool=$1
  local -a words=()
  local -i status=0
  sandbox_words "$tool"
  fixture_run "" "${words[@]}" "$base/bin/escape-probe" --executed >/dev/null 2>"$log" || status=$?
  ((status == 42)) && return 0
  printf 'run.sh: %s cannot start here (exit status %d)\n' "$tool" "$status" >&2
  sed -n '1,5s/^/    /p' "$log" >&2
  return 1
}

# --- which sandboxes ---

is_ours() {
  [[ " ${ours[*]} ${through[*]} " == *" $1 "* ]]
}

is_here() {
  case $1 in
    setpriv) setpriv --help | grep -q -- --landlock-access ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# Copies, which the user may execute wherever the originals are.
install_ours() {
  local program
  for program in "${LL_EXEC:-$root/build/ll-exec}" "${LL_NS:-$root/build/ll-ns}"; do
    [[ -x $program ]] || fail "there is no $program: build it, or set LL_EXEC and LL_NS"
  done
  install -m 755 -- "${LL_EXEC:-$root/build/ll-exec}" "$base/bin/ll-exec"
  install -m 755 -- "${LL_NS:-$root/build/ll-ns}" "$base/bin/ll-ns"
}

install_mcp() {
  local -r from=$(dirname -- "${LL_EXEC:-$root/build/ll-exec}")
  [[ -x $from/ll-mcp ]] || fail "there is no $from/ll-mcp: build it"
  install -m 755 -- "$from/ll-mcp" "$from/ll-trace" "$here/through-mcp.py" "$base/bin/"
}

# Containers and some distributions refuse the namespaces that ll-ns starts with.
has_namespaces() {
  fixture_run "" unshare --user --map-root-user --mount true 2>/dev/null
}

# Sets `tools`. What was asked for by name must be there, and ours as far as the machine has what they need;
# others may be missing.
choose_tools() {
  local -r -i named=${#wanted[@]}
  local tool
  tools=()
  if ((!named)); then
    wanted=("${ours[@]}")
    ((only_ours)) || wanted+=("${comparators[@]}")
  fi
  for tool in "${wanted[@]}"; do
    if is_ours "$tool"; then
      install_ours
      [[ $tool != mcp ]] || install_mcp
    elif ! is_here "$tool"; then
      ((!named)) || fail "$tool is not here, or has no Landlock"
      continue
    fi
    if can_start "$tool"; then
      tools+=("$tool")
    elif ((named)) || [[ $tool == ll-exec ]]; then
      fail "$tool does not run the simplest command under this policy"
    elif is_ours "$tool"; then
      ! has_namespaces || fail "$tool does not run the simplest command, although there are namespaces"
      printf 'run.sh: this machine refuses namespaces: no column %s\n' "$tool" >&2
    fi
  done
}

# --- the table ---

# The reasons, by sandbox and probe.
read_known() {
  local tool file name reason
  for tool in "${ours[@]}" "${through[@]}"; do
    file=$here/known-$tool.txt
    [[ $tool != ll-exec && $tool != mcp ]] || file=$here/known.txt
    while read -r name reason; do
      [[ -z $name || $name == '#'* ]] || known[$tool:$name]=$reason
    done <"$file"
  done
}

check_known() {
  local entry
  for entry in "${!known[@]}"; do
    if [[ -z ${described[${entry#*:}]:-} ]]; then
      printf 'known (%s): there is no such probe\n' "$entry"
      failed+=1
    fi
  done
}

# What the answer in a sandbox of ours means, given the bare one. Prints nothing, counts, adds to `mark`, and
# to `cell` that an escape is known.
count_ours() {
  local -r tool=$1 probe=$2 bare=$3 held=$4
  local -r reason=${known[$tool:$probe]:-}
  case $bare:$held in
    broken:* | *:broken) failed+=1 mark+="  <- broken: $tool" ;;
    *:escaped)
      if [[ -n $reason ]]; then
        passed+=1 cell="escaped, known"
      else
        failed+=1 mark+="  <- ESCAPED: $tool"
      fi
      ;;
    escaped:*)
      passed+=1
      [[ -z $reason ]] || mark+="  refused, but known: $tool"
      ;;
    *) skipped+=1 ;;
  esac
}

print_row() {
  local cell
  printf '%-30s' "$1"
  shift
  for cell in "$@"; do
    printf ' %-15s' "$cell"
  done
  printf '%s\n' "$mark"
}

# Two layers are never weaker than one.
compare_layers() {
  [[ ${verdicts[both]:-} == escaped ]] || return 0
  [[ ${verdicts[ll-exec]:-} == refused || ${verdicts[ll-ns]:-} == refused ]] || return 0
  failed+=1 mark+="  <- weaker than one layer"
}

run_probe() {
  local -r probe=$1
  local -a cells=() answers=()
  local -A verdicts=()
  local tool verdict cell answer bare mark=""
  try_probe bare "$probe"
  bare=$verdict
  cells+=("$cell") answers+=("bare: $answer")
  case $bare in
    escaped) provable+=1 ;;
    refused) mark="  not provable here" ;;
    unavailable) mark="  not on this machine" ;;
    broken) failed+=1 mark="  <- broken" ;;
  esac
  for tool in "${tools[@]}"; do
    try_probe "$tool" "$probe"
    ! is_ours "$tool" || count_ours "$tool" "$probe" "$bare" "$verdict"
    verdicts[$tool]=$verdict
    cells+=("$cell") answers+=("$tool: $answer")
    [[ $verdict != escaped ]] || escapes[$tool]=$((${escapes[$tool]:-0} + 1))
    [[ $verdict != broken ]] || brokens[$tool]=$((${brokens[$tool]:-0} + 1))
  done
  compare_layers
  print_row "$probe" "${cells[@]}"
  if ((verbose)); then
    printf '    %s\n' "${described[$probe]}" "${answers[@]}"
  fi
}

# The other way round: what the policy grants must work. Where it does not, what is refused beside it proves
# nothing.
run_granted() {
  local -r probe=$1
  local -a cells=()
  local tool verdict cell answer mark=""
  for tool in bare "${tools[@]}"; do
    try_probe "$tool" "$probe"
    if [[ $verdict == escaped ]]; then
      cell=works
      ! is_ours "$tool" || passed+=1
    elif is_ours "$tool" || [[ $tool == bare ]]; then
      failed+=1 mark+="  <- not granted: $tool"
    fi
    cells+=("$cell")
  done
  print_row "$probe" "${cells[@]}"
}

print_summary() {
  local tool
  printf '\n%d probes, %d of them succeed without a sandbox\n' "$total" "$provable"
  for tool in "${tools[@]}"; do
    printf '%-10s %3d escaped' "$tool" "${escapes[$tool]:-0}"
    ((!${brokens[$tool]:-0})) || printf ', %d broken' "${brokens[$tool]}"
    printf '\n'
  done
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
}

run_all() {
  local -A known=() described=() escapes=() brokens=()
  local -a order=() granted=()
  local -i passed=0 failed=0 skipped=0 total=0 provable=0
  local probe what mark=""
  while IFS=$'\t' read -r probe what; do
    described[$probe]=$what
    order+=("$probe")
  done < <("$base/bin/escape-probe" --list)
  mapfile -t granted < <("$base/bin/escape-probe" --list-granted)
  read_known
  check_known
  print_row probe bare "${tools[@]}"
  for probe in "${granted[@]%%$'\t'*}"; do
    run_granted "$probe"
  done
  for probe in "${order[@]}"; do
    # shellcheck disable=SC2053 # a pattern is wanted
    [[ $probe == $only ]] || continue
    total+=1
    run_probe "$probe"
  done
  print_summary
  ((failed == 0))
}

# --- start ---

# Sets `programs`.
find_programs() {
  programs=${ESCAPES_BIN:-$root/build/tests/escapes}
  if [[ -x $programs/escape-probe && -x $programs/escape-fixture ]]; then
    return 0
  fi
  [[ -z ${ESCAPES_BIN:-} ]] || fail "no escape-probe and escape-fixture in $ESCAPES_BIN"
  programs=$(mktemp -d /var/tmp/escapes-build.XXXXXX)
  built=$programs
  { cmake -S "$here" -B "$programs" && cmake --build "$programs" --target escape-probe; } >&2 ||
    fail "the probes cannot be built"
}

clean_up() {
  fixture_remove
  [[ -z ${log:-} ]] || rm -f -- "$log"
  [[ -z ${built:-} ]] || rm -rf -- "$built"
}

# Sets `owner`, which fixture.sh reads: nobody else for a user's own run, which has nothing to drop.
# shellcheck disable=SC2034
choose_owner() {
  owner=""
  if ((as_root)); then
    ((EUID == 0)) || fail "--as-root: you are not root"
  elif ((EUID == 0)); then
    owner=$(fixture_free_user)
  fi
}

main() {
  local -a wanted=() tools=() original=("$@")
  local -i as_root=0 only_ours=0 verbose=0 inside=0
  local only='*' programs
  while (($#)); do
    case $1 in
      --in-namespaces) inside=1 original=("${original[@]:1}") ;;
      --tool) wanted+=("${2:?--tool needs a name}") && shift ;;
      --ours) only_ours=1 ;;
      --only) only=${2:?--only needs a pattern} && shift ;;
      --as-root) as_root=1 ;;
      -v) verbose=1 ;;
      -h | --help) usage && return 0 ;;
      *) usage >&2 && return 125 ;;
    esac
    shift
  done
  choose_owner
  if ((EUID == 0 && !inside)); then
    fixture_enter "${original[@]}"
  fi
  trap clean_up EXIT
  log=$(mktemp /var/tmp/escapes-log.XXXXXX)
  find_programs
  fixture_make "$programs"
  ((EUID != 0)) || fixture_prepare_namespaces
  choose_tools
  run_all
}

main "$@"
