load ll-policy

# ---- list, path, show

@test "list names the policies that -p finds, with the first sentence of their comments" {
  mkdir -p config/ll-exec
  policy config/ll-exec/mine.policy '# mine: a thing of mine. More of it.' 'ro /'
  capture env XDG_CONFIG_HOME="${T}/config" "${LL_POLICY}" list
  is "${status} ${errors}" "0 "
  is "$(head -n 2 <<<"${output}" | tr -s ' ')" "${T}/config/ll-exec"$'\n mine a thing of mine'
  [[ ${output} == *"${TOOLS}/policies"*' ffmpeg  '*' transcode untrusted media in the current directory'* ]]
}

@test "list marks a policy that a policy of the same name hides, and ll-exec uses the other" {
  mkdir -p config/ll-exec
  policy config/ll-exec/ffmpeg.policy '# nearer' "ro '${T}'"
  capture env XDG_CONFIG_HOME="${T}/config" "${LL_POLICY}" list
  [[ ${output} == *"(hidden by ${T}/config/ll-exec/ffmpeg.policy)"* ]]
  capture env XDG_CONFIG_HOME="${T}/config" "${LL_POLICY}" list --json
  is "$(json "${output}" '[(d["purpose"], d["hidden"]) for d in all if d["name"] == "ffmpeg"][0]')" "('nearer', False)"
  capture env XDG_CONFIG_HOME="${T}/config" "${LOADER}" -p ffmpeg --why read_dir "${T}"
  [[ ${output} == *"${T}/config/ll-exec/ffmpeg.policy:2:4"* ]]
}

@test "list includes policies that are not readable or have no description" {
  mkdir -p config/ll-exec/folder.policy
  mkfifo config/ll-exec/pipe.policy
  : >config/ll-exec/empty.policy
  printf '# \033[31mred: text' >config/ll-exec/red.policy
  capture env XDG_CONFIG_HOME="${T}/config" timeout 10 "${LL_POLICY}" list
  is "${status} $(sed -n '2,5p' <<<"${output}" | tr -s ' ')" \
    $'0  empty \n folder (cannot be read)\n pipe (cannot be read)\n red ?[31mred: text'
}

@test "path names the search directories in their order, and those that are missing" {
  mkdir -p home/.config/ll-exec
  capture env HOME="${T}/home" "${LL_POLICY}" path
  is "${status}" 0
  is "$(grep -v /etc/ll-exec <<<"${output}")" "${T}/home/.config/ll-exec
${TOOLS}/policies
(missing) ${LL_TMP}/share/ll-exec/policies"
  is "$(json "$(HOME=${T}/home "${LL_POLICY}" path --json)" 'all[0]["exists"]')" True
}

