load policies

# Policies that open ports, with servers of the tests' own: in a network namespace with a DNS server that answers by TCP,
# an HTTPS server whose certificate /etc trusts, and /etc/resolv.conf as distributions have it.

# Starts them and then a command: world.py COMMAND...
world() {
  own_file "${T}/world.py" <<'END'
import fcntl, http.server, os, socket, socketserver, ssl, struct, subprocess, sys, threading

interface = struct.pack('16sh22x', b'lo', 0x1)  # IFF_UP
fcntl.ioctl(socket.socket(), 0x8914, interface)  # SIOCSIFFLAGS

class Names(socketserver.StreamRequestHandler):
    def handle(self):
        while size := self.rfile.read(2):
            query = self.rfile.read(struct.unpack('>H', size)[0])
            end = 12
            while query[end]:
                end += query[end] + 1
            kind = struct.unpack('>H', query[end + 1:end + 3])[0]
            known = kind == 1 and query[12:end + 1] == b'\4host\4test\0'
            answer = query[:2] + struct.pack('>HHHHH', 0x8180 if known or kind != 1 else 0x8183, 1, known, 0, 0)
            answer += query[12:end + 5]
            if known:
                answer += struct.pack('>HHHIH4s', 0xC00C, 1, 1, 60, 4, socket.inet_aton('127.0.0.1'))
            self.wfile.write(struct.pack('>H', len(answer)) + answer)

class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'page\n')
    def log_message(self, *_):
        pass

socketserver.ThreadingTCPServer.daemon_threads = True
servers = [socketserver.ThreadingTCPServer(('127.0.0.1', 53), Names)]
for port in 443, 8443:
    servers.append(http.server.ThreadingHTTPServer(('127.0.0.1', port), Pages))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1])
    servers[-1].socket = context.wrap_socket(servers[-1].socket, server_side=True)
for server in servers:
    threading.Thread(target=server.serve_forever, daemon=True).start()
sys.exit(subprocess.run(sys.argv[2:]).returncode)
END
  own openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=host.test -addext subjectAltName=DNS:host.test \
    -keyout "${T}/key.pem" -out "${T}/cert.pem" 2>/dev/null
  own sh -c 'cat "$1/key.pem" "$1/cert.pem" >"$1/both.pem"' - "${T}"
  # An /etc that trusts it, whose resolv.conf is a link into /run.
  own mkdir -p "${T}/etc/ssl/certs" "${T}/run/systemd/resolve"
  own cp "${T}/cert.pem" "${T}/etc/ssl/certs/ca-certificates.crt"
  own cp /etc/passwd /etc/group /etc/ld.so.cache "${T}/etc/"
  own cp -r /etc/alternatives "${T}/etc/"
  printf 'hosts: files dns\n' | own_file "${T}/etc/nsswitch.conf"
  printf 'nameserver 127.0.0.1\n' | own_file "${T}/run/systemd/resolve/stub-resolv.conf"
  own ln -s ../run/systemd/resolve/stub-resolv.conf "${T}/etc/resolv.conf"
}

# in_world COMMAND...
in_world() {
  own unshare -Urmn sh -ec 'mount --bind "$0/etc" /etc; mount --bind "$0/run" /run
    exec python3 "$0/world.py" "$0/both.pem" "$@"' "${T}" "$@"
}

needs_world() {
  needs_program curl python3 openssl unshare
  needs_abi 4
  own unshare -Urmn true || skip "needs user namespaces"
  world
}

# fetches POLICY [OPTION...] -- COMMAND...: sets ${status}, ${output}, ${errors}
fetches() {
  local policy=$1
  shift
  capture in_world "${BOX}/${WALL}" -q --best-effort -p "${policy}" "$@"
}

download() {
  fetches curl -- curl -sS -o page https://host.test/
  is "${status} ${errors}" "0 "
  is "$(<page)" page
  fetches curl -- curl -sS https://host.test:8443/
  is "${status}" 7
  fetches curl --connect 8443 -- curl -sS https://host.test:8443/
  is "${status} ${output}" "0 page"
  fetches curl -- curl -sS "file://${HOME}/secret"
  is "${status}" 37
  fetches curl -- curl -sS -o "${HOME}/planted" https://host.test/
  not_planted
  capture in_world env RES_OPTIONS=use-vc curl -sS -o "${HOME}/planted" https://host.test:8443/
  is "${status} ${errors}" "0 "
  planted
  capture in_world curl -sS "file://${HOME}/secret"
  is "${status} ${output}" "0 secret"
}

