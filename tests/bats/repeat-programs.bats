load repeat

# sandbox.sh --clock --seed: programs of all kinds write the same bytes in each run, with two at once as well.

GRANTED=(-p base "${SYSTEM[@]}" --ro /proc --ro -/sys --dev /dev/null --ro -/etc/ssl --ro -/dev/urandom --ro -/dev/random)
for folder in /etc/java-* /etc/python3* /etc/perl; do
  if [[ -e ${folder} ]]; then GRANTED+=(--ro "${folder}"); fi
done
REPEATS=(--clock "2000-01-01T00:00:00Z,frozen" --seed 42)
PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin

# The installed programs, in ${programs}: each is a shell script in a granted directory.
write_programs() {
  mkdir -p "${T}/p"
  cd "${T}/p" || return
  write_program date 'date +%s.%N; date -R'
  write_program static '"'"${HELD}"'" bytes; "'"${HELD}"'" tree; "'"${HELD}"'" times'
  # shellcheck disable=SC2016 # the inner shell's
  write_program bash 'exec bash -c '\''echo $RANDOM $RANDOM $$ $SECONDS $EPOCHSECONDS; (echo $BASHPID $RANDOM) & wait; hostname'\'
  write_program awk 'awk "BEGIN { srand(); print rand(), srand() }"'
  write_program mktemp 'mktemp -u; mktemp -u'
  write_program devices 'head -c 20 /dev/urandom | od -An -tx1; head -c 20 /dev/random | od -An -tx1; head -c 1000000 /dev/urandom | cksum'
  write_program openssl 'openssl rand -hex 20; openssl genpkey -algorithm ed25519'
  write_program perl 'perl -e '\''print rand(), " ", time, "\n"; print join(" ", keys %{{map { $_ => 1 } 1 .. 20}}), "\n"'\'
  write_program python3 'python3 -c "
import os, random, uuid, time, tempfile, datetime
print(os.urandom(8), random.random(), uuid.uuid4(), uuid.uuid1().time, id(os), hash(\"a\"), {\"a\", \"b\", \"c\"})
print(time.time(), datetime.datetime.now(), tempfile.mktemp(), os.getpid())
before = time.monotonic(); time.sleep(0.05); print(time.monotonic() - before >= 0.05)
"'
  write_program node 'node -e "
console.log(new Date(), Date.now(), Math.random(), require(\"crypto\").randomUUID(), process.pid);
const before = process.hrtime.bigint();
setTimeout(() => console.log(process.hrtime.bigint() - before >= 49000000n), 50);
"'
  cat >code.c <<'EOF'
#include <stdio.h>
int main(void) { puts(__DATE__ " " __TIME__); }
EOF
  # An archive has timestamps, and an object built with -flto has the name of a temporary file.
  write_program gcc 'gcc -g -flto -o /tmp/code.o -c code.c && cp code.c /tmp/c && tar -C /tmp --mtime=@0 -c code.o | cksum; gcc -o /tmp/code code.c && cksum </tmp/code'
  if command -v javac >/dev/null && write_java; then
    # shellcheck disable=SC2016 # the inner shell's
    write_program java 'java -XX:+UseSerialGC -Xshare:auto -cp . Draw'
  fi
  if command -v go >/dev/null && write_go; then write_program go './draw'; fi
  chmod -R a+rX .
}

write_program() { # NAME TEXT
  printf '#!/bin/sh\n%s\n' "$2" >"$1.sh"
  chmod 755 "$1.sh"
  # A program that does not run without a sandbox, as that user, is skipped.
  if "${AS[@]}" env -C "${T}/p" TMPDIR=/tmp "./$1.sh" >/dev/null 2>&1; then programs+=("$1"); fi
}

write_java() {
  cat >Draw.java <<'EOF'
import java.security.SecureRandom;
import java.util.*;
public class Draw {
  public static void main(String[] arguments) throws Exception {
    byte[] bytes = new byte[8];
    new SecureRandom().nextBytes(bytes);
    System.out.println(new Date() + " " + Arrays.toString(bytes) + " " + UUID.randomUUID());
    System.out.println(System.currentTimeMillis() + " " + ProcessHandle.current().pid());
    long before = System.nanoTime();
    Thread.sleep(50);
    System.out.println(System.nanoTime() - before >= 49000000);
  }
}
EOF
  javac Draw.java 2>/dev/null
}

write_go() {
  cat >draw.go <<'EOF'
package main

import (
	"crypto/rand"
	"fmt"
	"os"
	"time"
)

func main() {
	bytes := make([]byte, 8)
	rand.Read(bytes)
	before := time.Now()
	fmt.Println(bytes, before.Unix(), os.Getpid())
	<-time.After(50 * time.Millisecond)
	fmt.Println(time.Since(before) >= 50*time.Millisecond)
}
EOF
  HOME=${T} GOCACHE=${T}/cache go build -o draw draw.go 2>/dev/null
}

run_program() { # NAME OPTION...
  (cd "${T}/p" && "${BOXED[@]}" "${GRANTED[@]}" --rx . --rx "${BOX}" "${@:2}" -- "./$1.sh" </dev/null 2>&1)
}

# Names the programs with different output. Runs several at once if COUNT is more than 1.
repeats() { # COUNT NAME
  local -i i failed=0
  local -a pids=()
  for ((i = 0; i < $1; i++)); do
    run_program "$2" "${REPEATS[@]}" >"${T}/$2.$i" &
    pids+=("$!")
  done
  for i in "${pids[@]}"; do wait "${i}" || failed=1; done
  if ((failed)); then
    printf '%s failed\n' "$2"
    cat "${T}/$2.0"
    return 1
  fi
  [[ -e ${T}/$2.first ]] || cp "${T}/$2.0" "${T}/$2.first"
  for ((i = 0; i < $1; i++)); do
    diff "${T}/$2.first" "${T}/$2.$i" || { printf '%s differs\n' "$2"; return 1; }
  done
}

@test "programs of all kinds have the same output in two runs, and in two concurrent runs" {
  needs_repeat
  local -a programs=()
  local name
  write_programs
  [[ " ${programs[*]} " == *" date static bash awk mktemp devices "* ]] || { printf '%s\n' "${programs[*]}"; return 1; }
  for name in "${programs[@]}"; do
    repeats 1 "${name}"
    repeats 1 "${name}"
    repeats 2 "${name}"
    grep -q . "${T}/${name}.first"
  done
}

@test "programs of all kinds have the same output in twenty runs, two at a time" {
  needs_time
  needs_repeat
  local -a programs=()
  local name i
  write_programs
  for ((i = 0; i < 10; i++)); do
    for name in "${programs[@]}"; do repeats 2 "${name}"; done
  done
}

@test "output differs with another seed, and without ll-repeat" {
  needs_repeat
  local -a programs=()
  local name
  write_programs
  for name in "${programs[@]}"; do
    case ${name} in date | gcc | awk | bash) continue ;; esac
    run_program "${name}" --clock 2000-01-01,frozen --seed 42 >"${T}/first"
    run_program "${name}" --clock 2000-01-01,frozen --seed 43 >"${T}/other"
    run_program "${name}" --clock 2000-01-01,frozen >"${T}/none"
    ! cmp -s "${T}/first" "${T}/other" || { printf '%s\n' "${name}"; return 1; }
    ! cmp -s "${T}/first" "${T}/none" || { printf '%s\n' "${name}"; return 1; }
  done
}

@test "with a running clock each program sees the date, and its timers expire" {
  needs_repeat
  local -a programs=()
  local name
  write_programs
  REPEATS=(--clock 2000-01-01T00:00:00Z --seed 42)
  for name in "${programs[@]}"; do
    case ${name} in date | static | python3 | node | java | go) ;; *) continue ;; esac
    run_program "${name}" "${REPEATS[@]}" >"${T}/out"
    grep -qE '2000-01-01|9466848[0-5][0-9]|Jan  ?1 .*2000|01 Jan 2000' "${T}/out" || { printf '%s\n' "${name}"; cat "${T}/out"; return 1; }
    ! grep -qiE 'false' "${T}/out" || { printf '%s\n' "${name}"; cat "${T}/out"; return 1; }
  done
}

@test "two concurrent programs in one sandbox have the same output in each run" {
  needs_repeat
  local -a programs=()
  write_programs
  # shellcheck disable=SC2016 # the inner shell's
  printf '#!/bin/sh\nfor i in 1 2 3 4; do "%s" tree >/tmp/$i & done; wait; cat /tmp/1 /tmp/2 /tmp/3 /tmp/4\n' "${HELD}" >"${T}/p/four.sh"
  chmod 755 "${T}/p/four.sh"
  repeats 1 four
  repeats 2 four
  repeats 2 four
  is "$(sort -u "${T}/four.first" | wc -l)" 24
}

# ---- with other options of sandbox.sh

@test "the sandbox refuses what is not granted, and tracing, with ll-repeat as without" {
  needs_repeat
  assert_success "${BOXED[@]}" "${REPEATS[@]}" --rx "${BOX}" -- "${HELD}" trace
  [[ ${output} != traced ]]
  assert_success "${AS[@]}" "${HELD}" trace
  is "${output}" traced
  printf 'secret\n' >"${T}/secret"
  fails "${BOXED[@]}" "${REPEATS[@]}" -p base "${SYSTEM[@]}" -- cat "${T}/secret"
  assert_success "${BOXED[@]}" "${REPEATS[@]}" -p base "${SYSTEM[@]}" --ro "${T}/secret" -- cat "${T}/secret"
  assert_success "${BOXED[@]}" "${REPEATS[@]}" -p base "${SYSTEM[@]}" -- sh -c 'hostname 2>/dev/null || cat /proc/sys/kernel/hostname'
  is "${output}" sandbox
}

@test "monotonic clocks start anew inside, and the time of day stays right" {
  needs_repeat
  local major minor
  IFS=. read -r major minor _ < <(uname -r)
  ((major > 6 || (major == 6 && minor >= 3))) || skip "needs Linux 6.3"
  [[ -e /proc/self/timens_offsets ]] || skip "needs time namespaces"
  local up
  up=$(cut -d . -f 1 /proc/uptime)
  ((up > 600)) || skip "needs a machine that has run for a while"
  local -a inside=("${BOXED[@]}" --seed 1 -p base "${SYSTEM[@]}" --ro /proc --rx "${BOX}")
  assert_success "${inside[@]}" -- cut -d . -f 1 /proc/uptime
  ((output < up - 300)) || { printf '%s of %s\n' "${output}" "${up}"; return 1; }
  local line
  assert_success "${inside[@]}" --clock 2000-01-01 -- "${HELD}" times
  while IFS= read -r line; do
    [[ ${line} == bad* ]] || ((${line##* } >= THEN && ${line##* } < THEN + 60)) || { printf '%s\n' "${line}"; return 1; }
  done <<<"${output}"
  assert_success "${inside[@]}" --clock 2000-01-01 -- "${HELD}" waits
  [[ ${output} != *early* && ${output} != *failed* ]]
}

@test "exit status, --timeout and --init work with ll-repeat" {
  needs_repeat
  capture "${BOXED[@]}" "${REPEATS[@]}" -p base "${SYSTEM[@]}" -- sh -c 'exit 7'
  is "${status} ${errors}" "7 "
  capture "${BOXED[@]}" "${REPEATS[@]}" --init -p base "${SYSTEM[@]}" -- sh -c 'kill -TERM $$'
  is "${status} ${errors}" "143 "
  capture "${BOXED[@]}" "${REPEATS[@]}" --timeout 300ms -p base "${SYSTEM[@]}" -- sleep 1000
  is "${status} ${errors}" "124 "
  assert_success as_user_and_root assert_success "${BOXED[@]}" "${REPEATS[@]}" -p base "${SYSTEM[@]}" -- true
}

@test "hosts, ll-trace and --explain are refused with ll-repeat: exit status 125 and a message" {
  needs_repeat
  refuses_both "sandbox.sh: argument 5: a policy with hosts excludes --clock and --seed: what hosts send is not reproducible" \
    -p base --connect example.com:443 --clock 2000-01-01
  refuses_both "sandbox.sh: argument 1: --explain runs nothing: leave out --clock and --seed" --clock 2000-01-01 --explain
  cp "${BOX}/ll-exec" "${T}/ll-trace"
  refuses_both "sandbox.sh: argument 1: --clock and --seed need ll-exec as the launcher, not ${T}/ll-trace" \
    --seed 1 --loader "${T}/ll-trace"
  refuses_both "sandbox.sh: argument 2: '2000-13-01' is not a time" --clock 2000-13-01
  refuses_both "sandbox.sh: argument 2: '-' is not a number" --seed -
}

refuses_both() { # MESSAGE OPTION...
  capture "${BOXED[@]}" "${@:2}" -- touch "${T}/ran"
  is "${status} ${errors%%$'\n'*}" "125 $1"
  [[ ! -e ${T}/ran ]]
}

@test "without ll-repeat beside sandbox.sh, nothing runs" {
  needs_repeat
  mkdir "${T}/box"
  cp -r "${BOX}"/{sandbox.sh,ll-ns,ll-exec,policies} "${T}/box/"
  chmod 755 "${T}/box"
  capture "${AS[@]}" "${T}/box/sandbox.sh" --seed 1 -p base "${SYSTEM[@]}" -- true
  is "${status}" 125
  assert_stderr "cannot start ${T}/box/ll-repeat: ENOENT"
  assert_success "${AS[@]}" "${T}/box/sandbox.sh" -p base "${SYSTEM[@]}" -- true
}
