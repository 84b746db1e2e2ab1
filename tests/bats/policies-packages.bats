load policies-build

# A registry: the files that npm and pip request.
registry_of_npm() {
  rm -rf "${T}/registry" "${T}/package"
  own mkdir -p "${T}/registry" "${T}/package/package"
  printf '%s\n' '{"name": "dep", "version": "1.0.0", "bin": {"dep": "dep.js"}, "scripts": {"postinstall": "sh evil.sh; echo built >built"}}' |
    own_file "${T}/package/package/package.json"
  attack "${T}/package/package/evil.sh"
  # An npm script starts in the directory of its package.
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

@test "npm-install: npm installs, and install scripts can do no harm; npm-install-offline: they run without network" {
  needs_program npm git python3
  registry_of_npm
  on_each_wall install_with_npm
}

# The packages are local files: no registry.
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

@test "npm-install-offline: a first install creates its lock file, and workspaces get their own modules" {
  needs_program npm git
  on_each_wall install_first
}

package_of_pip() {
  rm -rf "${T}/sdist" "${T}/simple"
  own mkdir -p "${T}/sdist/dep-1.0/dep" "${T}/simple/dep"
  printf '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n' |
    own_file "${T}/sdist/dep-1.0/pyproject.toml"
  # Does what setup.py does for setuptools, without setuptools.
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
  # As python3 -m venv does, which some distributions package separately.
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
  # A local archive: pip checks the type of the file.
  own cp "${T}/simple/dep/dep-1.0.tar.gz" .
  does pip-install -- .venv/bin/python -m pip install --no-index --force-reinstall ./dep-1.0.tar.gz
  own cat .env >/dev/null
  does pip-install -- .venv/bin/python -m pip uninstall -y dep
  harmful env PIP_INDEX_URL="http://127.0.0.1:${port}/simple" .venv/bin/python -m pip install --no-cache-dir dep
}

@test "pip-install: pip builds and installs from an index, and build scripts can do no harm" {
  needs_program python3 git
  python3 -c 'import pip' || skip "needs pip"
  package_of_pip
  on_each_wall install_with_pip
}
