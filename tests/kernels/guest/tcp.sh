# TCP: refused by default on every kernel; single ports from ABI 4 on.

serve tcp
triad 'connecting, any' EACCES '--connect any' connect "${port}"
triad 'listening, any' EACCES '--bind any' bind 7777
if [ "${ABI}" -ge 4 ]; then
  triad 'connecting' EACCES "--connect ${port}" connect "${port}"
  triad 'listening' EACCES '--bind 7777' bind 7777
  triad 'connecting, a range' EACCES "--connect $((port - 2))-$((port + 2))" connect "${port}"
  refused 'connecting beside the range' EACCES box --connect "$((port + 1))-$((port + 2))" -- "${probe}" connect "${port}"
  refused 'connecting with bind' EACCES box --bind "${port}" -- "${probe}" connect "${port}"
  refused 'listening with connect' EACCES box --connect 7777 -- "${probe}" bind 7777
  refused 'listening beside' EACCES box --bind 7776 -- "${probe}" bind 7777
fi
# Protocols other than TCP that a program may use instead.
works 'MPTCP without ll-exec' ${as} "${probe}" socket 2 1 262
refused 'MPTCP with connect any' EACCES box --connect any -- "${probe}" socket 2 1 262
stop
