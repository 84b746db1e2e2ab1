load net

LAYERS=(ll-exec sandbox.sh)

# ---- names

@test "a granted name is reached on its port, and no other name or port" {
  needs_world
  local layer
  steps tcp=api.test,8080 to=203.0.113.10,8080 to=203.0.113.10,8081 to=203.0.113.11,8080 to=2001:db8::11,8080 \
    tcp=other.test,8080
  prints echo 203.0.113.10 203.0.113.10 203.0.113.11 2001:db8::11 echo
  for layer in "${LAYERS[@]}"; do
    steps_under "${layer}" --connect api.test:8080 -- to=203.0.113.10,8080 tcp=api.test,8080 to=203.0.113.10,8080 \
      to=203.0.113.10,8081 to=203.0.113.11,8080 to=2001:db8::11,8080 tcp=other.test,8080
    prints EACCES echo 203.0.113.10 EACCES EACCES EACCES EAI_NONAME
  done
}

@test "programs reach a granted name with one rule, and without proxy variables" {
  needs_world
  local layer
  local -a tried=(
    'curl|curl -sS -o out http://api.test:8080/file && cat out'
    'wget|wget -q -O out http://api.test:8080/file && cat out'
    'python3|python3 -c "import urllib.request as u; print(u.urlopen(\"http://api.test:8080/file\").read().decode())"'
    'node|node -e "fetch(\"http://api.test:8080/file\").then(r=>r.text()).then(t=>{console.log(t);process.exit()})"'
    'git|git ls-remote http://api.test:8080/repository.git'
  )
  printf 'the file' >file
  if type -P git >/dev/null; then
    HOME=${T} git init -q --bare repository.git
    git -C repository.git update-server-info
  fi
  local row
  for row in "${tried[@]}"; do
    type -P "${row%%|*}" >/dev/null || continue
    cat >try.sh <<TRY
"${PYTHON}" -m http.server --bind :: 8082 >/dev/null 2>&1 & server=\$!
until (exec 3<>/dev/tcp/127.0.0.1/8082) 2>/dev/null; do sleep 0.05; done
"\$@"
status=\$?
kill \$server
exit \$status
TRY
    local command=${row#*|}
    command=${command//8080/8082}
    world env HOME="${T}" bash try.sh bash -c "${command}"
    ((status == 0)) || continue
    for layer in "${LAYERS[@]}"; do
      local bare=${output}
      sandbox "${layer}" --connect api.test:8082 -- bash -c "${command}"
      world env HOME="${T}" bash try.sh "${words[@]}"
      is "${status} ${output}" "0 ${bare}" || { printf '%s: %s\n' "${layer} ${row}" "${errors}"; return 1; }
    done
  done
}

@test "a zone covers names in it at any depth, and not the zone itself" {
  needs_world
  steps_under ll-exec --connect '*.zone.test:8080' -- tcp=a.zone.test,8080 tcp=a.b.zone.test,8080 name=zone.test \
    name=evilzone.test to=203.0.113.11,8080
  prints echo echo EAI_NONAME EAI_NONAME EACCES
}

@test "names match in upper case and with a trailing dot" {
  needs_world
  steps_under ll-exec --connect API.Test:8080 --connect xn--bcher-kva.test.:8080 -- tcp=api.TEST.,8080 \
    tcp=xn--bcher-kva.test,8080
  prints echo echo
  is "$(grep -c '[A-Z]' asked)" 0
}

@test "only granted names are looked up outside, as A and AAAA queries in lower case" {
  needs_world
  steps_under ll-exec --connect API.test:8080 -- name=aPI.test name=secret.other.test name=x.api.test \
    name=evil.test name=203.0.113.10.evil.test
  prints "2001:db8::10 203.0.113.10" EAI_NONAME EAI_NONAME EAI_NONAME EAI_NONAME
  is "$(sort -u asked)" "api.test 1
api.test 28"
}

@test "a CNAME and a truncated answer are followed" {
  needs_world
  steps_under ll-exec --connect alias.test:8080 --connect many.test:8080 -- tcp=alias.test,8080 name=four.test \
    tcp=many.test,8080
  prints echo EAI_NONAME echo
}

@test "localhost and names in /etc/hosts are not looked up outside" {
  needs_world
  steps_under ll-exec --connect localhost:8080 --connect hosted.test:8080 --connect inner.test:8080/private -- \
    tcp=localhost,8080 to=127.0.0.1,8080 to=::1,8080 to=0.0.0.0,8080 to=127.0.0.2,8080 tcp=hosted.test,8080 \
    tcp=inner.test,8080 to=127.0.0.1,8081
  prints echo 127.0.0.1 ::1 127.0.0.1 EACCES echo echo EACCES
  is "$(<asked)" ""
}

@test "a name with a private address is not found, unless the rule has /private" {
  needs_world
  local number
  local -a names=() none=()
  for number in {0..13}; do
    names+=("name=rebind${number}.test")
    none+=(EAI_NONAME)
  done
  steps_under ll-exec --connect '*.test:8080' -- "${names[@]}" to=10.9.8.7,8080 to=127.0.0.1,8080
  prints "${none[@]}" EACCES EACCES
  # 10.9.8.7, 100.64.0.1, 172.16.0.1, 192.168.0.1, 198.18.0.1, fd00::1; never loopback or link-local addresses.
  steps_under ll-exec --connect '*.test:8080/private' -- tcp=rebind0.test,8080 tcp=rebind1.test,8080 \
    tcp=rebind2.test,8080 tcp=rebind3.test,8080 name=rebind4.test tcp=rebind5.test,8080 name=rebind6.test \
    name=rebind7.test name=rebind8.test name=rebind9.test tcp=rebind10.test,8080 name=rebind11.test \
    name=rebind12.test to=127.0.0.1,8080
  prints echo echo echo echo EAI_NONAME echo EAI_NONAME EAI_NONAME EAI_NONAME EAI_NONAME echo EAI_NONAME EAI_NONAME \
    EACCES
}

@test "/private applies to the ports of its own rule only" {
  needs_world
  steps_under ll-exec --connect mixed.test:8080 --connect mixed.test:8081/private -- name=mixed.test \
    to=203.0.113.10,8080 to=10.9.8.7,8081 to=10.9.8.7,8080
  prints "10.9.8.7 203.0.113.10" 203.0.113.10 10.9.8.7 EACCES
}

# ---- addresses

@test "an address, a network and their ports are granted as written" {
  needs_world
  local layer
  for layer in "${LAYERS[@]}"; do
    steps_under "${layer}" --connect 203.0.113.11:8080 --connect 10.0.0.0/8:8081 --connect '[2001:db8::10]:8080' \
      --connect '[fd00::/8]:any' -- to=203.0.113.11,8080 to=::ffff:203.0.113.11,8080 to=203.0.113.10,8080 \
      to=::ffff:203.0.113.10,8080 to=10.9.8.7,8081 to=10.9.8.7,8080 to=2001:db8::10,8080 to=2001:db8::11,8080 \
      to=fd00::1,8081
    prints 203.0.113.11 ::ffff:203.0.113.11 EACCES EACCES 10.9.8.7 EACCES 2001:db8::10 EACCES fd00::1
  done
}

@test "noconnect private refuses what a wider rule grants, in every form of the address" {
  needs_world
  local -a steps=(to=203.0.113.10,8080 to=169.254.169.254,8080 to=::ffff:169.254.169.254,8080
    to=64:ff9b::a9fe:a9fe,8080 to=10.9.8.7,8080 to=127.0.0.1,8080 to=0.0.0.0,8080 to=::1,8080 to=fd00::1,8080)
  steps_under ll-exec --connect 0.0.0.0/0:8080 --connect '[::/0]:8080' -- "${steps[@]}"
  prints 203.0.113.10 169.254.169.254 ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe 10.9.8.7 127.0.0.1 127.0.0.1 ::1 \
    fd00::1
  steps_under ll-exec --connect 0.0.0.0/0:8080 --connect '[::/0]:8080' --noconnect private -- "${steps[@]}"
  prints 203.0.113.10 EACCES EACCES EACCES EACCES EACCES EACCES EACCES EACCES
  steps_under ll-exec --connect any --noconnect private -- "${steps[@]}"
  prints 203.0.113.10 EACCES EACCES EACCES EACCES EACCES EACCES EACCES EACCES
}

@test "noconnect overrides every connect, with and without a port" {
  needs_world
  steps_under ll-exec --connect 8080-8081 --connect 203.0.113.10:8080 --noconnect 203.0.113.10:8080 \
    --noconnect 10.0.0.0/8 -- to=203.0.113.10,8080 to=203.0.113.10,8081 to=203.0.113.11,8080 to=10.9.8.7,8081
  prints EACCES 203.0.113.10 203.0.113.11 EACCES
}

@test "connect PORT beside host rules grants the port of any host" {
  needs_world
  steps_under ll-exec --connect api.test:8080 --connect 8081 -- to=203.0.113.11,8081 to=203.0.113.11,8080 \
    tcp=api.test,8080
  prints 203.0.113.11 EACCES echo
}

# ---- other protocols and socket options

@test "UDP datagrams reach no address without a UDP rule" {
  needs_world
  local layer
  steps udp=203.0.113.10,8080 udp=2001:db8::10,8080 udp-connected=203.0.113.10,8080
  prints "x from 203.0.113.10" "x from 2001:db8::10" x
  for layer in "${LAYERS[@]}"; do
    steps_under "${layer}" --connect api.test:8080 -- name=api.test udp=203.0.113.10,8080 udp=2001:db8::10,8080 \
      udp=::ffff:203.0.113.10,8080 udp-connected=203.0.113.10,8080
    prints "2001:db8::10 203.0.113.10" silence silence silence ECONNREFUSED
  done
}

@test "a datagram reaches a granted host, and its answer comes from there" {
  needs_world
  local layer
  for layer in "${LAYERS[@]}"; do
    steps_under "${layer}" --connect api.test:8080/udp --connect 10.9.8.7:8080/udp -- udp=203.0.113.10,8080 \
      udp=10.9.8.7,8080 udp-connected=10.9.8.7,8080 name=api.test udp=203.0.113.10,8080 udp=2001:db8::10,8080 \
      udp=203.0.113.11,8080 udp=2001:db8::11,8080 udp=203.0.113.10,8081 to=203.0.113.10,8080
    prints silence "x from 10.9.8.7" x "2001:db8::10 203.0.113.10" "x from 203.0.113.10" "x from 2001:db8::10" silence \
      silence silence EACCES
  done
  steps_under ll-exec --connect 0.0.0.0/0:8080/udp --noconnect private -- udp=203.0.113.10,8080 udp=10.9.8.7,8080 \
    udp=127.0.0.1,8080
  prints "x from 203.0.113.10" silence silence
}

@test "a UDP rule for a host is refused where there are no user namespaces" {
  needs_world
  sandbox ll-exec --connect api.test:123/udp -- touch marker
  world bash -c 'echo 0 >/proc/sys/user/max_user_namespaces; "$@"' _ "${words[@]}"
  is "${status}" 125
  [[ ${errors} == "ll-exec: "*"'connect api.test:123/udp' needs user namespaces: "* ]]
  [[ ! -e marker ]]
}

@test "socket options that redirect packets are refused" {
  needs_world
  local -a options=(4,1,25 4,1,62 4,0,4 4,0,50 4,6,30 6,41,6 6,41,32 6,41,54 6,41,55 6,41,57 6,41,59 6,41,76)
  local -a expected=()
  local option
  for option in "${options[@]}"; do expected+=(ENOPROTOOPT); done
  steps option=4,1,25 option=4,6,30
  prints set set
  steps_under ll-exec --connect api.test:8080 -- "${options[@]/#/option=}"
  prints "${expected[@]}"
}

@test "other kinds of sockets, and data sent with the connection request, are refused" {
  needs_world
  steps socket=3,1 fastopen=203.0.113.10,8080
  prints made sent
  steps_under ll-exec --connect api.test:8080 -- socket=3,1 socket=1,262 socket=1,132 fastopen=203.0.113.10,8080
  prints EACCES EACCES EACCES ENOTSUP
}

@test "a reconnect after an undone connect is decided again" {
  needs_world
  steps anew=203.0.113.10,8080,203.0.113.11,8080
  prints "undone, then connected"
  steps_under ll-exec --connect 203.0.113.10:8080 -- anew=203.0.113.10,8080,203.0.113.11,8080 \
    anew=203.0.113.10,8080,203.0.113.10,8080
  prints "undone, then EACCES" "undone, then connected"
}

@test "a socket watched before its connect, and a duplicated one, work as without a sandbox" {
  needs_world
  local layer
  steps epoll=api.test,8080
  local bare=${output}
  for layer in "${LAYERS[@]}"; do
    steps_under "${layer}" --connect api.test:8080 -- epoll=api.test,8080
    prints "${bare}"
  done
}
