load policies

# Agents can work, and reach no secret, hook or setting.

# ---- agents

# The work of an agent: it looks around, edits, compiles, remembers, and connects to port 443, in its own network.
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
  if [[ ${policy} == claude ]]; then
    # Its tools move files into place, which is deleting to the kernel.
    does claude -- sh -c 'echo new >src/main.c.tmp && mv src/main.c.tmp src/main.c'
    does_not claude -- mv src other
    does_not claude -- rm -r src
  else
    does_not "${policy}" -- rm src/main.c
  fi
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

# obeys_nothing_new POLICY STATE NAME...: missing entries of the agent's directory cannot be created or moved into place.
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

@test "agent: files of the directories named beside it can be changed, and no others" {
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

@test "claude: in a fresh home directory a message names the directories to create, and then it starts" {
  needs_program git
  fresh() {
    rm -rf "${HOME}/.claude"
    own mkdir -p "${HOME}/.cache/ll-exec"
    under claude -- true
    is "${status}" 125
    [[ ${errors} != *'if it need not'* ]]
    local advice=${errors##*create it first: }
    own bash -c "${advice}"
    does claude -- true
  }
  on_each_wall fresh
}
