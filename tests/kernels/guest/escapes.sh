# Every escape probe of tests/escapes, without a sandbox and in one; as an ordinary user, and as root what only root can.

base=/srv/escapes
work=/tmp/escapes

arena_make() { # with everything the user's or root's, whose turn it is
  rm -rf "${base}" "${work}"
  mkdir -p "${base}/bin" "${base}/outside" "${base}/readonly" "${base}/dev" "${work}"
  cp /test/escape-probe /test/escape-arena "${loader}" "${base}/bin"
  # Another inode than the granted one, for the probes that execute what is not granted.
  cp /test/escape-probe "${base}/program"
  [ -z "${as}" ] || chown -R "${user}" "${base}" "${work}"
  # TIOCLINUX wants a virtual console.
  mknod "${base}/dev/console" c 4 63
  [ -z "${as}" ] || chown "${user}" "${base}/dev/console"
}

# Sets verdict (escaped, refused, unavailable, broken) and answer.
attempt() { # PROBE COMMAND...
  local probe=$1 terminal=
  shift
  case ${probe} in tioclinux*) terminal="--terminal ${base}/dev/console" ;; esac
  status=0
  ${as} "${base}/bin/escape-arena" ${terminal} "${base}" "${work}" "$@" </dev/null >/tmp/.output 2>/tmp/.errors || status=$?
  answer=$(tail -n 1 /tmp/.output)
  result=broken
  case ${status}:${answer} in
    '0:escaped: '*) result=escaped ;;
    '1:refused: '*) result=refused ;;
    '2:unavailable: '*) result=unavailable ;;
    159:*) result=refused ;;
  esac
}

bare() { attempt "$1" "${base}/bin/escape-probe" "$1" "${work}/targets"; }

boxed() {
  attempt "$1" "${base}/bin/ll-exec" --rx /bin --rx "${base}/bin/escape-probe" --ro /etc --ro "${base}/readonly" \
    --rw /tmp --metadata deny -- "${base}/bin/escape-probe" "$1" "${work}/targets"
}

# known.txt of tests/escapes, and gaps: what no kernel below that ABI can refuse, and the loader says so.
is_known() { # PROBE
  local name abi
  grep -q "^$1 " ./known.txt && return
  while read -r name abi _; do
    [ "${name}" != "$1" ] || [ "${ABI}" -ge "${abi}" ] || return 0
  done <./gaps.txt
  return 1
}

probe() { # PROBE: 1 if it has to be tried as another user
  local name=$1 without
  bare "${name}"
  without=${result}
  errors=${answer}
  if [ "${without}" = broken ]; then
    wrong 'broken without a sandbox'
    verdict "${name}"
    return
  fi
  boxed "${name}"
  errors=${answer}
  case ${without}:${result} in
    *:broken) wrong 'broken in the sandbox' ;;
    *:escaped) is_known "${name}" || wrong ESCAPED ;;
    escaped:*) ;;
    *) return 1 ;;
  esac
  verdict "${name}"
}

/test/escape-probe --list | cut -f 1 >/srv/left
# Ordinary users may ping, as distributions have it.
printf '0 2147483647\n' >/proc/sys/net/ipv4/ping_group_range
for as in "/test/become ${user}" ''; do
  arena_make
  mv /srv/left /srv/names
  : >/srv/left
  while read -r name; do
    probe "${name}" || printf '%s\n' "${name}" >>/srv/left
  done </srv/names
done
while read -r name; do
  say skipped "${name}: not possible here without a sandbox either"
done </srv/left
