load sandbox
load examples
load readme

# Tasks done with the commands in README and nothing else.

teardown() {
  if [[ -n ${started_pid:-} ]]; then kill -KILL "${started_pid}" 2>/dev/null || true; fi
  cd / || return
  rm -rf "${T}"
}

line_of() { sed -n "$1p" <<<"$2"; } # NUMBER TEXT

# Starts servers on two loopback ports, ${port} and ${other}.
start_servers() {
  needs_program /usr/bin/python3 curl
  start /usr/bin/python3 "${BATS_TEST_DIRNAME}/loopback.py"
  read -r port other <<<"${started}"
}

# The same, and nobody listens there any more.
free_ports() {
  start_servers
  kill -KILL "${started_pid}"
  waits_until has_ended "${started_pid}"
}

prepare_source() {
  mkdir letters answers
  printf 'hello\n' | tee letters/first beside >/dev/null
  cat >copy.c <<'SOURCE'
#include <stdio.h>
int main(int argc, char **argv) {
  if (argc != 3) return 2;
  FILE *from = fopen(argv[1], "r");
  FILE *to = from != NULL ? fopen(argv[2], "w") : NULL;
  if (to == NULL) return perror("copy"), 1;
  for (int c; (c = fgetc(from)) != EOF;) fputc(c, to);
  return fclose(to) != 0;
}
SOURCE
  give_to_user
}

@test "commands of README build a C source without network, and run it with one directory readable and one writable" {
  needs_program gcc
  prepare_task
  prepare_source
  run_script 'gcc -static -o copy copy.c && rm copy' >/dev/null || skip "gcc links no static program here"
  start_servers
  local text build run
  text=$(task quick-start)
  build=$(fill "$(line_of 1 "${text}")" prog copy)
  run=$(fill "$(line_of 2 "${text}")" prog copy '--ro in' '--ro letters' '--rw out' '--rw answers' in/data letters/first out/result answers/first)

  script_works "${build}"
  refused_in_sandbox "${build}" "bash -c ': </dev/tcp/127.0.0.1/${port}'"
  script_works "${run}"
  is "$(<answers/first)" hello
  is "$(LC_ALL=C ldd copy 2>&1 | sed 's/^[[:blank:]]*//')" "not a dynamic executable"
  refused_in_sandbox "${run}" "./copy beside answers/second"
  refused_in_sandbox "${run}" "./copy letters/first letters/second"
  refused_in_sandbox "${run}" "./copy letters/first beside"
}

@test "the ll-mcp configuration of README reports a refusal, and adding the reported line grants the access" {
  needs_program /usr/bin/python3 jq
  [[ -x ${LL_BUILT}/ll-mcp ]] || skip 'it was built without the tools'
  prepare_task
  "${LL_BUILT}/ll-trace" --rx "${PROBE}" -- "${PROBE}" pid >/dev/null 2>&1 || skip "needs ptrace"
  mkdir project
  printf 'not here\n' >notes
  fill "$(task mcp-server)" PROJECT "${T}/work/project" >server.json
  fill "$(task mcp-call)" FILE "${T}/work/notes" >call.json
  fill "$(<server.json)" '"--rw"' "\"--ro\", \"${T}/work/notes\", \"--rw\"" >granted.json
  install -m 755 "${BATS_TEST_DIRNAME}/mcp-call.py" "${T}/mcp-call.py"
  give_to_user

  script_works "/usr/bin/python3 ${T}/mcp-call.py server.json call.json"
  is "$(jq -r '[.exit_code, (.refusals | length), .refusals[0].layer, .refusals[0].what, .refusals[0].line] | join(" ")' <<<"${output}")" \
    "1 1 Landlock read_file ro ${T}/work/notes"
  script_works "/usr/bin/python3 ${T}/mcp-call.py granted.json call.json"
  is "$(jq -r '.stdout' <<<"${output}")" "not here"
}

# Sets ${learn} and ${run}: README's two commands, with these in place of its own.
learning() { # FIRST-COMMAND SECOND-COMMAND
  local text
  "${LL_BUILT}/ll-trace" --rx "${PROBE}" -- "${PROBE}" pid >/dev/null 2>&1 || skip "needs ptrace"
  text=$(task learn)
  learn="cd one && $(fill "$(line_of 1 "${text}")" './tool list.txt' "$1" ./tool.policy ../learned.policy)"
  run="cd two && $(fill "$(line_of 2 "${text}")" './tool list.txt' "$2" ./tool.policy ../learned.policy)"
  run=${run%%  *} # without the comment
}

