load overlay

# A kept layer: another run with it, a partial commit, two commits at once.

# The layer is on the file system of the directory, where a commit renames, and on another, where it copies.
each_place() { # FUNCTION
  local place elsewhere
  elsewhere=$(mktemp -d /dev/shm/ll-tests.XXXXXX) || skip "there is no /dev/shm to write to"
  chmod 777 "${elsewhere}"
  for place in "${T}" "${elsewhere}"; do
    chmod -R u+rwx "${WORK}" 2>/dev/null || true
    rm -rf "${WORK}"
    begin_in "${WORK}"
    LAYER=${place}/layer
    "$1" || { rm -rf "${elsewhere}"; return 1; }
    cd "${T}"
  done
  chmod -R u+rwx "${elsewhere}"
  rm -rf "${elsewhere}"
}

keep() { # SCRIPT
  capture overlaid --keep-in "${LAYER}" sh -c "umask 022; $1"
  is "${status}" 0
}

changes() { "${CHANGES[@]}" list "${LAYER}" "$@" | sed 's/  (.*//'; }

run_again() {
  as_written 'echo 1 >a; echo 2 >b'
  keep 'echo new >a; mkdir shut; echo x >shut/x; chmod 0 shut'
  is "$(changes)" $'M a\nA shut\nA shut/x'
  # Listing the layer opens closed directories; the command still finds them closed.
  keep 'stat -c %a shut; cat a; echo more >>a; rm b'
  is "${output}" $'0\nnew'
  is "$(changes)" $'M a\nD b\nA shut\nA shut/x'
  is "$(<a)" 1
  assert_success "${CHANGES[@]}" commit "${LAYER}"
  is "$(<a)" $'new\nmore'
  is "$(stat -c %a shut)" 0
  [[ ! -e b && ! -e ${LAYER} ]]
}
@test "a second run with a kept layer continues from the changes of the first" { each_place run_again; }

@test "a shell with a kept layer sees its changes" {
  begin_in "${WORK}"
  keep 'echo built >result'
  capture overlaid --keep-in "${LAYER}" bash -c 'cat result'
  is "${status} ${output}" '0 built'
  [[ ! -e result ]]
}

@test "a kept layer can be used for its own directories only, and not after it was dropped" {
  begin_in "${WORK}"
  keep 'echo x >x'
  cd "${T}"
  begin_in other
  capture overlaid --keep-in "${LAYER}" true
  is "${status}" 125
  assert_stderr 'not of the directories given'
  cd "${WORK}"
  capture "${BOXED[@]}" --overlay . --overlay ../other --keep-in "${LAYER}" true
  is "${status}" 125
  # A layer that was moved into the directory since, where the command would see it.
  "${AS[@]}" mv "${LAYER}" inside
  capture overlaid --keep-in inside true
  is "${status}" 125
  assert_stderr "is in ${WORK}"
  "${AS[@]}" mv inside "${LAYER}"
  "${AS[@]}" mv "${LAYER}/0/upper" "${LAYER}/0/dropped"
  capture overlaid --keep-in "${LAYER}" true
  is "${status}" 125
  assert_stderr 'is partly dropped'
}

