load sandbox

# The AppArmor profile of ll-ns. tests/kernels/apparmor.sh tests its effect, in a kernel with AppArmor.

@test "the AppArmor profile is installed readable by all, with the path of ll-ns, for any prefix" {
  (umask 077 && DESTDIR=${T}/stage cmake --install "${LL_BUILT}" --prefix /opt/ll >/dev/null)
  local profile=${T}/stage/opt/ll/share/ll-exec/apparmor/ll-ns
  is "$(stat -c %a "${profile}")" 644
  is "$(grep -v '^@{ll_ns}' "${profile}")" "$(grep -v '^@{ll_ns}' "${ROOT}/packaging/apparmor/ll-ns")"
  is "$(sed -n 's/^@{ll_ns} = //p' "${profile}")" /opt/ll/bin/ll-ns
  [[ -x ${T}/stage/opt/ll/bin/ll-ns ]]
}

@test "load.sh loads and installs nothing where AppArmor does not mediate user namespaces" {
  [[ ! -e /etc/apparmor.d/abi/4.0 && ! -e /etc/apparmor.d/ll-ns ]] || skip "AppArmor 4 is here"
  assert_success "${ROOT}/packaging/apparmor/load.sh"
  assert_success "${ROOT}/packaging/apparmor/load.sh" -r
  [[ ! -e /etc/apparmor.d/ll-ns ]]
}

# A namespace with its own /etc and /sys, and a parser that records its arguments.
@test "load.sh loads the profile where AppArmor mediates user namespaces, and -r removes it" {
  needs_root
  # shellcheck disable=SC2016
  capture unshare -m sh -euc 'mkdir -p bin etc/abi sys share
    mount -t tmpfs none /etc/apparmor.d 2>/dev/null || { mkdir -p etc.d; exit 77; }
    mkdir -p /etc/apparmor.d/abi && : >/etc/apparmor.d/abi/4.0
    printf "#!/bin/sh\necho parser \"\$@\" >>%s/told\n" "$PWD" >bin/apparmor_parser; chmod 755 bin/apparmor_parser
    mount -t tmpfs none /sys; mkdir -p /sys/module/apparmor/parameters; echo Y >/sys/module/apparmor/parameters/enabled
    PATH=$PWD/bin:$PATH; export PATH
    "$0" && cmp /etc/apparmor.d/ll-ns "${0%/*}/ll-ns" && "$0" -r && [ ! -e /etc/apparmor.d/ll-ns ]' "${ROOT}/packaging/apparmor/load.sh"
  ((status != 77)) || skip "no /etc/apparmor.d here"
  is "${status} ${errors}" "0 "
  is "$(<told)" $'parser -r -T -W /etc/apparmor.d/ll-ns\nparser -R /etc/apparmor.d/ll-ns'
}

@test "apparmor_parser of AppArmor 4 accepts the profile" {
  needs_program apparmor_parser
  [[ -e /etc/apparmor.d/abi/4.0 ]] || skip "needs AppArmor 4"
  assert_success apparmor_parser -Q -K -T "${ROOT}/packaging/apparmor/ll-ns"
}
