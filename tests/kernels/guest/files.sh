# Files: nothing is granted by default, and each directive grants its rights and no more.

triad 'reading' EACCES '--ro /srv/w/a' read /srv/w/a/file
triad 'reading, one file granted' EACCES '--ro /srv/w/a/file' read /srv/w/a/file
triad 'listing' EACCES '--ro /srv/w/a' list /srv/w/a
triad 'writing' EACCES '--rw /srv/w/a' write /srv/w/a/file
triad 'creating' EACCES '--rw /srv/w/a' create /srv/w/a/new
triad 'making a directory' EACCES '--rw /srv/w/a' mkdir /srv/w/a/new
triad 'removing a directory' EACCES '--rw /srv/w/a' rmdir /srv/w/a/empty
triad 'removing a file' EACCES '--rw /srv/w/a' unlink /srv/w/a/file
triad 'renaming' EACCES '--rw /srv/w/a' rename /srv/w/a/file /srv/w/a/new
triad 'exchanging' EACCES '--rw /srv/w/a' exchange /srv/w/a/file /srv/w/a/empty
triad 'linking' EACCES '--rw /srv/w/a' link /srv/w/a/file /srv/w/a/new
triad 'making a symbolic link' EACCES '--rw /srv/w/a' symlink x /srv/w/a/new
triad 'making a fifo' EACCES '--rw /srv/w/a' mkfifo /srv/w/a/new
triad 'making a socket' EACCES '--rw /srv/w/a' mknod-sock /srv/w/a/new
world
refused 'reading a sibling of the granted directory' EACCES box --ro /srv/w/a -- "${probe}" read /srv/w/b/file
for grant in --ro --rx; do
  refused "writing with ${grant}" EACCES box "${grant}" /srv/w/a -- "${probe}" write /srv/w/a/file
  refused "creating with ${grant}" EACCES box "${grant}" /srv/w/a -- "${probe}" create /srv/w/a/new
  refused "removing with ${grant}" EACCES box "${grant}" /srv/w/a -- "${probe}" unlink /srv/w/a/file
done
refused 'a character device, in spite of rwx' EACCES box --rwx /srv/w -- "${probe}" mknod-char /srv/w/new
refused 'a block device, in spite of rwx' EACCES box --rwx /srv/w -- "${probe}" mknod-block /srv/w/new
if [ -z "${as}" ]; then
  works 'root creates a device without ll-exec' "${probe}" mknod-char /srv/w/device
  refused 'a device, in spite of rwx and the capability' EACCES \
    box --rwx /srv/w --cap mknod -- "${probe}" mknod-char /srv/w/new
fi
