load sandbox

# A symlink that the project, or an earlier run, may have placed in the current directory does not extend a policy outside
# of it. The tests run in a project directory, in a home directory with a key.
home() {
  # Not beneath /tmp, which policies grant.
  H=$(mktemp -d /var/tmp/ll-links.XXXXXX)
  mkdir -p "${H}/keys" "${H}/project"
  printf 'the key\n' >"${H}/keys/id"
  cd "${H}/project" || return
  POLICIES=${H}/policies
  mkdir "${POLICIES}"
  owned
}

# Owned by the user that runs the commands.
owned() {
  if ((EUID == 0)); then chown -hR "${ORDINARY}:${ORDINARY}" "${H}"; fi
}

teardown() {
  if [[ -n ${H:-} ]]; then rm -rf -- "${H}"; fi
  cd / || return
  rm -rf "${T}" "${T}.stderr"
}

LL_EXEC=${BOX:-}/ll-exec # beside its policies
LOADER_AS=("${AS[@]}" "${LL_EXEC}")

# not_followed LINK TARGET COMMAND...: the command is not started, for that reason.
not_followed() {
  local link=$1 target=$2
  shift 2
  capture "$@"
  is "${status}" 125
  assert_stderr "${link} is a symbolic link to ${target}, and is not followed: a project could supply it"
  assert_stderr 'name its target, or replace the link with it'
}

@test "a symlink that leads out of the current directory is not followed, in whatever form the path is given" {
  home
  ln -s ../keys out
  local program
  is "$(<out/id)" 'the key'
  for program in "${LL_EXEC}" "${SANDBOX}"; do
    not_followed out ../keys "${AS[@]}" "${program}" -p sandbox --ro out -- cat out/id
    not_followed out ../keys "${AS[@]}" "${program}" -p sandbox --rw out/id -- cat out/id
    not_followed "${PWD}/out" ../keys "${AS[@]}" "${program}" -p sandbox --ro "${PWD}/out" -- cat out/id
    policy "${POLICIES}/pwd.policy" 'use sandbox' "rwx \$PWD/out"
    not_followed "${PWD}/out" ../keys "${AS[@]}" "${program}" -p "${POLICIES}/pwd.policy" -- cat out/id
    policy relative.policy 'use sandbox' 'ro out'
    not_followed ./out ../keys "${AS[@]}" "${program}" -p ./relative.policy -- cat out/id
    # A path without a symlink is granted.
    capture "${AS[@]}" "${program}" -q -p sandbox --ro ../keys -- cat ../keys/id
    is "${output}" 'the key'
    capture "${AS[@]}" "${program}" -q -p sandbox --ro "${H}/keys" -- cat ../keys/id
    is "${output}" 'the key'
  done
}

@test "the message of ll-exec for a symlink that is not followed names its target" {
  home
  ln -s ../keys out
  capture "${LOADER_AS[@]}" --rw out -- true
  is "${status}" 125
  is "${errors}" "ll-exec: argument 2: out is a symbolic link to ../keys, and is not followed: a project could supply it
    --rw out
         ^~~
  name its target, or replace the link with it"
}

@test "an optional path behind a symlink that leads outside is ignored with a warning, which -q silences" {
  home
  ln -s ../keys out
  local program
  for program in "${LL_EXEC}" "${SANDBOX}"; do
    capture "${AS[@]}" "${program}" -p sandbox --ro -out -- cat out/id
    is "${status}" 1
    assert_stderr 'warning: out is a symbolic link to ../keys, and is not followed'
    capture "${AS[@]}" "${program}" -q -p sandbox --ro -out -- true
    is "${status} ${errors}" '0 '
  done
  capture "${LOADER_AS[@]}" -p sandbox --ro -out --explain
  says_in "${output}" 'out (a link that is not followed)'
}

says_in() {
  [[ $1 == *"$2"* ]] || { printf '%s\n' "$1"; return 1; }
}

