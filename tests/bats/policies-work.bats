load policies

# Work on a project: git, shells, builds, agents. What git, editors and shells run later stays as it is.

# A repository with one commit, a submodule and a second work tree.
repository() {
  own git init -q .
  own git config user.name a
  own git config user.email a@example.org
  own mkdir src
  printf 'one\n' | own_file src/file
  printf 'one\n' | own_file top
  own git add .
  own git commit -qm first
  own git init -q "${T}/sub.git"
  own git -C "${T}/sub.git" -c user.name=a -c user.email=a@example.org commit -q --allow-empty -m sub
  own git -c protocol.file.allow=always submodule --quiet add "${T}/sub.git" sub
  own git commit -qm second
  own git worktree add -q --detach "${T}/tree"
}

on_each_wall_with_repository() {
  for WALL in "${WALLS[@]}"; do
    printf 'under %s:\n' "${WALL}"
    rm -rf "${T}/job" "${T}/sub.git" "${T}/tree" "${HOME}/planted"
    own mkdir "${T}/job"
    cd "${T}/job" || return
    repository
    "$1"
    cd "${T}" || return
  done
}

# What leads git to a program, and must stay as it is.
POINTERS=(.git/config .git/hooks/pre-commit .git/modules/sub/config .git/modules/sub/hooks/pre-commit
  .git/worktrees/tree/gitdir .git/worktrees/tree/commondir .git/commondir sub/.git)

# Who is hijacked tries each of them, by writing, replacing, and moving away what it is in.
hijack() {
  own_file "${T}/home/hijack.sh" <<'END'
for file; do
  echo evil >>"$file"
  echo evil >evil.new && mv -f evil.new "$file"
  rm -f "$file" && echo evil >"$file"
done
mv .git gone && mkdir -p .git/hooks && echo evil >.git/config
mv .git/hooks .git/gone && mkdir .git/hooks && echo evil >.git/hooks/pre-commit
mv .git/modules .git/gone; mv .git/worktrees .git/gone; mv sub gone && mkdir sub && echo evil >sub/.git
true
END
}

untouched() {
  local file
  for file in "${POINTERS[@]}" .git/hooks/post-commit; do
    if grep -qs evil "${file}"; then printf '%s was changed\n' "${file}" && return 1; fi
  done
  [[ -e .git/config && -e .git/hooks && -e .git/modules/sub/config && -e sub/.git && ! -e gone ]]
}

touched() {
  own sh "${HOME}/hijack.sh" "${POINTERS[@]}" 2>/dev/null
  grep -q evil .git/config
  grep -q evil sub/.git
}

look_with_git() {
  printf 'two\n' | own_file src/file
  does git -- git status --short
  is "${output}" " M src/file"
  does git -- git log --oneline
  [[ ${output} == *second* ]]
  does git -- git diff
  [[ ${output} == *+two* ]]
  does git -- git blame -s top
  does git -- git grep -n one
  does git -- git fsck
  does git -- git archive --format=tar HEAD >/dev/null
  does_not git -- git commit -qam no
  does_not git -- git config core.fsmonitor evil
}

@test "git: status, log, diff, blame, grep, fsck and archive, and nothing is written" {
  needs_program git
  on_each_wall_with_repository look_with_git
}

evil_repository() {
  printf 'echo x >%s/planted; echo' "${HOME}" | own_file "${T}/evil.sh"
  own chmod +x "${T}/evil.sh"
  own git config core.fsmonitor "echo x >'${HOME}/planted'; :"
  own git config diff.external "echo x >'${HOME}/planted'; :"
  printf 'two\n' | own_file src/file
  tries git -- git status
  tries git -- git diff
  not_planted
  planting git status
  planting git diff
  does_not git -- git hash-object "${HOME}/secret"
  own git hash-object "${HOME}/secret"
}

@test "git: what a repository names to be started is not, and no secret is read" {
  needs_program git
  on_each_wall_with_repository evil_repository
}

