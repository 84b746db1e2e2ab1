load ll-policy

# ---- convert --from sandlock

# converts WORD...: converts a sandlock command line; sets ${lines}, ${output} and ${errors}
converts() {
  capture "${LL_POLICY}" convert -- sandlock run "$@"
  lines_are
}

# Sets ${lines}: the policy without comments and empty lines.
lines_are() {
  ((status == 0)) || { printf 'status %s\n%s\n' "${status}" "${errors}"; return 1; }
  lines=$(grep -v '^#' <<<"${output}" | sed '/^$/d')
}

# policy_of LINE...: the converted policy has these lines, and no error.
policy_of() {
  is "${lines}" "$(printf '%s\n' "$@")"
  printf '%s\n' "${output}" >box.policy
  capture "${LL_POLICY}" check box.policy
  is "${status}" 0
}

# unequal TEXT...: each is named as without equivalent, in the policy and on standard error
unequal() {
  local text said=${errors}
  for text; do
    grep -qF "# no equivalent: ${text}" <<<"${output}" || { printf 'not named: %s\n%s\n' "${text}" "${output}"; return 1; }
    [[ ${said} == *"no equivalent: ${text}"* ]]
  done
}

# Examples of sandlock, with paths that exist here.
@test "files and limits of a sandlock command line are converted" {
  mkdir "${T}/w"
  converts -r /usr -r /lib -w "${T}/w" -m 512M -P20 -t 30 --max-open-files=64 -- sort list
  unequal 'max-memory 512M (sandbox.sh --memory 512M)' 'max-processes 20 (sandbox.sh --pids 20)' \
    'timeout 30 (sandbox.sh --timeout 30s)'
  grep -qx '#     ll-exec -p ./THIS.policy -- sort list' <<<"${output}"
  policy_of 'rx /usr' 'rx /lib' "rwx ${T}/w" 'limit nofile=64'
}

@test "a converted sandlock command line grants a command what it says, and nothing else" {
  mkdir in out
  printf 'text\n' >in/file
  printf 'secret\n' >in/secret
  "${LL_POLICY}" convert -o box.policy -- sandlock run -r /usr -r /bin -r /lib -r /lib64 -r ./in -w "${T}/out" --clean-env \
    --env 'A=b $c' --fs-deny in/secret --fs-deny /none --no-coredump 2>/dev/null
  assert_success env B=b "${LOADER}" -p ./box.policy -- sh -c 'cp in/file out/file; echo "${A} ${B-none} $(ulimit -c)"'
  is "${output}" 'b $c none 0'
  capture "${LOADER}" -p ./box.policy -- cp out/file in/copy
  [[ ${status} == 1 && ! -e in/copy ]]
  capture "${LOADER}" -p ./box.policy -- cat in/secret
  is "${status} ${output}" "1 "
  assert_success cat in/secret
  assert_success cp out/file in/copy
}

@test "hosts, addresses and ports of a sandlock command line are converted" {
  converts --net-allow api.example.com:443
  policy_of 'connect api.example.com:443'
  converts --net-allow example.com:22,443 --net-allow :8080 --net-allow=example.org
  policy_of 'connect example.com:22 example.com:443' 'connect 8080' 'connect example.org:any'
  converts --net-allow 10.0.0.0/8:443 --net-allow '[2001:db8::/32]:443' --net-allow 2001:db8:1::/48 --net-allow 192.0.2.1
  policy_of 'connect 10.0.0.0/8:443' 'connect [2001:db8::/32]:443' 'connect [2001:db8:1::/48]:any' 'connect 192.0.2.1:any'
  converts --net-allow tcp://:443 --net-allow 'tcp://*:80'
  policy_of 'connect 443' 'connect 80'
  local all
  for all in '*' ':*' '*:*'; do
    converts --net-allow "${all}"
    policy_of 'connect any'
  done
  converts --net-allow tcp://a.example.com:443 --net-allow udp://b.example.com:8443
  policy_of 'connect a.example.com:443' 'connect b.example.com:8443/udp'
}

@test "rules that would bypass host names are not converted beside hosts, and ICMP never is" {
  converts --net-allow udp://192.0.2.1:53 --net-allow a.example.com:53,443 --net-allow icmp://a.example.com
  unequal 'udp://192.0.2.1:53 on port 53' 'icmp://a.example.com: ICMP'
  policy_of 'connect a.example.com:53 a.example.com:443'
  converts --net-allow 'udp://*:*' --net-allow a.example.com:443 --net-allow :53
  policy_of 'connect 0.0.0.0/0:0-52/udp [::/0]:0-52/udp 0.0.0.0/0:54-65535/udp [::/0]:54-65535/udp' \
    'connect a.example.com:443' 'connect 0.0.0.0/0:53 [::/0]:53'
}

