# bats file_tags=check
load helpers

# A server on a free port of the loopback interface; sets ${port}.
serve_tcp() {
  start "${PROBE}" serve tcp
  port=${started}
}

# A port that nothing listens on; sets ${port}.
free_port() {
  serve_tcp
  kill -KILL "${started_pid}"
  wait "${started_pid}" || true
  started_pid=
}

# ---- TCP

@test "a TCP connection is refused by default, and works without ll-exec" {
  needs_abi 4
  serve_tcp
  assert_success "${PROBE}" connect "${port}"
  refused EACCES sandboxed -- connect "${port}"
}

@test "connect of one port grants that port and no other" {
  needs_abi 4
  serve_tcp
  assert_success sandboxed --connect "${port}" -- connect "${port}"
  assert_success sandboxed --connect "${port}/tcp" -- connect "${port}"
  refused EACCES sandboxed --connect "$((port - 1))" -- connect "${port}"
  refused EACCES sandboxed --connect "$((port + 1))" -- connect "${port}"
}

@test "connect of a range grants both its ends and nothing beside it" {
  needs_abi 4
  serve_tcp
  assert_success sandboxed --connect "${port}-$((port + 3))" -- connect "${port}"
  assert_success sandboxed --connect "$((port - 3))-${port}" -- connect "${port}"
  refused EACCES sandboxed --connect "$((port + 1))-$((port + 3))" -- connect "${port}"
  refused EACCES sandboxed --connect "$((port - 3))-$((port - 1))" -- connect "${port}"
}

@test "connect any grants every port, and no listening" {
  needs_abi 4
  serve_tcp
  assert_success sandboxed --connect any -- connect "${port}"
  assert_success sandboxed --connect 0-65535 -- connect "${port}"
  refused EACCES sandboxed --connect any -- bind 0
}

@test "several ports on one line are all granted" {
  needs_abi 4
  serve_tcp
  policy p.policy "connect 1 ${port} 3"
  assert_success sandboxed -p p.policy -- connect "${port}"
  refused EACCES sandboxed -p p.policy -- connect 2
}

@test "listening is refused by default, and works without ll-exec" {
  needs_abi 4
  free_port
  assert_success "${PROBE}" bind "${port}"
  refused EACCES sandboxed -- bind "${port}"
}

@test "bind of one port grants listening there, on no other port, and no connection" {
  needs_abi 4
  free_port
  assert_success sandboxed --bind "${port}" -- bind "${port}"
  refused EACCES sandboxed --bind "${port}" -- bind "$((port + 1))"
  refused EACCES sandboxed --bind "${port}" -- connect "${port}"
}

@test "bind of a range grants its ports, and bind any all ports" {
  needs_abi 4
  free_port
  assert_success sandboxed --bind "$((port - 2))-$((port + 2))" -- bind "${port}"
  refused EACCES sandboxed --bind "$((port + 1))-$((port + 2))" -- bind "${port}"
  assert_success sandboxed --bind any -- bind "${port}"
}

@test "bind 0 grants a port that the kernel chooses, and no other" {
  needs_abi 4
  free_port
  assert_success sandboxed --bind 0 -- bind 0
  refused EACCES sandboxed --bind 0 -- bind "${port}"
}

@test "a range of all ports but one is enforced" {
  needs_abi 4
  serve_tcp
  refused EACCES sandboxed --connect "0-$((port - 1))" --connect "$((port + 1))-65535" -- \
    connect "${port}"
}

# ---- messages

@test "a port that is too large is refused, and not truncated to another port" {
  rejects_line "connect 99999" "ll-exec: p.policy:1:9: port 99999 is more than 65535
    connect 99999
            ^~~~~
  a port is a number from 0 to 65535"
}

@test "a port that is too large is refused in an option" {
  rejects "ll-exec: argument 2: port 99999 is more than 65535
    --connect 99999
              ^~~~~
  a port is a number from 0 to 65535" --connect 99999
}

@test "port 65536 is refused and 65535 is not" {
  needs_abi 4
  rejects_line "bind 1 65536" "ll-exec: p.policy:1:8: port 65536 is more than 65535
    bind 1 65536
           ^~~~~
  a port is a number from 0 to 65535"
  assert_success sandboxed --bind 65535 -- bind 65535
}

