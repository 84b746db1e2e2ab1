#!/bin/bash -p
# Real projects, without a sandbox and under policies, in both layers: run.sh [-v] FOLDER [BAR...] prints a table of the differences.
#
# A bar is a project that is built or tested. It runs bare first; where that fails, the bar says nothing and is left out.
# Under a policy it ends with the same status and says the same, or the table names the line of the policy that says why
# not (excuses, below). Status: 0 where nothing differs that has no excuse.
#
# Nothing is fetched here. FOLDER holds what was fetched by hand before; what is not there is left out and named:
#   apt-get source --download-only zlib lua5.4 redis git     their *.orig.tar.*
#   npm/        package.json and package-lock.json with esbuild, sharp, husky, bufferutil, vite, vitest, jest, typescript,
#               the scripts that the bars below run, and what they run on;
#               npm-cache/, after npm ci --cache ../npm-cache
#   tools/      npm install yarn pnpm in it
#   nodejs/     the headers of this node (include/node), for native modules
# Python's own tests are those of /usr/lib/python3.*/test (Debian: libpython3-testsuite). A crate and a Go module are made
# here. As an ordinary user whose home directory is not in /tmp, with LL_BIN as the folder of the programs (build).
# What belongs to a bar is named by it: NAME_run.
# shellcheck disable=SC2016,SC2034,SC2317
set -Eeuo pipefail

fail() {
  printf 'run.sh: %s\n' "$1" >&2
  exit 125
}

# ---- what is run: NAME_prepare makes the project in the current directory, NAME_run is a script of sh, NAME_under says
# under which policies and behind which walls, as POLICY:WALL[:OPTION,...], NAME_says which lines are the result.

unpack() { tar xf "${folder}"/"$1"_*.orig.tar.* --strip-components 1; }
has_source() { compgen -G "${folder}/$1_*.orig.tar.*" >/dev/null; }

zlib_there() { has_source zlib; }
zlib_prepare() { unpack zlib; }
zlib_run='./configure && make && make check && make clean'
zlib_under='build:ll-exec build:sandbox.sh make:ll-exec make:sandbox.sh'
zlib_says='\*\*\*'

lua_there() { has_source lua5.4; }
lua_prepare() { unpack lua5.4; }
lua_run='make linux MYLIBS= MYCFLAGS= SYSLIBS="-Wl,-E -ldl" SYSCFLAGS="-DLUA_USE_LINUX" && src/lua -e "print(_VERSION)" && make clean'
lua_under='build:ll-exec build:sandbox.sh make:ll-exec make:sandbox.sh'
lua_says='^Lua '

redis_there() { has_source redis; }
redis_prepare() { unpack redis; }
redis_run='make MALLOC=libc OPTIMIZATION=-O0 && src/redis-server --version | cut -d" " -f1-3 && src/redis-server test all | tail -3'
redis_under='build:sandbox.sh make:ll-exec'
redis_says='^Redis server|^[0-9]+ tests'

crate_there() { command -v cargo >/dev/null; }
crate_prepare() {
  git init -q .
  mkdir src tests
  printf '[package]\nname = "bar"\nversion = "0.1.0"\nedition = "2021"\nbuild = "build.rs"\n' >Cargo.toml
  printf 'use std::{env, fs, path::Path};\nfn main() { fs::write(Path::new(&env::var("OUT_DIR").unwrap()).join("n.rs"), "pub const N: u32 = 7;").unwrap(); }\n' >build.rs
  printf 'include!(concat!(env!("OUT_DIR"), "/n.rs"));\n#[test] fn seven() { assert_eq!(N, 7); }\n' >src/lib.rs
  printf '#[test] fn self_is_seen() { assert!(std::fs::read_to_string("/proc/self/status").unwrap().contains("Name")); }\n' >tests/proc.rs
}
crate_run='cargo build --offline && cargo test --offline && cargo clean'
crate_under='build:sandbox.sh cargo:sandbox.sh'
crate_says='^test [a-z_]+ \.\.\.'

module_there() { command -v go >/dev/null; }
module_prepare() {
  git init -q .
  printf 'module example.org/bar\ngo 1.19\n' >go.mod
  printf 'package bar\n\n// #include <stdlib.h>\nimport "C"\n\nfunc Abs(n int) int { return int(C.abs(C.int(n))) }\n' >bar.go
  printf 'package bar\n\nimport "testing"\n\nfunc TestAbs(t *testing.T) {\n\tif Abs(-2) != 2 {\n\t\tt.Fatal()\n\t}\n}\n' >bar_test.go
}
module_run='go build ./... && go vet ./... && go test ./... | cut -f1,2 && go test -c -o bar.test && ./bar.test'
module_under='build:sandbox.sh go:sandbox.sh'
module_says='^(ok|PASS)'

