# Modes, owners, timestamps: Landlock has no right for them.

triad 'chmod' EPERM '--rw /srv/w' chmod /srv/w/a/file
world
refused 'chmod with ro' EPERM box --ro /srv/w -- "${probe}" chmod /srv/w/a/file
refused 'chmod with rw and metadata deny' EPERM box --rw /srv/w --metadata deny -- "${probe}" chmod /srv/w/a/file
works 'chmod with metadata allow' box --ro /srv/w --metadata allow -- "${probe}" chmod /srv/w/a/file