@test "a port that exceeds 64 bits is refused" {
  rejects_line "connect 18446744073709551617" \
    "ll-exec: p.policy:1:9: '18446744073709551617' is not a port
    connect 18446744073709551617
            ^~~~~~~~~~~~~~~~~~~~
  a port is a number from 0 to 65535, LO-HI or any"
}

@test "a word that is not a port is refused" {
  rejects_line "connect https" "ll-exec: p.policy:1:9: 'https' is not a port
    connect https
            ^~~~~
  a port is a number from 0 to 65535, LO-HI or any"
}

@test "a negative port is refused, and shown in full" {
  rejects_line "connect -1" "ll-exec: p.policy:1:9: '-1' is not a port
    connect -1
            ^~
  a port is a number from 0 to 65535, LO-HI or any"
}

@test "a range without an end is refused, and shown in full" {
  rejects_line "connect 80-" "ll-exec: p.policy:1:9: '80-' is not a port
    connect 80-
            ^~~
  a port is a number from 0 to 65535, LO-HI or any"
}

@test "a reversed range is refused, and the right order suggested" {
  rejects_line "bind 90-80" "ll-exec: p.policy:1:6: the range 90-80 is reversed
    bind 90-80
         ^~~~~
  write bind 80-90"
}

@test "a range that ends beyond the last port is refused" {
  rejects_line "connect 1-99999" "ll-exec: p.policy:1:9: port 99999 is more than 65535
    connect 1-99999
            ^~~~~~~
  a port is a number from 0 to 65535"
}

@test "an unknown protocol is refused" {
  rejects_line "connect 443/sctp" "ll-exec: p.policy:1:9: unknown protocol 'sctp'
    connect 443/sctp
            ^~~~~~~~
  tcp or udp, as in: connect 53/udp"
}

@test "a rule for a UDP port is refused where the kernel cannot restrict UDP ports" {
  local have
  have=$(abi)
  ((have < 10)) || skip "this kernel can"
  rejects_line "connect 443/udp" \
    "ll-exec: p.policy:1:9: 'connect 443/udp' needs Landlock ABI 10 (Linux 7.2); this kernel has ABI ${have}
    connect 443/udp
            ^~~~~~~
  run it on a newer kernel, drop the rule, or add --best-effort to run without enforcing it"
}

# ---- inherited sockets

@test "a UDP socket as standard input is refused for a policy with TCP rules, and --best-effort warns" {
  needs_abi 4
  exec 9<>/dev/udp/127.0.0.1/9
  capture sandboxed --abi 9 --connect 443 -- pid <&9
  is "${status}" 125
  [[ ${errors} == "ll-exec: descriptor 0 is a socket (UDP) that no rule grants"* ]]
  capture sandboxed --abi 9 --best-effort --connect 443 -- pid <&9
  is "${status} ${errors}" "0 ll-exec: not refused: descriptor 0 is a socket (UDP), which can reach any address"
  assert_success sandboxed --abi 9 -- pid <&9
  assert_success sandboxed --abi 9 --connect any/udp -- pid <&9
  exec 9>&-
}

@test "with single ports in bind, listening on a random port is listed as not enforced" {
  needs_abi 4
  assert_success "${LL_EXEC}" --bind 8080 --explain
  [[ ${output} == *"NOT refused on this kernel"*"listen on a random TCP port"* ]]
  capture sandboxed -v --bind 8080 -- pid
  is "${status}" 0
  [[ ${errors} == *"listen on a random TCP port (no ABI)" ]]
  assert_success "${LL_EXEC}" --bind 8080 --explain --json
  [[ ${output} == *'"unbound_listen":true'* ]]
  assert_success "${LL_EXEC}" --bind any --explain
  [[ ${output} != *"random TCP port"* ]]
  assert_success "${LL_EXEC}" --connect 443 --explain
  [[ ${output} != *"random TCP port"* ]]
  assert_success "${LL_EXEC}" --bind 8080 --syscall 'deny listen' --explain
  [[ ${output} != *"random TCP port"* ]]
}
