# shellcheck shell=bash
# Shared by the tests of ll-trace, besides helpers.bash: load this first.

load helpers

# A directory with the program and the policies, where an ordinary user can execute it.
setup_file() {
  TRACER=$(place_programs ll-trace ll-exec ll-ns sandbox.sh)
  export TRACER
}

LL_TRACE=${TRACER:-}/ll-trace

needs_ptrace() {
  "${LL_TRACE}" --rx "${PROBE}" -- "${PROBE}" pid >/dev/null 2>&1 || skip "needs ptrace"
}

# traced [OPTION...] -- VERB [ARGUMENT...]: runs a verb of probe under these options, with nothing else granted
# but executing probe. Sets ${status}, ${output}, ${errors}, and ${found}: for each refusal
# "LAYER WHAT TARGET > LINE", without the parts that a line does not have.
traced() {
  capture sandboxed_by "${LL_TRACE}" --json "${T}.json" -- "$@"
  # shellcheck disable=SC2034 # for the test
  found=$(sed -nE 's/^ ?\{"layer":"([^"]*)","what":"([^"]*)","target":"(([^"\\]|\\.)*)","process":"[^"]*","count":[0-9]+(,"(nearest|obstacle)":"([^"\\]|\\.)*")*(,"line":"(([^"\\]|\\.)*)")?\},?$/\1 \2 \3 > \9/p' "${T}.json")
  rm -f "${T}.json"
}

# The files that the rows of the table use, made anew for each.
plant() {
  chmod -R u+rwx "${T}/p" 2>/dev/null || true
  rm -rf "${T}/p"
  mkdir -p "${T}/p/d/s" "${T}/p/e" "${T}/p/closed" "${T}/p/fixed"
  cd "${T}/p" || return
  printf x | tee f d/f e/f 'sp ace' "it's" none fixed/f readable >/dev/null
  cp "${PROBE}" probe
  printf '#!%s\n' "${T}/p/probe" >script
  ln -s f link
  chmod 755 probe script
  chmod 444 readable
  chmod 000 none closed
  chmod 555 fixed
}
