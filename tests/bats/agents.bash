# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2154 # for sh; for the tests, and of helpers.bash
# What the tests of agents as npm has them share: load this instead of policies-network. Each is installed once for the
# file, and meets its service's stand-in under the service's own name: see agent-api.py. Nothing leaves the machine then.

# Where npm finds its settings and its cache.
NPM_HOME=${NPM_HOME:-${HOME:-}}
export NPM_HOME
load policies-network

SERVICES=${BATS_TEST_DIRNAME}/agent-api.py
MODEL=anthropic/claude-sonnet-4-5
CLAUDE_TOOLS=Bash,Read,Edit,Write,mcp__sandbox__exec

setup_file() {
  BOX=$(place_programs sandbox.sh ll-ns ll-exec ll-net ll-changes ll-mcp ll-trace)
  export BOX
  AGENTS='' WHY_NOT=''
  export AGENTS WHY_NOT
  [[ -n ${LL_LONG:-} ]] || return 0
  install_agents || WHY_NOT="the agents cannot be had: npm install"
  # Not in /tmp, which is granted: ll-mcp does not serve where commands could rewrite it.
  cp -r "${BOX}" "${AGENTS}/box"
  BOX=${AGENTS}/box
}

teardown_file() { rm -rf "${AGENTS:-}"; }

# As a user has them: by npm, with the scripts that they are installed by, in a home directory. Not by npm ci, which wants
# each package in the lock, those for other systems too, which not every registry has.
install_agents() {
  AGENTS=$(mktemp -d /var/tmp/ll-agents.XXXXXX)
  chmod 755 "${AGENTS}"
  command -v npm >/dev/null || return 1
  mkdir "${AGENTS}/lib" "${AGENTS}/bin"
  cp "${ROOT}/tests/agents"/{package.json,package-lock.json,.npmrc} "${AGENTS}/lib/"
  (cd "${AGENTS}/lib" && HOME=${NPM_HOME} npm install --silent --no-audit --no-fund) >/dev/null 2>&1 3>&- || return 1
  local agent
  for agent in claude codex opencode; do
    ln -s "../lib/node_modules/.bin/${agent}" "${AGENTS}/bin/${agent}"
    [[ -e ${AGENTS}/bin/${agent} ]] || return 1
  done
  if ((EUID == 0)); then chown -R "${ORDINARY}:${ORDINARY}" "${AGENTS}"; fi
}

needs_agents() {
  needs_time
  [[ -z ${WHY_NOT} ]] || skip "${WHY_NOT}"
  needs_certificate
  authority
}

# A certificate that another has signed: what trusts more strictly takes none that is its own authority.
authority() {
  local names
  names=$(openssl x509 -in "${T}/cert.pem" -noout -ext subjectAltName | sed -n 's/^ *DNS:/DNS:/p')
  printf 'basicConstraints=CA:FALSE\nsubjectAltName=%s\n' "${names// /}" | own_file "${T}/leaf.ext"
  own sh -ec 'cd "$1"; exec 2>/dev/null
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem
    openssl req -newkey rsa:2048 -nodes -subj /CN=host.test -keyout key.pem -out leaf.csr
    openssl x509 -req -days 2 -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile leaf.ext -out leaf.pem
    cat key.pem leaf.pem >both.pem
    cp ca.pem etc/ssl/certs/ca-certificates.crt' - "${T}"
}

