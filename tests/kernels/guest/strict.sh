# A rule is enforced, or the command does not run; --best-effort runs it and lists what is not enforced.

names=
count=0
: >/tmp/all.policy

# A rule that needs an ABI: refused on less, in these words. A kernel that has it is asked to use less, too.
needs() { # LINE NAME ABI
  local line=$1 name=$2 abi=$3 have=${ABI} cap=
  policy "${line}"
  if [ "${ABI}" -ge "${abi}" ]; then
    goes_on "${name} works" '' -p /tmp/policy
    have=$((abi - 1))
    cap="--abi ${have}"
  else
    count=$((count + 1))
    printf '%s\n' "${line}" >>/tmp/all.policy
    names="${names}${names:+, }${name} (/tmp/all.policy:${count}:COLUMN)"
  fi
  rejected "${name} on ABI ${have} is refused" \
    "'${name}' needs Landlock ABI ${abi} (Linux $(linux_with_abi "${abi}")); this kernel has ABI ${have}" \
    ${cap} -p /tmp/policy
  world
  capture box ${cap} --best-effort -p /tmp/policy --rw /srv/w -- "${probe}" create /srv/w/marker
  case ${status}:${errors} in
    "0:ll-exec: not enforced by this kernel (Landlock ABI ${have}): ${name} (/tmp/policy:1:"[0-9]*')') ;;
    *) wrong 'another line' ;;
  esac
  [ -e /srv/w/marker ] || wrong 'it did not run'
  verdict "${name} on ABI ${have} with --best-effort is one line"
}

world
needs 'fs read_file,make_reg,refer /srv/w' 'fs read_file,make_reg,refer /srv/w' 2
needs 'fs truncate /srv/w' 'fs truncate /srv/w' 3
needs 'connect 443' 'connect 443/tcp' 4
needs 'bind 80-90' 'bind 80-90/tcp' 4
needs 'fs ioctl_dev /dev/null' 'fs ioctl_dev /dev/null' 5
needs 'audit on' 'audit on' 7
needs 'unix /srv/s' 'unix /srv/s' 9
needs 'ipc abstract-unix' 'ipc abstract-unix' 9
needs 'connect 53/udp' 'connect 53/udp' 10
needs 'bind 5353/udp' 'bind 5353/udp' 10

if [ "${count}" -gt 0 ]; then
  capture box --best-effort -p /tmp/all.policy -- "${probe}" exit 7
  [ "${status}" = 7 ] || wrong 'its status'
  # The column is where the line's value starts; only its being there is compared.
  [ "$(printf '%s' "${errors}" | sed 's/:[0-9]*)/:COLUMN)/g')" = \
    "ll-exec: not enforced by this kernel (Landlock ABI ${ABI}): ${names}" ] || wrong "not: ${names}"
  verdict '--best-effort lists all that this kernel cannot enforce on one line'
  capture box --best-effort -p /tmp/all.policy -- "${probe}" read /srv/w/a/file
  [ "${status} ${errors##*: }" = '1 EACCES' ] || wrong 'reading'
  verdict '--best-effort still enforces the rest'
fi

goes_on "require landlock=${ABI} is met" '' --require "landlock=${ABI}"
if [ "${ABI}" -lt 11 ]; then
  next=$((ABI + 1))
  for option in '' --best-effort; do
    rejected "require landlock=${next} is refused ${option:+with ${option}}" \
      "Landlock ABI ${next} is required (Linux $(linux_with_abi "${next}")); this kernel has ABI ${ABI}" \
      ${option} --require "landlock=${next}"
  done
fi
