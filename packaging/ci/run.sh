#!/bin/bash -p
# Runs the script LL_RUN, if there is one, under the policies LL_POLICY with the options LL_OPTIONS, each one a line: an
# option, a blank and its value as it stands.
set -Eeuo pipefail

main() {
  local name value
  local -a options=()
  if [[ -z ${LL_RUN:-} ]]; then return; fi
  while read -r name; do
    if [[ -n ${name} ]]; then options+=(-p "${name}"); fi
  done <<<"${LL_POLICY:-sandbox}"
  while read -r name value; do
    if [[ -n ${name} ]]; then options+=("${name}" ${value:+"${value}"}); fi
  done <<<"${LL_OPTIONS:-}"
  exec ll-exec "${options[@]}" -- bash --noprofile --norc -eo pipefail -c "${LL_RUN}"
}

main "$@"
