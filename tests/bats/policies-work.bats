load policies

# Work on a project: shells, builds, secrets.

work_offline() {
  own mkdir src
  printf 'int main(void) { return 0; }\n' | own_file src/main.c
  printf 'x\n' | own_file src/old
  does "$1" -- bash -c 'ls -la && echo y >src/new && cat src/new src/old && echo z >>src/old'
  [[ ${output} == *$'y\nx' ]]
  does "$1" -- bash -c 'printf "b\na\n" | sort | diff - <(printf "a\nb\n")'
  does_not "$1" -- rm src/old
  does_not "$1" -- mv src/old src/older
  own rm src/old
}
work_in_offline() { work_offline offline; }
work_in_code() {
  work_offline code
  does code -- bash -c 'echo x >/tmp/ll-work.$$ && rm /tmp/ll-work.$$'
  if command -v gcc >/dev/null; then
    does code -- gcc -o src/tool src/main.c
    does code -- src/tool
  fi
}

@test "offline: files of the project are read, created and changed, and cannot be deleted or moved" {
  on_each_wall work_in_offline
}

@test "code: files of the project are changed but not deleted, with /tmp and compilers" {
  on_each_wall work_in_code
}

inspect() {
  printf 'needle\n' | own_file file
  does minimal -- bash -c 'grep -rn needle . | sort; find . -type f | xargs wc -l; ls -la'
  [[ ${output} == *./file:1:needle* ]]
  does_not minimal -- bash -c 'echo x >new'
  does_not minimal -- bash -c 'echo x >>file'
  # Under both layers /tmp is private and empty.
  tries minimal -- bash -c "echo x >/tmp/ll-minimal.$$"
  [[ ! -e /tmp/ll-minimal.$$ ]]
}

@test "minimal: files of the directory are read, and nothing can be written, not even to /tmp" {
  on_each_wall inspect
}

restricted() {
  own cp "${PROBE}" tool
  printf 'content\n' | own_file file
  does restrict -- ./tool read "${PWD}/file"
  does_not restrict -- ./tool create "${PWD}/new"
  own ./tool create "${PWD}/new"
  does restrict -- bash -c 'ulimit -n; ulimit -u; ulimit -f'
  is "${output}" $'256\n32\n65536'
}

@test "restrict: an unknown program reads the directory, limited to 256 open files, 32 processes and 64 MiB a file" {
  on_each_wall restricted
}

building() {
  own mkdir build src
  printf 'int main(void) { return 0; }\n' | own_file src/main.c
  printf 'build/tool: src/main.c\n\tcc -o $@ $<\nclean:\n\trm build/tool\n' | own_file Makefile
  does build -- make -s
  does build -- build/tool
  does build -- make -s clean
  does build -- sh -c 'mv src/main.c src/renamed.c && mv src/renamed.c src/main.c && : >new && mv new newer && rm newer'
  own git init -q .
  does build -- make -s
  does_not build -- sh -c 'echo evil >>.git/config'
  does_not build -- mv .git moved
  if [[ ${WALL} == sandbox.sh ]]; then does build -- sh -c 'mkdir target && : >new && mv new target && rm -r target'; fi
  does_not build --protect-all on -- rm src/main.c
  does build -- sh -c 'sh -c "read -r line </proc/self/status && echo \"\${line}\""'
  is "${output}" $'Name:\tsh'
  does build -- getent hosts localhost
  does build -- sh -c 'echo x >"$npm_config_cache.x" && test "$CARGO_HOME" = "$HOME/.cache/ll-exec/cargo"'
  does build -- bash -c 'ulimit -n; ulimit -u; ulimit -f'
  is "${output}" $'8192\n256\n2097152'
}

@test "build: programs are built, run, renamed and deleted, git hooks cannot be changed, and caches are private" {
  needs_program make cc git getent
  needs_abi 4
  on_each_wall building
}

