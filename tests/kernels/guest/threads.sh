# All threads of a process are restricted, or none: libllexec on every kernel.

if [ -x /test/attacks ]; then
  mkdir -p /usr /etc
  [ -e /etc/passwd ] || printf 'x\n' >/etc/passwd
  capture ${as} /test/attacks all_threads
  case ${ABI}:${as}:${output} in
    8:?*:'status 0
this one reads 0
the other reads 0
alone 0' | 9:?*:'status 0
this one reads 0
the other reads 0
alone 0' | 1?:?*:'status 0
this one reads 0
the other reads 0
alone 0') ;;
    *:*:'status 125
this one reads 1
the other reads 1'*'alone 0') [ "${ABI}" -lt 8 ] || [ -z "${as}" ] || wrong 'it is refused' ;;
    *) wrong "it says ${output}" ;;
  esac
  verdict 'all threads are restricted, or none'
else
  say skipped 'all threads are restricted, or none'
fi
