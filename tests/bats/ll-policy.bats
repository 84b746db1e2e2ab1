load helpers

# A folder with the program and the policies, where an ordinary user can run it.
setup_file() {
  [[ -x ${LL_BUILT}/ll-policy ]] || { printf 'no ll-policy in %s: build it first\n' "${LL_BUILT}"; return 1; }
  TOOLS=$(mktemp -d "${LL_TMP}/policy.XXXXXX")
  chmod 755 "${TOOLS}"
  mkdir "${TOOLS}/policies"
  install -m 755 "${LL_BUILT}"/{ll-policy,ll-exec} "${TOOLS}/"
  install -m 644 "${LL_BUILT}"/policies/*.policy "${TOOLS}/policies/"
  export TOOLS
}

LL_POLICY=${TOOLS:-}/ll-policy
# With the same search path.
LOADER=${TOOLS:-}/ll-exec

# Python reads the JSON: each FORMAT argument is evaluated with `all` being the document.
json() { # DOCUMENT EXPRESSION
  printf '%s' "$1" | python3 -c 'import json, sys; all = json.load(sys.stdin); print(eval(sys.argv[1]))' "$2"
}

# fails STATUS MESSAGE COMMAND...: with exactly that on standard error, and nothing on the other.
fails() {
  local expected=$1 message=$2
  shift 2
  capture "$@"
  is "${errors}" "${message}"
  is "${status} ${output}" "${expected} "
}

# warns LINE KIND...: what `check` finds in a policy with that line, in this order.
warns() {
  policy p.policy "$1"
  shift
  capture "${LL_POLICY}" check --json p.policy
  is "${status} $(json "${output}" '" ".join(d["kind"] or d["message"] for d in all)')" "0 $*"
}

# What a policy comes to, without where its rules are, and with whole paths.
meaning_of() { # POLICY
  "${LOADER}" -p "$1" --abi 11 --explain --json | python3 -c '
import json, os, sys
plan = json.load(sys.stdin)
for rule in plan["rules"]:
    del rule["where"]
    path = "path" if "path" in rule else "value"
    if rule.get("path", "any") != "any" or rule["directive"] == "chdir":
        rule[path] = os.path.abspath(rule[path])
print(json.dumps(plan, indent=1))'
}

# ---- list, path, show

@test "list names the policies that -p finds, with the first sentence of their purpose" {
  mkdir -p config/ll-exec
  policy config/ll-exec/mine.policy '# mine: a thing of mine. More of it.' 'ro /'
  capture env XDG_CONFIG_HOME="${T}/config" "${LL_POLICY}" list
  is "${status} ${errors}" "0 "
  is "$(head -n 2 <<<"${output}" | tr -s ' ')" "${T}/config/ll-exec"$'\n mine a thing of mine'
  [[ ${output} == *"${TOOLS}/policies"*' ffmpeg  '*' transcode media in the current directory'* ]]
}

@test "list says which policy is hidden by a nearer one of its name, and ll-exec takes that one" {
  mkdir -p config/ll-exec
  policy config/ll-exec/ffmpeg.policy '# nearer' "ro '${T}'"
  capture env XDG_CONFIG_HOME="${T}/config" "${LL_POLICY}" list
  [[ ${output} == *"(hidden by ${T}/config/ll-exec/ffmpeg.policy)"* ]]
  capture env XDG_CONFIG_HOME="${T}/config" "${LL_POLICY}" list --json
  is "$(json "${output}" '[(d["purpose"], d["hidden"]) for d in all if d["name"] == "ffmpeg"][0]')" "('nearer', False)"
  capture env XDG_CONFIG_HOME="${T}/config" "${LOADER}" -p ffmpeg --why read_dir "${T}"
  [[ ${output} == *"${T}/config/ll-exec/ffmpeg.policy:2:4"* ]]
}

@test "a policy that cannot be read, or says nothing of itself, is listed all the same" {
  mkdir -p config/ll-exec/folder.policy
  mkfifo config/ll-exec/pipe.policy
  : >config/ll-exec/empty.policy
  printf '# \033[31mred: text' >config/ll-exec/red.policy
  capture env XDG_CONFIG_HOME="${T}/config" timeout 10 "${LL_POLICY}" list
  is "${status} $(sed -n '2,5p' <<<"${output}" | tr -s ' ')" \
    $'0  empty \n folder (cannot be read)\n pipe (cannot be read)\n red ?[31mred: text'
}

@test "path names the folders in the order of the search, and which are not there" {
  mkdir -p home/.config/ll-exec
  capture env HOME="${T}/home" "${LL_POLICY}" path
  is "${status}" 0
  is "$(grep -v /etc/ll-exec <<<"${output}")" "${T}/home/.config/ll-exec
${TOOLS}/policies
(not there) ${LL_TMP}/share/ll-exec/policies"
  is "$(json "$(HOME=${T}/home "${LL_POLICY}" path --json)" 'all[0]["exists"]')" True
}

@test "what show prints means the same as the policy that it shows" {
  mkdir -p sub 'a b'
  : >sub/file
  policy sub/used.policy 'ro file -missing' 'connect 53/udp 8000-8010' 'syscall allow @mount ptrace'
  policy odd.policy '# odd: every kind of line' 'use ./sub/used.policy base' "rw 'a b'" 'rwx sub' \
    'deny sub/file' 'unix any' 'fs make_dir,read_dir sub' 'bind any' 'ipc signal sysv' 'metadata deny' \
    'limit nofile=64 as=1G' "env - A* 'B=c  \$d' C=it\"'\"s" 'fd 1' 'cap net_raw' 'chdir sub' \
    'require landlock=1' 'protect "/tmp"'
  local name
  for name in base ffmpeg pdftotext sandbox ./odd.policy; do
    "${LL_POLICY}" show "${name}" >shown.policy
    meaning_of "${name}" >expected
    meaning_of ./shown.policy >got
    diff expected got
    ! grep -E '^use|\$PWD' shown.policy
  done
  is "$(head -n 1 shown.policy)" '# odd: every kind of line'
  is "$(sed -n 2p shown.policy | tr -s ' ')" "ro ${T}/sub/file # ./sub/used.policy:1"
}

@test "show names the first error, as ll-exec does" {
  policy p.policy 'roo /'
  fails 125 "ll-policy: ./p.policy:1:1: unknown directive 'roo'
    roo /
    ^~~
  did you mean 'ro'?" "${LL_POLICY}" show ./p.policy
}

# ---- check: errors

@test "check names every error of every file, and says nothing of what is right" {
  policy one.policy 'roo /' 'connect 99999' 'ro /usr' 'use nosuch' 'ro "/a' 'limit' "rx '${T}/none'" \
    'protect /etc/passwd' "fs read_dir /etc/passwd"
  policy two.policy 'rw'
  capture "${LL_POLICY}" check one.policy two.policy
  is "${status} ${output}" "125 "
  is "$(grep ^ll-policy <<<"${errors}" | cut -d: -f 2-)" " one.policy:1:1: unknown directive 'roo'
 one.policy:2:9: port 99999 is more than 65535
 one.policy:4:5: no policy is named 'nosuch'
 one.policy:5:4: this quote is not closed on its line
 one.policy:6:1: 'limit' has no value
 one.policy:7:4: ${T}/none does not exist
 one.policy:8:9: /etc/passwd is not a directory
 one.policy:9:13: read_dir is a right of directories; /etc/passwd is none
 two.policy:1:1: 'rw' has no value"
}

@test "check finds no error where ll-exec runs, and one where it does not" {
  local line
  for line in 'ro /usr' 'ro /none' 'connect 1-2' 'connect 2-1' 'deny /none' 'use base' 'use bsae'; do
    policy p.policy "${line}" "rx '${DEED}'"
    capture "${LOADER}" -p p.policy -- "${DEED}" pid
    local ran=${status}
    capture "${LL_POLICY}" check p.policy
    is "${line} $((ran == 0))" "${line} $((status == 0))"
  done
}

@test "check goes on after a text that is no policy's, and tells of each line once" {
  printf 'ro /usr\r\nro /x\001\nrw\nzz' >p.policy
  capture "${LL_POLICY}" check p.policy
  is "${status} $(grep ^ll-policy <<<"${errors}" | cut -d: -f 2-)" "125  p.policy:1:8: the line ends in CR LF
 p.policy:3:1: 'rw' has no value
 p.policy:4:1: unknown directive 'zz'"
}

@test "check ends in a policy with errors in every line, or none, or that uses itself" {
  local i
  for ((i = 0; i < 2000; i++)); do printf 'zz%d /\n' "${i}"; done >many.policy
  capture "${LL_POLICY}" check many.policy
  is "${status} $(grep -c '^ll-policy: many' <<<"${errors}") $(tail -n 1 <<<"${errors}")" \
    "125 100 ll-policy: there are more errors than these"
  : >none.policy
  works "${LL_POLICY}" check none.policy
  policy self.policy 'use ./self.policy' 'roo'
  capture "${LL_POLICY}" check self.policy
  is "${status} $(grep -c ^ll-policy <<<"${errors}")" "125 2"
}

@test "check --abi names what a kernel with that Landlock cannot enforce" {
  policy p.policy 'connect 443' 'env PATH' 'fs refer /tmp'
  works "${LL_POLICY}" check --abi 9 p.policy
  capture "${LL_POLICY}" check --abi 1 p.policy
  is "${status} $(grep -c 'needs Landlock ABI' <<<"${errors}")" "125 2"
}

# ---- check: warnings

@test "the policies that come with it are checked without a warning" {
  # What some of them want to be there. Not in /tmp: nothing can be protected where another line lets delete.
  local place
  place=$(mktemp -d /var/tmp/ll-policy.XXXXXX)
  cd "${place}"
  mkdir -p home/{.cache/{ll-exec,opencode},.config/opencode,.local/{share,state}/opencode,.claude,.codex} node_modules .venv .git/{hooks,modules}
  touch home/.claude/settings.json home/.codex/config.toml .git/{config,config.worktree,commondir}
  capture env HOME="${place}/home" "${LL_POLICY}" check --json "${TOOLS}"/policies/*.policy
  cd "${T}"
  rm -rf "${place}"
  # That they lie where `rw /tmp` or the like reaches is true, and not of the policy; what is built is run; secrets alone
  # takes nothing away; and codex asks by UDP. Each policy says so.
  is "${status} $(json "${output}" '[d for d in all if d["kind"] not in ("policy-writable", "write-and-execute")
    and not (d["kind"] == "no-effect" and "/secrets.policy" in d["where"])
    and not (d["kind"] == "any-port" and "/codex.policy" in d["where"])]')" "0 []"
}

@test "check warns of /, and only once of all that lies in it" {
  warns 'ro /usr'
  warns 'ro /' root
  warns 'rw /..' root
  warns 'fs read_dir /' root
}

@test "check warns of what is the kernel's, the boot loader's or the session's, of disks and of strong capabilities" {
  warns 'ro /proc'
  warns 'rw /proc' system-writable
  warns 'rw /sys' system-writable
  warns 'rw /boot' system-writable
  warns 'rw -/run/user/1000' system-writable
  warns 'rw /proc' system-writable
  warns 'rw /proc/self'
  warns 'cap net_bind_service'
  warns 'cap sys_admin' capability
  warns 'env PATH'
  warns 'env *' environment
  local disk
  disk=$(find /dev -maxdepth 1 -type b | head -n 1)
  [[ -z ${disk} ]] || warns "ro ${disk}" block-device
}

@test "check warns of a link that leads out of the current directory" {
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

@test "check warns of all devices at once, and of none that is named" {
  warns 'dev /dev/null'
  warns 'fs read_dir /dev'
  warns 'dev /dev' every-device
  warns 'ro /dev/' every-device
}

@test "check warns of writing to programs, libraries and what is run later" {
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

@test "check warns of a policy that its command can rewrite; ll-exec does, too" {
  mkdir safe
  policy safe/p.policy "rw '${T}'" "rx '${DEED}'"
  capture "${LL_POLICY}" check safe/p.policy
  [[ ${errors} == *'warning: the command can rewrite safe/p.policy'* ]]
  capture "${LOADER}" -p safe/p.policy -- "${DEED}" pid
  [[ ${errors} == *'warning: the command can rewrite its policy'* ]]
  policy safe/p.policy "rw '${T}'" "rx '${DEED}'" "deny '${T}/safe'"
  capture "${LL_POLICY}" check safe/p.policy
  [[ ${errors} != *rewrite* ]]
}

@test "check warns of secrets that can be read, and not when they are denied" {
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

@test "check warns of what can be written and run, in one line or in two" {
  mkdir a a/b
  warns "rwx '${T}/a'" write-and-execute
  policy p.policy "rw '${T}/a'" "rx '${T}/a/b'"
  capture "${LL_POLICY}" check p.policy
  [[ ${errors} == *"what is written here can be run: rx ${T}/a/b (p.policy:2:4)"* ]]
}

@test "check warns of a line that another makes needless, and of no other" {
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

@test "check warns of any port, any socket, powerful sockets, calls, and a deny without effect" {
  warns 'bind any' any-port
  warns 'bind 1-65535' any-port
  warns 'bind 2-65535'
  warns 'unix any' any-socket
  warns 'unix -/run/docker.sock' powerful-socket
  warns 'syscall allow @mount' call
  warns 'syscall allow getpid'
  warns 'deny -/srv/none' no-effect
  policy p.policy 'connect 443' 'env PATH'
  works "${LL_POLICY}" check p.policy
}

@test "warnings have the form of errors, and --strict makes them matter" {
  policy p.policy 'use base' 'ro /'
  fails 0 'll-policy: p.policy:2:4: warning: this is everything on the machine
    ro /
       ^
  name the directories that the command needs' "${LL_POLICY}" check p.policy
  capture "${LL_POLICY}" check --strict p.policy
  is "${status}" 1
  works "${LL_POLICY}" check --strict "${TOOLS}/policies/base.policy"
}

# ---- why, new

@test "why answers as ll-exec does, and names every rule about the path" {
  mkdir -p a/b
  : >a/b/file
  policy p.policy "ro '${T}/a'" "rw '${T}/a/b'" 'ro /usr'
  local right
  for right in read_file write_file execute; do
    capture "${LOADER}" -p p.policy --why "${right}" "${T}/a/b/file"
    local answer="${status} ${output}"
    capture "${LL_POLICY}" why "${right}" "${T}/a/b/file" -p p.policy
    is "${status} ${output}" "${answer}
rules about it, the nearest first:
  rw ${T}/a/b  p.policy:2:4
  ro ${T}/a  p.policy:1:4"
  done
  capture "${LL_POLICY}" why ro /etc/shadow --ro /etc
  is "${status} ${output}" $'0 granted read_file /etc/shadow\n  by ro /etc  argument 5\nrules about it, the nearest first:\n  ro /etc  argument 5'
}

@test "a new policy starts its program at once, and nothing else" {
  local program
  for program in ls sed sort /usr/bin/python3; do
    command -v "${program}" >/dev/null || continue
    "${LL_POLICY}" new "${program}" -o "${program##*/}.policy"
    works "${LOADER}" -p "./${program##*/}.policy" -- "${program}" --version
    works "${LL_POLICY}" check --strict "${program##*/}.policy"
    capture "${LOADER}" -p "./${program##*/}.policy" -- /bin/sh -c true
    is "${status}" 126
  done
}

