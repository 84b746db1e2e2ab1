load explain

# ---- --explain

@test "--explain shows the whole sandbox and runs nothing" {
  example
  assert_success "${LL_EXEC}" --explain -v --abi 10 -p p.policy -- "${PROBE}" create "${T}/marker"
  is "$(sed '/^system calls/,$d' <<<"${output}")" "  a command would run under Landlock ABI 10 (Linux 7.2)

files        read list write truncate exec create move delete ioctl socket node
  rl--------- data/                          ro  p.policy:1:4
  ----------- missing (does not exist)       ro  p.policy:1:9
  rl--x------ /usr/                          rx  p.policy:2:4
  rlwt-cmd--- out/                           rw  p.policy:3:4
  r-w-----i-- /dev/null                      dev  p.policy:4:5
  everything else is refused

network
  granted connect 443/tcp on any host        p.policy:5:9
  granted connect 8000-8010/tcp on any host  p.policy:5:13
  granted bind any/tcp                       p.policy:6:6
  granted connect 53/udp on any host (and bind 0/udp: any source port) p.policy:7:9
  refused connect to a TCP port that is not granted
  refused receive on a UDP port that is not granted
  refused send to a UDP port that is not granted

other processes
  granted ipc signal                         p.policy:8:5
  refused connect to an outside abstract unix socket

process
  capabilities none
  limits       nofile=64 as=1G
  environment  PATH HOME
  descriptors  0 1 2
  starts in    the current directory
  switches     audit on"
  [[ ! -e marker ]]
}

@test "--explain counts missing optional paths and refused system calls, and -v lists them" {
  example
  assert_success "${LL_EXEC}" --explain --abi 10 -p p.policy
  [[ ${output} != *missing* && ${output} != *io_uring_setup* ]]
  [[ ${output} == *$'\n  optional paths that do not exist: 1 (-v shows them)\n  everything else is refused\n'* ]]
  [[ ${output} =~ $'\nsystem calls\n  refused, or with some arguments: '[0-9]+' (-v lists them)' ]]
  assert_success "${LL_EXEC}" --explain -v --abi 10 -p p.policy
  [[ ${output} == *"missing (does not exist)"* && ${output} == *io_uring_setup* && ${output} != *"-v "* ]]
  assert_success "${LL_EXEC}" --explain --abi 10 --ro /
  [[ ${output} != *"optional paths"* ]]
}

@test "--explain needs no command" {
  assert_success "${LL_EXEC}" --explain
  [[ ${output} == *"everything else is refused"* ]]
}

@test "--explain of a policy without ports refuses all ports, and gives each reason once" {
  assert_success "${LL_EXEC}" --explain -v --abi 10
  [[ ${output} == *$'\nnetwork\n  refused listen on a TCP port\n  refused connect to a TCP port\n'* ]]
  [[ ${output} == *$'and mounts (by argument)\n      clone unshare\n'* ]]
  is "$(sed -n '/^system calls/,$s/^  \([^ ].*\)/\1/p' <<<"${output}" | sort | uniq -d)" ""
}

@test "--explain shows the file descriptors that are kept besides 0, 1 and 2" {
  exec 9</dev/null
  assert_success "${LL_EXEC}" --explain --fd 9
  exec 9<&-
  is "$(grep descriptors <<<"${output}")" "  descriptors  0 1 2 9"
}

@test "--explain names what the kernel cannot restrict" {
  assert_success "${LL_EXEC}" --explain --abi 4
  is "$(sed -n '/^NOT/,$p' <<<"${output}")" "NOT refused on this kernel
  send an ioctl to a device                  needs Landlock ABI 5, Linux 6.10
  signal an outside process                  needs Landlock ABI 6, Linux 6.12"
}

@test "--explain of the newest ABI has no gap" {
  assert_success "${LL_EXEC}" --explain --abi 11
  [[ ${output} != *"NOT refused"* ]]
}

@test "moving between directories is no gap on ABI 1, as that kernel always refuses it" {
  assert_success "${LL_EXEC}" --explain --abi 1
  [[ ${output} == *"NOT refused on this kernel"* ]]
  [[ ${output} != *"  move or link between directories "* ]]
}

