#!/bin/sh -e
# Loads the profile of ll-ns beside it, where AppArmor is on and knows `userns`: load.sh [-r]. Elsewhere it does nothing.
# It goes to /etc/apparmor.d, from where it is loaded at each start of the machine. -r removes it.
name=/etc/apparmor.d/ll-ns
switched_on() { [ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ] && command -v apparmor_parser >/dev/null; }
if [ "${1:-}" = -r ]; then
  [ -e "${name}" ] || exit 0
  ! switched_on || apparmor_parser -R "${name}" || true
  rm -f "${name}"
elif [ -e /etc/apparmor.d/abi/4.0 ] && command -v apparmor_parser >/dev/null; then
  mkdir -p /etc/apparmor.d
  cp "${0%/*}/ll-ns" "${name}"
  chmod 644 "${name}"
  ! switched_on || apparmor_parser -r -T -W "${name}"
fi
