# The loaded profile of ll-ns: what it allows ll-ns, and not the commands that ll-ns starts.
# shellcheck disable=SC2016,SC2086,SC2254 # what is quoted so is for the shells inside; words and patterns
mount -t securityfs none /sys/kernel/security 2>/dev/null
mount -t proc none /proc 2>/dev/null
mkdir -p /usr/bin /srv/d
cp /test/ll-ns /test/ll-exec /usr/bin/
chmod 755 / /test /bin /usr /usr/bin/*
chown 12345 /srv/d
as='/test/exec_as 12345'
box='/usr/bin/ll-ns --rx /bin --rx /test --proc'

expect() { # TITLE EXPECTED COMMAND...
  title=$1 expected=$2
  shift 2
  got=$("$@" 2>&1)
  case ${got} in
    ${expected}) printf 'ok\t%s\n' "${title}" ;;
    *) printf 'FAILED\t%s: %s\n' "${title}" "$(echo "${got}" | tr '\n' '|')" ;;
  esac
}
# enter PROFILE COMMAND...: under it from here on.
enter() { ${as} /bin/busybox sh -c 'echo "changeprofile $0" >/proc/self/attr/apparmor/current && exec "$@"' "$@"; }

cd / || exit 1
expect 'without the profile ll-ns works' 'uid=12345*' ${as} ${box} -- /bin/busybox id
cat /test/ll-ns.policy >/sys/kernel/security/apparmor/.replace || echo "FAILED	it cannot be loaded"
expect 'both profiles are loaded' '*ll-ns-command (enforce)*' cat /sys/kernel/security/apparmor/profiles
expect 'll-ns works, as an ordinary user' 'uid=12345*' ${as} ${box} -- /bin/busybox id
expect 'and as root' 'uid=0*' ${box} -- /bin/busybox id
expect 'it says so itself' '*namespaces*yes' ${as} /usr/bin/ll-ns --check
expect 'what it starts has both profiles' 'll-ns//&ll-ns-command (enforce)' ${as} ${box} -- /bin/busybox cat /proc/self/attr/apparmor/current
expect 'and what that starts' 'll-ns//&ll-ns-command (enforce)' ${as} ${box} -- /bin/busybox sh -c 'sh -c "cat /proc/self/attr/apparmor/current"'
expect 'without namespaces it works too' 'made' ${as} /usr/bin/ll-ns --no-namespaces --rx /bin --rw /srv/d -- /bin/busybox sh -c 'echo made >/srv/d/f; cat /srv/d/f'
expect 'outside of the profiles a user namespace is made' 'uid=0*' ${as} /bin/busybox unshare -U -r /bin/busybox id
expect 'under that of the command it is refused' '*unshare*denied*' enter ll-ns-command /bin/busybox unshare -U -r /bin/busybox id
expect 'under the two as well' '*unshare*denied*' enter 'll-ns//&ll-ns-command' /bin/busybox unshare -U -r /bin/busybox id
expect 'the command cannot leave them' '*' ${as} ${box} --rw /proc -- /bin/busybox sh -c 'echo "changeprofile unconfined" >/proc/self/attr/apparmor/current; cat /proc/self/attr/apparmor/current'
case ${got} in *'ll-ns//&ll-ns-command (enforce)') ;; *) printf 'FAILED\tit left them: %s\n' "${got}" ;; esac
echo 'done'