@test "curl: it finds a host by DNS over TCP, checks its certificate and downloads; no other port, no file elsewhere" {
  needs_world
  on_each_wall download
}

resolve() {
  local ask='import socket; print(socket.getaddrinfo("host.test", 443, socket.AF_INET)[0][4][0])'
  fetches tls -p python -- python3 -c "${ask}"
  is "${status} ${output}" "0 127.0.0.1"
  # By UDP there is no answer: it is TCP that tls makes glibc use.
  fetches tls -p python --env RES_OPTIONS=attempts:1 -- python3 -c "${ask}"
  ((status != 0))
  fetches python -- python3 -c "${ask}"
  ((status != 0))
  fetches tls -p python -- python3 -c 'import ssl, urllib.request; print(urllib.request.urlopen("https://host.test").read())'
  is "${status} ${output}" "0 b'page\\n'"
}

@test "tls: a policy that uses it resolves names by TCP alone, and trusts what the machine trusts" {
  needs_world
  on_each_wall resolve
}

browse() {
  fetches browsing -- sh -c 'curl -sS -o /tmp/ll-page.$$ https://host.test/ && cat /tmp/ll-page.$$ && rm /tmp/ll-page.$$'
  is "${status} ${output}" "0 page"
  fetches browsing -- curl -sS -o page https://host.test/
  ((status != 0))
  [[ ! -e page ]]
  fetches browsing -- curl -sS https://host.test:8443/
  is "${status}" 7
}

@test "browsing: pages of port 443 are put into /tmp, and nothing is written here" {
  needs_world
  on_each_wall browse
}

agents_online() {
  own mkdir -p "${HOME}/.claude" "${HOME}/.codex" "${HOME}"/{.config,.local/share,.local/state,.cache}/opencode
  printf '{}\n' | own_file "${HOME}/.claude/settings.json"
  printf '\n' | own_file "${HOME}/.codex/config.toml"
  local policy
  for policy in claude codex opencode build; do
    fetches "${policy}" -- curl -sS https://host.test/
    is "${policy} ${status} ${output}" "${policy} 0 page"
    fetches "${policy}" -- curl -sS https://host.test:8443/
    is "${policy} ${status}" "${policy} 7"
  done
  fetches code -- curl -sS https://host.test/
  ((status != 0))
}

@test "agents and builds reach port 443 and no other, and code no port at all" {
  needs_world
  on_each_wall agents_online
}

# served PORT FILE: from outside the sandbox
served() { curl -sSf -m 5 "http://127.0.0.1:$1/$2"; }

serving() {
  printf 'public\n' | own_file page
  printf 'secret\n' | own_file .env
  own ln -s "${HOME}/secret" link
  local port=$((20000 + RANDOM % 10000))
  "${AS[@]}" env HOME="${HOME}" "${BOX}/${WALL}" -q -p server --bind "${port}" -- python3 -m http.server "${port}" \
    >/dev/null 2>&1 3>&- &
  started_pids+=("$!")
  waits_until served "${port}" page 2>/dev/null
  fails served "${port}" .env
  fails served "${port}" link
  kill "${started_pids[-1]}"
  does_not server --bind "${port}" -- python3 -m http.server "$((port + 1))"
  does_not server --bind "${port}" -- sh -c 'echo x >new'
  does_not server --bind "${port}" -- bash -c "exec 3<>/dev/tcp/127.0.0.1/9"
  [[ ${errors} == *ermission* ]]
  capture own bash -c "exec 3<>/dev/tcp/127.0.0.1/9"
  [[ ${errors} == *refused* ]]
}

@test "server: it serves this directory on its port, but no secret in it; no other port, no connection, nothing written" {
  needs_program python3 curl
  needs_abi 4
  on_each_wall serving
}

with_gpu() {
  own ffmpeg -v error -f lavfi -i testsrc=duration=1:size=128x96:rate=10 -c:v mpeg4 in.mov
  does ffmpeg -p gpu -- ffmpeg -v error -nostdin -y -i in.mov out.webm
  does_not gpu --rx "${DEED}" -- "${DEED}" create "${PWD}/new"
  does_not gpu --rx "${DEED}" -- "${DEED}" read "${HOME}/secret"
  does_not gpu --rx "${DEED}" -- "${DEED}" connect 9
}

@test "gpu: added to ffmpeg it holds and plans where there is no card" {
  needs_program ffmpeg
  on_each_wall with_gpu
  capture "${BOX}/ll-exec" -p gpu --explain -v
  [[ ${output} == */dev/dri/renderD128* && ${output} == */dev/nvidiactl* && ${output} != *card0* ]]
}
