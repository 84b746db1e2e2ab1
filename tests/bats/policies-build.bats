load policies

# Interpreters, package managers and tool chains. What they run comes from strangers: an install script, a package's
# own build, a build script. Nothing is asked of a network but of this machine's.

# Sets ${port}: of a server of the files in DIRECTORY.
serve() { # DIRECTORY
  rm -f "${T}/port"
  python3 - "$1" "${T}/port" <<'END' 2>/dev/null 3>&- &
import functools, http.server, os, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)
with open(sys.argv[2] + '.new', 'w') as file:
    file.write(str(server.server_port))
os.rename(sys.argv[2] + '.new', sys.argv[2])
server.serve_forever()
END
  started_pids+=("$!")
  waits_until test -s "${T}/port"
  port=$(<"${T}/port")
}

# A shell script of what a stranger's code tries. What it gets at is in ${HOME}/planted.
attack() { # FILE
  own_file "$1" <<'END'
cat "$HOME/secret" >stolen 2>/dev/null
echo x >"$HOME/planted"
echo x >>"$HOME/.bashrc"
for file in .git/hooks/pre-commit .git/config .vscode/tasks.json; do echo evil >>"$file"; done
true
END
}

# The job is a repository with what is run outside.
repository() {
  own git init -q .
  own mkdir -p .vscode src
  printf '{}\n' | own_file .vscode/tasks.json
}

# What `attack` tried failed; ${1} says where it was run.
harmless() {
  local file
  not_planted
  for file in .git/config .git/hooks/pre-commit .vscode/tasks.json "${HOME}/.bashrc"; do
    if grep -qs evil "${file}"; then printf '%s was changed\n' "${file}" && return 1; fi
  done
  if [[ -e "${HOME}/.bashrc" ]]; then printf 'there is a .bashrc\n' && return 1; fi
  for file in stolen */stolen */*/stolen; do
    [[ ! -s ${file} ]] || { printf 'read: %s\n' "${file}" && return 1; }
  done
}

# And without a sandbox, it works.
harmful() { # COMMAND...
  own "$@" >/dev/null 2>&1 || true
  planted
  grep -q evil .git/config
  rm -f "${HOME}/planted" "${HOME}/.bashrc"
}

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

@test "python: a script computes in processes and threads, keeps a database and runs in its virtual environment" {
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

@test "python: a script reads no secret, changes no hook, has no shell and no network" {
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
  # A process that node starts asks how much memory it uses.
  printf 'console.log(process.memoryUsage().rss > 0);\n' | own_file src/memory.js
  local policy
  for policy in code sandbox make; do
    does "${policy}" --ro . -- node -e 'require("child_process").fork("src/memory.js")'
    is "${output}" true
  done
  does node -p proc -- node -e 'require("child_process").fork("src/memory.js")'
  is "${output}" true
}

@test "node: a script has modules, workers, files and languages" {
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

@test "node: a script reads no secret, changes no hook, has no shell and no network" {
  needs_program node git
  on_each_wall evil_node
}

# A registry: what npm and pip ask for, as files.
registry_of_npm() {
  rm -rf "${T}/registry" "${T}/package"
  own mkdir -p "${T}/registry" "${T}/package/package"
  printf '%s\n' '{"name": "dep", "version": "1.0.0", "bin": {"dep": "dep.js"}, "scripts": {"postinstall": "sh evil.sh; echo built >built"}}' |
    own_file "${T}/package/package/package.json"
  attack "${T}/package/package/evil.sh"
  # A script of npm's starts in the package's own folder.
  own sed -i 's,for file in,cd "$INIT_CWD"; for file in,' "${T}/package/package/evil.sh"
  printf '#!/usr/bin/env node\nconsole.log("dep runs");\n' | own_file "${T}/package/package/dep.js"
  own tar czf "${T}/registry/dep.tgz" -C "${T}/package" package
  serve "${T}/registry"
  printf '%s\n' "{\"name\": \"dep\", \"dist-tags\": {\"latest\": \"1.0.0\"}, \"versions\": {\"1.0.0\": {\"name\": \"dep\",
    \"version\": \"1.0.0\", \"hasInstallScript\": true, \"bin\": {\"dep\": \"dep.js\"},
    \"dist\": {\"tarball\": \"http://127.0.0.1:${port}/dep.tgz\"}}}}" | own_file "${T}/registry/dep"
}

npm_project() {
  repository
  own mkdir node_modules
  rm -rf "${HOME}/.cache/ll-exec/npm"
  printf '{"name": "app", "version": "1.0.0", "dependencies": {"dep": "1.0.0"}, "scripts": {"start": "dep"}}\n' |
    own_file package.json
  printf '{}\n' | own_file package-lock.json
}

install_with_npm() {
  needs_abi 4
  npm_project
  does npm-install --connect "${port}" --env "npm_config_registry=http://127.0.0.1:${port}" -- npm install --no-audit --no-fund
  is "$(<node_modules/dep/built)" built
  [[ $(<package-lock.json) == *dep.tgz* ]]
  harmless
  does npm-install-offline -- npm run --silent start
  is "${output}" "dep runs"
  does npm-install --connect "${port}" --env "npm_config_registry=http://127.0.0.1:${port}" -- npm ci --ignore-scripts --no-audit --no-fund
  [[ ! -e node_modules/dep/built ]]
  does npm-install-offline -- npm rebuild
  is "$(<node_modules/dep/built)" built
  printf 'TOKEN=secret\n' | own_file .env
  does_not npm-install -- cat .env
  own git config remote.origin.url https://user:token@example.org/x
  does_not npm-install -- cat .git/config
  does npm-install -- cat .git/HEAD
  own grep -q token .git/config
  does npm-install -- cat package.json
  own cat .env >/dev/null
  does npm-install-offline -- npm rebuild
  harmless
  harmful env npm_config_cache="${T}/npm" npm rebuild
}

@test "npm-install: npm installs from a registry, and install scripts harm nothing; npm-install-offline: they run without it" {
  needs_program npm git python3
  registry_of_npm
  on_each_wall install_with_npm
}

# What is installed lies here: no registry.
install_first() {
  repository
  own mkdir -p one/dep other/dep node_modules packages/{a,b}/node_modules
  local each
  for each in one other; do
    printf '{"name": "dep", "version": "%s.0.0"}\n' "${#each}" | own_file "${each}/dep/package.json"
  done
  printf '{"name": "a", "version": "1.0.0", "dependencies": {"dep": "file:../../one/dep"}}\n' | own_file packages/a/package.json
  printf '{"name": "b", "version": "1.0.0", "dependencies": {"dep": "file:../../other/dep"}}\n' | own_file packages/b/package.json
  printf '{"name": "app", "version": "1.0.0", "private": true, "workspaces": ["packages/*"]}\n' | own_file package.json
  local -a folders=(packages/*/node_modules)
  local -a with=("${folders[@]/#/--rwx=}" --env npm_config_offline=true)
  does_not npm-install-offline "${with[@]}" -- npm install --no-audit --no-fund
  own touch package-lock.json
  does npm-install-offline "${with[@]}" -- npm install --no-audit --no-fund
  [[ $(<package-lock.json) == *'"packages/b"'* && -e packages/b/node_modules/dep/package.json ]]
  does npm-install-offline "${with[@]}" -- npm ci --no-audit --no-fund
  [[ -e packages/b/node_modules/dep/package.json ]]
}

