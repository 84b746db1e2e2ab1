load policies-network

# Package managers and their registries, under the names in the policies, with no option about
# where packages come from.

install_by_npm() {
  repository
  own mkdir node_modules
  rm -rf "${HOME}/.cache/ll-exec/npm"
  printf '{"name": "app", "version": "1.0.0", "dependencies": {"dep": "1.0.0"}}\n' | own_file package.json
  printf '{}\n' | own_file package-lock.json
  # node trusts only its own certificates.
  local -a trusting=(--cafile /etc/ssl/certs/ca-certificates.crt --no-audit --no-fund --fetch-retries 0)
  gets npm-install -- npm install "${trusting[@]}"
  is "$(<node_modules/dep/built)" built
  harmless
  gets npm-install -- npm ci "${trusting[@]}"
  gets_nothing npm-install -- npm install --registry https://other.test "${trusting[@]}" dep
  own mkdir -p "${T}/served/other.test"
  own cp -r "${T}/served/${registry}/." "${T}/served/other.test/"
  gets npm-install --connect other.test:443 -- npm install --registry https://other.test "${trusting[@]}"
}

@test "npm-install: npm reaches its registry by name, another by one option, and install scripts can do no harm" {
  needs_program npm git
  needs_services
  local registry
  registry=$(hosts_of npm-install | head -n 1)
  own mkdir -p "${T}/package/package" "${T}/served/${registry}"
  printf '%s\n' '{"name": "dep", "version": "1.0.0", "scripts": {"postinstall": "sh evil.sh; echo built >built"}}' |
    own_file "${T}/package/package/package.json"
  attack "${T}/package/package/evil.sh"
  own sed -i 's,for file in,cd "$INIT_CWD"; for file in,' "${T}/package/package/evil.sh"
  own tar czf "${T}/served/${registry}/dep.tgz" -C "${T}/package" package
  printf '%s\n' "{\"name\": \"dep\", \"dist-tags\": {\"latest\": \"1.0.0\"}, \"versions\": {\"1.0.0\": {\"name\": \"dep\",
    \"version\": \"1.0.0\", \"hasInstallScript\": true, \"dist\": {\"tarball\": \"https://${registry}/dep.tgz\"}}}}" |
    served "${registry}" dep
  on_each_wall install_by_npm
}

install_by_pip() {
  repository
  own python3 -m venv --system-site-packages --without-pip .venv
  gets pip-install --connect host.test:443 -- .venv/bin/python -m pip --cert /etc/ssl/certs/ca-certificates.crt install dep
  gets pip-install -- .venv/bin/python -c 'import dep; print(dep.value)'
  is "${output}" 7
  gets_nothing pip-install -- .venv/bin/python -m pip --cert /etc/ssl/certs/ca-certificates.crt --retries 0 \
    install --force-reinstall --no-cache-dir -i https://other.test/simple dep
  gets pip-install --connect other.test:443 -- .venv/bin/python -m pip --cert /etc/ssl/certs/ca-certificates.crt \
    install --force-reinstall --no-cache-dir -i https://other.test/simple dep
}

@test "pip-install: pip reaches its index and files by name, and another index by one option" {
  needs_program python3 git
  python3 -c 'import pip' || skip "needs pip"
  needs_services
  local index files
  { read -r index && read -r files; } < <(hosts_of pip-install)
  own mkdir -p "${T}/wheel/dep" "${T}/served/${files}"
  own python3 - "${T}/served/${files}/dep-1.0-py3-none-any.whl" <<'END'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as wheel:
    wheel.writestr('dep/__init__.py', 'value = 7\n')
    info = 'dep-1.0.dist-info/'
    wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\nName: dep\nVersion: 1.0\n')
    wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n')
    wheel.writestr(info + 'RECORD', f'dep/__init__.py,,\n{info}METADATA,,\n{info}WHEEL,,\n{info}RECORD,,\n')
END
  local host
  for host in "${index}" other.test; do
    printf '<a href="https://%s/dep-1.0-py3-none-any.whl">dep-1.0-py3-none-any.whl</a>\n' "${files}" |
      served "${host}" simple/dep/index.html
  done
  on_each_wall install_by_pip
}

