#!/bin/busybox sh
# Inside the kernel, as root in /test: every test, as an ordinary user and as root.
# run.sh writes ./expected: ABI=..., PROMISES=...
set -u
umask 022
. ./expected
. ./lib.sh

with_landlock() { [ "${ABI}" != absent ] && [ "${ABI}" != off ]; }

keep() { # PROMISE
  promise=$1
  case " ${PROMISES:-${promise}} " in *" ${promise} "*) ;; *) return ;; esac
  world
  . "./${promise}.sh"
}

mkdir -p /srv/bin
cp "${probe}" /srv/bin/probe
printf 'kernel\t%s %s\n' "$(uname -r)" "$(uname -m)"
for as in "/test/exec_as ${user}" ''; do
  rm -rf /srv/s
  mkdir /srv/s
  [ -z "${as}" ] || chown "${user}" /srv/s
  keep check
  keep closed
  keep repeat
  if with_landlock; then
    for one in files exec metadata truncate refer deny protect tcp hosts udp unix signals devices strict threads; do keep "${one}"; done
  fi
done
as=
keep explain
# On the newest kernel, which can emulate all ABIs.
[ "${ABI}" != 11 ] || keep capped
! with_landlock || keep escapes
# Last, as it changes the root.
leave() { sh ./limits.sh || printf 'FAILED\tsandbox\tit did not come to its end\n'; }
case " ${PROMISES:-sandbox} " in *' sandbox '*) ! with_landlock || leave ;; esac
printf 'done\n'
