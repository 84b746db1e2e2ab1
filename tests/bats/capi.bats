#!/usr/bin/env bats
# libllexec: exported symbols, policies, JSON, messages with locations, commands.
load helpers
load capi

setup_file() { build_capi; }

# The options that a shell needs.
readonly -a SHELL_OPTIONS=(--rx=/usr --rx=-/bin --rx=-/lib --rx=-/lib64 --ro=-/etc/ld.so.cache)

spawn() { timeout -s KILL 60 "${CAPI}/spawn" "$@"; }

@test "the library exports only ll_* symbols of one version, and needs only libc" {
  needs_capi
  needs_program nm readelf
  is "$(nm -D --defined-only --format=posix "${CAPI}/libllexec.so.1" | awk '$2 != "A" { print $1 }' | sort | xargs)" \
    "ll_free@@LLEXEC_1 ll_policy_free@@LLEXEC_1 ll_policy_json@@LLEXEC_1 ll_policy_new@@LLEXEC_1 ll_restrict_self@@LLEXEC_1 ll_spawn@@LLEXEC_1 ll_version@@LLEXEC_1"
  # The dynamic linker belongs to libc.
  is "$(readelf -d "${CAPI}/libllexec.so.1" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | grep -vE '^(libc|ld-linux-.*|libdl)\.so' || true)" ""
  is "$(readelf -d "${CAPI}/libllexec.so.1" | grep -c TEXTREL || true)" 0
}

@test "the static library has only ll_* symbols, and links with the flags of llexec.pc" {
  needs_capi
  needs_program nm pkg-config make
  [[ -e ${LL_BUILT}/libllexec.a ]] || skip 'needs libllexec.a'
  is "$(nm -g --defined-only --format=posix "${LL_BUILT}/libllexec.a" | awk 'NF > 1 { print $1 }' | sort | xargs)" \
    "ll_free ll_policy_free ll_policy_json ll_policy_new ll_restrict_self ll_spawn ll_version"
  mkdir -p prefix/{lib/pkgconfig,include}
  cp "${LL_BUILT}/libllexec.a" prefix/lib/
  cp "${LL_BUILT}/library/llexec.pc" prefix/lib/pkgconfig/
  cp "${ROOT}/lib/include/llexec.h" prefix/include/
  export PKG_CONFIG_PATH=${T}/prefix/lib/pkgconfig
  # shellcheck disable=SC2046 # words
  cc -o spawn "${ROOT}/tests/capi/spawn.c" $(pkg-config --define-prefix --static --cflags --libs llexec)
  assert_success ./spawn "${SHELL_OPTIONS[@]}" -- sh -c 'echo in'
  is "${output}" in
}

@test "the library uses little thread-local memory" {
  needs_capi
  needs_program readelf
  local size
  size=$(readelf -lW "${CAPI}/libllexec.so.1" | awk '$1 == "TLS" { print $6 }')
  ((size <= 256))
}

@test "the library explains every policy byte for byte as ll-exec does" {
  needs_capi
  local file name
  for file in "${CAPI}"/policies/*.policy; do
    name=${file##*/}
    name=${name%.policy}
    # Except the process ID.
    capture as_user "${CAPI}/ll-exec" -q -p "${name}" --explain --json
    printf '%s %s %s' "${status}" "${output}" "${errors}" | sed 's:/proc/[0-9]*:/proc/PID:g' >wanted
    capture as_user "${CAPI}/spawn" -q -p "${name}" --ask explain
    printf '%s %s %s' "${status}" "${output}" "${errors}" | sed 's:/proc/[0-9]*:/proc/PID:g' >got
    cmp wanted got
  done
}

@test "a command has what the policy grants, and nothing else" {
  needs_capi
  printf 'granted\n' >in
  printf 'secret\n' >secret
  assert_success spawn "${SHELL_OPTIONS[@]}" --ro="${T}/in" -- cat in
  is "${output}" granted
  assert_success cat secret
  ! spawn "${SHELL_OPTIONS[@]}" --ro="${T}/in" -- cat secret
  capture spawn "${SHELL_OPTIONS[@]}" -- sh -c 'exit 7'
  is "${status}" 7
}

