load helpers

# Answers of ll-mcp to a client that only writes lines, which needs nothing installed.

setup_file() {
  [[ -x ${LL_BUILT}/ll-mcp ]] || skip 'it was built without the tools'
  SERVED=$(mktemp -d "${LL_TMP}/mcp.XXXXXX")
  chmod 755 "${SERVED}"
  install -m 755 "${LL_BUILT}"/{ll-mcp,ll-exec,ll-ns,ll-trace} "${SERVED}/"
  mkdir "${SERVED}/policies"
  install -m 644 "${LL_BUILT}"/policies/*.policy "${SERVED}/policies/"
  export SERVED
}

# calls ARGUMENTS [OPTION...]: sets ${output} to the answer to a call of exec with these arguments (JSON).
calls() {
  local arguments=$1
  shift
  capture exchange "${arguments}" "$@"
}

# Grants the system's programs, and writing to project/.
granted_words() {
  local folder
  words=(-p base --rw project)
  for folder in /usr /bin /sbin /lib /lib64; do
    if [[ -e ${folder} ]]; then words+=(--rx "${folder}"); fi
  done
}

exchange() { # ARGUMENTS [OPTION...]
  local arguments=$1
  shift
  coproc SERVER { as_user "${SERVED}/ll-mcp" "$@" 3>&-; }
  local -i in=${SERVER[1]} out=${SERVER[0]}
  local line
  printf '%s\n' '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}' \
    '{"jsonrpc":"2.0","method":"notifications/initialized"}' \
    '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"exec","arguments":'"${arguments}"'}}' >&"${in}"
  while IFS= read -r line <&"${out}"; do
    if [[ ${line} == *'"id":2'* ]]; then printf '%s\n' "${line}" && break; fi
  done
  exec {in}>&-
  wait "${SERVER_PID}" 2>/dev/null || true
}

@test "an invalid policy or option is reported over the protocol, and nothing runs" {
  mkdir -m 777 project
  granted_words
  policy bad.policy 'bogus line'
  calls '{"command":"touch","args":["project/made"]}' -p ./bad.policy
  [[ ${output} == *"./bad.policy:1:1: unknown directive 'bogus'"*'"isError":true'* ]]
  calls '{"command":"touch","args":["project/made"]}' "${words[@]}" --no-such-option
  [[ ${output} == *"unknown option '--no-such-option'"*'"isError":true'* && ! -e project/made ]]
  calls '{"command":"touch","args":["project/made"]}' "${words[@]}"
  [[ ${output} == *'"isError":false'* && -e project/made ]] || { printf '%s\n' "${output}"; return 1; }
}

@test "a working directory that is not granted is refused with the same message whether or not it exists" {
  mkdir -m 777 project
  granted_words
  mkdir -m 755 project/in project/secret outside
  ln -s ../outside project/link
  ln -s ../nowhere project/dangling
  local place
  for place in outside nowhere project/link project/dangling project/none project/secret project/../outside /root /root/none; do
    calls "{\"command\":\"pwd\",\"cwd\":\"${place}\"}" "${words[@]}" --deny project/secret
    [[ ${place} == /* ]] || place=${T}/${place}
    [[ ${output} == *"\"stdout\":\"\",\"stderr\":\"cwd: cannot start in ${place}: the policy grants no such directory\",\"exit_code\":125"*'"isError":true'* ]] ||
      { printf '%s\n' "${place} ${output}"; return 1; }
  done
  for place in . project project/in project/secret/.. /usr/bin; do
    calls "{\"command\":\"pwd\",\"cwd\":\"${place}\"}" "${words[@]}" --deny project/secret
    [[ ${output} == *'"exit_code":0'* ]] || { printf '%s\n' "${place} ${output}"; return 1; }
  done
}
