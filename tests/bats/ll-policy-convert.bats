load ll-policy

# ---- convert

@test "a converted sandboxec file grants a command what it says, and nothing else" {
  mkdir in out
  printf 'text\n' >in/file
  printf 'abi: 1\nignore-if-missing: true\nfs:\n  - rx:/usr\n  - rx:/bin\n  - rx:/lib\n  - rx:/lib64\n  - "r:$PWD/in"\n  - rw:out\n  - r:/none\n' >box.yaml
  "${LL_POLICY}" convert box.yaml -o box.policy
  assert_success "${LOADER}" -p ./box.policy -- cp in/file out/file
  is "$(<out/file)" text
  assert_success cp out/file in/copy
  rm in/copy
  capture "${LOADER}" -p ./box.policy -- cp out/file in/copy
  [[ ${status} == 1 && ${errors} == *'Permission denied'* && ! -e in/copy ]]
  assert_success "${LL_POLICY}" check box.policy
}

@test "every right and port of sandboxec is converted to its equivalent" {
  mkdir d
  : >f
  printf 'fs: [r:/a, read_exec:/b, RW:/c, read_write_exec:/e, "w:d", w:f]\nnet: [b:1, connect:2, bc:3, CB:4]\n' >box.yml
  capture "${LL_POLICY}" convert box.yml
  is "${status} ${errors} $(grep -v '^#' <<<"${output}" | sed '/^$/d')" "0  require landlock=6
ro /a
rx /b
rw /c
rwx /e
fs read_dir,write_file,remove_dir,remove_file,make_dir,make_reg,make_sock,make_fifo,make_sym,refer,truncate \$PWD/d
fs write_file,truncate \$PWD/f
bind 1
connect 2
connect 3
bind 3
connect 4
bind 4"
}

@test "settings of sandboxec without an equivalent are named, and those that grant more are refused" {
  printf 'best-effort: true\nmode: mcp\nfs: [rx:/usr]\n' >box.yaml
  capture "${LL_POLICY}" convert box.yaml
  is "${status} $(grep -c '^# no equivalent: ' <<<"${output}") $(grep -c 'box.yaml:.*no equivalent: ' <<<"${errors}")" "0 2 2"
  printf 'unsafe-host-runtime: true\n' >box.yaml
  capture "${LL_POLICY}" convert box.yaml
  is "${status} ${output}" "125 "
  [[ ${errors} == 'll-policy: box.yaml:1:22: unsafe-host-runtime grants '*'--widen'* ]]
  capture "${LL_POLICY}" convert --widen box.yaml
  is "${status} $(grep -c '^rx ' <<<"${output}")" "0 $(tr : '\n' <<<"${PATH}" | grep -c '^/')"
}

@test "a converted lightbox profile grants a command what it says, and nothing else" {
  mkdir -p read project scratch home
  printf 'text\n' >read/file
  : >project/kept
  : >scratch/old
  cat >box.toml <<END
[profile]
name = "box"
[filesystem]
read = ["/usr", "/bin", "/lib", "/lib64", "${T}/read"]
protect = ["${T}/project"]
write = ["${T}/scratch"]
exec = ["/usr", "/bin"]
deny_read = ["${T}/read/secret"]
[limits]
max_open_files = 64
END
  printf 'key\n' >read/secret
  "${LL_POLICY}" convert box.toml -o box.policy
  assert_success "${LOADER}" -p ./box.policy -- sh -c 'ulimit -n; cat read/file; cp read/file project/new; rm scratch/old'
  is "${output}" $'64\ntext'
  assert_success cat read/secret
  capture "${LOADER}" -p ./box.policy -- cat read/secret
  [[ ${status} == 1 && ${errors} == *'Permission denied'* ]]
  capture "${LOADER}" -p ./box.policy -- rm project/kept
  [[ ${status} == 1 && -e project/kept ]]
  assert_success rm project/kept
}

@test "deny_unlink of lightbox refuses deleting in every writable directory" {
  mkdir scratch
  : >scratch/file
  printf '[filesystem]\nread = ["/usr", "/bin", "/lib", "/lib64"]\nexec = ["/usr", "/bin"]\nwrite = ["%s"]\ndeny_unlink = %s\n' "${T}/scratch" true >no.toml
  sed 's/true/false/' no.toml >yes.toml
  "${LL_POLICY}" convert no.toml -o no.policy
  "${LL_POLICY}" convert yes.toml -o yes.policy
  capture "${LOADER}" -p ./no.policy -- rm scratch/file
  [[ ${status} == 1 && -e scratch/file ]]
  assert_success "${LOADER}" -p ./yes.policy -- rm scratch/file
}