npm_there() { [[ -f ${folder}/npm/package-lock.json && -d ${folder}/npm-cache ]]; }
npm_prepare() { # with modules
  (cd "${folder}/npm" && tar cf - --exclude=./node_modules .) | tar xf -
  if [[ ${1-} == installed ]]; then npm_offline npm ci >/dev/null 2>&1; fi
}
npm_offline() { npm_config_cache=${HOME}/.cache/ll-exec/npm npm_config_offline=true "$@"; }

ci_there() { npm_there; }
ci_prepare() { npm_prepare && mkdir -p node_modules; }
ci_run='npm ci --offline --no-audit --no-fund --foreground-scripts 2>&1 | grep -E "^added" | sed "s/ in .*//"; node -e "require(\"sharp\")({create:{width:4,height:4,channels:3,background:\"red\"}}).png().toBuffer().then(b=>console.log(\"sharp\",b.length))"; node_modules/.bin/esbuild --version'
ci_under='build:ll-exec build:sandbox.sh npm-install:ll-exec npm-install:sandbox.sh'
ci_says='^added|^sharp|^[0-9]'

husky_there() { npm_there; }
husky_prepare() { git init -q . && npm_prepare installed; }
husky_run='node_modules/.bin/husky; git config core.hooksPath'
husky_under='build:sandbox.sh'
husky_says='.'

native_there() { npm_there && [[ -d ${folder}/nodejs/include/node ]]; }
native_prepare() { npm_prepare installed && cp -a "${folder}/nodejs" nodejs; }
native_run='rm -rf node_modules/bufferutil/{build,prebuilds}; npm_config_nodedir=$PWD/nodejs npm rebuild --build-from-source --foreground-scripts bufferutil >/dev/null && node -e "console.log(typeof require(\"bufferutil\").mask)" && ls node_modules/bufferutil/build/Release/*.node'
native_under='build:ll-exec build:sandbox.sh npm-install-offline:ll-exec npm-install-offline:sandbox.sh'
native_says='function|\.node'

vite_there() { npm_there; }
vite_prepare() { npm_prepare installed; }
vitest_there() { npm_there; }
vitest_prepare() { npm_prepare installed; }
jest_there() { npm_there; }
jest_prepare() { npm_prepare installed; }
tsc_there() { npm_there; }
tsc_prepare() { npm_prepare installed; }
for script in vite vitest jest tsc; do
  declare "${script}_run=npm run -s ${script} 2>&1 | cat"
  declare "${script}_under=build:ll-exec build:sandbox.sh"
done
vite_says='modules transformed'
vitest_says='Tests |Test Files'
jest_says='^Tests:|^Test Suites:'
tsc_says='error'

yarn_there() { npm_there && [[ -x ${folder}/tools/node_modules/.bin/yarn ]]; }
yarn_prepare() {
  mkdir dep dep/bin node_modules
  printf '{"name":"dep","version":"1.0.0","bin":{"dep":"bin/dep"}}\n' >dep/package.json
  printf '#!/bin/sh\necho dep runs\n' >dep/bin/dep
  chmod +x dep/bin/dep
  printf '{"name":"bar","version":"1.0.0","dependencies":{"dep":"file:./dep"}}\n' >package.json
  touch yarn.lock
  cp -a "${folder}/tools" tools
}
yarn_run='node tools/node_modules/yarn/bin/yarn.js install --offline --no-progress 2>&1 && node_modules/.bin/dep'
yarn_under='build:ll-exec build:sandbox.sh npm-install:ll-exec npm-install:sandbox.sh'
yarn_says='^success|^dep'

pnpm_there() { npm_there && [[ -x ${folder}/tools/node_modules/.bin/pnpm ]]; }
pnpm_prepare() {
  yarn_prepare
  rm yarn.lock
  node tools/node_modules/pnpm/bin/pnpm.cjs install --offline >/dev/null 2>&1
  rm -rf node_modules
  mkdir node_modules
}
pnpm_run='CI=1 node tools/node_modules/pnpm/bin/pnpm.cjs install --offline --frozen-lockfile --store-dir "$HOME/.cache/ll-exec/pnpm" 2>&1 && node_modules/.bin/dep'
pnpm_under='build:ll-exec build:sandbox.sh npm-install:ll-exec npm-install:sandbox.sh'
pnpm_says='^dep'

git_there() { has_source git; }
git_prepare() {
  unpack git
  make -s NO_CURL=1 NO_EXPAT=1 NO_TCLTK=1 NO_GETTEXT=1 NO_PERL=1 NO_OPENSSL=1 CFLAGS=-O0
}
git_run='cd t && for t in t0000 t0001 t0003 t0020 t1006 t1300 t3200 t3600 t4013 t6030 t7001; do sh $t-*.sh 2>&1 | grep -E "^(# (passed|failed|still)|not ok|1\.\.)" | sed "s/^/$t /"; done'
git_under='build:ll-exec build:sandbox.sh make:sandbox.sh'
git_says='.'

