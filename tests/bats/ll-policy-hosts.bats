load ll-policy

# ---- check: host rules

# doubts LINE... -- KIND...: the warnings of check for a policy with these lines, in this order
doubts() {
  local -a before after
  split_at_dashes "$@"
  policy p.policy 'env PATH' "${before[@]}"
  capture "${LL_POLICY}" check --json p.policy
  is "${status} $(json "${output}" '" ".join(d["kind"] or d["message"] for d in all)')" "0 ${after[*]}"
}

# says TEXT: a warning of check for that policy has the text
assert_stderr() {
  capture "${LL_POLICY}" check p.policy
  [[ ${errors} == *"$1"* ]] || { printf '%s\n' "${errors}"; return 1; }
}

@test "check warns of a network that includes private addresses, and not where noconnect refuses them" {
  doubts 'connect 0.0.0.0/0:80' -- private-addresses
  assert_stderr '169.254.169.254'
  assert_stderr 'add: noconnect private'
  doubts 'connect [::/0]:80' -- private-addresses
  doubts 'connect 128.0.0.0/1:80' -- private-addresses
  doubts 'connect 0.0.0.0/0:80' 'noconnect private' --
  doubts 'connect 8.0.0.0/7:80' --
  doubts 'connect 192.0.2.0/24:443 [2001:db8::/32]:443 10.0.0.0/8:5432' --
}

@test "check warns of a zone in which anybody can register a name" {
  local zone
  for zone in com co.uk com.AU github.io cloudfront.net S3.amazonaws.com; do
    [[ ${zone} == S3* ]] || doubts "connect *.${zone}:443" -- shared-zone
  done
  assert_stderr 'name the hosts'
  doubts 'connect *.example.com:443 *.example.co.uk:443 *.python.org:443' --
  doubts 'connect *.example.com:443/private' -- private-zone
  doubts 'connect db.example.com:5432/private' --
}

@test "check warns of any port of a host, any host beside named ones, and cloud credential addresses" {
  doubts 'connect api.example.com:any' -- any-port
  doubts 'connect 192.0.2.0/24:1-65535' -- any-port
  doubts 'connect localhost:any' --
  doubts 'connect any' -- any-port
  doubts 'connect any' 'noconnect private' -- any-port
  doubts 'connect api.example.com:8443' 'connect 443' -- any-host
  doubts 'connect 443' 'noconnect private' --
  doubts 'connect 169.254.169.254:80' -- metadata
  doubts 'connect 169.254.0.0/16:80' -- metadata
}

@test "check warns of a host rule that is redundant or refused by another" {
  doubts 'connect api.example.com:443 API.example.com.:443' -- redundant
  doubts 'connect api.example.com:443 *.example.com:443' -- redundant
  doubts 'connect a.api.example.com:443 *.example.com:443 *.api.example.com:443-444' -- redundant
  doubts 'connect 192.0.2.1:443 192.0.2.0/24:400-500' -- redundant
  doubts 'connect api.example.com:443' 'connect 443' -- redundant any-host
  doubts 'connect example.com:443 *.example.com:443 example.org:443 example.com:80 example.com:443/udp' --
  doubts 'connect db.example.com:1/private *.example.com:1' --
  doubts 'connect 10.1.0.0/16:443' 'noconnect 10.0.0.0/8' -- no-effect
  assert_stderr 'noconnect 10.0.0.0/8 (p.policy:3:11) refuses all of this'
  doubts 'connect 10.1.0.0/16:443' 'noconnect private' -- no-effect
  doubts 'connect 10.0.0.0/8:443' 'noconnect 10.1.0.0/16 10.0.0.0/8:80' --
  doubts 'noconnect private' -- no-effect
  doubts 'connect 1-9 5' -- redundant
}

@test "check --strict has exit status 1 for a host warning" {
  policy p.policy 'env PATH' 'connect *.com:443'
  capture "${LL_POLICY}" check --strict p.policy
  is "${status}" 1
  policy p.policy 'env PATH' 'connect example.com:443'
  assert_success "${LL_POLICY}" check --strict p.policy
}
