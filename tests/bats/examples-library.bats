#!/usr/bin/env bats
# examples/: programs that sandbox themselves or their children, each with a hostile input.
load helpers
load capi

setup_file() { build_capi; }

readonly PYTHON=/usr/bin/python3

example() { # FILE ARGUMENT...
  local file=$1
  shift
  as_user env "PYTHONPATH=${ROOT}/python" "LL_EXEC=${CAPI}/ll-exec" "LL_LIBRARY=${CAPI}/libllexec.so.1" PATH=/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 timeout -s KILL 300 "${PYTHON}" "${ROOT}/examples/python/${file}" "$@"
}

needs_python() {
  needs_capi
  needs_program "${PYTHON}"
}

@test "upload service: 50 uploads run at once, and a hostile one reads no other, is limited and is killed" {
  needs_python
  local i
  mkdir uploads
  for i in {10..58}; do printf 'echo upload %s\n' "${i}" >"uploads/${i}"; done
  # Reads another upload, floods both streams, leaves processes and does not end.
  printf '%s\n' "cat ${T}/uploads/10; sleep 1000 & yes | head -n 500000 >&2; yes | head -n 500000; while :; do :; done" >uploads/99
  chmod -R a+rX uploads
  capture example upload_service.py "${T}/uploads"
  is "${status}" 0
  is "$(grep -c '^[0-9]*: 0 upload' <<<"${output}")" 49
  is "$(grep '^99' <<<"${output}")" "99: took too long"
}

@test "load, then lock down: parsing an input opens no file" {
  needs_python
  printf 'two words\n' >model
  printf 'secret\n' >secret
  printf 'these two words open:%s\n' "${T}/secret" >input
  assert_success cat secret
  example lock_down.py "${T}/model" <input >out
  is "$(<out)" $'2\nPermission denied'
}

@test "planner and executor: a plan from untrusted text acts in one directory only" {
  needs_python
  mkdir out
  chmod 777 out
  printf 'copy good text of it\ncopy ../bad text\ncopy /etc/bad text\nrun rm -rf\n' >inbox
  capture example planner.py "${T}/inbox" "${T}/out"
  is "${output}" $'wrote good\n../bad Permission denied\n/etc/bad Permission denied\n[0, 0]'
  is "$(<out/good)" "text of it"
}

@test "map-reduce runs over 1,000 clones" {
  needs_python
  for ((i = 0; i < 2000; i++)); do printf 'aab '; done >text
  capture example map_reduce.py "${T}/text"
  is "${output}" $'1000 copies, 0 failed\na 4000\nb 2000'
}

@test "asyncio runs 100 commands at once" {
  needs_python
  printf 'secret\n' >secret
  assert_success as_user cat secret
  capture example many.py "${T}/secret"
  is "${output}" $'100 of 100\n0 read it'
}

@test "C: a restricted thread parses input and opens no file" {
  needs_capi
  # shellcheck disable=SC2016 # of the linker
  cc -Wall -Wextra -Werror -I "${ROOT}/lib/include" -o parser "${ROOT}/examples/c/parser_thread.c" -L "${CAPI}" -lllexec -pthread \
    "-Wl,-rpath,${CAPI}"
  printf 'open:%s\n' "${T}/evil" >evil
  assert_success ./parser evil
  is "${output}" $'parser: Permission denied\nmain: opens'
  printf 'abc\n' >good
  assert_success ./parser good
  is "${output}" $'parser: 4 bytes\nmain: opens'
}

@test "Rust: ten lines use the C interface" {
  needs_capi
  needs_program rustc
  HOME=/root capture rustc --version
  ((status == 0)) || skip "rustc does not run here"
  HOME=/root assert_success rustc -A warnings -o rusty "${ROOT}/examples/rust/main.rs" -L "${CAPI}" -l llexec -C "link-arg=-Wl,-rpath,${CAPI}"
  printf 'x\n' >file
  assert_success ./rusty "${T}/file"
  is "${output}" $'before: true\nafter: false'
}

@test "Go: ten lines use the C interface" {
  needs_capi
  needs_program go
  printf 'x\n' >file
  export GOCACHE=${T}/cache GOFLAGS=-mod=mod CGO_ENABLED=1 CGO_CFLAGS="-I${ROOT}/lib/include" CGO_LDFLAGS="-L${CAPI} -Wl,-rpath,${CAPI}"
  assert_success go build -o gopher "${ROOT}/examples/go/main.go"
  assert_success cat file
  capture ./gopher "${T}/file"
  is "${output}" "status 1"
  capture ./gopher /usr/lib/os-release
  is "${output##*$'\n'}" "status 0"
}
