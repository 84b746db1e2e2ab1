# Truncating a file: on ABI 1 and 2 no Landlock right refuses it.

if [ "${ABI}" -ge 3 ]; then
  triad 'truncate' EACCES '--rw /srv/w' truncate /srv/w/a/file
else
  # The filter cannot distinguish files: O_TRUNC on opening for writing works instead.
  policy 'syscall allow truncate'
  triad 'truncate' EACCES '-p /tmp/policy --rw /srv/w' truncate /srv/w/a/file
fi
triad 'O_TRUNC' EACCES '--rw /srv/w' overwrite /srv/w/a/file
for cap in 1 2 3 11; do
  [ "${cap}" -le "${ABI}" ] || [ "${cap}" = 11 ] || continue
  world
  refused "at most ABI ${cap}: truncate with ro" EACCES box --abi "${cap}" --ro /srv/w -- "${probe}" truncate /srv/w/a/file
  refused "at most ABI ${cap}: O_RDONLY|O_TRUNC with ro" EACCES \
    box --abi "${cap}" --ro /srv/w -- "${probe}" open-truncating /srv/w/a/file
  [ -s /srv/w/a/file ] || wrong 'the file is empty'
  verdict "at most ABI ${cap}: the file is as long as before"
  works "at most ABI ${cap}: O_TRUNC with rw" box --abi "${cap}" --rw /srv/w -- "${probe}" overwrite /srv/w/a/file
done
