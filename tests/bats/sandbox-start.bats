load sandbox

# sandbox.sh: its first part, which is all that bash reads for a usual start, and what it inherits to the command.

# A directory with the script and programs of which ll-ns prints its arguments.
make_printing_box() {
  mkdir printing
  cp "${SANDBOX}" printing/
  printf '#!/bin/sh\nprintf "%%s\\n" "$@"\n' >printing/ll-ns
  cp printing/ll-ns printing/ll-exec
  chmod -R a+rX,a+x printing
}

# The same options, once as they are and once with one that the first part does not know, give ll-ns the same arguments.
both_parts_agree() { # OPTION...
  local first
  capture "${AS[@]}" "${T}/printing/sandbox.sh" "$@" -- the-command --its option
  first="${status} ${errors} ${output}"
  capture "${AS[@]}" "${T}/printing/sandbox.sh" "$@" --wrapper=- -- the-command --its option
  is "${first}" "${status} ${errors} ${output/$'\n--wrapper=-\n'/$'\n'}"
  is "${status} ${output##*$'\n--wrapper=-\n'}" $'0 --\nthe-command\n--its\noption'
}

@test "the usual options give ll-ns the same arguments whether the first part of sandbox.sh or all of it is executed" {
  make_printing_box
  mkdir -p real/below
  ln -s real link
  local directory
  for directory in "${T}" "${T}/real" "${T}/link"; do
    cd "${directory}"
    both_parts_agree
    both_parts_agree -p sandbox
    both_parts_agree -p ./a.policy -p b --ro below
    both_parts_agree --ro /etc --rx -/nonexistent --rw /var/tmp --rwx "/a b"
    both_parts_agree --net host --connect 443 --env 'A B=c' --timeout 30s
    both_parts_agree --ro "${T}/real/below" --rw below
    both_parts_agree --ro "${T}/link/below"
    both_parts_agree --ro "${PWD}"
    both_parts_agree --ro .
    both_parts_agree --ro ''
    both_parts_agree --ro /
    both_parts_agree --ro "${PWD}-with-a-longer-name"
  done
  export TMPFS_SIZE=1M
  both_parts_agree --ro /etc
  [[ ${output} == *$'\n/tmp:1M\n'* ]]
  local home
  for home in "${T}" "${T}/link" "${T}/link/below" /nonexistent ''; do
    export HOME=${home}
    both_parts_agree --rx /etc
  done
}

@test "a usual start executes nothing behind the first part of sandbox.sh" {
  mkdir short
  cp -R "${BOX}"/. short/
  sed '/^# ---- all options$/q' "${SANDBOX}" >short/sandbox.sh
  printf 'exit 99\n' >>short/sandbox.sh
  chmod -R a+rX short
  local user options
  user=$("${AS[@]}" id -u)
  for options in '' -- '-p sandbox' '--ro /etc --rx /usr --' '--rw /var/tmp --rwx -/nonexistent -p sandbox' '--env A=b --net none' \
    '--connect 443 --timeout 1m'; do
    # shellcheck disable=SC2086 # words
    assert_success "${AS[@]}" short/sandbox.sh ${options} id -u
    is "${output}" "${user}"
  done
  for options in -q --help '--ro .' '--ro short' "--ro ${T}"; do
    # shellcheck disable=SC2086 # words
    capture "${AS[@]}" short/sandbox.sh ${options} id -u
    is "${options} ${status} ${output}" "${options} 99 "
  done
}

@test "no variable of sandbox.sh changes one of the same name that the command inherits" {
  local name
  local -a names=() options=() values=()
  mapfile -t names < <(grep -oE '\b[a-z_]+(\+?=| in )' "${SANDBOX}" | sed -E 's/(\+?=| in )$//' | grep -v '^ll_' | sort -u)
  ((${#names[@]} > 15))
  # What the script had as variables before they had a prefix.
  names+=(memory policy words command start quiet disk added arguments)
  for name in "${names[@]}"; do
    options+=(--env "${name}")
    values+=("${name}=inherited ${name}")
  done
  local expected
  local -a show=(printenv "${names[@]}")
  printf -v expected 'inherited %s\n' "${names[@]}"
  expected=${expected%$'\n'}
  # By each part of the script: the first, all options, and programs that are elsewhere.
  assert_success "${AS[@]}" env "${values[@]}" "${SANDBOX}" "${options[@]}" "${show[@]}"
  is "${output}" "${expected}"
  assert_success "${AS[@]}" env "${values[@]}" "${SANDBOX}" -q "${options[@]}" "${show[@]}"
  is "${output}" "${expected}"
  assert_success "${AS[@]}" env "${values[@]}" LL_NS="${LL_NS_PROGRAM}" "${SANDBOX}" "${options[@]}" "${show[@]}"
  is "${output}" "${expected}"
}

@test "sandbox.sh --help that cannot be written fails, and starts no command" {
  assert_success "${BOXED[@]}" --help
  [[ ${output} == "sandbox.sh [options] [--] command [argument...]"$'\n'*"or on PATH." ]]
  # shellcheck disable=SC2016 # the inner shell expands it
  capture "${AS[@]}" bash -c '"$@" >/dev/full' - "${SANDBOX}" --help sh -c 'echo ran >&2'
  is "${status}" 1
  assert_stderr 'No space left on device'
  [[ ${errors} != *ran* ]]
}
