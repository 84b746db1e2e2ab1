# UDP: refused by default on every kernel; single ports from ABI 10 on.

triad 'sending, any' EACCES '--connect any/udp' connect-udp 7777
triad 'receiving, any' EACCES '--bind any/udp' bind-udp 7777
refused 'sending with TCP granted' EACCES box --connect any -- "${probe}" connect-udp 7777
if [ "${ABI}" -ge 10 ]; then
  triad 'sending' EACCES '--connect 7777/udp' connect-udp 7777
  triad 'receiving' EACCES '--bind 7777/udp' bind-udp 7777
  refused 'sending beside' EACCES box --connect 7778/udp -- "${probe}" connect-udp 7777
  refused 'receiving with connect' EACCES box --connect 7777/udp -- "${probe}" bind-udp 7777
  refused 'TCP on a UDP port' EACCES box --connect 7777/udp -- "${probe}" connect 7777
fi
