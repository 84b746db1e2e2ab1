#!/bin/busybox sh
# The tests of `sandbox`, as the user and as root. Not in main.sh's root, which is the initramfs and cannot be changed
# for another (pivot_root(2)), but in a root mounted on top of it.
set -u
umask 022

enter_another_root() {
  local folder
  mkdir /new
  mount -t tmpfs new /new
  cp -a /bin /etc /test /srv /new
  for folder in proc sys dev tmp; do mkdir "/new/${folder}"; done
  chmod 1777 /new/tmp
  for folder in proc sys dev; do mount --move "/${folder}" "/new/${folder}"; done
  cd /new || exit
  mount --move . /
  exec chroot . /bin/sh /test/limits.sh inside
}

[ "${1:-}" = inside ] || enter_another_root
cd /test || exit
. ./lib.sh
promise=sandbox
for as in "/test/exec_as ${user}" ''; do . ./sandbox.sh; done
printf 'done\n'
