load judge

LAYERS=(ll-exec sandbox.sh)

# asked LAYER MODE ALLOWED... [-- OPTION...] -- STEP...: runs client.py in the world; the requests are in ${T}/heard.
asked() {
  local layer=$1 judge="${PYTHON} ${JUDGE} ${T}/heard $2"
  shift 2
  while [[ $1 != -- ]]; do judge+=" $1" && shift; done
  shift
  : >heard
  chmod 666 heard
  steps_under "${layer}" --ask connect,bind --judge "${judge}" "$@"
}

@test "the judge allows looking up a host and connecting to it, and other hosts stay refused" {
  needs_world
  needs_judge
  steps tcp=api.test,8080 to=203.0.113.11,8080 tcp=other.test,8080
  prints echo 203.0.113.11 echo
  local layer
  for layer in "${LAYERS[@]}"; do
    asked "${layer}" yes api.test -- -- tcp=api.test,8080 to=203.0.113.11,8080 tcp=other.test,8080
    prints echo EACCES EAI_NONAME
    grep -q '^{"id":[0-9]*,"call":"lookup","host":"api.test"}$' heard
    grep -q '"call":"connect","host":"api.test","address":"203.0.113.10","port":8080,"protocol":"tcp","pid":' heard
    grep -q '"call":"connect","host":"","address":"203.0.113.11","port":8080,' heard
    grep -q '"call":"lookup","host":"other.test"' heard
  done
}

@test "the judge is not asked about a granted host, nor about an address that noconnect names" {
  needs_world
  needs_judge
  local layer
  for layer in "${LAYERS[@]}"; do
    asked "${layer}" yes 8080 203.0.113.11 -- --connect api.test:8080 --noconnect 203.0.113.11 -- tcp=api.test,8080 to=203.0.113.11,8080
    prints echo EACCES
    is "$(grep -c '"id":' heard)" 0
  done
}

@test "the judge allows binding and listening on a port, and other ports stay refused" {
  needs_abi 4
  needs_judge
  cat >listen.py <<'PYTHON'
import errno, socket, sys
for port in (int(sys.argv[1]), int(sys.argv[2]), 0, None):
    with socket.socket() as listener:
        try:
            if port is not None:
                listener.bind(("127.0.0.1", port))
            listener.listen()
            print("listens")
        except OSError as error:
            print(errno.errorcode[error.errno])
PYTHON
  local -a ports
  read -ra ports < <("${PYTHON}" -c '
import socket
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(one.getsockname()[1] for one in held))')
  capture "${PYTHON}" listen.py "${ports[@]}"
  is "${output}" $'listens\nlistens\nlistens\nlistens'
  local layer
  for layer in "${LAYERS[@]}"; do
    rm -f heard
    sandbox "${layer}" --ask bind --judge "${PYTHON} ${JUDGE} ${T}/heard yes ${ports[0]}" -- "${PYTHON}" listen.py "${ports[@]}"
    capture "${words[@]}"
    is "${output}" $'listens\nEACCES\nEACCES\nEACCES'
    grep -q "\"call\":\"bind\",\"host\":\"\",\"address\":\"127.0.0.1\",\"port\":${ports[0]},\"protocol\":\"tcp\"," heard
  done
}
