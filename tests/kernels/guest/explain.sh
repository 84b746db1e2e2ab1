# The output of --explain --json --abi N equals what a kernel of that ABI is told: ll-exec runs under record, and both
# are converted to the same lines. On each kernel, for its own ABI and every one below.

# --explain --json, in the format of record.
expected_facts() {
  awk -v 'RS={' '
    function after(text, key,   start) {
      start = index(text, "\"" key "\":")
      return start ? substr(text, start + length(key) + 3) : ""
    }
    function list(text, key,   found) {  # of the array "key":[...], its words, each with a blank before it
      found = after(text, key)
      if (substr(found, 1, 1) != "[") return ""
      found = substr(found, 2, index(found, "]") - 2)
      gsub(/"/, "", found)
      gsub(/,/, " ", found)
      return found == "" ? "" : " " found
    }
    function value(text, key,   found) {
      found = after(text, key)
      if (substr(found, 1, 1) == "\"") {
        found = substr(found, 2)
        return substr(found, 1, index(found, "\"") - 1)
      }
      return match(found, /^[0-9a-z]+/) ? substr(found, 1, RLENGTH) : ""
    }
    function ports(low, high, right) {
      if (!index(handled_net " ", " " right " ")) return
      while (low <= high) print "port " low++ " " right
    }
    /^"fs":/ {
      handled_net = list($0, "net")
      print "handled fs" list($0, "fs")
      print "handled net" handled_net
      print "handled scope" list($0, "scope")
      print "handled flags" list($0, "flags")
    }
    /^"answer":/ {
      answer = value($0, "answer")
      count = split(list($0, "calls"), calls, " ")
      for (i = 1; i <= count; i++) print "call " calls[i] " " (answer == "policy" ? "EPERM" : answer)
    }
    /^"directive":/ {
      if (value($0, "protocol") != "") {
        udp = value($0, "protocol") == "udp"
        connect = value($0, "directive") == "connect"
        right = connect ? (udp ? "connect_send_udp" : "connect_tcp") : (udp ? "bind_udp" : "bind_tcp")
        ports(value($0, "low") + 0, value($0, "high") + 0, right)
        if (udp && connect) ports(0, 0, "bind_udp")
      } else if (list($0, "rights") != "") {
        print "path " value($0, "path") list($0, "rights")
      }
    }
  '
}

rm -f /srv/s/socket
serve unix /srv/s/socket
world
rm -rf /srv/policies
mkdir -p /srv/policies
: >/srv/policies/nothing
printf '%s\n' >/srv/policies/everything 'ro /srv/w/a' 'rx /bin' 'rw /srv/w/b' 'rwx /srv/w/b/deep' 'protect /srv/s' \
  'ro /srv/w/a/file' 'rw -/nonexistent' 'dev /dev/urandom' 'fs read_file,make_reg,refer /srv/w' 'fs truncate /srv/bin' \
  'unix /srv/s/socket' 'connect 443 8000-8003 53/udp' 'bind 8080 5353-5355/udp 0' 'audit on' 'ipc signal' \
  'syscall deny @timer getcpu' 'syscall allow keyctl'
printf '%s\n' >/srv/policies/opened 'connect any' 'bind any/udp' 'unix any' 'ipc signal abstract-unix sysv'
printf '%s\n' >/srv/policies/halves 'ipc abstract-unix' 'unix any' 'bind any' 'connect 1-3' 'metadata allow' 'ro /'

plan() { # POLICY [--abi N]: what is expected, in /tmp/.expected
  local file=$1
  shift
  "${loader}" --rx "${probe}" -p "/srv/policies/${file}" --best-effort "$@" --explain --json | expected_facts >/tmp/.expected
}

# Equal on every kernel: the host compares. The known calls depend on the architecture.
print_plan() {
  local line
  printf 'plan\t%s %s\t' "${file}" "${level}"
  while IFS= read -r line; do
    case ${line} in 'call '*) ;; *) printf '%s|' "${line}" ;; esac
  done </tmp/.expected
  printf '\n'
}

matches_explain() { # POLICY [--abi N]: what was told is what is expected
  local file=$1
  shift
  status=0
  ${capped:+/test/old-kernel ${capped}} /test/record /tmp/.facts "${loader}" --rx "${probe}" \
    -p "/srv/policies/${file}" --best-effort -q "$@" -- "${probe}" exit 5 2>/tmp/.errors || status=$?
  errors=
  [ "${status}" = 5 ] || wrong 'the recorded command'
  errors=$(/test/record --differences /tmp/.expected /tmp/.facts) || wrong 'plan and calls differ'
  contents /tmp/.facts
  for fact in 'call bpf EPERM' 'handled flags' 'handled fs execute' 'handled net' 'handled scope'; do
    case ${text} in *"${fact}"*) ;; *) wrong "not told: ${fact}" ;; esac
  done
  verdict "policy '${file}' ${*:-as it is}"
}

for file in nothing everything opened halves; do
  for level in 1 2 3 4 5 6 7 8 9 10 11; do
    plan "${file}" --abi "${level}"
    print_plan
    with_landlock && [ "${level}" -le "${ABI}" ] && matches_explain "${file}" --abi "${level}"
  done
  if with_landlock; then
    plan "${file}"
    matches_explain "${file}"
  fi
done

# deny: the number of rules equals that of --explain.
if with_landlock; then
  status=0
  beside=$("${loader}" --rx "${probe}" --ro /srv/w --deny /srv/w/a --explain | sed -n 's/.*(\([0-9]*\) entr.*/\1/p')
  /test/record /tmp/.facts "${loader}" --rx "${probe}" --ro /srv/w --deny /srv/w/a -- "${probe}" exit 0 || wrong 'the command'
  errors="${beside} beside; $(cat /tmp/.facts)"
  [ "$(grep -c '^path /srv/w' /tmp/.facts)" = "${beside}" ] || wrong 'another number of rules'
  ! grep -q '^path /srv/w/a' /tmp/.facts || wrong 'a rule for what is denied'
  verdict 'deny: its siblings are granted, and it is not'
fi
stop
