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

@test "claude: from npm to its service: it runs, reads, edits and writes, and no more" {
  needs_agents
  needs_program git cc
  works_as claude api.anthropic.com /v1/messages $'compiles\ngit\ndeletes'
}

@test "codex: from npm to its service: it runs, reads, edits and writes, and no more" {
  needs_agents
  needs_program git cc
  works_as codex api.openai.com /v1/responses $'compiles\ngit'
}

@test "opencode: from npm to its service: it runs, reads, edits and writes, and no more" {
  needs_agents
  needs_program git cc
  works_as opencode api.anthropic.com /v1/messages $'compiles\ngit'
}