@test "secrets: keys, tokens and histories are denied where a home directory is granted" {
  needs_program git
  local file
  local -a files=(.ssh/id_ed25519 .aws/credentials .gnupg/secring.gpg .netrc .npmrc .git-credentials .config/gh/hosts.yml
    .mozilla/cookies .bash_history .kube/config .docker/config.json)
  for file in "${files[@]}"; do
    own mkdir -p "$(dirname "${HOME}/${file}")"
    printf 'secret\n' | own_file "${HOME}/${file}"
  done
  own mkdir -p "${HOME}/Documents"
  printf 'open\n' | own_file "${HOME}/Documents/file"
  deny_secrets() {
    printf 'secret\n' | own_file .env
    for file in "${files[@]/#/${HOME}/}" .env; do
      does_not secrets -p system --ro "${HOME}" --ro . -- cat "${file}"
      own cat "${file}" >/dev/null
    done
    does secrets -p system --ro "${HOME}" --ro . -- cat "${HOME}/Documents/file"
    is "${output}" open
    does secrets -p system --rw . -- ls
  }
  on_each_wall deny_secrets
}

# ---- refused with a message

sources_of_code() {
  local file
  printf 'registry=http://localhost:9/\n' | own_file .npmrc
  local policy
  for policy in build code; do
    under "${policy}" -- true
    is "${status}" 125
    [[ ${errors} == *"secrets.policy:"*"${PWD}/.npmrc is denied: npm would run without it"*"--deny ${PWD}/.npmrc"*'--env npm_config_registry=URL --connect HOST:443' ]]
    does "${policy}" --deny .npmrc -- true
    does_not "${policy}" --deny .npmrc -- cat .npmrc
    [[ ${errors} == *'Permission denied' ]]
  done
  own mkdir .cargo
  own touch .cargo/config.toml
  printf 'use system\nrw $PWD\ndeny -$PWD/.cargo\n' | own_file ../own.policy
  under ../own.policy -- true
  [[ ${status} == 125 && ${errors} == *"${PWD}/.cargo/config.toml is denied: cargo would"* ]]
  does ../own.policy --deny .cargo -- true
  own rm .npmrc .cargo/config.toml
  does build -- true
  does ../own.policy -- true
}

@test "build; code; secrets: denying a file that configures package sources stops the start with a message" {
  needs_abi 4
  on_each_wall sources_of_code
}

@test "secrets: denied files cannot be read or moved, also when replaced outside, and a warning names what they prevent" {
  beside_secrets() {
    own mkdir -p deep .aws
    local secret
    for secret in .env deep/key .aws/credentials; do own_file "${secret}" <<<secret; done
    local -a act=(secrets -p system --rwx . --deny deep/key)
    for secret in .env deep/key .aws/credentials; do
      does_not "${act[@]}" -- cat "${secret}"
      [[ ${secret} == .aws/* || ${errors} == *'Permission denied' ]]
      own cat "${secret}" >/dev/null
    done
    does_not "${act[@]}" -- mv deep other
    does_not "${act[@]}" -- rm -f .env
    does_not "${act[@]}" -- mv .aws other
    capture "${AS[@]}" env HOME="${HOME}" "${BOX}/ll-exec" -p secrets -p system --rwx . -- true
    [[ ${status} == 0 && ${errors} == "ll-exec: warning: nothing can be created in ${PWD}, because of 'deny ${PWD}/.env'"* ]]
    own mv deep other
  }
  on_each_wall beside_secrets
}

# By its user, once setpriv has become the program.
is_readable() {
  capture own cat "$1"
  [[ -n ${output} ]]
}

of_processes() {
  local act='read -r line </proc/self/status && sh -c "read -r line </proc/self/stat && cat /proc/$$/cmdline >/dev/null && echo read"'
  does system -p proc -- sh -c "${act}"
  is "${output}" read
  if [[ ${WALL} == ll-exec ]]; then does_not system -- sh -c "${act}"; fi
  "${AS[@]}" sleep 60 3>&- &
  started_pids+=("$!")
  waits_until is_readable "/proc/$!/environ"
  tries system -p proc -- cat "/proc/$!/environ"
  is "${output}" ""
}

@test "proc: a process and its children see their own /proc entries, and not the environment of others" {
  on_each_wall of_processes
}

@test "code: under sandbox.sh the command has private terminals" {
  needs_program script python3
  WALL=sandbox.sh
  does code -- script -qec 'tty && echo typed' /dev/null
  is "${output//$'\r'/}" $'/dev/pts/0\ntyped'
  does code -- python3 -c 'import os; m, s = os.openpty(); os.write(s, b"x"); print(os.read(m, 1), os.ttyname(s))'
  is "${output}" "b'x' /dev/pts/0"
  WALL=ll-exec
  does_not code -- script -qec true /dev/null
  does code --dev /dev/ptmx --dev /dev/pts -- script -qec 'echo typed' /dev/null
  is "${output//$'\r'/}" typed
}
