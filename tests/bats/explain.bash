# shellcheck shell=bash
# shellcheck disable=SC2154 # of helpers.bash
# Shared by the tests of --explain, --why and --check, besides helpers.bash: load this instead of it.

load helpers

is_json() { python3 -m json.tool <<<"$1" >/dev/null; }

# field EXPRESSION: evaluates a Python expression over the parsed ${output}, d.
field() { python3 -c 'import json, sys; d = json.loads(sys.argv[1]); print(eval(sys.argv[2]))' "${output}" "$1"; }

example() {
  mkdir -p data out
  policy p.policy "ro data -missing" "rx /usr" "rw out" "dev /dev/null" "connect 443 8000-8010" \
    "bind any" "connect 53/udp" "ipc signal" "limit nofile=64 as=1G" "env PATH HOME" "audit on" \
    "require landlock=4"
}
