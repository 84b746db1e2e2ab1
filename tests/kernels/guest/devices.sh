# ioctl on devices: a right of its own from ABI 5 on.

if [ "${ABI}" -ge 5 ]; then
  triad 'an ioctl' EACCES '--dev /dev/urandom' ioctl /dev/urandom
  refused 'an ioctl with ro' EACCES box --ro /dev/urandom -- "${probe}" ioctl /dev/urandom
  refused 'an ioctl with rw' EACCES box --rw /dev/urandom -- "${probe}" ioctl /dev/urandom
else
  triad 'an ioctl, with any grant' EACCES '--ro /dev/urandom' ioctl /dev/urandom
fi
