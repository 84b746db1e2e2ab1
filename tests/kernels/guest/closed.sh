# Where nothing can be restricted nothing runs, unless an option says so.

never_runs() { # FIRST_LINE SECOND_LINE
  local option
  for option in '' --best-effort --quiet '--best-effort --abi 1' '--best-effort --ldd'; do
    rejected "nothing runs ${option:+with ${option}}" "$1" ${option}
    capture ${as} "${loader}" ${option} --rwx / -- "${probe}" exit 0
    [ "${errors}" = "$1
$2" ] || wrong 'the advice'
    verdict "the message says what to do ${option:+with ${option}}"
  done
  rejected 'require is refused' "$1" --require landlock=1
}

without_landlock() {
  goes_on '--no-landlock runs the command, and warns' 'll-exec: no file, network or IPC rule is enforced: --no-landlock' \
    --no-landlock
  capture box --no-landlock -- "${probe}" unshare-user
  [ "${status} ${errors##*: }" = '1 EPERM' ] || wrong 'unshare'
  verdict '--no-landlock still installs the filter'
  capture box --no-landlock -- "${probe}" read /proc/self/status
  case $(printf '%s\n' "${output}" | grep -E '^(CapEff|NoNewPrivs|Seccomp):' | tr -d ' \t\n') in
    CapEff:0000000000000000NoNewPrivs:1Seccomp:2) ;;
    *) wrong "$(printf '%s\n' "${output}" | grep -E '^(CapEff|NoNewPrivs|Seccomp):' | tr '\n' ' ')" ;;
  esac
  verdict '--no-landlock still drops privileges'
  capture box --no-landlock -- "${probe}" descriptors 16 7</dev/null
  [ "$(printf '%s' "${output}" | tr '\n' ' ')" = '0 1 2' ] || wrong "${output}"
  verdict '--no-landlock still closes file descriptors'
}

case ${ABI} in
  absent)
    never_runs 'll-exec: this kernel has no Landlock: nothing could be restricted' \
      '  it needs Linux 5.13 or later with CONFIG_SECURITY_LANDLOCK; --no-landlock runs without it'
    ;;
  off)
    never_runs 'll-exec: Landlock is switched off on this machine: nothing could be restricted' \
      "  boot with landlock first in the kernel's lsm= parameter; --no-landlock runs without it"
    ;;
esac
without_landlock