@test "an error has the message and the location of ll-exec, and nothing runs" {
  needs_capi
  local -a wrong=(--connect=99999 --ro=/nonexistent --frob=1 --ro --use=nosuch '--env=' --limit=x=1 --cap=chown,x --fd=900)
  local one
  policy bad.policy 'ro /usr' '  connect 99999'
  for one in "${wrong[@]}" --policy=./bad.policy; do
    capture "${LL_EXEC}" -q "${SHELL_OPTIONS[@]}" "${one}" -- touch ran
    local wanted="${status} ${errors}"
    ((status == 125))
    capture spawn -q "${SHELL_OPTIONS[@]}" "${one}" -- touch ran
    # The search path of policies and the way to pass descriptors differ.
    if [[ ${one} != --use=* && ${one} != --fd=* ]]; then is "${status} ${errors}" "${wanted}"; fi
    is "${status}" 125
    [[ ! -e ran ]]
  done
  LL_PLACE=${T}/place capture spawn --policy=./bad.policy -- true
  is "$(<place)" "./bad.policy 2 11"
  LL_PLACE=${T}/place2 capture spawn --ro=/usr --connect=99999 -- true
  is "$(<place2)" "argument 2 0"
}

@test "statuses and messages for commands that cannot be run are those of ll-exec" {
  needs_capi
  local command
  printf 'no program\n' >text
  for command in nosuch ./nosuch ./text /etc "${T}/text"; do
    capture "${LL_EXEC}" -q "${SHELL_OPTIONS[@]}" -- "${command}"
    local wanted="${status} ${errors}"
    capture spawn -q "${SHELL_OPTIONS[@]}" -- "${command}"
    is "${status} ${errors}" "${wanted}"
  done
}

@test "the policy text is read at -p - or after the options, and messages call it 'policy text'" {
  needs_capi
  LL_TEXT=$'rx /usr\nrx -/bin -/lib -/lib64\n' assert_success spawn -- true
  LL_TEXT=$'rx /usr\nrx -/bin -/lib -/lib64\n' assert_success spawn -p - --limit=core=0 -- true
  LL_TEXT=$'rx /usr\nwrong\n' capture spawn -- true
  is "${status} ${errors%%$'\n'*}" "125 ll-exec: policy text:2:1: unknown directive 'wrong'"
  capture spawn -p - -- true
  is "${status}" 125
}

@test "warnings and reasons are returned as JSON" {
  needs_capi
  needs_program python3
  mkdir work
  policy work/mine.policy "rw ${T}/work" "rx ${SHELL_OPTIONS[0]#*=}"
  assert_success spawn -p work/mine.policy --ask warnings
  python3 -c 'import json, sys; one, = json.loads(sys.argv[1]); assert "can rewrite its policy" in one["text"] and one["line"] == 1, one' "${output}"
  assert_success spawn --ro="${T}/work" --ask "why read_file ${T}/work/mine.policy"
  python3 -c 'import json, sys; assert json.loads(sys.argv[1])["granted"] is True' "${output}"
  assert_success spawn --ro="${T}/work" --ask "why write_file ${T}/work/mine.policy"
  python3 -c 'import json, sys; assert json.loads(sys.argv[1])["granted"] is False' "${output}"
}

# Starts a server on loopback: ${server} is its process, ${port} its port.
serve() {
  python3 -u -c 'import socket, sys
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1])
while True: listener.accept()[0].close()' >port 3>&- &
  server=$!
  until [[ -s port ]]; do sleep 0.01; done
  port=$(<port)
}