@test "intermediate, absolute, dangling and chained symlinks that lead outside are not followed" {
  home
  mkdir a
  ln -s ../../keys a/b
  ln -s "${H}/keys" absolute
  ln -s ../nowhere dangling
  ln -s one two
  ln -s ../keys one
  ln -s two three
  owned
  not_followed a/b ../../keys "${LOADER_AS[@]}" -p sandbox --ro a/b/id -- cat a/b/id
  not_followed absolute "${H}/keys" "${LOADER_AS[@]}" -p sandbox --ro absolute -- true
  not_followed dangling ../nowhere "${LOADER_AS[@]}" -p sandbox --ro dangling -- true
  not_followed one ../keys "${LOADER_AS[@]}" -p sandbox --ro three -- true
  ln -s loop loop
  capture "${LOADER_AS[@]}" -p sandbox --ro loop -- true
  is "${status}" 125
  assert_stderr 'ELOOP'
}

@test "a symlink that stays in the directory is followed for reading, and not for writing" {
  home
  mkdir -p data .git/hooks
  printf 'data\n' >data/file
  ln -s data link
  ln -s .git/hooks out
  owned
  local program
  for program in "${LL_EXEC}" "${SANDBOX}"; do
    capture "${AS[@]}" "${program}" -q -p sandbox --ro link -- cat data/file
    is "${output}" data
    not_followed out .git/hooks "${AS[@]}" "${program}" -p sandbox --rw out -- sh -c 'echo x >out/post-checkout'
  done
  is "$(ls .git/hooks)" ''
}

@test "paths with .. may leave the directory, and symlinks owned by root are followed for other users" {
  home
  needs_root
  mkdir "${H}/roots" "${H}/beside"
  printf 'data\n' >"${H}/beside/file"
  ln -s ../beside "${H}/roots/link"
  cd "${H}/roots"
  chmod 755 "${H}" "${H}/roots" "${H}/beside"
  capture "${LOADER_AS[@]}" -q -p sandbox --ro link -- cat link/file
  is "${status} ${output}" '0 data'
  chmod 777 "${H}/roots"
  not_followed link ../beside "${LOADER_AS[@]}" -q -p sandbox --ro link -- cat link/file
  # A symlink of root could come from any project that root has cloned.
  chmod 755 "${H}/roots"
  not_followed link ../beside "${LL_EXEC}" -q -p sandbox --ro link -- cat link/file
}

@test "npm-install, python, node and build do not follow symlinks of the project that lead outside" {
  home
  needs_program node
  ln -s ../.. node_modules
  ln -s ../keys .venv
  ln -s ../keys out
  export HOME=${H}
  mkdir -p "${H}/.cache/ll-exec"
  owned
  local program
  for program in "${LL_EXEC}" "${SANDBOX}"; do
    not_followed "${PWD}/node_modules" ../.. "${AS[@]}" "${program}" -p npm-install -- true
    capture "${AS[@]}" "${program}" -q -p python -- /usr/bin/python3 -c 'print(open(".venv/id").read())'
    is "${status} ${output}" '1 '
    capture "${AS[@]}" "${program}" -q -p build -- sh -c 'echo x >out/evil'
    fails test -e "${H}/keys/evil"
  done
}

@test "a symlink that is kept or denied cannot be replaced" {
  home
  mkdir -p ../shared a b/real
  ln -s ../shared .git
  ln -s ../b/real a/cfg
  printf 'secret\n' >b/real/secret
  owned
  local program
  for program in "${LL_EXEC}" "${SANDBOX}"; do
    # Control: without the rule it is possible.
    capture "${AS[@]}" "${program}" -q -p sandbox --rw . -- sh -c 'rm .git && ln -s ../shared .git'
    is "${status}" 0
    fails "${AS[@]}" "${program}" -q -p sandbox --rw . --keep .git -- rm .git
    fails "${AS[@]}" "${program}" -q -p sandbox --rw . --keep .git -- mv .git moved
    fails "${AS[@]}" "${program}" -q -p sandbox --rw . --deny a/cfg/secret -- rm a/cfg
    fails "${AS[@]}" "${program}" -q -p sandbox --rw . --deny a/cfg/secret -- mv a moved
    fails "${AS[@]}" "${program}" -q -p sandbox --rw . --deny a/cfg/secret -- cat b/real/secret
    [[ -L .git && -L a/cfg ]]
  done
}

@test "the target of a kept symlink outside of the directory is not granted" {
  home
  ln -s ../keys .git
  owned
  local program
  for program in "${LL_EXEC}" "${SANDBOX}"; do
    fails "${AS[@]}" "${program}" -q -p sandbox --rw . --keep .git -- cat .git/id
    capture "${AS[@]}" "${program}" -p sandbox --rw . --keep .git -- true
    assert_stderr 'warning: .git is a symbolic link to ../keys, and is not followed'
    capture "${AS[@]}" "${program}" -q -p sandbox --rw . --ro ../keys --keep .git -- cat .git/id
    is "${output}" 'the key'
  done
}

