# Every escape probe of tests/escapes, without a sandbox and in one; as an ordinary user, and as root those that need root.

base=/srv/escapes
work=/tmp/escapes

fixture_make() { # with everything the user's or root's, whose turn it is
  rm -rf "${base}" "${work}"
  mkdir -p "${base}/bin" "${base}/outside" "${base}/readonly" "${base}/dev" "${work}"
  cp /test/escape-probe /test/escape-fixture "${loader}" "${base}/bin"
  # Another inode than the granted one, for the probes that execute what is not granted.
  cp /test/escape-probe "${base}/program"
  [ -z "${as}" ] || chown -R "${user}" "${base}" "${work}"
  # TIOCLINUX wants a virtual console.
  mknod "${base}/dev/console" c 4 63
  [ -z "${as}" ] || chown "${user}" "${base}/dev/console"
}

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
  local terminal=
  case $1 in tioclinux*) terminal="--terminal ${base}/dev/console" ;; esac
  shift
  ${as} "${base}/bin/escape-fixture" ${terminal} "$@" </dev/null >/tmp/.output 2>/tmp/.errors
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

/test/escape-probe --list | cut -f 1 >/srv/left
# Ordinary users may ping, as in distributions.
printf '0 2147483647\n' >/proc/sys/net/ipv4/ping_group_range
for as in "/test/exec_as ${user}" ''; do
  fixture_make
  mv /srv/left /srv/names
  : >/srv/left
  while read -r name; do
    probe "${name}" || printf '%s\n' "${name}" >>/srv/left
  done </srv/names
done
while read -r name; do
  say skipped "${name}: not possible here without a sandbox either"
done </srv/left