@test "npm-install-offline: a first install makes its lock file, and workspaces have modules of their own" {
  needs_program npm git
  on_each_wall install_first
}

package_of_pip() {
  rm -rf "${T}/sdist" "${T}/simple"
  own mkdir -p "${T}/sdist/dep-1.0/dep" "${T}/simple/dep"
  printf '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n' |
    own_file "${T}/sdist/dep-1.0/pyproject.toml"
  # What setup.py is to setuptools, without needing it.
  own_file "${T}/sdist/dep-1.0/backend.py" <<'END'
import os, subprocess, zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    subprocess.run(['sh', 'evil.sh'], stderr=subprocess.DEVNULL)
    name = 'dep-1.0-py3-none-any.whl'
    with zipfile.ZipFile(os.path.join(folder, name), 'w') as wheel:
        wheel.write('dep/__init__.py')
        info = 'dep-1.0.dist-info/'
        wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\nName: dep\nVersion: 1.0\n')
        wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n')
        wheel.writestr(info + 'RECORD', f'dep/__init__.py,,\n{info}METADATA,,\n{info}WHEEL,,\n{info}RECORD,,\n')
    return name
END
  attack "${T}/sdist/dep-1.0/evil.sh"
  own sed -i "s,^for file in,cd '${T}/job'; for file in," "${T}/sdist/dep-1.0/evil.sh"
  printf 'value = 7\n' | own_file "${T}/sdist/dep-1.0/dep/__init__.py"
  printf 'Metadata-Version: 2.1\nName: dep\nVersion: 1.0\n' | own_file "${T}/sdist/dep-1.0/PKG-INFO"
  own tar czf "${T}/simple/dep/dep-1.0.tar.gz" -C "${T}/sdist" dep-1.0
  printf '<a href="dep-1.0.tar.gz">dep-1.0.tar.gz</a>\n' | own_file "${T}/simple/dep/index.html"
  serve "${T}"
}

install_with_pip() {
  needs_abi 4
  repository
  # As python3 -m venv does, which some distributions package apart.
  own python3 -m venv --system-site-packages --without-pip .venv
  local -a from=(--connect "${port}" --env "PIP_INDEX_URL=http://127.0.0.1:${port}/simple")
  does pip-install "${from[@]}" -- .venv/bin/python -m pip install dep
  does pip-install -- .venv/bin/python -c 'import dep; print(dep.value)'
  is "${output}" 7
  harmless
  printf 'TOKEN=secret\n' | own_file .env
  does_not pip-install -- cat .env
  own git config remote.origin.url https://user:token@example.org/x
  does_not pip-install -- cat .git/config
  own grep -q token .git/config
  does pip-install -- ls .git
  # An archive that lies here: pip asks what type of file it is.
  own cp "${T}/simple/dep/dep-1.0.tar.gz" .
  does pip-install -- .venv/bin/python -m pip install --no-index --force-reinstall ./dep-1.0.tar.gz
  own cat .env >/dev/null
  does pip-install -- .venv/bin/python -m pip uninstall -y dep
  harmful env PIP_INDEX_URL="http://127.0.0.1:${port}/simple" .venv/bin/python -m pip install --no-cache-dir dep
}

