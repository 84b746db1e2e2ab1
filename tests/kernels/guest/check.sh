# --check reports what this kernel has, and has exit status 0 only where ll-exec can restrict.

lacking() { # what a kernel with that ABI has not, in the loader's words
  local name abi
  while read -r name abi; do
    [ "$1" -ge "${abi}" ] ||
      printf '  missing: %-25s Landlock ABI %s, Linux %s\n' "${name}" "${abi}" "$(linux_with_abi "${abi}")"
  done <<END
refer 2
truncate 3
ioctl_dev 5
resolve_unix 9
bind_tcp 4
connect_tcp 4
bind_udp 10
connect_send_udp 10
abstract_unix_socket 6
signal 6
log_new_exec_on 7
END
}

check_is() { # STATUS ABI REFUSES
  capture ${as} "${loader}" --check
  [ "${status}" = "$1" ] || wrong 'its status'
  [ "$(printf '%s\n' "${output}" | sed -n 1,4p)" = "  Linux $(uname -r), $(uname -m)
  Landlock ABI           $2
  Landlock works         $3
  seccomp filters work   yes" ] || wrong "it says $(printf '%s' "${output}" | tr '\n' '|')"
  verdict "--check says that the Landlock ABI is $2"
  capture ${as} "${loader}" --check --json
  [ "${status}" = "$1" ] || wrong 'its status'
}

case ${ABI} in
  absent)
    check_is 1 'none: not in this kernel' 'no: ENOSYS (not supported by this kernel)'
    json='"landlock_abi":0,"landlock_refuses":false,"seccomp_filter":true'
    ;;
  off)
    check_is 1 'none: switched off at boot' "no: EOPNOTSUPP (not supported)"
    json='"landlock_abi":0,"landlock_refuses":false,"seccomp_filter":true'
    ;;
  *)
    check_is 0 "${ABI}" yes
    json="\"landlock_abi\":${ABI},\"landlock_refuses\":true,\"seccomp_filter\":true"
    ;;
esac
case ${output} in
  *"${json}"*) ;;
  *) wrong "it says ${output}" ;;
esac
verdict '--check --json has the same ABI'
if [ "$(${as} "${probe}" abi)" != "${ABI}" ]; then
  case ${ABI}:$(${as} "${probe}" abi) in
    absent:0 | off:0) ;;
    *) wrong 'the kernel has another ABI than expected' ;;
  esac
fi
verdict 'the kernel itself reports that ABI'
if with_landlock; then
  capture ${as} "${loader}" --check
  [ "$(printf '%s\n' "${output}" | grep 'missing:')" = "$(lacking "${ABI}")" ] ||
    wrong "it says $(printf '%s' "${output}" | tr '\n' '|')"
  verdict '--check names every right that this kernel lacks, and no other'
fi
