# Shared by the tests. Each group of tests is a file beside this one; it prints one line per test, tab-separated:
#   ok|FAILED|skipped PROMISE TITLE
# ${ABI} is the expected ABI of this kernel: a number, `absent` or `off`. ${as} runs a command as the current
# user: empty for root. ${capped} is the emulated older Landlock that ll-exec gets, as an argument of old-kernel:
# empty for the kernel's own.

probe=/test/probe
loader=/test/ll-exec
user=12345
status=0
output=
errors=
bad=
capped=

say() { # RESULT TITLE
  printf '%s\t%s\t%s\n' "$1" "${promise}" "$2"
}

# Any failure since the last verdict makes this test fail.
wrong() { # WHAT
  bad="${bad}${bad:+; }$1: status ${status}, '$(printf '%s' "${errors}" | tr '\n\t' '| ')'"
}

verdict() { # TITLE
  local title="$1${as:+ (user)}${capped:+ (capped: ${capped})}"
  if [ -z "${bad}" ]; then say ok "${title}"; else say FAILED "${title}: ${bad}"; fi
  bad=
}

capture() { # COMMAND...: sets status, output and errors
  status=0
  "$@" >/tmp/.output 2>/tmp/.errors || status=$?
  contents /tmp/.output
  output=${text}
  contents /tmp/.errors
  errors=${text}
}

# contents FILE: sets ${text}. Without cat: under emulation starting a process costs more than anything else.
contents() {
  local line
  text=
  while IFS= read -r line || [ -n "${line}" ]; do text="${text}${text:+
}${line}"; done <"$1"
}

# box OPTION... -- COMMAND...: ll-exec, with nothing granted but executing probe.
box() {
  ${as} ${capped:+/test/old-kernel ${capped}} "${loader}" --rx "${probe}" "$@"
}

# A fresh directory tree owned by the current user.
world() {
  rm -rf /srv/w
  mkdir -p /srv/w/a/empty /srv/w/b/deep
  printf x >/srv/w/a/file
  printf x >/srv/w/b/file
  [ -z "${as}" ] || chown -R "${user}" /srv/w
}

policy() { # LINE...: in /tmp/policy
  printf '%s\n' "$@" >/tmp/policy
}

# serve KIND [NAME]: starts a server outside, ${server}; ${port} is its port.
serve() {
  : >/tmp/.port
  ${as} "${probe}" serve "$@" >/tmp/.port &
  server=$!
  while [ ! -s /tmp/.port ]; do usleep 10000; done
  port=$(cat /tmp/.port)
}

stop() {
  kill -KILL "${server}" 2>/dev/null
  wait "${server}" 2>/dev/null
}

# ---- tests

works() { # TITLE COMMAND...: and says nothing
  local title=$1
  shift
  capture "$@"
  [ "${status}${errors}" = 0 ] || wrong "$*"
  verdict "${title}"
}

refused() { # TITLE ERRNO COMMAND...: the command ran, and its probe was refused
  local title=$1 errno=$2
  shift 2
  capture "$@"
  [ "${status} ${errors##*: }" = "1 ${errno}" ] || wrong "$*"
  verdict "${title}"
}

# It works without ll-exec, is refused under it, and works where the policy grants it.
triad() { # TITLE ERRNO GRANT VERB ARGUMENT...
  local title=$1 errno=$2 grant=$3
  shift 3
  world
  capture ${as} "${probe}" "$@"
  [ "${status}" = 0 ] || wrong "bare"
  case $1 in read | list | write | exec | ioctl | kill | connect* | bind*) ;; *) world ;; esac
  capture box -- "${probe}" "$@"
  [ "${status} ${errors##*: }" = "1 ${errno}" ] || wrong "with nothing granted"
  capture box ${grant} -- "${probe}" "$@"
  [ "${status}${errors}" = 0 ] || wrong "with ${grant}"
  verdict "${title}"
}

# Nothing ran, and the first line of the message ends with it.
rejected() { # TITLE MESSAGE OPTION...
  local title=$1 message=$2 first
  shift 2
  rm -f /srv/w/marker
  capture ${as} ${capped:+/test/old-kernel ${capped}} "${loader}" "$@" --rx "${probe}" --rw /srv/w -- \
    "${probe}" create /srv/w/marker
  first=${errors%%
*}
  case ${first} in
    *"${message}") ;;
    *) wrong "the message is not '${message}'" ;;
  esac
  [ "${status}" = 125 ] || wrong "the status is not 125"
  [ ! -e /srv/w/marker ] || wrong "the command ran"
  verdict "${title}"
}

# It ran, with exactly that on standard error.
goes_on() { # TITLE MESSAGE OPTION...
  local title=$1 message=$2
  shift 2
  rm -f /srv/w/marker
  capture ${as} "${loader}" "$@" --rx "${probe}" --rw /srv/w -- "${probe}" create /srv/w/marker
  [ "${status}" = 0 ] || wrong "the status is not 0"
  [ "${errors}" = "${message}" ] || wrong "the message is not '${message}'"
  [ -e /srv/w/marker ] || wrong "the command did not run"
  verdict "${title}"
}

linux_with_abi() {
  case $1 in
    1) echo 5.13 ;; 2) echo 5.19 ;; 3) echo 6.2 ;; 4) echo 6.7 ;; 5) echo 6.10 ;; 6) echo 6.12 ;;
    7) echo 6.15 ;; 8) echo 7.0 ;; 9) echo 7.1 ;; 10) echo 7.2 ;; 11) echo 7.3 ;;
  esac
}
