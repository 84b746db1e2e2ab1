load agents

# Agents as npm has them, at work without a person: they reach their service, run what it asks for, edit, and send back
# what came of it; bare, and behind both walls. What a hijacked one tries fails there.

# works_as POLICY DEEDS: the job, bare and behind each wall. DEEDS is what the policy lets the shell do besides.
works_as() {
  local agent=$1 host=$2 path=$3 deeds=$4
  prepare "${agent}"
  asks "${agent}" "${JOB}"
  answered
  is "$(brought 1)" $'compiles\ngit\ndeletes\nssh\naws\nbashrc\nhook\nsetting\nother'
  edited
  grep -qx other.test "${T}/asked"
  for WALL in "${WALLS[@]}"; do
    printf 'under %s:\n' "${WALL}"
    prepare "${agent}"
    asks "${agent}" "${JOB}" "${BOX}/${WALL}" -q -p "${agent}" --
    answered
    (($(calls "${host}" "${path}") >= 5)) || { cat "${T}/calls"; return 1; }
    is "$(brought 1)" "${deeds}"
    edited
    if grep -qx other.test "${T}/asked"; then return 1; fi
    [[ ${deeds} == *deletes* || -e src/dear.c ]]
    is "$(<"${HOME}/.bashrc")" 'alias x=y'
    [[ ! -e .git/hooks/pre-commit ]]
  done
}

# What the agent's own tools did: the old file changed, the new one there, and nothing else left behind.
edited() {
  is "$(brought 2 | grep -c one)" 1
  is "$(<src/old.c) $(<src/new.c)" 'two hello'
  is "$(cd src && printf '%s ' *.tmp* 2>/dev/null)" '*.tmp* '
}

@test "claude: installed from npm, it reaches its service, runs commands and edits files, and nothing else" {
  needs_agents
  needs_program git cc
  works_as claude api.anthropic.com /v1/messages $'compiles\ngit\ndeletes'
}

@test "codex: installed from npm, it reaches its service, runs commands and edits files, and nothing else" {
  needs_agents
  needs_program git cc
  works_as codex api.openai.com /v1/responses $'compiles\ngit'
}

@test "opencode: installed from npm, it reaches its service, runs commands and edits files, and nothing else" {
  needs_agents
  needs_program git cc
  works_as opencode api.anthropic.com /v1/messages $'compiles\ngit'
}

# ---- as docs/mcp.md says: the agent outside, its commands by ll-mcp