# Two directories, for each what make_input prints of its name, and what no policy learnt in one of them grants.
prepare_learning() {
  local folder
  prepare_task
  mkdir one two
  for folder in one two; do make_input "${folder}" >"${folder}/${folder}"; done
  make_input none >"${T}/none"
  give_to_user
}

@test "the command of README learns a policy for jq that works in another directory" {
  needs_program /usr/bin/jq
  make_input() { printf '{"name": "%s"}\n' "$1"; }
  prepare_learning
  learning '/usr/bin/jq -r .name one' '/usr/bin/jq -r .name two'
  script_works "${learn}"
  script_works "${run}"
  is "${output}" two
  refused_in_sandbox "${run}" "/usr/bin/jq -r .name ${T}/none"
}

@test "the command of README learns a policy for xsltproc that works in another directory" {
  needs_program xsltproc
  make_input() { printf '<a><name>%s</name></a>\n' "$1"; }
  prepare_learning
  cat >one/names.xsl <<'SHEET'
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="text"/>
  <xsl:template match="/"><xsl:value-of select="a/name"/></xsl:template>
</xsl:stylesheet>
SHEET
  cp one/names.xsl two/
  learning 'xsltproc -o result names.xsl one' 'xsltproc -o result names.xsl two'
  script_works "${learn}"
  script_works "${run}"
  is "$(<two/result)" two
  refused_in_sandbox "${run}" "xsltproc -o result names.xsl ${T}/none"
}

@test "the command of README learns a policy for exiftool that works in another directory" {
  needs_program exiftool /usr/bin/python3
  # A picture of one pixel.
  make_input() {
    /usr/bin/python3 -c 'import struct, sys, zlib
def chunk(kind, data): return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
sys.stdout.buffer.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", 1, 1, 8, 0, 0, 0, 0))
  + chunk(b"IDAT", zlib.compress(bytes(2))) + chunk(b"IEND", b""))'
  }
  prepare_learning
  learning 'exiftool -q -Comment=first one' 'exiftool -q -Comment=second two'
  script_works "${learn}"
  script_works "${run}"
  is "$(exiftool -s3 -Comment two/two)" second
  refused_in_sandbox "${run}" "exiftool -s3 -ImageWidth ${T}/none"
}

# answers_redis FOLDER: the server there is told to keep a name, and to end.
answers_redis() {
  waits_until redis-cli -p "${port}" set name "$1" >/dev/null 2>&1
  redis-cli -p "${port}" shutdown save
}

@test "the command of README learns a policy for redis-server that works in another directory" {
  needs_program redis-server redis-cli
  needs_abi 4
  make_input() { printf '%s\n' "$1"; }
  prepare_learning
  free_ports
  local server="redis-server --port ${port} --bind 127.0.0.1 --dir ."
  learning "${server}" "${server}"

  begin run_script "${learn}"
  answers_redis first
  # It is started again, under what was written.
  waits_until grep -q 'is written' "${T}/started"
  answers_redis one
  ends_with 0
  begin run_script "${run}"
  answers_redis two
  ends_with 0
  grep -q two two/dump.rdb
  # Another port than the one that it listened on.
  run=${run/"${port}"/"${other}"} port=${other}
  begin run_script "cd two && redis-server ${run##*redis-server }"
  answers_redis bare
  ends_with 0
  script_fails "${run}"
  [[ ${output} == *'Permission denied'* ]]
}

@test "the command of README grants one loopback port, and no other port or address" {
  needs_abi 4
  prepare_task
  give_to_user
  start_servers
  local line name
  line=$(fill "$(task loopback-port)" 8080 "${port}")
  script_works 'll-exec -q --rx / --connect 127.0.0.1:9 -- true'
  script_works "${line}"
  [[ ${output} == *here* ]]
  for name in "127.0.0.1:${other}" "127.0.0.2:${port}"; do
    refused_in_sandbox "${line}" "curl -sS --noproxy '*' http://${name}/"
    [[ ${output} == *"connect to"* ]]
  done
}
