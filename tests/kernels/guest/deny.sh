# deny within a granted tree.

world
works 'a sibling of the denied directory is granted' box --rw /srv/w --deny /srv/w/a -- "${probe}" read /srv/w/b/file
refused 'a file in the denied directory is refused' EACCES box --rw /srv/w --deny /srv/w/a -- "${probe}" read /srv/w/a/file
refused 'the denied directory cannot be listed' EACCES box --rw /srv/w --deny /srv/w/a -- "${probe}" list /srv/w/a
refused 'no file can be created in the denied directory' EACCES box --rw /srv/w --deny /srv/w/a -- "${probe}" create /srv/w/a/new
refused 'the denied directory cannot be moved away' EACCES box --rw /srv/w --deny /srv/w/a -- "${probe}" rename /srv/w/a /srv/w/c
refused 'a denied file is refused' EACCES box --rw /srv/w --deny /srv/w/a/file -- "${probe}" read /srv/w/a/file
works 'a directory beside the denied file is granted' box --rw /srv/w --deny /srv/w/a/file -- "${probe}" list /srv/w/a/empty
refused 'deny wins over a grant of the same path' EACCES box --rw /srv/w/a --deny /srv/w/a -- "${probe}" read /srv/w/a/file
works 'a more specific grant wins' box --rw /srv/w --deny /srv/w/b --ro /srv/w/b/deep -- "${probe}" list /srv/w/b/deep
