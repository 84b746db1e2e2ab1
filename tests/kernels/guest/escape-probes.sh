# The probes of /srv/names, tried by the user whose turn it is: this shell is that user's, so that no program has to
# become that user for each. Those to try as another user are added to /srv/left. escapes.sh has made ${base} and ${work}.
set -u
. ./expected
. ./lib.sh
promise=escapes

# Sets ${result} (escaped, refused, unavailable, broken) and ${answer} from a run's status and last line.
judge() { # STATUS LINE
  answer=$2
  result=broken
  case $1:$2 in
    '0:escaped: '*) result=escaped ;;
    '1:refused: '*) result=refused ;;
    '2:unavailable: '*) result=unavailable ;;
    159:*) result=refused ;;
  esac
}

fixture() { # PROBE ARGUMENT...: what escape-fixture says is in /tmp/.output
  local options=--without-namespaces
  case $1 in
    tioclinux*) options="--terminal ${base}/dev/console ${options}" ;;
    setns-*) options='' ;;
  esac
  shift
  "${base}/bin/escape-fixture" ${options} "$@" </dev/null >/tmp/.output 2>/tmp/.errors
}

# Sets ${within} and ${without}, the results in the sandbox and without it, as judge does; and ${answer}, of the sandbox.
try_both() { # PROBE
  local name=$1 line last='' said=''
  set -- "${base}/bin/ll-exec" --rx /bin --rx "${base}/bin/escape-probe" --ro /etc --ro "${base}/readonly" \
    --rw /tmp --metadata deny -- "${base}/bin/escape-probe" "${name}" "${work}/targets"
  fixture "${name}" --sandbox $(($# - 3)) "${base}" "${work}" "$@"
  within='' without=''
  while IFS= read -r line; do
    case ${line} in
      =*)
        judge "${line#=}" "${last}"
        if [ -z "${within}" ]; then within=${result} said=${answer}; else without=${result}; fi
        last=''
        ;;
      *) last=${line} ;;
    esac
  done </tmp/.output
  [ "${without}" = broken ] || answer=${said}
}

# In a fresh environment: if the sandbox did not refuse it, it may have changed.
try_bare() { # PROBE
  status=0
  fixture "$1" "${base}" "${work}" "${base}/bin/escape-probe" "$1" "${work}/targets" || status=$?
  judge "${status}" "$(tail -n 1 /tmp/.output)"
  without=${result}
}

# known.txt of tests/escapes, and gaps: what no kernel below that ABI can refuse, which ll-exec lists.
is_known() { # PROBE
  local name abi
  grep -q "^$1 " ./known.txt && return
  while read -r name abi _; do
    [ "${name}" != "$1" ] || [ "${ABI}" -ge "${abi}" ] || return 0
  done <./gaps.txt
  return 1
}

probe() { # PROBE: 1 if it has to be tried as another user
  local name=$1 within without
  try_both "${name}"
  errors=${answer}
  [ -n "${without}" ] || try_bare "${name}"
  case ${without}:${within} in
    broken:*) wrong 'broken without a sandbox' ;;
    *:broken | *:) wrong 'broken in the sandbox' ;;
    *:escaped) is_known "${name}" || wrong ESCAPED ;;
    escaped:*) ;;
    *) return 1 ;;
  esac
  verdict "${name}"
}

while read -r name; do
  probe "${name}" || printf '%s\n' "${name}" >>/srv/left
done </srv/names
