# Every escape probe of tests/escapes, without a sandbox and in one; as an ordinary user, and as root those that need root.

export base=/srv/escapes
export work=/tmp/escapes

fixture_make() { # with everything the user's or root's, whose turn it is
  rm -rf "${base}" "${work}"
  mkdir -p "${base}/bin" "${base}/outside" "${base}/readonly" "${base}/dev" "${work}"
  cp /test/escape-probe /test/escape-fixture "${loader}" "${base}/bin"
  # Another inode than the granted one, for the probes that execute what is not granted.
  cp /test/escape-probe "${base}/program"
  [ -z "${as}" ] || chown -R "${user}" "${base}" "${work}"
  # TIOCLINUX wants a virtual console.
  mknod "${base}/dev/console" c 4 63
  [ -z "${as}" ] || chown "${user}" "${base}/dev/console"
}

/test/escape-probe --list | cut -f 1 >/srv/left
# Ordinary users may ping, as in distributions.
printf '0 2147483647\n' >/proc/sys/net/ipv4/ping_group_range
for as in "/test/exec_as ${user}" ''; do
  fixture_make
  mv /srv/left /srv/names
  : >/srv/left
  [ -z "${as}" ] || chown "${user}" /srv/left
  rm -f /tmp/.output /tmp/.errors
  (export as && ${as} /bin/sh ./escape-probes.sh) || say FAILED 'the probes did not come to their end'
done
rm -f /tmp/.output /tmp/.errors
while read -r name; do
  say skipped "${name}: not possible here without a sandbox either"
done </srv/left
