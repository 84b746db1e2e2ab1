# Emulation of no Landlock and of every ABI below the kernel's own: there is no Debian kernel for most of them.

# A rule that works from that ABI on, and is refused at the start below.
since() { # ABI RULE NAME VERB ARGUMENT...
  local abi=$1 rule=$2 name=$3
  shift 3
  if [ "${capped}" -ge "${abi}" ]; then
    works "${rule}" box --${rule} -- "${probe}" "$@"
  else
    rejected "${rule} is refused" \
      "'${name}' needs Landlock ABI ${abi} (Linux $(linux_with_abi "${abi}")); this kernel has ABI ${capped}" --${rule}
  fi
}

says() { # STATUS FACTS
  capture /test/old-kernel "${capped}" "${loader}" --check --json
  case ${status}:${output} in
    "$1:"*"$2,\"seccomp_filter\":true,"*) ;;
    *) wrong "it says ${output}" ;;
  esac
  verdict '--check names the emulated ABI'
}

for capped in absent off; do
  says 1 '"landlock_abi":0,"landlock_refuses":false'
  case ${capped} in
    absent) message='ll-exec: this kernel has no Landlock: nothing could be restricted' ;;
    off) message='ll-exec: Landlock is switched off on this machine: nothing could be restricted' ;;
  esac
  rejected 'nothing runs' "${message}"
  rejected 'nothing runs with --best-effort' "${message}" --best-effort
  works 'the command runs with --no-landlock' box --no-landlock -q -- "${probe}" exit 0
done

serve tcp
tcp=${server} tcp_port=${port}
rm -f /srv/s/socket
serve unix /srv/s/socket
capped=1
while [ "${capped}" -lt "${ABI}" ]; do
  world
  says 0 "\"landlock_abi\":${capped},\"landlock_refuses\":true"
  refused 'a file outside is not read' EACCES box --ro /srv/w/b -- "${probe}" read /srv/w/a/file
  works 'a granted file is read' box --ro /srv/w/a -- "${probe}" read /srv/w/a/file
  refused 'a file that is granted ro is not truncated' EACCES box --ro /srv/w -- "${probe}" truncate /srv/w/a/file
  refused 'TCP without a rule' EACCES box -- "${probe}" connect "${tcp_port}"
  refused 'UDP without a rule' EACCES box -- "${probe}" connect-udp 7777
  refused 'a unix socket without a rule' EACCES box -- "${probe}" connect-unix /srv/s/socket
  since 4 "connect ${tcp_port}" "connect ${tcp_port}/tcp" connect "${tcp_port}"
  since 9 'unix /srv/s/socket' 'unix /srv/s/socket' connect-unix /srv/s/socket
  since 10 'connect 7777/udp' 'connect 7777/udp' connect-udp 7777
  if [ "${capped}" -ge 6 ]; then
    refused 'a signal without a rule' EPERM box -- "${probe}" kill "${tcp}" 0
  else
    works 'a signal is a gap' box -- "${probe}" kill "${tcp}" 0
  fi
  plan everything --abi "${capped}"
  matches_explain everything
  capped=$((capped + 1))
done
capped=
kill -KILL "${tcp}" 2>/dev/null
stop
