load policies-network

# Policies that connect to hosts, and servers.

download() {
  gets curl --connect host.test:443 -- curl -sS -o page https://host.test/
  is "$(<page) ${errors}" "page "
  reaches curl --connect host.test:443 -- curl -sS https://other.test/
  is "${status}" 6
  reaches curl --connect host.test:443 -- curl -sS https://host.test:8443/
  is "${status}" 7
  gets curl --connect host.test:8443 -- curl -sS https://host.test:8443/
  is "${output}" page
  reaches curl -- curl -sS https://host.test/
  ((status == 6 || status == 7))
  reaches curl --connect host.test:443 -- curl -sS "file://${HOME}/secret"
  is "${status}" 37
  reaches curl --connect host.test:443 -- curl -sS -o "${HOME}/planted" https://host.test/
  not_planted
  capture in_world curl -sS -o "${HOME}/planted" https://other.test:8443/
  is "${status} ${errors}" "0 "
  planted
  capture in_world curl -sS "file://${HOME}/secret"
  is "${status} ${output}" "0 secret"
}

@test "curl: it downloads from the named host with a checked certificate; other hosts, ports and files are refused" {
  needs_services
  on_each_wall download
}

resolve() {
  local ask='import socket; print(socket.getaddrinfo("host.test", 443, socket.AF_INET)[0][4][0])'
  gets tls -p python --connect host.test:443 -- python3 -c "${ask}"
  is "${output}" 203.0.113.10
  gets_nothing tls -p python --connect other.test:443 -- python3 -c "${ask}"
  gets_nothing tls -p python -- python3 -c "${ask}"
  gets tls -p python --connect host.test:443 -- \
    python3 -c 'import ssl, urllib.request; print(urllib.request.urlopen("https://host.test").read())'
  is "${output}" "b'page\\n'"
  capture in_world python3 -c "${ask}"
  is "${status} ${output}" "0 203.0.113.10"
}

@test "tls: a policy that uses it resolves its hosts, and trusts the certificates of the machine" {
  needs_services
  on_each_wall resolve
}

all_but_private() {
  local host
  for host in host.test other.test; do
    gets curl -p internet -- curl -sS "https://${host}/"
    is "${output}" page
  done
  reaches curl -p internet -- curl -sS https://host.test:8443/
  is "${status}" 7
  reaches curl -p internet -- curl -sS https://host.inside/
  is "${status}" 7
  reaches curl -p internet -- curl -sSk https://10.9.8.7/
  is "${status}" 7
  capture in_world curl -sSk https://host.inside/
  is "${status} ${output}" "0 page"
  capture in_world curl -sSk https://10.9.8.7/
  is "${status} ${output}" "0 page"
}

@test "internet: port 443 of every public host is reached, and of no private address" {
  needs_services
  on_each_wall all_but_private
}

browse() {
  gets browsing --connect host.test:443 -- \
    sh -c 'curl -sS -o /tmp/ll-page.$$ https://host.test/ && cat /tmp/ll-page.$$ && rm /tmp/ll-page.$$'
  is "${output}" page
  gets_nothing browsing --connect host.test:443 -- curl -sS -o page https://host.test/
  [[ ! -e page ]]
  reaches browsing --connect host.test:443 -- curl -sS https://other.test/
  is "${status}" 6
  gets browsing -p internet -- curl -sS https://other.test/
}

@test "browsing: pages of named hosts are downloaded to /tmp, and the current directory is not writable" {
  needs_services
  on_each_wall browse
}