# page FILE KIND: the block of that name of the page, with the project's place in it.
page() { sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" "${ROOT}/docs/mcp.md" | sed '1d;$d' | sed "s,PROJECT,${PWD},"; }

calls_the_server() { # AGENT
  asks "$1" "mcp: echo x >src/made; cat src/made ${HOME}/.ssh/id_ed25519; curl -sS https://other.test
run: echo outside"
  answered
  local result
  result=$(brought 1)
  [[ ${result} == *'"stdout":"x\n"'* || ${result} == *'"stdout": "x\n"'* ]] &&
    [[ ${result} == *'id_ed25519: Permission denied'* && ${result} == *'Could not resolve host: other.test'* ]] ||
    { printf '%s\n' "${result}"; return 1; }
  is "$(<src/made)" x
}

@test "ll-mcp: claude with the configuration of docs/mcp.md runs commands through the server, and has no other shell" {
  needs_agents
  prepare claude
  local line
  line=$(sed -n '/^claude mcp add/p' "${ROOT}/docs/mcp.md")
  own env PATH="${HOME}/.npm-global/bin:${BOX}:${PATH}" sh -c "${line}" >/dev/null
  grep -qx 'claude --disallowedTools Bash' "${ROOT}/docs/mcp.md"
  EXTRA=(--disallowedTools Bash)
  calls_the_server claude
  if offered Bash; then return 1; fi
  # Control: without that word, it has.
  EXTRA=()
  calls_the_server claude
  offered Bash
}

@test "ll-mcp: codex with the configuration of docs/mcp.md runs commands through the server, and has no other shell" {
  needs_agents
  prepare codex
  page 'toml config.toml' | own_file "${HOME}/.codex/config.toml"
  calls_the_server codex
  [[ $(brought 2) == *'exec_command is not a function'* ]]
  page 'toml config.toml' | sed '/shell_tool/d' | own_file "${HOME}/.codex/config.toml"
  calls_the_server codex
  is "$(brought 2)" outside
}

@test "ll-mcp: opencode with the configuration of docs/mcp.md runs commands through the server, and has no other shell" {
  needs_agents
  prepare opencode
  page 'json opencode.json' | own_file "${HOME}/.config/opencode/opencode.json"
  calls_the_server opencode
  offered sandbox_exec
  if offered bash; then return 1; fi
  page 'json opencode.json' | sed 's/"deny"/"allow"/' | own_file "${HOME}/.config/opencode/opencode.json"
  calls_the_server opencode
  offered bash
}

# ---- what else their users do

@test "codex: its own sandbox is refused inside with a message, and works outside" {
  needs_agents
  prepare codex
  EXTRA=(--sandbox=workspace-write)
  asks codex 'run: echo x >src/made'
  answered
  [[ -e src/made ]] || skip "codex makes no sandbox here"
  for WALL in "${WALLS[@]}"; do
    prepare codex
    asks codex 'run: echo x >src/made' "${BOX}/${WALL}" -q -p codex --
    answered
    [[ $(brought 1) == *'bwrap: No permissions to create new namespace'* && ! -e src/made ]]
  done
}

@test "claude: its own sandbox is refused inside with a message, and is off with the options that the policy names" {
  needs_agents
  needs_program bwrap socat
  local settings='{"sandbox": {"enabled": true, "autoAllowBashIfSandboxed": true, "allowUnsandboxedCommands": false}}'
  prepare claude
  printf '%s\n' "${settings}" | own_file "${HOME}/.claude/settings.json"
  VARIABLES=(CLAUDE_CONFIG_DIR="${HOME}/.claude")
  asks claude 'run: echo x >src/made'
  answered
  [[ -e src/made ]] || skip "claude makes no sandbox here"
  for WALL in "${WALLS[@]}"; do
    rm src/made
    asks claude 'run: echo x >src/made' "${BOX}/${WALL}" -q -p claude --
    answered
    [[ $(brought 1) == *'Sandbox is enabled but failed to initialize'* && ! -e src/made ]]
    grep -qF -- "--settings '{\"sandbox\": {\"enabled\": false}}'" "${ROOT}/policies/claude.policy"
    EXTRA=(--settings '{"sandbox": {"enabled": false}}')
    asks claude 'run: echo x >src/made' "${BOX}/${WALL}" -q -p claude --
    answered
    [[ -e src/made ]]
    EXTRA=()
  done
}

@test "claude: a gateway at a private address is reached with one option, and not without it" {
  needs_agents
  VARIABLES=(ANTHROPIC_BASE_URL=https://host.inside CLAUDE_CODE_MAX_RETRIES=0)
  for WALL in "${WALLS[@]}"; do
    prepare claude
    asks claude 'run: echo x >src/made' "${BOX}/${WALL}" -q -p claude --connect host.inside:443/private --
    answered
    (($(calls host.inside /v1/messages) == 2 && $(calls api.anthropic.com /v1/messages) == 0))
    asks claude 'run: echo x >src/made' "${BOX}/${WALL}" -q -p claude --
    ((status != 0 && $(calls host.inside /v1/messages) == 0))
  done
}

@test "claude: with --overlay deletions wait for a commit, and --protect-all refuses them" {
  needs_agents
  WALL=sandbox.sh
  prepare claude
  asks claude $'run: rm src/dear.c\nwrite: new.c hello' "${BOX}/sandbox.sh" -q -p claude --overlay . --keep-in "${HOME}/layer" --
  answered
  [[ -e src/dear.c && ! -e new.c ]]
  own "${BOX}/ll-changes" list "${HOME}/layer" >"${T}/list"
  grep -q 'src/dear.c' "${T}/list" && grep -q 'new.c' "${T}/list"
  own "${BOX}/ll-changes" commit "${HOME}/layer" >/dev/null
  is "$(<new.c)" hello
  [[ ! -e src/dear.c ]]
  # Its tools need to move files. Why the policy lets it delete:
  for WALL in "${WALLS[@]}"; do
    prepare claude
    asks claude $'run: rm src/dear.c\nwrite: src/new.c hello' "${BOX}/${WALL}" -q -p claude --protect-all on --
    answered
    [[ -e src/dear.c && ! -e src/new.c && $(brought 2) == *'EACCES: permission denied, rename'* ]]
  done
}

# ---- in a terminal

tmux_() { env -u TMUX TERM=screen tmux -S "${T}/tmux" "$@" 3>&-; }
eval "$(declare -f teardown | sed '1s/teardown/leave_folder/')"
teardown() { tmux_ kill-server 2>/dev/null || true; leave_folder; }
screen() { tmux_ capture-pane -p; }

# comes TEXT: on the screen, in the time that an agent needs on a busy machine.
comes() {
  local -i patience=$((SECONDS + 180))
  until screen | grep -qF -e "$1"; do
    ((SECONDS < patience)) || { screen; return 1; }
    sleep 0.1
  done
}

# typed_to AGENT READY PREFIX...: its recipe's words, in a terminal; a person types what is to be done, and leaves.
typed_to() {
  local agent=$1 ready=$2 command
  shift 2
  local -a world
  command=$(sed -n "s/^sandbox.sh -p ${agent} -- //p" "${ROOT}/docs/recipes.md" | head -n 1)
  [[ ${command} == "${agent}"* ]]
  if [[ ${agent} == opencode ]]; then command+=" -m ${MODEL}"; fi
  TERMINAL=screen world_of "${agent}" "$@" bash -c "PWD=\$(pwd -P); exec ${command}"
  tmux_ -f /dev/null new-session -d -x 100 -y 45 "exec $(printf '%q ' "${world[@]}")"
  comes "${ready}"
  tmux_ send-keys -l 'run: echo x >src/made'
  comes 'run: echo x >src/made'
  tmux_ send-keys Enter
  waits_long test -e src/made
  comes done
  local -i times
  for ((times = 0; times < 100; times++)); do
    tmux_ send-keys C-c 2>/dev/null || return 0
    sleep 0.3
  done
  screen
  return 1
}
waits_long() { local -i patience=$((SECONDS + 180)); until "$@"; do ((SECONDS < patience)) || { screen; return 1; }; sleep 0.1; done; }

in_a_terminal() { # AGENT READY
  needs_agents
  needs_program tmux
  for WALL in bare "${WALLS[@]}"; do
    printf 'under %s:\n' "${WALL}"
    prepare "$1"
    if [[ $1 == claude ]]; then
      # The questions of a first start are answered.
      printf '{"hasCompletedOnboarding": true, "customApiKeyResponses": {"approved": ["k"]}, "projects": {"%s": {"hasTrustDialogAccepted": true}}}\n' \
        "${PWD}" | own_file "${HOME}/.claude/.claude.json"
    elif [[ $1 == codex ]]; then
      printf 'k\n' | own env PATH="${HOME}/.npm-global/bin:${PATH}" codex login --with-api-key >/dev/null 2>&1
    fi
    if [[ ${WALL} == bare ]]; then
      VARIABLES=(CLAUDE_CONFIG_DIR="${HOME}/.claude")
      typed_to "$1" "$2"
    else
      VARIABLES=()
      typed_to "$1" "$2" "${BOX}/${WALL}" -q -p "$1" --
    fi
  done
}

@test "claude: the command of the recipe works interactively in a terminal" { in_a_terminal claude 'auto mode'; }
@test "codex: the command of the recipe works interactively in a terminal" { in_a_terminal codex 'Ask Codex'; }
@test "opencode: the command of the recipe works interactively in a terminal" { in_a_terminal opencode 'Ask anything'; }