@test "a new policy of a script grants its interpreter" {
  printf '#!/bin/sh\necho "$1"\n' >tool
  chmod +x tool
  capture "${LL_POLICY}" new ./tool
  is "${status} ${errors}" "0 "
  printf '%s\n' "${output}" >tool.policy
  works "${LOADER}" -p ./tool.policy -- ./tool said
  is "${output}" said
  refused_line=$(grep -n "^rx '*${T}/tool" tool.policy | cut -d: -f 1)
  sed -i "${refused_line}d" tool.policy
  capture "${LOADER}" -p ./tool.policy -- ./tool said
  is "${status}" 126
}

@test "new never writes over a file, and says when there is no such program" {
  printf 'mine\n' >ls.policy
  fails 125 'll-policy: ls.policy is there already
  remove it, or name another file' "${LL_POLICY}" new ls -o ls.policy
  is "$(<ls.policy)" mine
  fails 127 "ll-policy: 'no-such-program' is not found
  looked for it in the directories of PATH" "${LL_POLICY}" new no-such-program
  printf '#!/bin/sh\n' >tool
  fails 126 "ll-policy: './tool' is not executable
  make it so with chmod +x" "${LL_POLICY}" new ./tool
  chmod +x tool
  capture "${LL_POLICY}" new ./tool
  is "${status} $(sed -n 3p <<<"${output}")" '0 #     ll-exec -p ./tool.policy -- ./tool --version'
}

