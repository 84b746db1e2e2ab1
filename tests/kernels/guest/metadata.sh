# Modes, owners, timestamps: Landlock has no right for them.

triad 'chmod' EPERM '--rw /srv/w' chmod /srv/w/a/file
world
refused 'chmod with ro' EPERM box --ro /srv/w -- "${deed}" chmod /srv/w/a/file
refused 'chmod with rw and metadata deny' EPERM box --rw /srv/w --metadata deny -- "${deed}" chmod /srv/w/a/file
works 'chmod with metadata allow' box --ro /srv/w --metadata allow -- "${deed}" chmod /srv/w/a/file