commit_parts() {
  as_written 'mkdir -p src lib rep; echo 1 >src/a; echo 1 >lib/a; echo 1 >rep/old; echo 1 >gone'
  keep 'echo 2 >src/a; echo 2 >src/b; mkdir -p new/deep; echo 2 >new/deep/x; echo 2 >new/y; echo 2 >lib/a; rm gone; rm -r rep; mkdir rep; echo 2 >rep/new'
  is "$("${CHANGES[@]}" list --only src "${LAYER}" | sed 's/  (.*//')" $'M src/a\nA src/b'
  assert_success "${CHANGES[@]}" commit --only src --only 'new/*' --except '*/y' --except 'src/b' "${LAYER}"
  is "$(<src/a) $(<new/deep/x) $(<lib/a) $(<gone)" '2 2 1 1'
  [[ ! -e src/b && ! -e new/y && -e rep/old ]]
  is "$(changes | sort -k 2)" $'D gone\nM lib/a\nA new/y\nA rep/new\nD rep/old\nA src/b'

  # A replaced directory is committed as a whole.
  capture "${CHANGES[@]}" commit --only rep/new "${LAYER}"
  is "${status}" 125
  assert_stderr 'replaced as a whole'
  [[ -e rep/old && ! -e rep/new ]]
  assert_success "${CHANGES[@]}" commit --only rep "${LAYER}"
  [[ ! -e rep/old && -e rep/new ]]

  # A change by ll-changes itself is no conflict, and a change by others is one.
  keep 'echo 3 >src/a; echo 3 >lib/a'
  as_written 'sleep 0.05; echo theirs >lib/a'
  assert_success "${CHANGES[@]}" commit --only src "${LAYER}"
  is "$(<src/a) $(<src/b)" '3 2'
  capture "${CHANGES[@]}" commit "${LAYER}"
  is "${status}" 125
  assert_stderr 'lib/a has changed meanwhile'
  assert_success "${CHANGES[@]}" commit --except lib "${LAYER}"
  [[ ! -e gone && -e new/y && -e ${LAYER} ]]
  is "$(<lib/a)" theirs
  assert_success "${CHANGES[@]}" commit --force "${LAYER}"
  is "$(<lib/a)" 3
  [[ ! -e ${LAYER} ]]
}
@test "commit --only and --except commit part of a layer, and the rest stays" { each_place commit_parts; }

@test "committing the last part of a layer removes the layer" {
  begin_in "${WORK}"
  keep 'echo x >x'
  assert_success "${CHANGES[@]}" commit --only x "${LAYER}"
  [[ -e x && ! -e ${LAYER} ]]
}

@test "run and drop refuse patterns" {
  begin_in "${WORK}"
  keep 'echo x >x'
  capture "${CHANGES[@]}" drop --only x "${LAYER}"
  is "${status}" 125
  [[ -e ${LAYER} ]]
  capture "${CHANGES[@]}" run --overlay . --except x -- "${BOX}/ll-ns" true
  is "${status}" 125
  assert_stderr 'run commits all changes'
}

# layer_saying NAME: a layer in which all files contain NAME.
layer_saying() {
  capture overlaid --keep-in "${T}/$1" sh -c "for i in \$(seq 300); do echo $1 >\$i; done"
  is "${status}" 0
}

@test "two commits into one directory run one after the other" {
  begin_in "${WORK}"
  local round said
  for round in 1 2 3; do
    layer_saying left
    layer_saying right
    "${CHANGES[@]}" commit --force "${T}/left" 3>&- &
    "${CHANGES[@]}" commit --force "${T}/right" 3>&- 2>/dev/null
    wait $!
    said=$(cat -- * | sort -u)
    [[ ${said} == left || ${said} == right ]] || { printf 'both: %s\n' "$(cat -- * | sort | uniq -c)"; return 1; }
  done
}

@test "a commit waits for another one, and can be interrupted while it waits" {
  needs_program flock
  begin_in "${WORK}"
  keep 'echo x >x'
  "${AS[@]}" flock . -c 'echo locked; exec sleep 98765' >"${T}/lock" 3>&- &
  local holder=$!
  until [[ -s ${T}/lock ]]; do sleep 0.01; done
  "${CHANGES[@]}" commit "${LAYER}" 2>"${T}/said" 3>&- &
  started_pid=$!
  waits_until grep -q 'another commit is running' "${T}/said"
  [[ ! -e x ]]
  kill -TERM "${started_pid}"
  wait "${started_pid}" && return 1
  [[ ! -e x && -e ${LAYER} ]]
  pkill -KILL -f 'sleep 98765' || true
  wait "${holder}" || true
  assert_success "${CHANGES[@]}" commit "${LAYER}"
  [[ -e x ]]
}