@test "deny and keep apply to a bind mount at another path, by both names" {
  home
  mkdir -p .git/hooks
  printf 'secret\n' >.env
  owned
  capture "${BOXED[@]}" -p sandbox --ro-bind "${PWD}:/alias" -- cat /alias/.env
  is "${output}" secret
  fails "${BOXED[@]}" -p sandbox --ro-bind "${PWD}:/alias" --deny .env -- cat /alias/.env
  fails "${BOXED[@]}" -p sandbox --ro-bind "${PWD}:/alias" --deny /alias/.env -- cat /alias/.env
  assert_status 0 "${BOXED[@]}" -q -p sandbox --bind "${PWD}:/alias" --keep .git -- sh -c ': >/alias/new'
  fails "${BOXED[@]}" -q -p sandbox --bind "${PWD}:/alias" --keep .git -- sh -c ': >/alias/.git/hooks/post-checkout'
  fails "${BOXED[@]}" -q -p sandbox --bind "${PWD}:/alias" --keep .git -- mv /alias/.git /alias/moved
  fails "${BOXED[@]}" -q -p sandbox --bind "${PWD}:/alias" --keep /alias/.git -- mv /alias/.git /alias/moved
  [[ ! -e .git/hooks/post-checkout && -d .git ]]
}

# In a mount namespace of the test: a/x mounted at c/sub as well.
mounted() {
  unshare --mount --propagation private -- sh -c 'mount --bind a/x c/sub && exec "$@"' sh "$@"
}

@test "deny applies to the same files in another mount" {
  home
  needs_root
  mkdir -p a/x/deep c/sub
  printf 'secret\n' >a/x/secret
  printf 'open\n' >a/x/open
  printf 'secret\n' >a/x/deep/secret
  owned
  local program
  for program in "${LL_EXEC}" "${SANDBOX}"; do
    capture mounted "${AS[@]}" "${program}" -q -p sandbox --ro c -- cat c/sub/secret
    is "${output}" secret
    fails mounted "${AS[@]}" "${program}" -q -p sandbox --ro c --deny a/x/secret -- cat c/sub/secret
    fails mounted "${AS[@]}" "${program}" -q -p sandbox --ro c/sub --deny a/x/secret -- cat c/sub/secret
    fails mounted "${AS[@]}" "${program}" -q -p sandbox --ro c --deny a/x/deep -- cat c/sub/deep/secret
    # A mount of a part of it.
    fails mounted "${AS[@]}" "${program}" -q -p sandbox --ro c --deny a -- cat c/sub/secret
    capture mounted "${AS[@]}" "${program}" -q -p sandbox --ro c --deny a/x/secret -- cat c/sub/open
    is "${output}" open
  done
}

# The same with another file system, mounted beneath a.
mounted_beneath() {
  unshare --mount --propagation private -- \
    sh -c 'mount -t tmpfs none a/x && cp -p d/secret a/x && mount --bind a/x c/sub && exec "$@"' sh "$@"
}

@test "deny and keep apply to submounts that appear in another mount" {
  home
  needs_root
  mkdir -p a/x c/sub d
  printf 'secret\n' >d/secret
  owned
  local program
  for program in "${LL_EXEC}" "${SANDBOX}"; do
    capture mounted_beneath "${AS[@]}" "${program}" -q -p sandbox --ro . -- cat c/sub/secret
    is "${output}" secret
    fails mounted_beneath "${AS[@]}" "${program}" -q -p sandbox --ro . --deny a -- cat c/sub/secret
    fails mounted_beneath "${AS[@]}" "${program}" -q -p sandbox --ro . --deny a -- cat a/x/secret
    assert_success mounted_beneath "${AS[@]}" "${program}" -q -p sandbox --rw . -- sh -c 'echo x >>c/sub/secret'
    fails mounted_beneath "${AS[@]}" "${program}" -q -p sandbox --rw . --keep a -- sh -c 'echo x >>c/sub/secret'
    # The most specific path wins.
    capture mounted_beneath "${AS[@]}" "${program}" -q -p sandbox --ro . --deny a --ro a/x -- cat a/x/secret
    is "${output}" secret
  done
}

