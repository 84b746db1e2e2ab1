#!/bin/busybox sh
# Inside the kernel, as root in /test: every promise, as an ordinary user and as root.
# run.sh writes ./expected: ABI=..., PROMISES=...
# shellcheck shell=dash
set -u
umask 022
. ./expected
. ./lib.sh

with_landlock() { [ "${ABI}" != absent ] && [ "${ABI}" != off ]; }

keep() { # PROMISE
  promise=$1
  # shellcheck source=/dev/null
  . "./${promise}.sh"
}

mkdir -p /srv/s /srv/bin
chown "${user}" /srv/s
cp "${deed}" /srv/bin/deed
printf 'kernel\t%s %s\n' "$(uname -r)" "$(uname -m)"
for as in "/test/become ${user}" ''; do
  keep check
  keep closed
  if with_landlock; then
    for one in files exec metadata truncate refer deny protect tcp udp unix signals devices strict; do keep "${one}"; done
  fi
done
as=
keep told
! with_landlock || keep escapes
printf 'done\n'