@test "a lightbox path resolved when the command starts never makes the converted policy wider" {
  printf 'x\n' >file
  mkdir srv
  cat >box.toml <<END
[filesystem]
read = ["\$PWD", "/usr"]
protect = ["\$PWD", "${T}/file"]
exec = ["${T}/srv", "/usr/bin", "/usr/../opt"]
deny_write = ["/etc"]
END
  capture "${LL_POLICY}" convert box.toml
  is "${status} $(grep -E '^[a-z]' <<<"${output}" | sed 1d | tr '\n' ';')" "0 ro -\$PWD;ro -/usr;protect -\$PWD;\
fs read_file,write_file,truncate -${T}/file;fs execute -${T}/srv;rx -/usr/bin;fs execute -/usr/../opt;deny /etc;"
  printf '[filesystem]\nwrite = ["/srv"]\ndeny_write = ["/etc", "/srv/a"]\n' >box.toml
  capture "${LL_POLICY}" convert box.toml
  is "${status} $(grep -c '^# deny_write /etc: ' <<<"${output}") $(grep ^deny <<<"${output}")" "0 1 deny -/srv/a"
}

@test "a lightbox profile inherits from its parent, with the stricter of the limits" {
  mkdir -p config/lightbox/profiles
  printf '[filesystem]\nread = ["/usr"]\n[limits]\nmax_procs = 10\nmax_open_files = 0\n[network]\nmode = "allow-all"\n' \
    >config/lightbox/profiles/parent.toml
  printf '[profile]\nextends = "parent"\n[filesystem]\nread = ["/srv"]\n[limits]\nmax_procs = 20\nmax_open_files = 5\n[network]\nmode = "block"\n' >child.toml
  capture env XDG_CONFIG_HOME="${T}/config" "${LL_POLICY}" convert child.toml
  is "${status} $(grep -E '^(ro|limit|connect)' <<<"${output}" | tr '\n' ';')" "0 ro -/usr;ro -/srv;limit nproc=10;limit nofile=5;"
  capture "${LL_POLICY}" convert child.toml
  [[ ${status} == 125 && ${errors} == *'child.toml:2:11: cannot read '*parent.toml* ]]
}

@test "hosts of lightbox become rules for hosts, and never for a port of any host" {
  printf '[network]\nmode = "filter"\nallow = ["example.org:443", "*:80", "*.example.org:8443", "192.0.2.1:22", "[::1]:25"]\n' >box.toml
  capture "${LL_POLICY}" convert box.toml
  is "${status} ${errors} $(grep ^connect <<<"${output}")" "0  connect example.org:443
connect 80
connect *.example.org:8443
connect 192.0.2.1:22
connect [::1]:25"
  "${LL_POLICY}" convert box.toml -o box.policy
  capture "${LL_POLICY}" check box.policy
  is "${status}" 0
  # Names are looked up without it, and it would bypass the host rules.
  printf '[network]\nmode = "filter"\nallow = ["*:53", "example.org:443"]\n' >box.toml
  capture "${LL_POLICY}" convert box.toml
  is "${status} $(grep ^connect <<<"${output}")" "0 connect example.org:443"
  [[ ${errors} == *'box.toml:3:10: no equivalent: *:53: '* ]]
  printf '[network]\nmode = "filter"\nallow = ["exa mple:443"]\n' >box.toml
  capture "${LL_POLICY}" convert box.toml
  is "${status} ${output} ${errors%%: \'*}" "125  ll-policy: box.toml:3:10"
}

@test "a converted landrun command line grants a command what it says, and nothing else" {
  mkdir in out
  printf 'text\n' >in/file
  "${LL_POLICY}" convert -o box.policy -- landrun --best-effort --rox /usr,/bin,/lib,/lib64 --ro ./in --rw="${T}/out" \
    --env PATH --env 'A=b $c' cp in/file out/file 2>/dev/null
  assert_success "${LOADER}" -p ./box.policy -- sh -c 'cp in/file out/file; echo "${A} ${B-none}"'
  is "${output}" 'b $c none'
  capture env B=b "${LOADER}" -p ./box.policy -- sh -c 'echo "${B-none}"'
  is "${output}" none
  capture "${LOADER}" -p ./box.policy -- cp out/file in/copy
  [[ ${status} == 1 && ! -e in/copy ]]
  assert_success cp out/file in/copy
}

@test "a landrun command line in a file is read as a shell reads it, and shell expansions are errors" {
  mkdir 'in dir'
  printf '# how it is started\nlandrun --ro "$HOME/x y" \\\n  --rox=/usr --env '\''A=$x'\'' --ro ~/z --bind-tcp 80,81 -rw /tmp cmd --ro /no\n' >line
  capture "${LL_POLICY}" convert --from landrun line
  is "${status} $(grep -Ev '^(#|$)' <<<"${output}" | tr '\n' ';')" \
    "0 ro \$HOME'/x y';rx /usr;ro \$HOME/z;bind 80;bind 81;rw /tmp;env -;env A='\$'x;"
  printf 'landrun --ro "$HOME"x,${HOME}/y,"$HOME"'\''z'\'' cmd\n' >line
  capture "${LL_POLICY}" convert --from landrun line
  is "${status} $(grep ^ro <<<"${output}" | tr '\n' ';')" '0 ro ${HOME}x;ro $HOME/y;ro ${HOME}z;'
  local word
  for word in "\$'HOME'" '$"HOME"' '"$"HOME' '$1' '$' '${HOME' '${HOME:-x}' '--ro ""~/x' 'a; b' 'a | b' '`a`' '$(a)' '*' '>f' "'a" '"a' '~root' 'a
b'; do
    printf 'landrun --ro /usr %s\n' "${word}" >line
    capture "${LL_POLICY}" convert --from landrun line
    is "${word}: ${status} ${output} ${errors%%:*}" "${word}: 125  ll-policy"
  done
}

