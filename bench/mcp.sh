#!/bin/bash -p
# mcp.sh [BUILD]: what a command costs through ll-mcp (mcp.mjs), with the policy `agent`; status 1 if a bar does not hold. The
# client is the one that the tests install in BUILD/mcp-client: bats tests/bats/mcp.bats once, before.
set -Eeuo pipefail

main() {
  local root build folder
  root=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
  build=$(cd "${1:-${root}/build}" && pwd)
  # Where the policy lets nothing write.
  folder=$(mktemp -d /var/tmp/ll-mcp-bench.XXXXXX)
  # shellcheck disable=SC2064 # it is local
  trap "rm -rf -- '${folder}'" EXIT
  cp -r "${build}"/{ll-mcp,ll-exec,ll-ns,ll-trace,policies} "${folder}/"
  cp "${root}/bench/mcp.mjs" "${build}/mcp-client/bench.mjs"
  mkdir "${folder}/project"
  cd "${folder}/project"
  local status=0
  node "${build}/mcp-client/bench.mjs" "${folder}/ll-mcp" -p agent --rw . || status=$?
  printf '\nwith --sandbox\n'
  node "${build}/mcp-client/bench.mjs" "${folder}/ll-mcp" -p agent --rw . --sandbox || status=$?
  return "${status}"
}

main "$@"