@test "--overlay, --bind and --rootfs do not follow a symlink of the directory that leads outside" {
  home
  ln -s ../keys out
  ln -s / img
  not_followed out ../keys "${BOXED[@]}" -p sandbox --bind "${PWD}/out:/alias" -- cat /alias/id
  not_followed out ../keys "${BOXED[@]}" -p sandbox --ro-bind out:/alias -- cat /alias/id
  not_followed img / "${AS[@]}" "${LL_NS_PROGRAM}" --no-loader --rootfs img -- cat "${H}/keys/id"
  capture "${BOXED[@]}" -q -p sandbox --overlay out -- sh -c 'echo x >out/new'
  is "${status}" 125
  assert_stderr "out is reached through a symbolic link to ${H}/keys, which is not followed: a project could supply it"
  [[ ! -e ${H}/keys/new ]]
}

@test "use in a policy below the current directory ignores a policy of that name beside it" {
  home
  printf 'rwx /\n' >system.policy
  policy p.policy 'use system'
  mkdir sub
  cp p.policy system.policy sub/
  cp p.policy system.policy "${POLICIES}/"
  owned
  local program
  for program in "${LL_EXEC}" "${SANDBOX}"; do
    fails "${AS[@]}" "${program}" -q -p ./p.policy -- cat ../keys/id
    fails "${AS[@]}" "${program}" -q -p "${PWD}/p.policy" -- cat ../keys/id
    fails "${AS[@]}" "${program}" -q -p sub/p.policy -- cat ../keys/id
    # In another directory it is searched there first.
    capture "${AS[@]}" "${program}" -q -p "${POLICIES}/p.policy" -- cat ../keys/id
    is "${output}" 'the key'
  done
  # It can be named by its path.
  policy p.policy 'use ./system.policy'
  capture "${LOADER_AS[@]}" -q -p ./p.policy -- cat ../keys/id
  is "${output}" 'the key'
}

@test "both layers warn of a policy that the command can rewrite or shadow" {
  home
  policy p.policy 'use sandbox' 'rw .'
  owned
  local program
  for program in "${LL_EXEC}" "${SANDBOX}"; do
    capture "${AS[@]}" "${program}" -p ./p.policy -- true
    assert_stderr 'warning: the command can rewrite its policy ./p.policy'
    printf 'ro /usr\n' >"${POLICIES}/mine.policy"
    policy "${POLICIES}/p.policy" 'use sandbox' 'use mine' "rw ${POLICIES}"
    owned
    capture "${AS[@]}" "${program}" -p "${POLICIES}/p.policy" -- true
    assert_stderr 'warning: the command can rewrite its policy'
    capture "${AS[@]}" "${program}" -p "${POLICIES}/p.policy" --keep "${POLICIES}/p.policy" --keep "${POLICIES}/mine.policy" -- true
    if [[ ${program} == "${SANDBOX}" ]]; then
      assert_stderr "warning: the command can put a policy into ${POLICIES}, where 'use' looks first"
    else
      [[ ${errors} != *'put a policy'* ]]
    fi
  done
}

@test "--ldd grants a script only an interpreter that is a program" {
  home
  printf '#!/usr/bin/env -S -u %s cat %s\n' "${H}/keys/id" "${H}/keys/id" >tool
  printf '#!%s\n' "${H}/keys/id" >direct
  printf '#!/usr/bin/env %s\n' "${H}/keys/id" >named
  printf '#!/usr/bin/env -S A=1 sh -e\necho fine\n' >script
  chmod +x tool direct named script
  owned
  capture "${LOADER_AS[@]}" -q -p system --ldd -- ./tool
  is "${status} ${output}" '125 '
  assert_stderr "cannot determine what 'env -u' runs"
  capture "${LOADER_AS[@]}" -q -p system --ldd -- ./direct
  is "${status} ${output}" '126 '
  assert_stderr "${H}/keys/id is not a program, but ${PWD}/direct names it as interpreter"
  capture "${LOADER_AS[@]}" -q -p system --ldd -- ./named
  is "${status} ${output}" '126 '
  capture "${LOADER_AS[@]}" -q -p system --ldd -- ./script
  is "${output}" fine
}