@test "--add-exec and --ldd of landrun become rules for the command and its libraries" {
  "${LL_POLICY}" convert -o box.policy -- landrun --add-exec --ldd true
  assert_success "${LOADER}" -p ./box.policy -- true
  capture "${LOADER}" -p ./box.policy -- ls
  is "${status}" 126
  sed -i '/libc/d' box.policy
  capture "${LOADER}" -p ./box.policy -- true
  is "${status}" 127
}

@test "a converted policy has no error" {
  printf 'fs: [rx:/usr]\nnet: [c:443]\n' >a.yaml
  printf '[filesystem]\nread = ["/usr"]\nprotect = ["$PWD"]\n[network]\nmode = "allow-all"\n' >b.toml
  "${LL_POLICY}" convert a.yaml -o a.policy
  "${LL_POLICY}" convert b.toml -o b.policy
  "${LL_POLICY}" convert -o c.policy -- --unrestricted-filesystem --unrestricted-network --unrestricted-scoped x
  capture "${LL_POLICY}" check a.policy b.policy c.policy
  is "${status}" 0
}

# refuses NAME TEXT PLACE: that file is not converted, and the message has the location.
refuses() {
  printf '%b' "$2" >"$1"
  capture timeout 20 "${LL_POLICY}" convert "$1"
  is "${status} ${output}" "125 "
  [[ ${errors} == "ll-policy: $1:$3: "* ]] || { printf '%s\n' "${errors}" | cut -c 1-300; return 1; }
}

@test "invalid or hostile YAML is refused with its location" {
  refuses x.yaml 'fs: [\n' 2:1
  refuses x.yaml 'nosuch: 1\n' 1:1
  refuses x.yaml 'fs: rx:/usr\n' 1:5
  refuses x.yaml 'fs:\n  - {a: b}\n' 2:5
  refuses x.yaml 'fs: [xr:/usr]\n' 1:6
  refuses x.yaml 'net: [c:70000]\n' 1:7
  refuses x.yaml 'abi: 99\n' 1:6
  refuses x.yaml 'best-effort: maybe\n' 1:14
  refuses x.yaml 'abi: 6\nabi: 1\n' 2:1
  refuses x.yaml 'a: &a [x]\nfs: *a\n' 1:1
  refuses x.yaml 'fs: &a [r:/]\n' 1:5
  refuses x.yaml 'fs: !!set [r:/]\n' 1:5
  refuses x.yaml 'fs: []\n---\nfs: []\n' 2:1
  refuses x.yaml 'fs: ["r:/a\\x01b"]\n' 1:6
  refuses x.yaml 'fs: [r:/\0]\n' 1:9
  refuses x.yaml 'fs: [r:$1]\n' 1:6
  refuses x.yaml "fs: $(printf '[%.0s' {1..20000})" 1:6
}

@test "invalid or hostile TOML is refused with its location" {
  refuses x.toml '[filesystem\n' 1:12
  refuses x.toml '[nosuch]\n' 1:2
  refuses x.toml '[filesystem]\nraed = []\n' 2:1
  refuses x.toml '[filesystem]\nread = "/usr"\n' 2:8
  refuses x.toml '[filesystem]\nread = [1]\n' 2:9
  refuses x.toml '[filesystem]\nread = ["~/x"]\n' 2:9
  refuses x.toml '[limits]\nmax_procs = -1\n' 2:13
  refuses x.toml '[network]\nmode = "open"\n' 2:8
  refuses x.toml '[network]\nmode = "filter"\nallow = ["host"]\n' 3:10
  refuses x.toml '[filesystem]\nread = ["/a\0"]\n' 2:12
  refuses x.toml "a = $(printf '[%.0s' {1..20000})" 1:261
}

@test "a file that is too large, a directory or missing is an error" {
  head -c 1100000 /dev/zero | tr '\0' a >big.yaml
  capture "${LL_POLICY}" convert big.yaml
  [[ ${status} == 125 && ${errors} == *'big.yaml is larger than 1048576 bytes'* ]]
  { printf 'fs: ["r:/'; head -c 1000000 /dev/zero | tr '\0' a; printf '"]\n'; } >long.yaml
  capture "${LL_POLICY}" convert long.yaml
  [[ ${status} == 125 ]] || [[ $(wc -L <<<"${output}") -gt 4096 ]]
  mkdir d.toml
  capture "${LL_POLICY}" convert d.toml
  [[ ${status} == 125 && ${errors} == *'cannot read d.toml: EISDIR'* ]]
  capture "${LL_POLICY}" convert none
  [[ ${status} == 125 && ${errors} == *'unknown format'* ]]
}