@test "--explain -v names the refused system calls, and why" {
  assert_success "${LL_EXEC}" --explain -v --abi 10
  [[ ${output} == *"
  its requests bypass the filter (ENOSYS)
      io_uring_setup io_uring_enter io_uring_register
"* ]]
  [[ ${output} != *"refused by \`syscall\`"* ]]
  assert_success "${LL_EXEC}" --explain -v --abi 10 --syscall "deny ptrace"
  [[ ${output} == *"
  refused by \`syscall\` (EPERM)
      ptrace"* ]]
}

@test "--explain is refused where the ABI cannot enforce a rule of the policy" {
  example
  capture "${LL_EXEC}" --explain --abi 6 -p p.policy
  is "${errors}" "ll-exec: p.policy:7:9: 'connect 53/udp' needs Landlock ABI 10 (Linux 7.2); this kernel has ABI 6
    connect 53/udp
            ^~~~~~
  run it on a newer kernel, drop the rule, or add --best-effort to run without enforcing it"
  is "${status}" 125
}

@test "--explain works for each ABI, whatever the running kernel has" {
  local level
  for level in 1 2 3 4 5 6 7 8 9 10 11; do
    assert_success "${OLD_KERNEL}" absent "${LL_EXEC}" --explain --abi "${level}" --ro /
    [[ ${output} == "  a command would run under Landlock ABI ${level} (Linux "* ]]
  done
}

# ---- in a terminal

# in_window COLUMNS COMMAND...: sets ${output} to what it prints on a terminal of that width.
in_window() {
  needs_program python3
  output=$(python3 -c '
import fcntl, os, pty, struct, sys, termios
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
try:
    while data := os.read(terminal, 65536):
        os.write(1, data.replace(b"\r\n", b"\n"))
except OSError:
    pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))' "$@")
}

tree_example() {
  mkdir -p "w/in/deep" "w/out" w/bin
  printf x | tee w/in/deep/file w/in/deep/hidden >/dev/null
  policy p.policy 'ro w/in/deep -w/none' 'rw w/out' 'rx w/bin' 'connect 443'
}

@test "--explain on a terminal shows a tree, with rights and their sources in columns" {
  tree_example
  in_window 80 env LC_ALL=C.UTF-8 NO_COLOR=1 "${LL_EXEC}" --explain -v --abi 11 -p p.policy
  is "$(sed -n '/^files/,/^network/p' <<<"${output}")" "files
  rlwtxcmdisn read list write truncate exec create move delete ioctl socket node
              w/
  rl--x------ ├─ bin/                                     rx      p:3
  rl--------- ├─ in/deep/                                 ro      p:1
  missing     ├─ none                                     ro      p:1
  rlwt-cmd--- └─ out/                                     rw      p:2
  everything else is refused

network"
  [[ ${output} == *$'\n  granted connect 443/tcp on any host '*' p:4'$'\n'* ]]
}

@test "at 60 columns names that fit on a line are not truncated, and columns do not overlap" {
  local long=a-name-that-fills-the-column-of-names
  mkdir -p "${long}-1" "${long}-2"
  policy p.policy "ro ${long}-1 ${long}-2 -${long}-3" "connect 53/udp"
  in_window 60 env LC_ALL=C.UTF-8 NO_COLOR=1 "${LL_EXEC}" --explain -v --best-effort -p p.policy
  is "$(sed -n '/a-name/,/everything/p' <<<"${output}")" "\
  rl--------- ${long}-1/
                                      ro      p:1
  rl--------- ${long}-2/
                                      ro      p:1
  missing     ${long}-3
                                      ro      p:1
  everything else is refused"
  [[ ${output} == *$'\n                                              p:2\n'* ]]
}

@test "the explanation of an installed policy fits into 60 lines of 80 columns" {
  in_window 80 env LC_ALL=C.UTF-8 NO_COLOR=1 "${LL_EXEC}" --explain -p "${ROOT}/policies/ffmpeg.policy"
  (($(wc -l <<<"${output}") <= 60)) || { printf '%s\n' "${output}"; return 1; }
}

@test "the tree is drawn in ASCII in a locale that is not UTF-8" {
  tree_example
  in_window 80 env LC_ALL=C NO_COLOR=1 "${LL_EXEC}" --explain -p p.policy
  [[ ${output} == *' |- bin/ '* && ${output} == *' `- out/ '* && ${output} != *'─'* ]]
  in_window 80 env -u LC_ALL -u LC_CTYPE LANG=en_US.utf8 NO_COLOR=1 "${LL_EXEC}" --explain -p p.policy
  [[ ${output} == *' ├─ bin/ '* ]]
}

@test "colours are used on terminals only, and not with NO_COLOR or on a dumb terminal" {
  tree_example
  in_window 80 env -u NO_COLOR TERM=xterm "${LL_EXEC}" --explain -p p.policy
  [[ ${output} == *$'\e[0;1mfiles\e[0;m'* ]]
  in_window 80 env NO_COLOR= TERM=xterm "${LL_EXEC}" --explain -p p.policy
  [[ ${output} == *$'\e'* ]]
  in_window 80 env NO_COLOR=1 TERM=xterm "${LL_EXEC}" --explain -p p.policy
  [[ ${output} != *$'\e'* ]]
  in_window 80 env -u NO_COLOR TERM=dumb "${LL_EXEC}" --explain -p p.policy
  [[ ${output} != *$'\e'* ]]
  assert_success env -u NO_COLOR TERM=xterm "${LL_EXEC}" --explain -p p.policy
  [[ ${output} != *$'\e'* ]]
}

@test "no line is wider than the window, and piped output is not truncated" {
  local long columns
  long=$(printf 'long-%.0s' {1..40})ü
  mkdir -p "${long}/${long}" a/b/c/d/e/f/g/h/i/j/k
  policy p.policy "ro ${long} ${long}/${long}" "rw a/b a/b/c a/b/c/d a/b/c/d/e a/b/c/d/e/f a/b/c/d/e/f/g/h a/b/c/d/e/f/g/h/i/j/k" \
    "env $(printf 'VARIABLE_%s ' {1..40})"
  for columns in 50 80 200; do
    in_window "${columns}" env LC_ALL=C.UTF-8 NO_COLOR=1 "${LL_EXEC}" --explain -p p.policy
    is "$(python3 -c 'import sys
print([l for l in sys.stdin.buffer.read().decode().splitlines() if len(l) > int(sys.argv[1])])' "${columns}" <<<"${output}")" "[]"
    [[ ${output} == *'…'* && ${output} == *'i/j/k/ '* ]]
  done
  assert_success "${LL_EXEC}" --explain -p p.policy
  [[ ${output} == *" ${long}/ "* && ${output} != *'…'* ]]
}

@test "without a window size, the width is that of COLUMNS, or 80" {
  tree_example
  local columns
  for columns in 60 80; do
    in_window 0 env "COLUMNS=${columns/80/}" LC_ALL=C.UTF-8 NO_COLOR=1 "${LL_EXEC}" --explain -p p.policy
    local unsized=${output}
    in_window "${columns}" env LC_ALL=C.UTF-8 NO_COLOR=1 "${LL_EXEC}" --explain -p p.policy
    is "${unsized}" "${output}"
  done
}

@test "control characters in a path do not reach the terminal" {
  mkdir $'a\e[31mred' || skip "needs a file system that takes any name"
  in_window 80 env NO_COLOR=1 "${LL_EXEC}" --explain --ro $'a\e[31mred'
  [[ ${output} == *' a?[31mred/ '* && ${output} != *$'\e'* ]]
}

# ---- --json

@test "--explain --json is valid JSON for each ABI" {
  needs_program python3
  mkdir $'a "quoted\\ \tname'
  local level
  for level in 1 4 11; do
    assert_success "${LL_EXEC}" --explain --json --abi "${level}" --ro $'a "quoted\\ \tname' --env 'A="\'
    is_json "${output}"
    is "$(field 'd["kernel"]["abi"]')" "${level}"
    is "$(field 'd["rules"][0]["path"]')" $'a "quoted\\ \tname'
  done
}

@test "--json counts the rights that each ABI handles" {
  needs_program python3
  local level
  local -a fs=(0 13 14 15 15 16 16 16 16 17 17 17) net=(0 0 0 0 2 2 2 2 2 2 4 4)
  local -a scope=(0 0 0 0 0 0 2 2 2 2 2 2)
  for level in 1 2 3 4 5 6 7 8 9 10 11; do
    assert_success "${LL_EXEC}" --explain --json --abi "${level}"
    is "${level}: $(field '[len(d["handled"][f]) for f in ("fs", "net", "scope", "flags")]')" \
      "${level}: [${fs[level]}, ${net[level]}, ${scope[level]}, 0]"
  done
}

@test "--json lists each rule with its location and rights" {
  needs_program python3
  example
  assert_success "${LL_EXEC}" --explain --json --abi 10 -p p.policy
  is_json "${output}"
  is "$(field 'd["rules"][0]')" "{'directive': 'ro', 'path': 'data', 'exists': True, \
'rights': ['read_file', 'read_dir'], 'where': 'p.policy:1:4', 'enforced': True}"
  is "$(field 'd["rules"][1]["exists"]')" False
  is "$(field '[r for r in d["rules"] if r["directive"] == "connect"][1]')" \
    "{'directive': 'connect', 'protocol': 'tcp', 'low': 8000, 'high': 8010, \
'where': 'p.policy:5:13', 'enforced': True}"
}

@test "--json lists what is not enforced" {
  needs_program python3
  assert_success "${LL_EXEC}" --explain --json --abi 3 --best-effort --connect 443
  is "$(field 'd["rules"][0]["enforced"]')" False
}

@test "--json encodes bytes of a path that are not UTF-8 as valid JSON" {
  needs_program python3
  mkdir $'d\xff' 2>/dev/null || skip "needs a file system that takes any name"
  assert_success "${LL_EXEC}" --explain --json --abi 7 --ro $'d\xff'
  python3 -c 'import json, sys; json.loads(sys.stdin.buffer.read().decode("utf-8"))' <<<"${output}"
}
