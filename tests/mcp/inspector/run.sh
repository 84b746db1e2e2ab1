#!/bin/bash -p
# run.sh [BUILD]: the official inspector's command line drives ll-mcp. Last line: N passed, N failed. It is large: apart
# from make test, which has the SDKs' clients; .ci/run has both.
set -Eeuo pipefail

PASSED=0
FAILED=0

# check TITLE STATUS PATTERN ARGUMENT...: the inspector with these arguments has that status and output.
check() {
  local title=$1 expected=$2 pattern=$3 output status=0
  shift 3
  output=$(node_modules/.bin/mcp-inspector --cli "${folder}/ll-mcp" -p base --rx /usr --rx -/bin --env PATH "$@" 2>&1 \
    </dev/null) || status=$?
  if ((status == expected)) && grep -qE "${pattern}" <<<"${output}"; then
    PASSED=$((PASSED + 1))
    printf 'ok      %s\n' "${title}"
    return
  fi
  FAILED=$((FAILED + 1))
  printf '%s\nFAILED  %s (status %d)\n' "${output}" "${title}" "${status}"
}

# Of the versions that the lock file has, once for each of its versions.
install_inspector() {
  local from=$1/tests/mcp/inspector into=$2
  mkdir -p "${into}"
  if cmp -s "${from}/package-lock.json" "${into}/package-lock.json" && [[ -e ${into}/node_modules/.package-lock.json ]]; then
    return
  fi
  cp "${from}"/package{,-lock}.json "${into}/"
  # Not ci: it wants a package in the lock file that is for another system, and is not there.
  (cd "${into}" && npm install --silent --no-save --no-audit --no-fund --ignore-scripts)
}

main() {
  local root build
  root=$(cd "${BASH_SOURCE[0]%/*}/../../.." && pwd)
  build=$(cd "${1:-${BUILD:-${root}/build}}" && pwd)
  folder=$(mktemp -d)
  trap 'rm -rf -- "${folder}"' EXIT
  cp -r "${build}"/{ll-mcp,ll-exec,ll-ns,ll-trace,policies} "${folder}/"
  mkdir -p "${build}/mcp-inspector"
  if (($(node -p 'parseInt(process.versions.node)') < 20)); then
    printf 'skipped: the inspector needs Node.js 20\n0 passed, 0 failed\n'
    return
  fi
  install_inspector "${root}" "${build}/mcp-inspector"
  cd "${build}/mcp-inspector"
  local -a exec=(--method tools/call --tool-name exec --tool-arg)
  check 'the tools are listed, with schemas that the inspector accepts' 0 '"name": "policy"' --method tools/list --strict
  check 'a command runs' 0 '"stdout": "a b c\\n"' "${exec[@]}" command=echo 'args=["a","b c"]'
  check 'a refusal is a result' 0 'Permission denied' "${exec[@]}" command=cat 'args=["/etc/shadow"]'
  check 'explain names the line to add' 0 '"line": "ro /etc/shadow"' "${exec[@]}" command=cat 'args=["/etc/shadow"]' explain=true
  check 'timeout_ms ends a command' 5 '"timed_out": true' "${exec[@]}" command=sleep 'args=["60"]' timeout_ms=200
  check 'an invalid argument is reported' 5 'timeout_ms: must be' "${exec[@]}" command=echo timeout_ms=0
  check 'the why tool answers' 0 '"granted": false' --method tools/call --tool-name why --tool-arg right=read_file path=/etc/shadow
  check 'the policy tool answers' 0 '/usr/' --method tools/call --tool-name policy
  printf '%d passed, %d failed\n' "${PASSED}" "${FAILED}"
  ((FAILED == 0))
}

main "$@"