@test "the output of show means the same as the policy that it shows" {
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

@test "show reports the first error, as ll-exec does" {
  policy p.policy 'roo /'
  ends_saying 125 "ll-policy: ./p.policy:1:1: unknown directive 'roo'
    roo /
    ^~~
  did you mean 'ro'?" "${LL_POLICY}" show ./p.policy
}

# ---- check: errors

@test "check reports every error of every file, and prints nothing for a valid policy" {
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
 one.policy:9:13: read_dir applies to directories only; /etc/passwd is not one
 two.policy:1:1: 'rw' has no value"
}

@test "check finds an error where ll-exec refuses the policy, and none where it runs" {
  local line
  for line in 'ro /usr' 'ro /none' 'connect 1-2' 'connect 2-1' 'deny /none' 'use base' 'use bsae'; do
    policy p.policy "${line}" "rx '${PROBE}'"
    capture "${LOADER}" -p p.policy -- "${PROBE}" pid
    local ran=${status}
    capture "${LL_POLICY}" check p.policy
    is "${line} $((ran == 0))" "${line} $((status == 0))"
  done
}

@test "check goes on after invalid text, and reports each line once" {
  printf 'ro /usr\r\nro /x\001\nrw\nzz' >p.policy
  capture "${LL_POLICY}" check p.policy
  is "${status} $(grep ^ll-policy <<<"${errors}" | cut -d: -f 2-)" "125  p.policy:1:8: the line ends in CR LF
 p.policy:3:1: 'rw' has no value
 p.policy:4:1: unknown directive 'zz'"
}

@test "check ends on a policy with errors in every line, on an empty one, and on one that uses itself" {
  local i
  for ((i = 0; i < 2000; i++)); do printf 'zz%d /\n' "${i}"; done >many.policy
  capture "${LL_POLICY}" check many.policy
  is "${status} $(grep -c '^ll-policy: many' <<<"${errors}") $(tail -n 1 <<<"${errors}")" \
    "125 100 ll-policy: too many errors; the rest is not shown"
  : >none.policy
  assert_success "${LL_POLICY}" check none.policy
  policy self.policy 'use ./self.policy' 'roo'
  capture "${LL_POLICY}" check self.policy
  is "${status} $(grep -c ^ll-policy <<<"${errors}")" "125 2"
}

@test "check --abi names the rules that a kernel with that ABI cannot enforce" {
  policy p.policy 'connect 443' 'env PATH' 'fs refer /tmp'
  assert_success "${LL_POLICY}" check --abi 9 p.policy
  capture "${LL_POLICY}" check --abi 1 p.policy
  is "${status} $(grep -c 'needs Landlock ABI' <<<"${errors}")" "125 2"
}

# ---- why, new

@test "why answers as ll-exec does, and names every rule that covers the path" {
  mkdir -p a/b
  : >a/b/file
  policy p.policy "ro '${T}/a'" "rw '${T}/a/b'" 'ro /usr'
  local right
  for right in read_file write_file execute; do
    capture "${LOADER}" -p p.policy --why "${right}" "${T}/a/b/file"
    local answer="${status} ${output}"
    capture "${LL_POLICY}" why "${right}" "${T}/a/b/file" -p p.policy
    is "${status} ${output}" "${answer}
rules that cover it, nearest first:
  rw ${T}/a/b  p.policy:2:4
  ro ${T}/a  p.policy:1:4"
  done
  capture "${LL_POLICY}" why ro /etc/shadow --ro /etc
  is "${status} ${output}" $'0 granted read_file /etc/shadow\n  by ro /etc  argument 5\nrules that cover it, nearest first:\n  ro /etc  argument 5'
}

@test "a policy made by new lets its program start, and grants nothing else" {
  local program
  for program in ls sed sort /usr/bin/python3; do
    command -v "${program}" >/dev/null || continue
    "${LL_POLICY}" new "${program}" -o "${program##*/}.policy"
    assert_success "${LOADER}" -p "./${program##*/}.policy" -- "${program}" --version
    assert_success "${LL_POLICY}" check --strict "${program##*/}.policy"
    capture "${LOADER}" -p "./${program##*/}.policy" -- /bin/sh -c true
    is "${status}" 126
  done
}

@test "a policy made by new for a script grants its interpreter" {
  printf '#!/bin/sh\necho "$1"\n' >tool
  chmod +x tool
  capture "${LL_POLICY}" new ./tool
  is "${status} ${errors}" "0 "
  printf '%s\n' "${output}" >tool.policy
  assert_success "${LOADER}" -p ./tool.policy -- ./tool said
  is "${output}" said
  refused_line=$(grep -n "^rx '*${T}/tool" tool.policy | cut -d: -f 1)
  sed -i "${refused_line}d" tool.policy
  capture "${LOADER}" -p ./tool.policy -- ./tool said
  is "${status}" 126
}

@test "new does not overwrite a file, and reports a missing program" {
  printf 'mine\n' >ls.policy
  ends_saying 125 'll-policy: ls.policy already exists
  remove it, or name another file' "${LL_POLICY}" new ls -o ls.policy
  is "$(<ls.policy)" mine
  ends_saying 127 "ll-policy: 'no-such-program' is not found
  looked for it in the directories of PATH" "${LL_POLICY}" new no-such-program
  printf '#!/bin/sh\n' >tool
  ends_saying 126 "ll-policy: './tool' is not executable
  make it so with chmod +x" "${LL_POLICY}" new ./tool
  chmod +x tool
  capture "${LL_POLICY}" new ./tool
  is "${status} $(sed -n 3p <<<"${output}")" '0 #     ll-exec -p ./tool.policy -- ./tool --version'
}

@test "new quotes a program name with special characters, and keeps it within its comment" {
  local name=$'a \'b\nro'
  cp "$(type -P true)" "${name}"
  capture "${LL_POLICY}" new "./${name}" -o p.policy
  [[ ${status} == 125 && ! -e p.policy && ${errors} == *'cannot be written in a policy'* ]]
  cp "$(type -P true)" "a b'c"
  "${LL_POLICY}" new "./a b'c" -o q.policy
  assert_success "${LOADER}" -p ./q.policy -- "./a b'c"
  is "$(head -n 1 q.policy)" "# a b'c: what it is for, in one line"
}

# ---- the command line

@test "--help names every command and option, and -V prints the version" {
  assert_success "${LL_POLICY}" --help
  local word
  for word in 'list ' 'show ' 'check ' 'why ' 'path ' 'new ' 'convert ' --strict --widen --json '--list directives'; do
    [[ ${output} == *"${word}"* ]]
  done
  assert_success "${LL_POLICY}" -V
  is "${output#ll-policy }" "$("${LOADER}" -V | cut -d' ' -f 2)"
}

@test "an invalid command line is reported, and nothing is done" {
  ends_saying 125 "ll-policy: argument 1: unknown command 'chekc'
    chekc
    ^~~~~
  did you mean 'check'?" "${LL_POLICY}" chekc
  ends_saying 125 'll-policy: argument 2: one argument too many
    a
    ^
  ll-policy list' "${LL_POLICY}" list a
  ends_saying 125 'll-policy: an argument is missing
  ll-policy show NAME|FILE' "${LL_POLICY}" show
  local -a line
  for line in '' show 'show a b' 'list a' 'list --strict' 'check --widen a' 'new ls --abi 3' 'show base --ro /' \
    '--nosuch' 'check -p base base' 'convert --from nosuch a' 'convert --from sandboxec -- a'; do
    # shellcheck disable=SC2086
    capture "${LL_POLICY}" ${line}
    is "${line}: ${status} ${output} ${errors%%:*}" "${line}: 125  ll-policy"
  done
}

@test "a failed write of the output is an error, and a closed pipe ends the program" {
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
  assert_success as_user "${LL_POLICY}" list
  assert_success as_user "${LL_POLICY}" show ffmpeg
  assert_success as_user "${LL_POLICY}" check "${TOOLS}/policies/base.policy"
}
