load net

# ll-trace --report: names, addresses and ports, including what ll-net allows. world.py has the network.

# peer TEXT...: the only line among the report's peers with all of these texts.
peer() {
  local found text
  found=$(grep '^{"kind":' r.json)
  for text; do found=$(grep -F -- "${text}" <<<"${found}"); done
  [[ $(wc -l <<<"${found}") == 1 && -n ${found} ]] || { cat r.json; return 1; }
}

@test "a report names what ll-net allowed and refused, and the rules that were used" {
  needs_world
  local -a words
  sandbox ll-trace -q --connect api.test:8080 --connect other.test:8080 --connect '203.0.113.11:9' --report r.json -- \
    "${PYTHON}" "${CLIENT}" tcp=api.test,8080 tcp=api.test,8081
  world "${words[@]}"
  prints echo EACCES
  peer '"kind":"connect","name":"api.test"' '"address":"203.0.113.10","port":8080,"protocol":"tcp"'
  is "$(grep -c '^{"kind":' r.json)" 1
  grep -q '"grant":"connect api.test:8080".*"uses":1,"there":true' r.json
  grep -q '"grant":"connect other.test:8080".*"uses":0,"there":true' r.json
  grep -q '"layer":"ll-net".*api.test (203.0.113.10), TCP port 8081.*"line":"connect api.test:8081"' r.json
}

@test "a report names connections by port and by the name looked up, and listening ports" {
  needs_world
  local -a words
  sandbox ll-trace -q --connect 8080 --connect any/udp --connect 9 --report r.json -- "${PYTHON}" "${CLIENT}" \
    tcp=api.test,8080 tcp=api.test,8080
  world "${words[@]}"
  prints echo echo
  peer '"kind":"connect","name":"api.test","count":2' '"port":8080,"protocol":"tcp"'
  grep -q '"grant":"connect 8080".*"uses":1' r.json
  grep -q '"grant":"connect 9".*"uses":0' r.json
  sandbox ll-trace -q --bind 8099 --report r.json -- "${PYTHON}" -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 8099)); s.listen(); print("listens")'
  world "${words[@]}"
  prints listens
  peer '"kind":"listen"' '"address":"127.0.0.1","port":8099'
  grep -q '"grant":"bind 8099".*"uses":1' r.json
}