# reaches_its_services POLICY: all hosts that it names, and no other host, port or private address
reaches_its_services() {
  local policy=$1 host
  hosts_of "${policy}" | grep -q . || { printf '%s names no host\n' "${policy}" && return 1; }
  for host in $(hosts_of "${policy}"); do
    gets "${policy}" -- curl -sS "https://${host}/"
    is "${policy} ${host} ${output}" "${policy} ${host} page"
  done
  reaches "${policy}" -- curl -sS "https://${host}:8443/"
  is "${policy} ${status}" "${policy} 7"
  reaches "${policy}" -- curl -sS https://other.test/
  is "${policy} ${status} $(<"${T}/asked")" "${policy} 6 "
  reaches "${policy}" -- curl -sSk https://203.0.113.10/
  is "${policy} ${status}" "${policy} 7"
  # A registry or gateway of a company is one option, and has a private address only with /private.
  gets "${policy}" --connect other.test:443 -- curl -sS https://other.test/
  reaches "${policy}" --connect host.inside:443 -- curl -sS https://host.inside/
  is "${policy} ${status}" "${policy} 6"
  gets "${policy}" --connect host.inside:443/private -- curl -sS https://host.inside/
  is "${output}" page
}

work_online() {
  own mkdir -p "${HOME}/.claude" "${HOME}/.codex" "${HOME}"/{.config,.local/share,.local/state,.cache}/opencode \
    node_modules .venv
  printf '{}\n' | own_file "${HOME}/.claude/settings.json"
  printf '\n' | own_file "${HOME}/.codex/config.toml"
  local policy
  for policy in claude codex opencode build npm-install pip-install cargo go; do reaches_its_services "${policy}"; done
  for policy in code npm-install-offline cargo-offline go-offline make; do
    gets_nothing "${policy}" -- curl -sSk https://203.0.113.10/
    gets_nothing "${policy}" -- curl -sS https://other.test/
  done
  capture in_world curl -sS https://other.test/
  is "${status} ${output}" "0 page"
  capture in_world curl -sSk https://203.0.113.10/
  is "${status} ${output}" "0 page"
}

@test "agents, builds and installs reach the services of their policies, and no other host, port or private address" {
  needs_services
  on_each_wall work_online
}

# answered PORT FILE: a request from outside the sandbox
answered() { curl -sSf -m 5 "http://127.0.0.1:$1/$2"; }

serving() {
  printf 'public\n' | own_file page
  printf 'secret\n' | own_file .env
  own ln -s "${HOME}/secret" link
  local port=$((20000 + RANDOM % 10000))
  "${AS[@]}" env HOME="${HOME}" "${BOX}/${WALL}" -q -p server --bind "${port}" -- python3 -m http.server "${port}" \
    >/dev/null 2>&1 3>&- &
  started_pids+=("$!")
  waits_until answered "${port}" page 2>/dev/null
  fails answered "${port}" .env
  fails answered "${port}" link
  kill "${started_pids[-1]}"
  does_not server --bind "${port}" -- python3 -m http.server "$((port + 1))"
  does_not server --bind "${port}" -- sh -c 'echo x >new'
  does_not server --bind "${port}" -- bash -c "exec 3<>/dev/tcp/127.0.0.1/9"
  [[ ${errors} == *ermission* ]]
  capture own bash -c "exec 3<>/dev/tcp/127.0.0.1/9"
  [[ ${errors} == *refused* ]]
}

@test "server: it serves the directory except secrets on its port, and has no other port, connection or writing" {
  needs_program python3 curl
  needs_abi 4
  on_each_wall serving
}

with_gpu() {
  own ffmpeg -v error -f lavfi -i testsrc=duration=1:size=128x96:rate=10 -c:v mpeg4 in.mov
  does ffmpeg -p gpu -- ffmpeg -v error -nostdin -y -i in.mov out.webm
  does_not gpu --rx "${PROBE}" -- "${PROBE}" create "${PWD}/new"
  does_not gpu --rx "${PROBE}" -- "${PROBE}" read "${HOME}/secret"
  does_not gpu --rx "${PROBE}" -- "${PROBE}" connect 9
}

@test "gpu: added to ffmpeg it is valid and works where there is no GPU" {
  needs_program ffmpeg
  on_each_wall with_gpu
  capture "${BOX}/ll-exec" -p gpu --explain -v
  [[ ${output} == */dev/dri/renderD128* && ${output} == */dev/nvidiactl* && ${output} != *card0* ]]
}
