# shellcheck shell=dash
# Cutting a file short: on ABI 1 and 2 no Landlock right refuses it.

triad 'truncate' EACCES '--rw /srv/w' truncate /srv/w/a/file
triad 'O_TRUNC' EACCES '--rw /srv/w' overwrite /srv/w/a/file
for cap in 1 2 3 "${ABI}"; do
  [ "${cap}" -le "${ABI}" ] || continue
  world
  refused "ABI ${cap}: truncate with ro" EACCES box --abi "${cap}" --ro /srv/w -- "${deed}" truncate /srv/w/a/file
  refused "ABI ${cap}: O_RDONLY|O_TRUNC with ro" EACCES \
    box --abi "${cap}" --ro /srv/w -- "${deed}" open-truncating /srv/w/a/file
  [ -s /srv/w/a/file ] || wrong 'the file is empty'
  verdict "ABI ${cap}: the file is as long as before"
  works "ABI ${cap}: O_TRUNC with rw" box --abi "${cap}" --rw /srv/w -- "${deed}" overwrite /srv/w/a/file
done