commit_inside() {
  printf '.\n' | own_file .git/commondir
  own touch .git/config.worktree
  printf 'two\n' | own_file src/file
  printf 'new\n' | own_file new
  if [[ ${WALL} == ll-exec ]]; then
    # Landlock cannot let HEAD.lock be made beside a configuration that is kept.
    does_not git-commit -- git commit -qam inside
    [[ ${errors} == *index.lock* || ${errors} == *HEAD.lock* ]]
    does git-commit -- git log --oneline
  else
    does git-commit -- git add new
    does git-commit -- git commit -qam inside
    does git-commit -- git switch -qc branch
    does git-commit -- git commit -q --allow-empty -m more
    does git-commit -- git switch -q -
    does git-commit -- git merge -q --no-ff -m merged branch
    does git-commit -- git rebase -q HEAD~1
    does git-commit -- git stash list
    does git-commit -- git repack -adq
    [[ $(own git log --format=%s) == *inside* ]]
  fi
  does git-commit -- git status --short
}

@test "git-commit: behind both walls git commits, switches, merges and rebases; by ll-exec alone it reads" {
  needs_program git
  on_each_wall_with_repository commit_inside
}

hijacked_committer() {
  hijack
  # Without it anything could be put there.
  under git-commit -- true
  is "${status}" 125
  [[ ${errors} == *.git/commondir* ]]
  printf '.\n' | own_file .git/commondir
  own touch .git/config.worktree
  tries git-commit --keep sub/.git --ro "${HOME}/hijack.sh" -- sh "${HOME}/hijack.sh" "${POINTERS[@]}"
  untouched
  own git status --short
  touched
}

@test "git-commit: hooks, configuration, work tree pointers and submodules stay as they are" {
  needs_program git
  on_each_wall_with_repository hijacked_committer
}

# What a run plants for git outside: in a configuration that is read if it is there, and in a submodule's repository
# before it is one.
planted_beforehand() {
  local worktree="git config -f .git/config.worktree core.fsmonitor \"echo x >'${HOME}/planted'; :\""
  local module="git init -q --bare .git/modules/sub && git config -f .git/modules/sub/config core.bare false &&
    git config -f .git/modules/sub/config remote.origin.url '${T}/sub.git' &&
    printf '#!/bin/sh\necho x >%s\n' '${HOME}/planted' >.git/modules/sub/hooks/post-checkout &&
    chmod +x .git/modules/sub/hooks/post-checkout"
  local -a update=(git -c protocol.file.allow=always submodule --quiet update --init)
  printf '.\n' | own_file .git/commondir
  own git config extensions.worktreeConfig true
  own git submodule --quiet deinit -f sub
  rm -rf .git/modules
  under git-commit -- true
  is "${status}" 125
  [[ ${errors} == *'touch .git/config.worktree'* ]]
  own touch .git/config.worktree
  under git-commit -- true
  is "${status}" 125
  [[ ${errors} == *'mkdir -p .git/modules'* ]]
  own mkdir .git/modules
  does_not git-commit -- sh -c "${worktree}"
  does_not git-commit -- sh -c "mkdir -p .git/modules/sub/hooks && ${module}"
  own git status >/dev/null
  not_planted
  own sh -c "${worktree}"
  planting git status
  own rm .git/config.worktree
  own sh -c "mkdir -p .git/modules/sub/hooks && ${module}"
  planting "${update[@]}"
}

@test "git-commit: no configuration of a work tree, and no submodule's repository, is there before git outside looks for it" {
  needs_program git
  on_each_wall_with_repository planted_beforehand
}

# What cannot be refused, and how its header says that it is found without running it.
planted_in_the_index() {
  printf '.\n' | own_file .git/commondir
  own touch .git/config.worktree
  tries git-commit -- sh -c "set -e; cd src; git init -q evil; cd evil
    git -c user.name=a -c user.email=a@example.org commit -q --allow-empty -m evil
    git config core.fsmonitor \"echo x >'${HOME}/planted'; :\"; commit=\$(git rev-parse HEAD); cd ../..
    cp .git/index /tmp/ll-index.\$\$; export GIT_INDEX_FILE=/tmp/ll-index.\$\$
    git update-index --add --cacheinfo 160000,\$commit,src/evil; cat /tmp/ll-index.\$\$ >.git/index; rm /tmp/ll-index.\$\$"
  tries git -- git status
  own git status --ignore-submodules=all >/dev/null
  not_planted
  [[ $(own find . -mindepth 2 -name .git) == *src/evil/.git* ]]
  planting git status
}