@test "pip-install: pip builds and installs from an index, and what builds a package harms nothing" {
  needs_program python3 git
  python3 -c 'import pip' || skip "needs pip"
  package_of_pip
  on_each_wall install_with_pip
}

build_with_make() {
  repository
  printf '#include "made.h"\nint main(void) { return MADE; }\n' | own_file src/main.c
  own_file Makefile <<'END'
OUT = out
all: $(OUT)/tool $(OUT)/tool++
$(OUT)/made.h:
	mkdir -p $(OUT) && echo '#define MADE 0' >$@.new && mv $@.new $@
$(OUT)/tool: src/main.c $(OUT)/made.h
	$(CC) -I$(OUT) -o $@ $<
$(OUT)/tool++: src/main.c $(OUT)/made.h
	$(CXX) -x c++ -O1 -pipe -I$(OUT) -o $@ $<
check: all
	$(OUT)/tool && echo passed
clean:
	rm -rf $(OUT)/*
END
  own mkdir out
  does make -- make -s -j2 check
  is "${output}" passed
  does make -- make -s clean
}

@test "make: recipes compile, run what they made and clean up" {
  needs_program make gcc g++ git
  on_each_wall build_with_make
}

evil_make() {
  repository
  attack evil.sh
  printf 'all:\n\tHOME=%s sh evil.sh; exec 3<>/dev/tcp/127.0.0.1/9 || echo closed\nSHELL=/bin/bash\n' "${HOME}" |
    own_file Makefile
  tries make -- make -s
  [[ ${output} == *closed* && ${errors} != *refused* ]]
  harmless
  capture own make -s
  [[ ${errors} == *refused* ]]
  harmful make -s
}

@test "make: a recipe reads no secret, changes no hook and has no network" {
  needs_program make git
  on_each_wall evil_make
}

go_module() {
  repository
  own mkdir -p dep app
  printf 'module example.org/dep\n' | own_file dep/go.mod
  printf 'package dep\n\nfunc Double(x int) int { return 2 * x }\n' | own_file dep/dep.go
  printf 'module example.org/app\n\nrequire example.org/dep v0.0.0\n\nreplace example.org/dep => ../dep\n' |
    own_file app/go.mod
  own_file app/main.go <<'END'
package main

// static int one(void) { return 1; }
import "C"
import (
	"fmt"
	"example.org/dep"
)

//go:generate sh ../evil.sh
func main() { fmt.Println(dep.Double(int(C.one()))) }
END
  printf 'package main\n\nimport "testing"\n\nfunc TestOne(t *testing.T) {}\n' | own_file app/main_test.go
  attack evil.sh
  own sed -i 's,^for file in,cd ..; for file in,' evil.sh
}

build_with_go() {
  go_module
  does go --chdir app -- go build -o tool
  does go -- app/tool
  is "${output}" 2
  does go --chdir app -- go test ./...
  does go --chdir app -- go vet
  does go --chdir app -- go generate
  harmless
  harmful env GOCACHE="${T}/gocache" sh -c 'cd app && go generate'
}

@test "go: a module with cgo is built, run and tested, and what go generate runs harms nothing" {
  needs_program go gcc git
  on_each_wall build_with_go
}

crate() {
  repository
  own mkdir -p dep/src src
  printf '[package]\nname = "dep"\nversion = "0.1.0"\nedition = "2018"\n' | own_file dep/Cargo.toml
  printf 'pub fn double(x: i32) -> i32 { 2 * x }\n' | own_file dep/src/lib.rs
  printf '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2018"\n\n[dependencies]\ndep = { path = "dep" }\n' |
    own_file Cargo.toml
  printf 'fn main() { println!("{}", dep::double(1)); }\n#[test]\nfn one() {}\n' | own_file src/main.rs
  printf 'fn main() { std::process::Command::new("sh").arg("evil.sh").status().unwrap(); }\n' | own_file build.rs
  attack evil.sh
  printf '# This file is automatically @generated by Cargo.\nversion = 3\n' | own_file Cargo.lock
  own mkdir target
}

build_with_cargo() {
  crate
  does cargo -- cargo build -q --offline
  harmless
  does cargo -- target/debug/app
  is "${output}" 2
  does cargo -- cargo test -q --offline
  harmful env CARGO_HOME="${T}/cargo" cargo build -q --offline --target-dir "${T}/target"
}

@test "cargo: a crate is built, run and tested, and its build script harms nothing" {
  needs_program cargo gcc git
  on_each_wall build_with_cargo
}