python_there() { compgen -G '/usr/lib/python3.*/test/test_json' >/dev/null; }
python_prepare() { :; }
python_run='for t in test_json test_os test_subprocess test_tempfile test_shutil test_multiprocessing_fork test_threading test_pathlib test_mmap test_pty test_zipfile test_glob test_hashlib; do timeout 300 /usr/bin/python3 -m test -q $t >$t.log 2>&1; printf "%s %s\n" $t "$(tail -1 $t.log)"; done'
python_under='build:sandbox.sh:--unix=any,--bind=any,--connect=any'
python_says='^test_'

bars=(zlib lua redis crate module ci husky native vite vitest jest tsc yarn pnpm git python)

# ---- why something differs

# Sets ${lines}, which lines of the result may, and ${why}: a line of the policy, or what its page says.
excuse() { # BAR:POLICY:WALL
  lines='' why=''
  case $1 in
    husky:build:*) lines='^\.husky/_$' why='project: keep $PWD/.git, so hooks are installed outside' ;;
    python:build:*) lines='^test_os ' why='no memfd_create, no priorities; / is not listed; one user' ;;
    *) ;;
  esac
}

is_excused() { # BAR:POLICY:WALL BARE SAID
  excuse "$1"
  [[ -n ${lines} ]] || return 1
  ! diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") | sed -n 's/^[<>] //p' | grep -qvE -- "${lines}|^$"
}

# ---- running

# In a new directory of the user's: sets ${status}, and ${said} of the lines that count.
act() { # BAR LOG COMMAND...
  local says=$1_says log=$2
  shift 2
  status=0
  timeout 900 "$@" >"${log}" 2>&1 </dev/null || status=$?
  said=$(grep -aE -- "${!says}" "${log}" || true)
}

try() { # BAR
  local bar=$1 run=$1_run under=$1_under one policy wall options lines why bare_status bare_said verdict
  local -a added
  if ! "${bar}_there"; then
    printf '%-8s %-32s not fetched\n' "${bar}" ''
    return
  fi
  rm -rf "${work}/project"
  mkdir -p "${work}/project"
  cd "${work}/project"
  if ! "${bar}_prepare" >"${work}/${bar}.prepare.log" 2>&1; then
    printf '%-8s %-32s cannot be prepared: %s\n' "${bar}" '' "${work}/${bar}.prepare.log"
    return
  fi
  cp -a "${work}/project" "${work}/prepared"
  act "${bar}" "${work}/${bar}.bare.log" sh -c "${!run}"
  bare_status=${status} bare_said=${said}
  printf '%-8s %-32s status %s, %s lines\n' "${bar}" bare "${status}" "$(wc -l <<<"${said}")"
  for one in ${!under}; do
    IFS=: read -r policy wall options <<<"${one}"
    IFS=, read -ra added <<<"${options}"
    cd "${work}"
    rm -rf project
    cp -a prepared project
    cd project
    act "${bar}" "${work}/${bar}.${policy}.${wall}.log" "${bin}/${wall}" -p "${policy}" "${added[@]}" -- sh -c "${!run}"
    verdict=same
    if ((status != bare_status)) || [[ ${said} != "${bare_said}" ]]; then
      verdict="DIFFERS: status ${status}, see ${work}/${bar}.${policy}.${wall}.log"
      if is_excused "${bar}:${one}" "${bare_said}" "${said}"; then
        verdict="as the policy says: ${why}"
      else
        differing+=1
        [[ -z ${verbose} ]] || diff <(printf '%s\n' "${bare_said}") <(printf '%s\n' "${said}") || true
      fi
    fi
    printf '%-8s %-32s %s\n' "${bar}" "${wall} -p ${policy} ${options//,/ }" "${verdict}"
  done
  cd "${work}"
  rm -rf "${work}/project" "${work}/prepared"
}

verbose=
if [[ ${1-} == -v ]]; then verbose=yes && shift; fi
folder=${1:?run.sh [-v] FOLDER [BAR...]}
folder=$(cd "${folder}" && pwd)
shift
((EUID != 0)) || fail 'an ordinary user is needed: for root the kernel does not count processes'
[[ ${HOME} != /tmp/* ]] || fail 'a home directory outside of /tmp is needed: there all is granted'
bin=${LL_BIN:-$(cd "${BASH_SOURCE[0]%/*}/../../build" && pwd)}
work=$(mktemp -d "${HOME}/ll-bars.XXXXXX")
declare -i differing=0
mkdir -p "${HOME}/.cache/ll-exec"
if [[ -d ${folder}/npm-cache && ! -d ${HOME}/.cache/ll-exec/npm ]]; then
  cp -a "${folder}/npm-cache" "${HOME}/.cache/ll-exec/npm"
fi
if (($# == 0)); then set -- "${bars[@]}"; fi
for bar; do try "${bar}"; done
exit $((differing > 0))