@test "a program's name that is more than a word is quoted, and stays in its comment" {
  local name=$'a \'b\nro'
  cp "$(type -P true)" "${name}"
  capture "${LL_POLICY}" new "./${name}" -o p.policy
  [[ ${status} == 125 && ! -e p.policy && ${errors} == *'cannot be written in a policy'* ]]
  cp "$(type -P true)" "a b'c"
  "${LL_POLICY}" new "./a b'c" -o q.policy
  works "${LOADER}" -p ./q.policy -- "./a b'c"
  is "$(head -n 1 q.policy)" "# a b'c: what it is for, in one line"
}

# ---- convert

@test "a converted sandboxec file lets a command do what it says, and nothing else" {
  mkdir in out
  printf 'text\n' >in/file
  printf 'abi: 1\nignore-if-missing: true\nfs:\n  - rx:/usr\n  - rx:/bin\n  - rx:/lib\n  - rx:/lib64\n  - "r:$PWD/in"\n  - rw:out\n  - r:/none\n' >box.yaml
  "${LL_POLICY}" convert box.yaml -o box.policy
  works "${LOADER}" -p ./box.policy -- cp in/file out/file
  is "$(<out/file)" text
  works cp out/file in/copy
  rm in/copy
  capture "${LOADER}" -p ./box.policy -- cp out/file in/copy
  [[ ${status} == 1 && ${errors} == *'Permission denied'* && ! -e in/copy ]]
  works "${LL_POLICY}" check box.policy
}