@test "--net-deny and the bind lists of sandlock are converted" {
  converts --net-deny 169.254.169.254 --net-deny 10.0.0.0/8:80,443 --net-deny 'tcp://:25' --net-deny udp://192.0.2.1
  policy_of 'connect any' 'noconnect 169.254.169.254' 'noconnect 10.0.0.0/8:80' 'noconnect 10.0.0.0/8:443' \
    'noconnect 0.0.0.0/0:25 [::/0]:25'
  converts --net-allow-bind 8080,9000-9005 --net-allow-bind 1
  policy_of 'bind 8080 9000-9005 1'
  converts --net-allow-bind '*'
  policy_of 'bind any'
  converts --net-deny-bind 80,8000-8010
  policy_of 'bind 0-79 81-7999 8011-65535'
}

@test "HTTP rules are not converted, and exclude hosts that the HTTP proxy would filter, unless --widen is given" {
  local -a rules=(--http-allow 'GET docs.example.org/*' --http-deny '* */admin/*' --net-allow api.example.com:80,443)
  converts "${rules[@]}"
  unequal 'HTTP allow GET docs.example.org/*' 'HTTP deny * */admin/*' 'api.example.com:80,443 on port 80'
  policy_of 'connect api.example.com:443'
  converts "${rules[@]}" --http-inject-ca /etc/ssl/certs/ca-certificates.crt
  unequal 'api.example.com:80,443 on port 443' 'http-inject-ca /etc/ssl/certs/ca-certificates.crt'
  is "${lines}" ''
  converts --net-allow '*' --http-deny '* */admin/*'
  policy_of 'connect 0-79 81-65535'
  capture "${LL_POLICY}" convert --widen -- sandlock run "${rules[@]}"
  lines_are
  policy_of 'connect api.example.com:80 api.example.com:443' 'connect docs.example.org:80'
}

@test "the older options of sandlock for hosts and ports grant only what both allow" {
  converts --net-allow-host api.example.com -r /usr
  policy_of 'rx /usr' 'connect api.example.com:any'
  converts --net-allow-host api.example.com --net-connect 443 --net-bind 8080 --isolate-ipc --isolate-signals
  policy_of 'connect api.example.com:443' 'bind 8080'
  converts --net-connect 443 --net-connect 80
  policy_of 'connect 443 80'
}

@test "paths that sandlock's workdir would commit only after success are not granted for writing" {
  mkdir -p work/sub other
  : >work/kept
  local held
  for held in work work/sub "${T}" .; do
    converts --dry-run --workdir work -r /usr -w "${held}" -w "${T}/other"
    [[ ${held} != . ]] || held=\$PWD
    [[ ${held} != work* ]] || held="\$PWD/${held}"
    unequal 'workdir work' 'dry-run' 'fs-write '
    policy_of 'rx /usr' "rx ${held}" "rwx ${T}/other"
  done
  converts --workdir work -w work -r /usr -r /bin -r /lib -r /lib64
  printf '%s\n' "${lines}" >box.policy
  capture "${LOADER}" -p ./box.policy -- rm work/kept
  [[ ${status} == 1 && -e work/kept ]]
  assert_success rm work/kept
  capture "${LL_POLICY}" convert --widen -- sandlock run --workdir work -w work
  [[ ${errors} == *'wider than the original: fs-write work'* ]]
  lines_are
  policy_of "rwx \$PWD/work"
}

@test "fixed addresses and page sizes become rules, and for a disk quota sandbox.sh --disk is named" {
  converts -r /usr --no-randomize-memory --no-huge-pages --max-disk 1G
  unequal 'max-disk 1G (sandbox.sh --overlay DIR --disk 1G)'
  policy_of 'rx /usr' 'aslr off' 'hugepages off'
}

@test "sandlock's default of 64 processes is named unless another number replaces it" {
  converts -r /usr
  unequal "max-processes 64, sandlock's default (sandbox.sh --pids 64)"
  converts -r /usr -P 20
  [[ ${output} != *'64'* ]]
}

@test "paths of sandlock in another root are not granted" {
  local root
  for root in --chroot=./rootfs --image=alpine; do
    converts "${root}" -r /usr -w /work --fs-mount /work:/srv --fs-deny /etc/shadow
    unequal 'rx /usr' 'rwx /work'
    is "${lines}" ''
  done
}

