load policies-build

scripts_of_python() {
  repository
  printf 'def double(x):\n    return 2 * x\n' | own_file src/module.py
  own_file work.py <<'END'
import asyncio, concurrent.futures, ctypes, hashlib, json, mimetypes, multiprocessing, sqlite3, ssl, sys, threading, zoneinfo
sys.path.insert(0, 'src')
import module
if __name__ == '__main__':
    with multiprocessing.Pool(2) as pool:
        assert pool.map(module.double, [1, 2]) == [2, 4]
    assert asyncio.run(asyncio.sleep(0, 'slept')) == 'slept'
    base = sqlite3.connect('src/base.db')
    base.execute('create table t(a)')
    base.commit()
    json.dump({'sum': hashlib.sha256(b'x').hexdigest()[:4]}, open('src/out.json', 'w'))
    print(mimetypes.guess_type('a.png')[0])
END
  does python -- python3 work.py
  is "${output} ${errors}" "image/png "
  is "$(<src/out.json)" '{"sum": "2d71"}'
  own python3 -m venv --without-pip .venv
  does python -- .venv/bin/python -c 'import sys; print(sys.prefix)'
  is "${output}" "${PWD}/.venv"
  does python -- python3 -c 'import tempfile; print(tempfile.TemporaryFile().write(b"four"))'
  is "${output}" 4
  local managed='import multiprocessing; print(list(multiprocessing.Manager().list([1])))'
  does_not python -- python3 -c "${managed}"
  does python --unix any -- python3 -c "${managed}"
  is "${output}" '[1]'
  own_file fork.py <<'END'
import multiprocessing
if __name__ == '__main__':
    with multiprocessing.get_context('forkserver').Pool(1) as pool:
        print(pool.map(abs, [-1]))
END
  does_not python -- timeout 20 python3 fork.py
  does python --unix any -- python3 fork.py
  is "${output}" '[1]'
  LOGNAME=somebody does python -- python3 -c 'import getpass, pathlib, socket; print(pathlib.Path.home(), getpass.getuser())
socket.getaddrinfo("localhost", 80); open("/proc/self/status").close()'
  is "${output}" "${HOME} somebody"
}

@test "python: a script uses processes, threads, a database and its virtual environment" {
  needs_program python3 git
  on_each_wall scripts_of_python
}

evil_python() {
  repository
  attack evil.sh
  own_file evil.py <<'END'
import os, socket, subprocess
def attempt(act):
    try:
        return act()
    except OSError:
        return None
home = os.environ.get('HOME', os.path.dirname(os.getcwd()) + '/home')
for name in '.git/config', '.vscode/tasks.json', '.git/hooks/pre-commit':
    attempt(lambda: open(name, 'a').write('evil'))
if attempt(lambda: open(home + '/secret').read()):
    open('stolen', 'w').write('x')
attempt(lambda: open(home + '/planted', 'w'))
attempt(lambda: subprocess.run(['/bin/sh', 'evil.sh']))
if attempt(lambda: socket.socket()):
    print('socket')
END
  tries python -- python3 evil.py
  is "${output}" ""
  harmless
  harmful python3 evil.py
}

@test "python: a script cannot read secrets, change hooks, start a shell or use the network" {
  needs_program python3 git
  on_each_wall evil_python
}

scripts_of_node() {
  repository
  own mkdir -p node_modules/dep
  printf 'module.exports = (x) => 2 * x;\n' | own_file node_modules/dep/index.js
  own_file work.js <<'END'
const fs = require('fs'), crypto = require('crypto'), zlib = require('zlib'), double = require('dep');
const { Worker } = require('worker_threads');
fs.writeFileSync('src/out.gz', zlib.gzipSync(crypto.createHash('sha256').update('x').digest()));
new Worker('require("worker_threads").parentPort.postMessage(1)', { eval: true })
  .on('message', (got) => fs.promises.readFile('src/out.gz').then((data) => console.log(double(got), data.length > 0)));
END
  does node -- node work.js
  is "${output} ${errors}" "2 true "
  printf 'export default 1;\n' | own_file src/one.mjs
  does node -- node --input-type=module -e 'import one from "./src/one.mjs"; console.log(one, new Intl.DateTimeFormat("de").format(0))'
  is "${output}" "1 1.1.1970"
  does node -- node -e 'const fs = require("fs"); fs.rmdirSync(fs.mkdtempSync(require("os").tmpdir() + "/ll-"));
    console.log(process.memoryUsage().rss > 0)'
  is "${output}" true
  does node -- node -e 'console.log(require("os").homedir()); require("dns").lookup("localhost", (error) => console.log(error))'
  is "${output}" "${HOME}"$'\nnull'
  # A process that node starts queries its memory use.
  printf 'console.log(process.memoryUsage().rss > 0);\n' | own_file src/memory.js
  local policy
  for policy in code sandbox make; do
    does "${policy}" --ro . -- node -e 'require("child_process").fork("src/memory.js")'
    is "${output}" true
  done
  does node -p proc -- node -e 'require("child_process").fork("src/memory.js")'
  is "${output}" true
}

@test "node: a script uses modules, workers, files and locales" {
  needs_program node git
  on_each_wall scripts_of_node
}

evil_node() {
  repository
  attack evil.sh
  own_file evil.js <<'END'
const fs = require('fs'), child = require('child_process');
const home = process.env.HOME || require('path').resolve('../home');
const attempt = (act) => { try { return act(); } catch { return undefined; } };
for (const name of ['.git/config', '.vscode/tasks.json', '.git/hooks/pre-commit']) attempt(() => fs.appendFileSync(name, 'evil'));
if (attempt(() => fs.readFileSync(home + '/secret'))) fs.writeFileSync('stolen', 'x');
attempt(() => fs.writeFileSync(home + '/planted', 'x'));
attempt(() => child.execFileSync('/bin/sh', ['evil.sh']));
const server = require('net').connect(9, '127.0.0.1');
server.on('error', (error) => console.log(error.code));
END
  tries node -- node evil.js
  [[ ${output} != *ECONNREFUSED* ]]
  harmless
  capture own node evil.js
  is "${output}" ECONNREFUSED
  harmful node evil.js
}

@test "node: a script cannot read secrets, change hooks, start a shell or use the network" {
  needs_program node git
  on_each_wall evil_node
}

sorts_by_sqlite() {
  own_file sort.py <<'END'
import sqlite3
base = sqlite3.connect("base.db")
base.execute("create table if not exists t(a)")
base.executemany("insert into t values(?)", [("x" * 500,)] * 20000)
base.commit()
base.execute("vacuum")
print(len(base.execute("select a from t order by a || random() limit 5").fetchall()))
END
  local policy
  for policy in agent make python sandbox; do
    rm -f base.db
    does "${policy}" --rw . -- /usr/bin/python3 sort.py
    is "${output}" 5
    # Control: where SQLite itself would put it.
    if [[ ${WALL} == ll-exec ]]; then does_not "${policy}" --rw . --env SQLITE_TMPDIR=/var/tmp -- /usr/bin/python3 sort.py; fi
  done
}

@test "SQLite writes its temporary files, for sorting and VACUUM, to /tmp" {
  needs_program /usr/bin/python3
  /usr/bin/python3 -c 'import sqlite3' || skip "needs Python's sqlite3"
  on_each_wall sorts_by_sqlite
}
