load policies

# git, and programs that work in a repository. Files that git, editors and shells execute later cannot be changed.

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

# Files by which git starts programs, which must not change.
POINTERS=(.git/config .git/hooks/pre-commit .git/modules/sub/config .git/modules/sub/hooks/pre-commit
  .git/worktrees/tree/gitdir .git/worktrees/tree/commondir .git/commondir sub/.git)

# A hijacked program tries each of them, by writing, replacing, and moving parent directories.
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

@test "git: status, log, diff, blame, grep, fsck and archive work, and write nothing" {
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

@test "git: programs that a repository configures do not run, and no secret is read" {
  needs_program git
  on_each_wall_with_repository evil_repository
}

commit_inside() {
  printf '.\n' | own_file .git/commondir
  own touch .git/config.worktree
  printf 'two\n' | own_file src/file
  printf 'new\n' | own_file new
  if [[ ${WALL} == ll-exec ]]; then
    # Landlock cannot allow creating HEAD.lock beside a configuration that is kept.
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

@test "git-commit: git commits, switches, merges and rebases under both layers, and reads with ll-exec alone" {
  needs_program git
  on_each_wall_with_repository commit_inside
}

hijacked_committer() {
  hijack
  # Without .git/commondir the policy is refused, as the command could create it.
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

@test "git-commit: hooks, configuration, work tree pointers and submodules cannot be changed" {
  needs_program git
  on_each_wall_with_repository hijacked_committer
}

# What a run plants for git outside: in a configuration file that is read if it exists, and in a submodule's
# repository before it is initialised.
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

@test "git-commit: work tree configuration and submodule repositories cannot be created for a later git outside" {
  needs_program git
  on_each_wall_with_repository planted_beforehand
}

# What cannot be refused, and how the policy's header says to find it without running it.
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

@test "git-commit: a repository added to the index and an unfinished rebase run nothing outside" {
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

@test "project: code running there cannot change hooks, configuration, pointers or submodules" {
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

@test "project: kept files are readable; new files are created beside them under both layers, or below with ll-exec alone" {
  needs_program git
  on_each_wall project_kept
}