@test "a policy with hosts starts the command under ll-net, and fails without ll-net" {
  needs_capi
  needs_abi 4
  needs_program python3 bash
  local server port
  serve
  # shellcheck disable=SC2016 # the inner shell's
  local -a reach=(bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0" && exit 7')
  capture spawn "${SHELL_OPTIONS[@]}" --connect="127.0.0.1:${port}" -- "${reach[@]}" "${port}"
  is "${status} ${errors}" "7 "
  capture spawn "${SHELL_OPTIONS[@]}" --connect=127.0.0.1:9 -- "${reach[@]}" "${port}"
  is "${status}" 1
  [[ ${errors} == *'Permission denied'* ]]
  kill "${server}"
  capture spawn "${SHELL_OPTIONS[@]}" --connect=127.0.0.1:9 -- /nowhere/to/be/found
  is "${status}" 127
  [[ ${errors} == *"'/nowhere/to/be/found' is not found"* ]]
  capture spawn --restrict "${SHELL_OPTIONS[@]}" --connect=127.0.0.1:9 -- touch "${T}/ran"
  is "${status}" 125
  mv "${CAPI}/ll-net" "${CAPI}/not-there"
  capture spawn "${SHELL_OPTIONS[@]}" --rw="${T}" --connect=127.0.0.1:9 -- touch "${T}/ran"
  mv "${CAPI}/not-there" "${CAPI}/ll-net"
  is "${status}" 125
  [[ ${errors} == *'cannot start the supervisor'* ]]
  [[ ! -e ran ]]
  assert_success spawn "${SHELL_OPTIONS[@]}" --rw="${T}" --connect=127.0.0.1:9 -- touch "${T}/ran"
  [[ -e ran ]]
}

@test "the variable PID is the command's process ID, not the caller's" {
  needs_capi
  # shellcheck disable=SC2016 # the policy's and the command's
  {
    export LL_TEXT=$'ro /proc/$PID\n'
    assert_success spawn "${SHELL_OPTIONS[@]}" -- sh -c 'read -r name </proc/$$/comm; echo "${name}"'
    is "${output}" sh
    assert_success sh -c 'read -r name </proc/$PPID/comm'
    ! spawn "${SHELL_OPTIONS[@]}" -- sh -c 'read -r name </proc/$PPID/comm'
  }
}

@test "after ll_restrict_self the process can do what the policy grants, and nothing else" {
  needs_capi
  printf 'secret\n' >secret
  assert_success spawn --restrict "${SHELL_OPTIONS[@]}" -- sh -c 'echo in'
  is "${output}" in
  assert_success cat secret
  ! spawn --restrict "${SHELL_OPTIONS[@]}" -- cat secret
}

# escapes [OPTION]: the probes by ll_spawn, or after ll_restrict_self; prints unexpected escapes.
escapes() {
  [[ -x ${LL_BUILT}/tests/escapes/escape-probe ]] || skip 'needs escape-probe'
  printf '#!/bin/sh\nexec %q %s "$@"\n' "${CAPI}/spawn" "$*" >ll-exec
  chmod 755 ll-exec
  capture env LL_EXEC="${T}/ll-exec" LL_NS="${LL_BUILT}/ll-ns" ESCAPES_BIN="${LL_BUILT}/tests/escapes" \
    "${ROOT}/tests/escapes/run.sh" --tool ll-exec
  grep -qE '[1-9][0-9]* passed' <<<"${output}"
  sed -n 's/ .*<-.*//p' <<<"${output}"
}

@test "escape probes run by ll_spawn have the same results as under ll-exec" {
  needs_capi
  needs_time
  is "$(escapes)" ""
}

@test "escape probes after ll_restrict_self have the results of ll-exec, but for inherited descriptors" {
  needs_capi
  needs_time
  is "$(escapes --restrict | grep -v '^inherited-' || true)" ""
}

@test "the bats tests of ll-exec's messages and grants pass with the library" {
  needs_capi
  needs_time
  local -a files=("${ROOT}"/tests/bats/{input,input-file,files,deny,calls,network,links}.bats)
  capture env LL_BUILT="${LL_BUILT}" LL_EXEC="${CAPI}/spawn" bats "${files[@]}"
  # These run ll-exec itself, or test what it prints at its start; the variable PID is the first process there.
  local -a known=('the variable PID is the process ID' '--why ' '--list ' 'one warning names a directory in which nothing can be created'
    'syscall action log allows calls' 'a UDP socket as standard input' 'with single ports in bind')
  printf '%s\n' "${known[@]}" >known
  is "$(grep '^not ok' <<<"${output}" | grep -vFf known || true)" ""
}
