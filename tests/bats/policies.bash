# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # for the tests, and of helpers.bash
# Shared by the tests of the installed policies: load this instead of helpers. Each operation is tried under both layers,
# and each attack without a sandbox as well. Not in /tmp, which many policies grant: in a directory with a home directory,
# owned by an ordinary user.
load sandbox

WALLS=(ll-exec sandbox.sh)
# The programs of the distribution, not others of the same name.
export PATH=/usr/bin:/bin:/usr/sbin:/sbin
# Settings of package managers from the caller's environment.
unset "${!PIP_@}" "${!npm_config_@}" "${!GO@}" "${!CARGO_@}" "${!RUST@}"

setup() {
  umask 022
  T=$(mktemp -d /var/tmp/ll-policies.XXXXXX)
  chmod 755 "${T}"
  mkdir -p "${T}/home/.cache/ll-exec"
  printf 'secret\n' >"${T}/home/secret"
  if ((EUID == 0)); then chown -R "${ORDINARY}:${ORDINARY}" "${T}"; fi
  export HOME=${T}/home
  cd "${T}" || return
}

# on_each_wall FUNCTION: in a new directory, with ${WALL} as the program that `under` uses.
on_each_wall() {
  for WALL in "${WALLS[@]}"; do
    printf 'under %s:\n' "${WALL}"
    rm -rf "${T}/job" "${HOME}/planted" "${HOME}/other.db"
    own mkdir "${T}/job"
    cd "${T}/job" || return
    "$1"
    cd "${T}" || return
  done
}

# As the user who owns all of it, without a sandbox.
own() { "${AS[@]}" env HOME="${HOME}" "$@"; }

# Writes standard input to a file of the user.
own_file() { own tee "$1" >/dev/null; }

# under POLICY [OPTION...] -- COMMAND...: sets ${status}, ${output} and ${errors}
under() {
  local policy=$1
  shift
  capture "${AS[@]}" env HOME="${HOME}" "${BOX}/${WALL}" -q -p "${policy}" "$@"
}

# does: a command under the policy succeeds.
does() {
  under "$@"
  ((status == 0)) || { printf '%s: status %s\n%s\n%s\n' "$*" "${status}" "${output}" "${errors}"; return 1; }
}

# does_as_bare: as does, for what depends on installed software (a delegate, a codec, a font): tried without a sandbox
# first, in a copy of the directory. What fails there as well is named and skipped.
does_as_bare() {
  local -a before after
  split_at_dashes "$@"
  rm -rf "${T}/bare"
  own cp -a . "${T}/bare"
  if own env -C "${T}/bare" "${after[@]}" >"${T}/bare.log" 2>&1 </dev/null; then
    does "$@"
  else
    printf '# not judged, for it fails without a sandbox: %s\n' "${after[*]}" >&3
  fi
}

# does_not: it fails, and not because the sandbox did not start.
does_not() {
  under "$@"
  ((status != 0 && status != 125)) || { printf '%s: status %s\n%s\n%s\n' "$*" "${status}" "${output}" "${errors}"; return 1; }
}

# An attack by a program that may succeed otherwise: only what it was to steal or plant is checked.
tries() { under "$@"; ((status != 125)) || { printf '%s\n' "${errors}"; return 1; }; }

# What an attack leaves behind if it works.
planted() { [[ -e ${HOME}/planted ]]; }
not_planted() { [[ ! -e ${HOME}/planted ]] || { printf 'planted: %s\n' "$(<"${HOME}/planted")"; return 1; }; }

# planting COMMAND...: the control of an attack, without a sandbox.
planting() {
  own "$@" >/dev/null 2>&1 || true
  planted || { printf 'the attack does not work at all: %s\n' "$*"; return 1; }
  rm "${HOME}/planted"
}

teardown() {
  local pid
  for pid in ${started_pid:-} "${started_pids[@]}"; do kill -KILL "${pid}" 2>/dev/null || true; done
  cd / || return
  chmod -R u+rwx "${T}" 2>/dev/null || true
  rm -rf "${T}" "${T}.stderr"
}
started_pids=()
