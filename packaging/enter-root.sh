#!/bin/bash -p
# Runs a command in another root that it can divide further, which a chroot cannot: enter-root.sh ROOT COMMAND...
set -Eeuo pipefail

# shellcheck disable=SC2016 # the shell inside expands it
readonly ENTER='
set -e
root=$0
mount --rbind "${root}" "${root}"
mount -t proc proc "${root}/proc"
mount --rbind /dev "${root}/dev"
mount -t tmpfs tmpfs "${root}/tmp"
cd "${root}"
pivot_root . .
umount -l .
exec env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb "$@"'

exec unshare --mount --pid --fork --propagation private bash -p -c "${ENTER}" "$@"
