# Signals to outside processes: refused from ABI 6 on; below, ll-exec lists the gap.

serve tcp
if [ "${ABI}" -ge 6 ]; then
  triad 'a signal' EPERM '--ipc signal' kill "${server}" 0
  capture box -- "${probe}" kill "${server}" 9
  kill -0 "${server}" || wrong 'the other process is gone'
  verdict 'the other process is still running'
else
  works 'a signal is a gap' box -- "${probe}" kill "${server}" 0
  rejected 'require landlock=6 is refused' 'Landlock ABI 6 is required (Linux 6.12); this kernel has ABI '"${ABI}" \
    --require landlock=6
fi
stop

gaps=
[ "${ABI}" -ge 5 ] || gaps="${gaps}, send an ioctl to a device (ABI 5)"
[ "${ABI}" -ge 6 ] || gaps="${gaps}, signal an outside process (ABI 6)"
world
capture box -v --ro /srv/w -- "${probe}" exit 0
[ "${status}${errors}" = "0${gaps:+ll-exec: not refused by this kernel: ${gaps#, }}" ] || wrong 'another list'
verdict '-v lists what this kernel cannot restrict'