@test "sandboxec's rights and ports become the same ones, for every name of them" {
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

@test "what sandboxec has and a policy cannot say is named, and what would be more is refused" {
  printf 'best-effort: true\nmode: mcp\nfs: [rx:/usr]\n' >box.yaml
  capture "${LL_POLICY}" convert box.yaml
  is "${status} $(grep -c '^# no equal: ' <<<"${output}") $(grep -c 'box.yaml:.*no equal: ' <<<"${errors}")" "0 2 2"
  printf 'unsafe-host-runtime: true\n' >box.yaml
  capture "${LL_POLICY}" convert box.yaml
  is "${status} ${output}" "125 "
  [[ ${errors} == 'll-policy: box.yaml:1:22: unsafe-host-runtime grants '*'--widen'* ]]
  capture "${LL_POLICY}" convert --widen box.yaml
  is "${status} $(grep -c '^rx ' <<<"${output}")" "0 $(tr : '\n' <<<"${PATH}" | grep -c '^/')"
}

@test "a converted lightbox profile lets a command do what it says, and nothing else" {
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
  works "${LOADER}" -p ./box.policy -- sh -c 'ulimit -n; cat read/file; cp read/file project/new; rm scratch/old'
  is "${output}" $'64\ntext'
  works cat read/secret
  capture "${LOADER}" -p ./box.policy -- cat read/secret
  [[ ${status} == 1 && ${errors} == *'Permission denied'* ]]
  capture "${LOADER}" -p ./box.policy -- rm project/kept
  [[ ${status} == 1 && -e project/kept ]]
  works rm project/kept
}

@test "lightbox's deny_unlink makes every directory one in which nothing is deleted" {
  mkdir scratch
  : >scratch/file
  printf '[filesystem]\nread = ["/usr", "/bin", "/lib", "/lib64"]\nexec = ["/usr", "/bin"]\nwrite = ["%s"]\ndeny_unlink = %s\n' "${T}/scratch" true >no.toml
  sed 's/true/false/' no.toml >yes.toml
  "${LL_POLICY}" convert no.toml -o no.policy
  "${LL_POLICY}" convert yes.toml -o yes.policy
  capture "${LOADER}" -p ./no.policy -- rm scratch/file
  [[ ${status} == 1 && -e scratch/file ]]
  works "${LOADER}" -p ./yes.policy -- rm scratch/file
}

@test "where a lightbox path leads when the command starts makes a converted policy never wider" {
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

@test "a lightbox profile has what its parent has, and the stricter of the limits" {
  mkdir -p config/lightbox/profiles
  printf '[filesystem]\nread = ["/usr"]\n[limits]\nmax_procs = 10\nmax_open_files = 0\n[network]\nmode = "allow-all"\n' \
    >config/lightbox/profiles/parent.toml
  printf '[profile]\nextends = "parent"\n[filesystem]\nread = ["/srv"]\n[limits]\nmax_procs = 20\nmax_open_files = 5\n[network]\nmode = "block"\n' >child.toml
  capture env XDG_CONFIG_HOME="${T}/config" "${LL_POLICY}" convert child.toml
  is "${status} $(grep -E '^(ro|limit|connect)' <<<"${output}" | tr '\n' ';')" "0 ro -/usr;ro -/srv;limit nproc=10;limit nofile=5;"
  capture "${LL_POLICY}" convert child.toml
  [[ ${status} == 125 && ${errors} == *'child.toml:2:11: cannot read '*parent.toml* ]]
}

@test "a host that lightbox names is refused, since only its port could be granted" {
  printf '[network]\nmode = "filter"\nallow = ["example.org:443", "*:80"]\n' >box.toml
  capture "${LL_POLICY}" convert box.toml
  is "${status} ${output}" "125 "
  [[ ${errors} == *'box.toml:3:10: example.org:443: '*--widen* && ${errors} != *'*:80:'* ]]
  capture "${LL_POLICY}" convert --widen box.toml
  is "${status} $(grep -c '^# wider than the original: example.org:443' <<<"${output}") $(grep -c ^connect <<<"${output}")" "0 1 2"
}

@test "a converted landrun line lets a command do what it says, and nothing else" {
  mkdir in out
  printf 'text\n' >in/file
  "${LL_POLICY}" convert -o box.policy -- landrun --best-effort --rox /usr,/bin,/lib,/lib64 --ro ./in --rw="${T}/out" \
    --env PATH --env 'A=b $c' cp in/file out/file 2>/dev/null
  works "${LOADER}" -p ./box.policy -- sh -c 'cp in/file out/file; echo "${A} ${B-none}"'
  is "${output}" 'b $c none'
  capture env B=b "${LOADER}" -p ./box.policy -- sh -c 'echo "${B-none}"'
  is "${output}" none
  capture "${LOADER}" -p ./box.policy -- cp out/file in/copy
  [[ ${status} == 1 && ! -e in/copy ]]
  works cp out/file in/copy
}

@test "a landrun line in a file is read as a shell reads it, and what only a shell can do is an error" {
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

@test "landrun's --add-exec and --ldd become the command and its libraries" {
  "${LL_POLICY}" convert -o box.policy -- landrun --add-exec --ldd true
  works "${LOADER}" -p ./box.policy -- true
  capture "${LOADER}" -p ./box.policy -- ls
  is "${status}" 126
  sed -i '/libc/d' box.policy
  capture "${LOADER}" -p ./box.policy -- true
  is "${status}" 127
}

@test "what is converted is a policy without errors" {
  printf 'fs: [rx:/usr]\nnet: [c:443]\n' >a.yaml
  printf '[filesystem]\nread = ["/usr"]\nprotect = ["$PWD"]\n[network]\nmode = "allow-all"\n' >b.toml
  "${LL_POLICY}" convert a.yaml -o a.policy
  "${LL_POLICY}" convert b.toml -o b.policy
  "${LL_POLICY}" convert -o c.policy -- --unrestricted-filesystem --unrestricted-network --unrestricted-scoped x
  capture "${LL_POLICY}" check a.policy b.policy c.policy
  is "${status}" 0
}

# refuses NAME TEXT PLACE: that file is not converted, and the message says where.
refuses() {
  printf '%b' "$2" >"$1"
  capture timeout 20 "${LL_POLICY}" convert "$1"
  is "${status} ${output}" "125 "
  [[ ${errors} == "ll-policy: $1:$3: "* ]] || { printf '%s\n' "${errors}" | cut -c 1-300; return 1; }
}

@test "YAML that sandboxec would not read, or that is made to do harm, is named with its place" {
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

@test "TOML that lightbox would not read, or that is made to do harm, is named with its place" {
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

@test "a file that is too large, a folder, or none is said to be so" {
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
  [[ ${status} == 125 && ${errors} == *'which format is this?'* ]]
}

# ---- the program

@test "--help names every command and option, and -V the version" {
  works "${LL_POLICY}" --help
  local word
  for word in 'list ' 'show ' 'check ' 'why ' 'path ' 'new ' 'convert ' --strict --widen --json '--list directives'; do
    [[ ${output} == *"${word}"* ]]
  done
  works "${LL_POLICY}" -V
  is "${output#ll-policy }" "$("${LOADER}" -V | cut -d' ' -f 2)"
}

@test "a wrong command line is named, and nothing is done" {
  fails 125 "ll-policy: argument 1: unknown command 'chekc'
    chekc
    ^~~~~
  did you mean 'check'?" "${LL_POLICY}" chekc
  fails 125 'll-policy: argument 2: one argument too many
    a
    ^
  ll-policy list' "${LL_POLICY}" list a
  fails 125 'll-policy: an argument is missing
  ll-policy show NAME|FILE' "${LL_POLICY}" show
  local -a line
  for line in '' show 'show a b' 'list a' 'list --strict' 'check --widen a' 'new ls --abi 3' 'show base --ro /' \
    '--nosuch' 'check -p base base' 'convert --from nosuch a' 'convert --from sandboxec -- a'; do
    # shellcheck disable=SC2086
    capture "${LL_POLICY}" ${line}
    is "${line}: ${status} ${output} ${errors%%:*}" "${line}: 125  ll-policy"
  done
}

@test "output that cannot be written is an error, and a closed pipe ends it" {
  [[ -c /dev/full ]] || skip "needs /dev/full"
  capture bash -c "'${LL_POLICY}' show base >/dev/full"
  is "${status} ${errors}" "125 ll-policy: cannot write: ENOSPC (no space left)"
  capture bash -c "'${LL_POLICY}' show base >&-"
  is "${status} ${errors}" "125 ll-policy: cannot write: EBADF (not an open descriptor)"
  capture python3 -c '
import os, subprocess, sys
reader, writer = os.pipe()
os.close(reader)
print(subprocess.run(sys.argv[1:], stdout=writer, restore_signals=True).returncode)' "${LL_POLICY}" list
  is "${output} ${errors}" "-13 "
}

@test "an ordinary user can list, show and check" {
  export HOME=${T}
  works as_user "${LL_POLICY}" list
  works as_user "${LL_POLICY}" show ffmpeg
  works as_user "${LL_POLICY}" check "${TOOLS}/policies/base.policy"
}
