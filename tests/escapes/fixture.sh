# shellcheck shell=bash
# The outside world of the probes, for run.sh to source: private namespaces, the directories, and one
# run of one command in a fresh world (that part is escape-fixture's). Uses the global `owner` ("" for
# whoever runs this, or a user number) and sets `base`, `work` and `console`.

# As root: no port, mount, IPC object or host name of the real machine can be reached or left behind,
# and all traffic stays on this namespace's loopback.
fixture_enter() {
  exec unshare --net --mount --ipc --uts --propagation private -- "$0" --in-namespaces "$@"
}

# A user number that nobody has, nor another run at the same time.
fixture_free_user() {
  local -i number=20000+$$%40000
  while getent passwd "$number" >/dev/null; do
    number+=1
  done
  printf '%d\n' "$number"
}

# firejail refuses users without a name. Only this mount namespace sees the addition.
fixture_name_user() {
  {
    cat /etc/passwd
    printf 'escape-probe:x:%s:%s::%s:/bin/sh\n' "$owner" "$owner" "$work"
  } >"$base/passwd"
  mount --bind "$base/passwd" /etc/passwd
}

# TIOCLINUX wants a virtual console; this one belongs to the user.
fixture_make_console() {
  console=""
  [[ -c /dev/tty0 ]] || return 0
  mkdir "$base/dev"
  mount -t tmpfs -o mode=755 none "$base/dev"
  mknod "$base/dev/console" c 4 63
  [[ -z $owner ]] || chown "$owner" "$base/dev/console"
  console=$base/dev/console
}

# What only root can prepare, in the namespaces of fixture_enter.
fixture_prepare_namespaces() {
  "$base/bin/escape-fixture" --loopback-up
  # Ordinary users may ping, as distributions have it; not everywhere by default.
  printf '0 2147483647\n' >/proc/sys/net/ipv4/ping_group_range
  fixture_make_console
  [[ -z $owner ]] || fixture_name_user
}

# Where no policy here grants anything. /srv rather than /var/tmp: firejail always replaces that.
fixture_place() {
  if [[ -w /srv ]]; then
    printf '/srv\n'
  else
    printf '/var/tmp\n'
  fi
}

# $1: the directory with escape-probe and escape-fixture.
fixture_make() {
  local -r programs=$1
  base=$(mktemp -d "$(fixture_place)/escapes.XXXXXX")
  work=$(mktemp -d /tmp/escapes.XXXXXX)
  console=""
  mkdir "$base/bin" "$base/outside" "$base/readonly"
  cp -- "$programs/escape-probe" "$programs/escape-fixture" "$base/bin"
  # Another inode than the granted one, for the probes that execute what is not granted.
  cp -- "$programs/escape-probe" "$base/program"
  chmod 755 "$base" "$base/bin" "$base/bin/"* "$base/program"
  if [[ -n $owner ]]; then
    chown -R "$owner:$owner" "$base" "$work"
  fi
}

# $1: a probe, or "" ; the rest: the command. Prints what the command says; answers with its status.
fixture_run() {
  local -r probe=$1
  local -a words=("$base/bin/escape-fixture")
  shift
  if [[ $probe == tioclinux* && -n $console ]]; then
    words+=(--terminal "$console")
  fi
  if [[ $probe == stdin-* ]]; then
    words+=(--input "${probe#stdin-}")
  fi
  if [[ -n $owner ]]; then
    words=(setpriv "--reuid=$owner" "--regid=$owner" --clear-groups "${words[@]}")
  fi
  "${words[@]}" "$base" "$work" "$@" </dev/null
}

fixture_remove() {
  [[ -z ${console:-} ]] || umount "$base/dev"
  [[ -z ${base:-} ]] || rm -rf --one-file-system -- "$base"
  [[ -z ${work:-} ]] || rm -rf --one-file-system -- "$work"
}