@test "a sandlock profile with sections and a command is converted" {
  mkdir work
  cat >build.toml <<END
[program]
exec = "make"
args = ["-j4"]
clean_env = true
env = { CC = "gcc", LANG = "C.UTF-8" }
cwd = "${T}/work"

[filesystem]
read = ["/usr", "/lib"]
write = ["${T}/work"]

[network]
allow = ["api.example.com:443", "tcp://192.0.2.1:5432"]
allow_bind = [8080, "9000-9005"]

[limits]
memory = "512M"
processes = 50

[syscalls]
extra_allow = ["sysv_ipc"]
extra_deny = ["ptrace"]

[determinism]
random_seed = 42
END
  capture "${LL_POLICY}" convert --from sandlock build.toml
  unequal 'max-memory 512M' 'max-processes 50' 'random-seed 42'
  lines_are
  grep -qx "#     ll-exec -p ./THIS.policy -- make -j4" <<<"${output}"
  policy_of 'rx /usr' 'rx /lib' "rwx ${T}/work" 'env PATH HOME USER TERM LANG' 'env CC=gcc' 'env LANG=C.UTF-8' 'ipc sysv' \
    'syscall deny ptrace' "chdir ${T}/work" 'connect api.example.com:443' 'connect 192.0.2.1:5432' 'bind 8080 9000-9005'
}

@test "a sandlock profile without sections, of older versions, is converted" {
  cat >build.toml <<'END'
fs_writable = ["/tmp"]
fs_readable = ["/usr", "/lib"]
net_allow_hosts = ["api.example.com"]
net_connect = [443]
clean_env = true
isolate_ipc = true
max_memory = "512M"
max_open_files = 256

[env]
CC = "gcc"
END
  capture "${LL_POLICY}" convert --from sandlock build.toml
  lines_are
  policy_of 'rx /usr' 'rx /lib' 'rwx /tmp' 'env PATH HOME USER TERM LANG' 'env CC=gcc' 'limit nofile=256' \
    'connect api.example.com:443'
}

@test "a profile named in a sandlock command line is part of the conversion" {
  mkdir -p config/sandlock/profiles
  printf '[filesystem]\nread = ["/usr"]\n[limits]\nopen_files = 64\n' >config/sandlock/profiles/build.toml
  export XDG_CONFIG_HOME=${T}/config
  converts -p build -r /lib --max-open-files 32 -- make
  policy_of 'rx /usr' 'rx /lib' 'limit nofile=32'
  converts --profile-file config/sandlock/profiles/build.toml
  policy_of 'rx /usr' 'limit nofile=64'
  capture "${LL_POLICY}" convert -- sandlock run -p none
  [[ ${status} == 125 && ${errors} == *'none.toml'* ]]
}

@test "a sandlock command line in a file is read as a shell reads it" {
  printf '# how it is started\nsandlock run -r /usr \\\n  --net-allow "example.com:443" -w "$HOME"/x -- cmd --ro /no\n' >line
  capture "${LL_POLICY}" convert --from sandlock line
  lines_are
  is "${lines}" $'rx /usr\nrwx $HOME/x\nconnect example.com:443'
}

# refuses_words MESSAGE WORD...
refuses_words() {
  local message=$1
  shift
  capture "${LL_POLICY}" convert -- sandlock "$@"
  is "${status} ${output}" "125 "
  [[ ${errors} == *"${message}"* ]] || { printf '%s\n' "${errors}"; return 1; }
}

@test "invalid sandlock input is refused with its location, and nothing is converted" {
  refuses_words 'not a sandlock run command line' learn -- true
  refuses_words 'sandlock run has no option --nosuch' run --nosuch
  refuses_words '-r has no value' run -r
  refuses_words "'true' is not an option" run true
  refuses_words '--clean-env takes no value' run --clean-env=1
  refuses_words 'is not a host or address' run --net-allow '*.example.com:443'
  refuses_words 'is not a host or address' run --net-allow 10.0.0.1/8:443
  refuses_words 'must have ports' run --net-allow example.com:80,x
  refuses_words 'is neither tcp, udp nor icmp' run --net-allow http://example.com
  refuses_words 'is a name, which sandlock does not deny' run --net-deny example.com
  refuses_words '--net-allow or --net-deny' run --net-deny 10.0.0.1 --net-allow example.com
  refuses_words 'it would not be denied' run --extra-deny-syscall nosuch
  refuses_words 'is not NAME=VALUE' run --env PATH
  local text
  while IFS='|' read -r text place; do
    printf '%b' "${text}" >x.toml
    capture timeout 20 "${LL_POLICY}" convert --from sandlock x.toml
    is "${status} ${output}" "125 "
    [[ ${errors} == "ll-policy: x.toml:${place}: "* ]] || { printf '%s: %s\n' "${text}" "${errors}"; return 1; }
  done <<'END'
[filesystem\n|1:12
[nosuch]\n|1:2
[filesystem]\nraed = []\n|2:1
[filesystem]\nread = "/usr"\n|2:8
[filesystem]\nread = [true]\n|2:9
[filesystem]\nread = ["/a\\u0001"]\n|2:9
[program]\nclean_env = 1\n|2:13
[program]\nenv = "A=b"\n|2:7
[network]\nallow = ["a b:1"]\n|2:10
nosuch = 1\n|1:1
END
}