download_by_go() {
  rm -rf "${HOME}/.cache/ll-exec/go"
  printf 'module example.org/app\n\nrequire example.org/dep v1.0.0\n' | own_file go.mod
  printf 'package main\n\nimport "example.org/dep"\n\nfunc main() { println(dep.Double(1)) }\n' | own_file main.go
  # Checksums are verified with a server that signs its answers.
  export GONOSUMDB='*' GOFLAGS=-mod=mod
  gets_nothing go-offline -- go mod download
  gets go -- go mod download
  gets go-offline -- go build -o app
  gets go-offline -- ./app
  is "${errors}" 2
  gets_nothing go --env GOPROXY=https://other.test -- env GOMODCACHE=/tmp/other go mod download
  unset GONOSUMDB GOFLAGS
}

@test "go: go reaches its proxy by name, and go-offline builds with the downloads" {
  needs_program go
  needs_services
  local proxy module=example.org/dep/@v
  proxy=$(hosts_of go | head -n 1)
  printf '{"Version": "v1.0.0"}\n' | served "${proxy}" "${module}/v1.0.0.info"
  printf 'module example.org/dep\n' | served "${proxy}" "${module}/v1.0.0.mod"
  own python3 - "${T}/served/${proxy}/${module}/v1.0.0.zip" <<'END'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as module:
    module.writestr('example.org/dep@v1.0.0/go.mod', 'module example.org/dep\n')
    module.writestr('example.org/dep@v1.0.0/dep.go', 'package dep\n\nfunc Double(x int) int { return 2 * x }\n')
END
  on_each_wall download_by_go
}

fetch_by_cargo() {
  rm -rf "${HOME}/.cache/ll-exec/cargo"
  own mkdir src target
  printf '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2018"\n\n[dependencies]\ndep = "1.0.0"\n' | own_file Cargo.toml
  printf 'fn main() { println!("{}", dep::double(1)); }\n' | own_file src/main.rs
  : | own_file Cargo.lock
  gets_nothing cargo-offline -- cargo fetch
  gets cargo -- cargo fetch
  gets cargo-offline -- cargo run -q --offline
  is "${output}" 2
}

@test "cargo: cargo reaches its index and crates by name, and cargo-offline builds with the downloads" {
  needs_program cargo gcc
  [[ $(printf '%s\n1.70\n' "$(cargo --version | cut -d ' ' -f 2)" | sort -V | head -n 1) == 1.70 ]] ||
    skip "needs cargo 1.70: before, the index is a repository of git"
  needs_services
  local index files sum
  { read -r index && read -r files; } < <(hosts_of cargo)
  own mkdir -p "${T}/crate/dep-1.0.0/src" "${T}/served/${files}/crates/dep"
  printf '[package]\nname = "dep"\nversion = "1.0.0"\nedition = "2018"\n' | own_file "${T}/crate/dep-1.0.0/Cargo.toml"
  printf 'pub fn double(x: i32) -> i32 { 2 * x }\n' | own_file "${T}/crate/dep-1.0.0/src/lib.rs"
  own tar czf "${T}/served/${files}/crates/dep/dep-1.0.0.crate" -C "${T}/crate" dep-1.0.0
  own ln -s dep-1.0.0.crate "${T}/served/${files}/crates/dep/download"
  sum=$(sha256sum <"${T}/served/${files}/crates/dep/dep-1.0.0.crate")
  printf '{"dl": "https://%s/crates/{crate}/{crate}-{version}.crate"}\n' "${files}" | served "${index}" config.json
  printf '{"name":"dep","vers":"1.0.0","deps":[],"cksum":"%s","features":{},"yanked":false}\n' "${sum%% *}" |
    served "${index}" 3/d/dep
  on_each_wall fetch_by_cargo
}
