load helpers

# Everyday programs under the policy `sandbox` and one writable directory: neither layer may prevent their work.

# at_work COMMAND...: sets ${status}, ${output} and ${errors}
at_work() {
  capture "${LL_EXEC}" -q -p "${ROOT}/policies/sandbox.policy" --rwx "${T}" --env HOME="${T}" --chdir "${T}" -- "$@"
}

@test "python3 runs subprocesses with asyncio, and pools of processes and threads" {
  needs_program /usr/bin/python3
  cat >work.py <<'END'
import asyncio, multiprocessing, subprocess, threading

async def talk():
    child = await asyncio.create_subprocess_exec('cat', stdin=-1, stdout=-1)
    return (await child.communicate(b'said'))[0]

def square(x):
    return x * x

if __name__ == '__main__':
    assert asyncio.run(talk()) == b'said'
    with multiprocessing.Pool(2) as pool:
        assert pool.map(square, range(4)) == [0, 1, 4, 9]
    queue = multiprocessing.Queue()
    process = multiprocessing.Process(target=queue.put, args=(7,))
    process.start()
    assert queue.get() == 7
    process.join()
    thread = threading.Thread(target=subprocess.run, args=(['true'],))
    thread.start()
    thread.join()
    print('done')
END
  at_work /usr/bin/python3 work.py
  is "${status} ${output} ${errors}" "0 done "
}

@test "python3 creates a virtual environment" {
  needs_program /usr/bin/python3
  at_work /usr/bin/python3 -m venv --without-pip new
  is "${status} ${errors}" "0 "
  at_work new/bin/python -c 'import sys; print(sys.prefix)'
  is "${status} ${output}" "0 ${T}/new"
}

@test "node runs children with an IPC channel, workers and timers" {
  needs_program node
  cat >parent.js <<'END'
const children = require('child_process');
const { Worker } = require('worker_threads');
if (children.execSync('echo said').toString() !== 'said\n') process.exit(1);
const child = children.fork(`${__dirname}/child.js`);
child.on('message', (message) => {
  child.kill();
  new Worker('setTimeout(() => {}, 1)', { eval: true }).on('exit', () => console.log('done', message));
});
END
  printf 'process.send(42); setInterval(() => {}, 1000);\n' >child.js
  at_work node parent.js
  is "${status} ${output} ${errors}" "0 done 42 "
}

@test "gcc builds with make -j, and the result runs" {
  needs_program gcc make
  local name
  for name in a b c; do printf 'int main(void) { return 0; }\n' >"${name}.c"; done
  printf 'all: a b c\n' >Makefile
  at_work make -s -j2 CC=gcc
  is "${status} ${errors}" "0 "
  at_work ./b
  is "${status}" 0
}

@test "a shell has pipes, here documents, jobs and process substitution" {
  at_work bash -c 'for i in b a; do echo "$i"; done | sort | tr "\n" " "; cat <<<word; (sleep 0.1 &); wait; diff <(echo 1) <(echo 1)'
  is "${status} ${output} ${errors}" "0 a b word "
}

@test "sqlite3 writes a database, and tar and rsync copy a tree" {
  needs_program sqlite3 tar rsync
  at_work sqlite3 base.db 'create table t(a); insert into t values (7); select a from t;'
  is "${status} ${output} ${errors}" "0 7 "
  mkdir tree
  printf 'x\n' >tree/file
  at_work bash -ec 'tar czf t.tgz tree; rsync -a tree/ copy/; rm -r tree; tar xzf t.tgz; cat tree/file copy/file'
  is "${status} ${output} ${errors}" $'0 x\nx '
}

@test "curl reads from a granted local port, and from no other" {
  needs_program curl /usr/bin/python3
  needs_abi 4
  printf 'hello\n' >page
  /usr/bin/python3 -c '
import http.server
server = http.server.HTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
open("port.new", "w").write(str(server.server_port))
import os; os.rename("port.new", "port")
server.serve_forever()' 2>/dev/null &
  started_pid=$!
  local -i patience=$((SECONDS + 30))
  until [[ -s port ]] || ((SECONDS > patience)); do sleep 0.05; done
  local port
  port=$(<port)
  capture "${LL_EXEC}" -q -p "${ROOT}/policies/sandbox.policy" --connect "${port}" -- curl -sS "http://127.0.0.1:${port}/page"
  is "${status} ${output} ${errors}" "0 hello "
  capture "${LL_EXEC}" -q -p "${ROOT}/policies/sandbox.policy" --connect 9 -- curl -sS "http://127.0.0.1:${port}/page"
  is "${status}" 7
  at_work curl -sS "http://127.0.0.1:${port}/page"
  is "${status}" 7
}

@test "imagemagick creates and converts a picture" {
  needs_program /usr/bin/convert
  at_work /usr/bin/convert -size 8x8 xc:red picture.png
  is "${status}" 0
  at_work /usr/bin/convert picture.png picture.jpg
  is "${status}" 0
  [[ -s picture.jpg ]]
}
