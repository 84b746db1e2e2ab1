# Unix sockets: refused by default on every kernel; by their path from ABI 9 on.

rm -f /srv/s/socket
serve unix /srv/s/socket
triad 'a socket, any' EACCES '--unix any' connect-unix /srv/s/socket
refused 'a socket with rw on it' EACCES box --rw /srv/s -- "${probe}" connect-unix /srv/s/socket
if [ "${ABI}" -ge 9 ]; then
  triad 'a socket' EACCES '--unix /srv/s/socket' connect-unix /srv/s/socket
  triad 'a directory of sockets' EACCES '--unix /srv/s' connect-unix /srv/s/socket
  refused 'another socket' EACCES box --unix /srv/w -- "${probe}" connect-unix /srv/s/socket
fi
stop
serve unix @kernels
if [ "${ABI}" -ge 9 ]; then errno=EPERM; else errno=EACCES; fi
triad 'an abstract socket' "${errno}" '--unix any --ipc abstract-unix' connect-unix @kernels
[ "${ABI}" -lt 6 ] ||
  refused 'an abstract socket with unix any' EPERM box --unix any -- "${probe}" connect-unix @kernels
[ "${ABI}" -lt 9 ] ||
  triad 'an abstract socket without unix' EPERM '--ipc abstract-unix' connect-unix @kernels
stop