# A home directory as the first lines of the policy say, with secrets; and a repository, with what is to be done in it.
prepare() { # POLICY
  rm -rf "${HOME}"
  own mkdir -p "${HOME}"/{.ssh,.aws}
  own ln -s "${AGENTS}" "${HOME}/.npm-global"
  printf 'secret\n' | own_file "${HOME}/.ssh/id_ed25519"
  printf 'secret\n' | own_file "${HOME}/.aws/credentials"
  printf 'alias x=y\n' | own_file "${HOME}/.bashrc"
  own bash -ec "$(sed -n 's/^#     //p' "${ROOT}/policies/$1.policy" | grep -v '^sandbox.sh')"
  rm -rf "${T}/job"
  own mkdir -p "${T}/job/src"
  cd "${T}/job" || return
  own git init -q .
  printf 'one\n' | own_file src/old.c
  printf 'x\n' | own_file src/dear.c
  own_file deeds.sh <<'END'
does() { local what=$1; shift; if "$@" >/dev/null 2>&1; then echo "$what"; fi; }
does compiles sh -c 'echo "int main(void) { return 0; }" >src/tool.c && cc -o src/tool src/tool.c && src/tool'
does git git status
does deletes rm src/dear.c
does ssh cat ~/.ssh/id_ed25519
does aws cat ~/.aws/credentials
does bashrc sh -c 'echo evil >>~/.bashrc'
does hook sh -c 'echo evil >.git/hooks/pre-commit'
does setting sh -c 'for place in ~/.claude/settings.json ~/.codex/config.toml ~/.config/opencode/opencode.json; do echo {} >$place && rm $place && exit; done; false'
does other curl -s -m 20 https://other.test
END
}

# The steps of the job, as agent-api.py takes them, and what each brings.
JOB=$'run: sh deeds.sh\nread: src/old.c\nedit: src/old.c one two\nwrite: src/new.c hello'

# words_of AGENT PROMPT: sets ${words}, by which it is asked without a person. ${EXTRA} is more of them.
words_of() {
  case $1 in
    claude) words=(claude -p "$2" --allowedTools "${CLAUDE_TOOLS}" "${EXTRA[@]}") ;;
    codex) words=(codex exec --skip-git-repo-check "${EXTRA[@]:---sandbox=danger-full-access}" "$2") ;;
    opencode) words=(opencode run -m "${MODEL}" "${EXTRA[@]}" "$2") ;;
  esac
}
EXTRA=()

# world_of AGENT COMMAND...: sets ${world}, the words that run the command in a network where the agent's service stands
# in, as a user that is not root there either, and with no variable of whoever runs the tests. ${VARIABLES} are passed.
world_of() {
  local -a key=(ANTHROPIC_API_KEY=k)
  [[ $1 != codex ]] || key=(CODEX_API_KEY=k OPENAI_API_KEY=k)
  world=("${AS[@]}" env -i HOME="${HOME}" LANG=C.UTF-8 TERM="${TERMINAL:-dumb}" PATH="${HOME}/.npm-global/bin:${BOX}:${PATH}"
    WORK="${PWD}" "${key[@]}" "${VARIABLES[@]}" unshare -Urmn sh -ec 'mount --bind "$0/etc" /etc; mount --bind "$0/run" /run
    services=$1 work=$2; shift 2; cd "$0"
    exec python3 "$services" both.pem "$0/served" unshare -U --map-user=1000 --map-group=1000 env -u WORK -C "$work" PWD="$work" "$@"'
    "${T}" "${SERVICES}" "${PWD}" "${@:2}")
}
VARIABLES=()

# asks AGENT PROMPT [PREFIX...]: sets ${status}, ${output}, ${errors}
asks() {
  local -a words world
  words_of "$1" "$2"
  world_of "$1" "${@:3}" "${words[@]}"
  capture "${world[@]}"
}

# answered: the agent came to its end.
answered() {
  [[ ${status} == 0 && ${output} == *done* ]] || { printf 'status %s\n%s\n%s\n' "${status}" "${output}" "${errors}"; return 1; }
}

# brought N: what the tool of step N brought, as it was sent to the service.
brought() {
  python3 - "${T}/calls" "$1" <<'END'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
results = max((row.get("results", []) for row in rows), key=len)
text = results[int(sys.argv[2]) - 1] if len(results) >= int(sys.argv[2]) else "nothing"
start = text.find("{")
if text.startswith("Script completed") and start >= 0:
    answer = json.loads(text[start:])
    text = answer["structuredContent"] if "structuredContent" in answer else answer.get("output", text)
print(text.strip() if isinstance(text, str) else json.dumps(text))
END
}

# calls HOST PATH: how many there were, with a key.
calls() { grep -c "\"host\": \"$1\", \"method\": \"POST\", \"path\": \"$2\", \"key\": true" "${T}/calls" || true; }

# offered NAME: whether the agent had a tool of that name.
offered() { grep -q "\"$1\"" "${T}/calls"; }
