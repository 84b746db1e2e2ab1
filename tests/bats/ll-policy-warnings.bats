load ll-policy

# ---- check: warnings

@test "the installed policies have no warning" {
  # Paths that some policies require. Not in /tmp: protect is refused where another rule grants deleting.
  local place
  place=$(mktemp -d /var/tmp/ll-policy.XXXXXX)
  cd "${place}"
  mkdir -p home/{.cache/{ll-exec,opencode},.config/opencode,.local/{share,state}/opencode,.claude,.codex} node_modules .venv .git/{hooks,modules}
  touch home/.claude/settings.json home/.codex/config.toml .git/{config,config.worktree,commondir}
  capture env HOME="${place}/home" "${LL_POLICY}" check --json "${TOOLS}"/policies/*.policy
  cd "${T}"
  rm -rf "${place}"
  # Expected warnings: `rw /tmp` or the like reaches these files here; build runs what it built; secrets alone denies
  # nothing that is granted; reproducible sets the addresses. Each policy says so.
  is "${status} $(json "${output}" '[d for d in all if d["kind"] not in ("policy-writable", "write-and-execute")
    and not (d["kind"] == "no-effect" and "/secrets.policy" in d["where"])
    and not (d["kind"] == "no-aslr" and "/reproducible.policy" in d["where"])]')" "0 []"
}

@test "check warns of / once, and not of the paths in it" {
  warns 'ro /usr'
  warns 'ro /' root
  warns 'rw /..' root
  warns 'fs read_dir /' root
}

@test "check warns of kernel, boot loader and session paths, of disks and of powerful capabilities" {
  warns 'ro /proc'
  warns 'rw /proc' system-writable
  warns 'rw /sys' system-writable
  warns 'rw /boot' system-writable
  warns 'rw -/run/user/1000' system-writable
  warns 'rw /proc' system-writable
  warns 'rw /proc/self'
  warns 'cap net_bind_service'
  warns 'cap sys_admin' capability
  warns 'aslr off' no-aslr
  warns 'hugepages off'
  warns 'env PATH'
  warns 'env *' environment
  local disk
  disk=$(find /dev -maxdepth 1 -type b | head -n 1)
  [[ -z ${disk} ]] || warns "ro ${disk}" block-device
}

@test "check warns of a symlink that leads out of the current directory" {
  mkdir data
  ln -s data inside
  ln -s /usr outside
  warns 'ro $PWD/inside'
  warns 'ro $PWD/outside' link
  warns 'ro -$PWD/outside/bin' link
  ln -s /nowhere/yet dangling
  ln -s later between
  warns 'rw -$PWD/dangling' link
  warns 'rw -$PWD/between'
}

@test "check warns of all devices at once, and not of a single device" {
  warns 'dev /dev/null'
  warns 'fs read_dir /dev'
  warns 'dev /dev' every-device
  warns 'ro /dev/' every-device
}

@test "check warns of writable programs, libraries and files that are run later" {
  warns 'rw /var/tmp'
  warns 'rw /usr/local/bin' program-writable
  warns 'rw /usr/local' program-writable library-writable
  warns "rw /etc/cron.d" startup-writable
  mkdir -p home/.config/app own
  chmod 755 home
  HOME=${T}/home PATH=${T}/own:${PATH} warns "rw '${T}/own'" program-writable
  HOME=${T}/home warns 'rw ~' program-writable startup-writable policy-writable secret-readable
  HOME=${T}/home warns 'rw ~/.config/app'
}

@test "check and ll-exec warn of a policy that its command can rewrite" {
  mkdir safe
  policy safe/p.policy "rw '${T}'" "rx '${PROBE}'"
  capture "${LL_POLICY}" check safe/p.policy
  [[ ${errors} == *'warning: the command can rewrite safe/p.policy'* ]]
  capture "${LOADER}" -p safe/p.policy -- "${PROBE}" pid
  [[ ${errors} == *'warning: the command can rewrite its policy'* ]]
  policy safe/p.policy "rw '${T}'" "rx '${PROBE}'" "deny '${T}/safe'"
  capture "${LL_POLICY}" check safe/p.policy
  [[ ${errors} != *rewrite* ]]
}

@test "check warns of secrets that are readable, and not of denied ones" {
  mkdir -p home/.ssh home/notes
  export HOME=${T}/home
  warns 'ro ~/notes'
  warns 'ro ~/.ssh' secret-readable
  warns 'ro ~' secret-readable
  warns 'ro /etc/ssl/certs'
  warns 'ro /etc/shadow' secret-readable
  policy p.policy 'ro ~'
  capture "${LL_POLICY}" check p.policy
  [[ ${errors} == *"secrets can be read: ${T}/home/.ssh, "*'add: deny -'"${T}/home/.ssh"* ]]
  policy p.policy 'ro ~' 'deny ~/.ssh'
  capture "${LL_POLICY}" check p.policy
  [[ ${errors} == *'secrets can be read'* && ${errors} != *home/.ssh* ]]
}

@test "check warns of paths that are writable and executable, by one rule or two" {
  mkdir a a/b
  warns "rwx '${T}/a'" write-and-execute
  policy p.policy "rw '${T}/a'" "rx '${T}/a/b'"
  capture "${LL_POLICY}" check p.policy
  [[ ${errors} == *"what is written here can be run: rx ${T}/a/b (p.policy:2:4)"* ]]
}

@test "check warns of redundant rules, and of no other" {
  warns 'ro /usr /usr/share' redundant
  warns 'ro /usr /usr' redundant
  warns 'rx /usr /usr/share' redundant
  warns 'bind 1-9 5' redundant
  warns 'bind 1-9 5/udp 9-10'
  warns 'connect 443' environment
  policy p.policy 'ro /usr' 'deny /usr/share' 'ro /usr/share/doc'
  capture "${LL_POLICY}" check p.policy
  is "${status} ${errors}" "0 "
}

@test "check warns of any port, any socket, powerful sockets and system calls, and a deny without effect" {
  warns 'bind any' any-port
  warns 'bind 1-65535' any-port
  warns 'bind 2-65535'
  warns 'unix any' any-socket
  warns 'unix -/run/docker.sock' powerful-socket
  warns 'syscall allow @mount' call
  warns 'syscall allow getpid'
  warns 'deny -/srv/none' no-effect
  policy p.policy 'connect 443' 'env PATH'
  assert_success "${LL_POLICY}" check p.policy
}

@test "warnings have the format of errors, and --strict changes the exit status" {
  policy p.policy 'use base' 'ro /'
  ends_saying 0 'll-policy: p.policy:2:4: warning: grants everything on the machine
    ro /
       ^
  name the directories that the command needs' "${LL_POLICY}" check p.policy
  capture "${LL_POLICY}" check --strict p.policy
  is "${status}" 1
  assert_success "${LL_POLICY}" check --strict "${TOOLS}/policies/base.policy"
}
