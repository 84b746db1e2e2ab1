# deny inside what is granted.

world
works 'beside it is granted' box --rw /srv/w --deny /srv/w/a -- "${deed}" read /srv/w/b/file
refused 'beneath it nothing is' EACCES box --rw /srv/w --deny /srv/w/a -- "${deed}" read /srv/w/a/file
refused 'it cannot be listed' EACCES box --rw /srv/w --deny /srv/w/a -- "${deed}" list /srv/w/a
refused 'nothing is created in it' EACCES box --rw /srv/w --deny /srv/w/a -- "${deed}" create /srv/w/a/new
refused 'it cannot be moved away' EACCES box --rw /srv/w --deny /srv/w/a -- "${deed}" rename /srv/w/a /srv/w/c
refused 'of two files the denied one' EACCES box --rw /srv/w --deny /srv/w/a/file -- "${deed}" read /srv/w/a/file
works 'and the folder beside it not' box --rw /srv/w --deny /srv/w/a/file -- "${deed}" list /srv/w/a/empty
refused 'on equal paths deny wins' EACCES box --rw /srv/w/a --deny /srv/w/a -- "${deed}" read /srv/w/a/file
works 'a more specific grant wins' box --rw /srv/w --deny /srv/w/b --ro /srv/w/b/deep -- "${deed}" list /srv/w/b/deep
