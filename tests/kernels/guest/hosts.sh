# Hosts by name: refused below ABI 4, whatever else is granted; from it on the name and its port are reached, and nothing else.

names=/test/names
hosts() { # OPTION... -- HOST PORT
  before=
  while [ "$1" != -- ]; do
    before="${before} $1"
    shift
  done
  shift
  # shellcheck disable=SC2086 # options
  capture ${as} "${loader}" --rx "${names}" ${before} -- "${names}" reach "$@"
}
comes_to() { # TITLE OUTPUT
  [ "${output}" = "$2" ] || wrong "$2 expected, '${output}' came"
  verdict "$1"
}

if [ "${ABI}" -lt 4 ]; then
  for option in '' --best-effort; do
    hosts ${option} --connect api.test:8080 -- api.test 8080
    case "${status}${errors}" in
      125*"'connect api.test:8080' needs Landlock ABI 4 (Linux 6.7): without it the supervisor can be bypassed"*) ;;
      *) wrong 'a host' ;;
    esac
    [ -z "${output}" ] || wrong 'it ran'
    verdict "a host is refused at the start ${option}"
  done
else
  ip link set lo up
  ip addr add 203.0.113.10/32 dev lo 2>/dev/null
  ip addr add 203.0.113.11/32 dev lo 2>/dev/null
  printf 'nameserver 127.0.0.1\n' >/etc/resolv.conf
  : >/tmp/.there
  "${names}" serve >/tmp/.there &
  server=$!
  while [ ! -s /tmp/.there ]; do usleep 10000; done
  capture ${as} "${names}" reach api.test 8080
  comes_to 'a name without ll-exec' reached
  hosts --connect api.test:8080 -- api.test 8080
  comes_to 'a name and its port' reached
  hosts --connect api.test:8080 -- api.test 8081
  comes_to 'another port of the name' EACCES
  hosts --connect api.test:8080 -- other.test 8080
  comes_to 'another name' 'no such name'
  hosts --connect api.test:8080 -- 203.0.113.10 8080
  comes_to 'the address of the name, without a lookup' EACCES
  hosts --connect 203.0.113.0/24:8080 --noconnect 203.0.113.10 -- 203.0.113.11 8080
  comes_to 'a network' reached
  hosts --connect 203.0.113.0/24:8080 --noconnect 203.0.113.10 -- 203.0.113.10 8080
  comes_to 'an address that noconnect takes from the network' EACCES
  hosts --connect any --noconnect private -- 127.0.0.1 8080
  comes_to 'any with noconnect private' EACCES
  stop
fi
