# shellcheck shell=bash
# shellcheck disable=SC2154 # of helpers.bash
# Shared by the tests of ll-policy, besides helpers.bash: load this instead of it.

load helpers

# A directory with the program and the policies, where an ordinary user can execute it.
setup_file() {
  TOOLS=$(place_programs ll-policy ll-exec)
  export TOOLS
}

LL_POLICY=${TOOLS:-}/ll-policy
# With the same search path.
LOADER=${TOOLS:-}/ll-exec

# Python reads the JSON: each FORMAT argument is evaluated with `all` being the document.
json() { # DOCUMENT EXPRESSION
  printf '%s' "$1" | python3 -c 'import json, sys; all = json.load(sys.stdin); print(eval(sys.argv[1]))' "$2"
}

# ends_saying STATUS MESSAGE COMMAND...: exactly that on standard error, and nothing on standard output.
ends_saying() {
  local expected=$1 message=$2
  shift 2
  capture "$@"
  is "${errors}" "${message}"
  is "${status} ${output}" "${expected} "
}

# warns LINE KIND...: the warnings of `check` for a policy with that line, in this order.
warns() {
  policy p.policy "$1"
  shift
  capture "${LL_POLICY}" check --json p.policy
  is "${status} $(json "${output}" '" ".join(d["kind"] or d["message"] for d in all)')" "0 $*"
}

# The rules of a policy, without locations, and with absolute paths.
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
