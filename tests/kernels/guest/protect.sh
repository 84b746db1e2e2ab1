# protect: files can be written and added, never deleted or moved away.

world
works 'writing' box --protect /srv/w -- "${probe}" write /srv/w/a/file
works 'reading' box --protect /srv/w -- "${probe}" read /srv/w/a/file
works 'creating' box --protect /srv/w -- "${probe}" create /srv/w/a/new
refused 'deleting a file' EACCES box --protect /srv/w -- "${probe}" unlink /srv/w/a/file
refused 'deleting a directory' EACCES box --protect /srv/w -- "${probe}" rmdir /srv/w/a/empty
refused 'moving within' EACCES box --protect /srv/w -- "${probe}" rename /srv/w/a/file /srv/w/a/moved
refused 'moving out' EACCES box --protect /srv/w/a --rw /srv/w/b -- "${probe}" rename /srv/w/a/file /srv/w/b/moved
works 'deleting elsewhere' box --protect /srv/w/a --rw /srv/w/b -- "${probe}" unlink /srv/w/b/file