unfinished_rebase() {
  printf '.\n' | own_file .git/commondir
  own touch .git/config.worktree
  local step="set -e; mkdir .git/rebase-merge; cd .git/rebase-merge; echo 'exec echo x >${HOME}/planted' >git-rebase-todo
    git rev-parse HEAD >onto; cp onto orig-head; git symbolic-ref HEAD >head-name; touch interactive; echo 1 >end; echo 0 >msgnum"
  if [[ ${WALL} == ll-exec ]]; then
    does_not git-commit -- sh -c "${step}"
    own sh -c "${step}"
  else
    does git-commit -- sh -c "${step}"
  fi
  own cp -r .git/rebase-merge "${T}/again"
  own git status >/dev/null
  own git rebase --abort
  not_planted
  own mv "${T}/again" .git/rebase-merge
  planting git rebase --continue
}

@test "git-commit: a repository put into the index, and a rebase left half done, run nothing by what its header tells to do" {
  needs_program git
  on_each_wall_with_repository planted_in_the_index
  on_each_wall_with_repository unfinished_rebase
}

hijacked_coder() {
  hijack
  local policy
  for policy in offline code; do
    local -a nested
    mapfile -d '' nested < <(find "${PWD}" -mindepth 2 -name .git -print0)
    [[ ${#nested[@]} == 1 ]]
    tries "${policy}" "${nested[@]/#/--keep=}" --ro "${HOME}/hijack.sh" -- sh "${HOME}/hijack.sh" "${POINTERS[@]}"
    untouched
  done
  touched
}

@test "project: whoever writes code changes no hook, configuration, pointer or submodule" {
  needs_program git
  on_each_wall_with_repository hijacked_coder
}

project_kept() {
  own mkdir src
  own git init -q .
  local file
  for file in .envrc .mcp.json; do printf 'mine\n' | own_file "${file}"; done
  printf 'x\n' | own_file src/file
  does project --rw . -p system -- sh -c 'cat .envrc .git/config >/dev/null && ls -a && echo y >src/new && mv src/new src/file'
  does_not project --rw . -p system -- sh -c 'echo evil >.envrc'
  does_not project --rw . -p system -- sh -c 'rm .mcp.json'
  does_not project --rw . -p system -- mv .git other
  if [[ ${WALL} == ll-exec ]]; then
    does_not project --rw . -p system -- sh -c 'echo x >new'
  else
    does project --rw . -p system -- sh -c 'echo x >new && mv new other && rm other'
  fi
  own rm .envrc .mcp.json
}

@test "project: what is kept can be read; beside it new files are made behind both walls, and by ll-exec alone further down" {
  needs_program git
  on_each_wall project_kept
}

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

@test "offline: files of the project are read, made and changed, and none is deleted or moved" {
  on_each_wall work_in_offline
}

@test "code: the same, with /tmp and compilers" {
  on_each_wall work_in_code
}

inspect() {
  printf 'needle\n' | own_file file
  does minimal -- bash -c 'grep -rn needle . | sort; find . -type f | xargs wc -l; ls -la'
  [[ ${output} == *./file:1:needle* ]]
  does_not minimal -- bash -c 'echo x >new'
  does_not minimal -- bash -c 'echo x >>file'
  # Behind both walls there is an empty /tmp.
  tries minimal -- bash -c "echo x >/tmp/ll-minimal.$$"
  [[ ! -e /tmp/ll-minimal.$$ ]]
}

@test "minimal: the directory is searched, and nothing is written, not even in /tmp" {
  on_each_wall inspect
}

restricted() {
  own cp "${DEED}" tool
  printf 'content\n' | own_file file
  does restrict -- ./tool read "${PWD}/file"
  does_not restrict -- ./tool create "${PWD}/new"
  own ./tool create "${PWD}/new"
  does restrict -- bash -c 'ulimit -n; ulimit -u; ulimit -f'
  is "${output}" $'256\n32\n65536'
}

@test "restrict: an unknown program reads the directory, with 256 files, 32 processes and 64 MiB" {
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

@test "build: what is built is run, renamed and deleted, what git runs later stays, and caches are its own" {
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

# ---- agents

# What an agent does: looks around, edits, compiles, remembers, asks port 443, in a network of its own.
agent_at_work() { # POLICY STATE
  local policy=$1 state=$2
  own git init -q .
  own mkdir src
  printf 'int main(void) { return 1; }\n' | own_file src/main.c
  printf 'TOKEN=secret\n' | own_file .env
  own_file agent.sh <<'END'
set -e
state=$1
git status --short >/dev/null
sed 's/return 1/return 0/' src/main.c >src/fixed.c
cat src/fixed.c >src/main.c
cc -o src/tool src/main.c
src/tool
mkdir -p "$HOME/$state/sessions"
echo "{}" >"$HOME/$state/sessions/one.json"
mv "$HOME/$state/sessions/one.json" "$HOME/$state/sessions/two.json"
test -n "$ANTHROPIC_API_KEY$OPENAI_API_KEY"
echo worked
END
  local -a key=(ANTHROPIC_API_KEY=k)
  [[ ${policy} != codex ]] || key=(OPENAI_API_KEY=k)
  export "${key[@]}"
  does "${policy}" -- bash agent.sh "${state}"
  is "${output}" worked
  export AWS_SECRET_ACCESS_KEY=hunter2
  does "${policy}" -- env
  [[ ${output} != *hunter2* ]]
  unset AWS_SECRET_ACCESS_KEY
  does "${policy}" -- bash -c 'ulimit -n; ulimit -u; ulimit -f'
  is "${output}" $'4096\n512\n524288'
  # Hijacked:
  does_not "${policy}" -- rm src/main.c
  does_not "${policy}" -- cat "${HOME}/secret"
  does_not "${policy}" -- cat .env
  does_not "${policy}" -- sh -c "echo evil >>.git/config"
  does_not "${policy}" -- sh -c "echo evil >.git/hooks/pre-commit"
  does_not "${policy}" -- sh -c 'echo evil >>"$HOME/.bashrc"'
  own sh -c 'cat "$HOME/secret" .env; echo evil >>.git/config; echo >.git/hooks/pre-commit' >/dev/null
  does "${policy}" -- ls -a
  own rm .env
  if [[ ${WALL} == sandbox.sh ]]; then does "${policy}" -- sh -c 'echo x >new'; fi
}

# obeys_nothing_new POLICY STATE NAME...: what is not there in the agent's directory cannot be created, nor moved to.
obeys_nothing_new() {
  local policy=$1 state=$2 name
  shift 2
  for name; do
    does_not "${policy}" -- sh -c "echo evil >~/${state}/${name}"
    does_not "${policy}" -- sh -c "mkdir ~/${state}/${name}"
    does_not "${policy}" -- sh -c "mkdir ~/${state}/sessions/x.\$\$; mv ~/${state}/sessions/x.\$\$ ~/${state}/${name}"
    [[ ! -e ${HOME}/${state}/${name} ]]
    own sh -c "echo evil >~/${state}/${name} && rm ~/${state}/${name}"
  done
}

work_of_claude() {
  rm -rf "${HOME}/.claude"
  under claude -- true
  is "${status}" 125
  [[ ${errors} == *'mkdir -p ~/.claude/{projects,'* ]]
  own mkdir -p "${HOME}/.claude/sessions" "${HOME}/.claude/projects"
  own touch "${HOME}/.claude/.claude.json"
  obeys_nothing_new claude .claude CLAUDE.md settings.local.json plugins commands agents skills output-styles hooks new
  does claude -- sh -c 'echo {} >~/.claude/.claude.json && mkdir ~/.claude/projects/p && echo x >~/.claude/projects/p/s'
  printf '{}\n' | own_file "${HOME}/.claude/settings.json"
  agent_at_work claude .claude
  does_not claude -- sh -c 'echo evil >~/.claude/settings.json'
  does_not claude -- sh -c 'rm ~/.claude/settings.json'
  does_not claude -- sh -c 'mv ~/.claude ~/.other'
  does claude -- sh -c 'grep -q . /proc/self/maps && sh -c "grep -q . /proc/self/maps"'
  "${AS[@]}" sleep 60 3>&- &
  started_pids+=("$!")
  waits_until own grep -q sleep "/proc/$!/environ" "/proc/$!/comm"
  does_not claude -- cat "/proc/${started_pids[-1]}/environ"
  own cat "/proc/${started_pids[-1]}/environ" >/dev/null
  own sh -c 'echo {} >~/.claude/settings.json'
}

work_of_codex() {
  rm -rf "${HOME}/.codex"
  under codex -- true
  is "${status}" 125
  [[ ${errors} == *'mkdir -p ~/.codex/{sqlite,'* ]]
  own mkdir -p "${HOME}/.codex/sessions"
  obeys_nothing_new codex .codex config.toml AGENTS.md AGENTS.override.md hooks.json prompts skills rules plugins new
  printf '\n' | own_file "${HOME}/.codex/config.toml"
  agent_at_work codex .codex
  does_not codex -- sh -c 'echo evil >~/.codex/config.toml'
}

work_of_opencode() {
  rm -rf "${HOME}/.config" "${HOME}/.local" "${HOME}/.cache/opencode"
  under opencode -- true
  is "${status}" 125
  [[ ${errors} == *'mkdir -p ~/.config/opencode'* ]]
  own mkdir -p "${HOME}"/{.config,.local/share,.local/state,.cache}/opencode
  agent_at_work opencode .local/share/opencode
  does_not opencode -- sh -c 'echo evil >~/.config/opencode/opencode.json'
  own sh -c 'echo x >~/.config/opencode/opencode.json'
}

work_of_agent() {
  printf 'int main(void) { return 0; }\n' | own_file main.c
  does agent --rwx . -- bash -c 'gcc -o tool main.c && ./tool && rm main.c'
  does_not agent --rwx . -- cat "${HOME}/secret"
  own cat "${HOME}/secret" >/dev/null
  does_not agent --ro . -- rm tool
  own rm tool
}

@test "agent: what is named beside it is worked on, and nothing else" {
  needs_program gcc
  on_each_wall work_of_agent
}

@test "claude: an agent edits, compiles and remembers, and reaches no secret, hook or setting" {
  needs_program git cc
  needs_abi 4
  on_each_wall work_of_claude
}

@test "codex: an agent edits, compiles and remembers, and reaches no secret, hook or setting" {
  needs_program git cc
  needs_abi 4
  on_each_wall work_of_codex
}

@test "opencode: an agent edits, compiles and remembers, and reaches no secret, hook or setting" {
  needs_program git cc
  needs_abi 4
  on_each_wall work_of_opencode
}

# ---- what is not passed over in silence

sources_of_code() {
  local file
  printf 'registry=http://localhost:9/\n' | own_file .npmrc
  local policy
  for policy in build code; do
    under "${policy}" -- true
    is "${status}" 125
    [[ ${errors} == *"secrets.policy:"*"${PWD}/.npmrc is there and denied: npm would go on without it"*"--deny ${PWD}/.npmrc"* ]]
    does "${policy}" --deny .npmrc -- true
    does_not "${policy}" --deny .npmrc -- cat .npmrc
    [[ ${errors} == *'Permission denied' ]]
  done
  own mkdir .cargo
  own touch .cargo/config.toml
  printf 'use system\nrw $PWD\ndeny -$PWD/.cargo\n' | own_file ../own.policy
  under ../own.policy -- true
  [[ ${status} == 125 && ${errors} == *"${PWD}/.cargo/config.toml is there and denied: cargo would"* ]]
  does ../own.policy --deny .cargo -- true
  own rm .npmrc .cargo/config.toml
  does build -- true
  does ../own.policy -- true
}

@test "build; code; secrets: a file that says where packages come from is not hidden in silence, but stops the start" {
  needs_abi 4
  on_each_wall sources_of_code
}

@test "secrets: what is denied neither opens nor moves, also when it is replaced outside, and it is said what it stands in the way of" {
  beside_secrets() {
    own mkdir -p deep .aws
    printf 'secret\n' | tee >(own_file .env) >(own_file deep/key) >/dev/null
    printf 'secret\n' | own_file .aws/credentials
    local -a act=(secrets -p system --rwx . --deny deep/key)
    local secret
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

of_processes() {
  local act='read -r line </proc/self/status && sh -c "read -r line </proc/self/stat && cat /proc/$$/cmdline >/dev/null && echo read"'
  does system -p proc -- sh -c "${act}"
  is "${output}" read
  if [[ ${WALL} == ll-exec ]]; then does_not system -- sh -c "${act}"; fi
  "${AS[@]}" sleep 60 3>&- &
  started_pids+=("$!")
  tries system -p proc -- cat "/proc/$!/environ"
  is "${output}" ""
  capture own cat "/proc/$!/environ"
  [[ -n ${output} ]]
}

@test "proc: a process and what it starts see their own entries, and not the environment of others" {
  on_each_wall of_processes
}

@test "code: under sandbox.sh there are terminals of its own" {
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

@test "claude: on a fresh home directory it is said what to make, and then it starts" {
  needs_program git
  fresh() {
    rm -rf "${HOME}/.claude"
    own mkdir -p "${HOME}/.cache/ll-exec"
    under claude -- true
    is "${status}" 125
    [[ ${errors} != *'if it need not'* ]]
    local advice=${errors##*make it, once: }
    own bash -c "${advice}"
    does claude -- true
  }
  on_each_wall fresh
}
