# Moving between directories: allowed from ABI 2 on between directories with equal grants, and never to gain a right.

if [ "${ABI}" -ge 2 ]; then
  triad 'moving' EACCES '--rw /srv/w/a --rw /srv/w/b' rename /srv/w/a/file /srv/w/b/new
  triad 'moving beneath one grant' EACCES '--rw /srv/w' rename /srv/w/a/file /srv/w/b/new
  triad 'linking' EACCES '--rw /srv/w' link /srv/w/a/file /srv/w/b/new
fi
world
refused 'ABI 1: moving is refused' EXDEV box --abi 1 --rw /srv/w -- "${probe}" rename /srv/w/a/file /srv/w/b/new
works 'ABI 1: renaming in place works' box --abi 1 --rw /srv/w -- "${probe}" rename /srv/w/a/file /srv/w/a/new
world
refused 'moving to a directory that is granted ro' EACCES \
  box --rw /srv/w/a --ro /srv/w/b -- "${probe}" rename /srv/w/a/file /srv/w/b/new
refused 'moving from a directory that is granted ro' EACCES \
  box --ro /srv/w/a --rw /srv/w/b -- "${probe}" rename /srv/w/a/file /srv/w/b/new
refused 'moving to a directory that grants executing' EXDEV \
  box --rw /srv/w/a --rwx /srv/w/b -- "${probe}" rename /srv/w/a/file /srv/w/b/new
refused 'moving without refer' EXDEV \
  box --fs 'remove_file,make_reg /srv/w' -- "${probe}" rename /srv/w/a/file /srv/w/b/new
