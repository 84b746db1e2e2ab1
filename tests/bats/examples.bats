load sandbox
load examples

# The policy `agent` grants /tmp, so the project and the programs must not be in it.
leave_tmp() {
  rm -rf "${T}"
  T=$(mktemp -d /var/tmp/ll-page.XXXXXX)
  chmod 755 "${T}"
  cd "${T}" || return
}

# Runs every command, policy and output of the pages, as an ordinary user with an installed ll-exec.

@test "every example of README.md has the output that is shown" {
  leave_tmp
  run_page "${ROOT}/README.md"
}
@test "every example of docs/quick-start.md has the output that is shown" { run_page "${ROOT}/docs/quick-start.md"; }
@test "every example of docs/recipes.md has the output that is shown" {
  run_page "${ROOT}/docs/recipes.md"
  rm -f jobs/*/out.webm
  run_script 'SLURM_ARRAY_TASK_ID=1 bash transcode.sbatch'
  [[ -s jobs/1/out.webm ]]
  printf 'b\na\n' >"${T}/home/reports/list.txt"
  run_script "$(sed -n 's/^17 3 \* \* \*  //p' reports.cron)"
  is "$(<"${T}/home/reports/list.txt")" $'a\nb'
}

# words_of FILE EXPRESSION: evaluates a Python expression over the YAML; words are NUL-terminated.
words_of() {
  python3 -c 'import sys, yaml
value = eval(sys.argv[2], {"page": yaml.safe_load(open(sys.argv[1]))})
for word in [value] if isinstance(value, str) else value: sys.stdout.write(word + "\0")' "$@"
}

@test "every example of docs/calls.md has the output that is shown" {
  leave_tmp
  run_page "${ROOT}/docs/calls.md"
}

@test "every example of docs/network.md has the output that is shown" {
  needs_abi 4
  run_page "${ROOT}/docs/network.md"
}

@test "the systemd units and CI jobs of docs/recipes.md are valid, and do what they describe" {
  needs_program systemd-analyze
  python3 -c 'import yaml' || skip "needs python3-yaml"
  FILES_ONLY=yes run_page "${ROOT}/docs/recipes.md" 3>/dev/null
  run_script "$(sed -n '/^## cron/,/^## /{/^```sh/,/^```$/{/^```/d;p}}' "${ROOT}/docs/recipes.md")"
  run_script 'for i in 1 2 3; do mkdir -p "jobs/$i" && cp upload.mov "jobs/$i/in.mov"; done'
  local -a words
  mapfile -d '' words < <(words_of .github/workflows/test.yml 'page["jobs"]["test"]["steps"][-1]["run"]')
  run_script "${words[0]}"
  [[ -s hello ]]

  words_of job.yaml 'page["spec"]["template"]["spec"]["containers"][0]["command"]' >words
  words_of job.yaml 'page["spec"]["template"]["spec"]["containers"][0]["args"]' >>words
  mapfile -d '' words <words
  rm -f jobs/*/out.webm
  printf -v script '%q ' "${words[@]//\/tools\/ll-exec/"${T}/usr/bin/ll-exec"}"
  run_script "cd jobs && JOB_COMPLETION_INDEX=2 ${script}"
  [[ -s jobs/3/out.webm ]]

  sed -i "s,/usr/local/bin/,${T}/usr/bin/," reports.service
  is "$(HOME=${T}/home XDG_RUNTIME_DIR=${T} systemd-analyze --user verify ./reports.service 2>&1)" ""
  words=("$(sed -n 's/^ExecStart=//p' reports.service)")
  printf 'b\na\n' >"${T}/home/reports/list.txt"
  run_script "cd ~/reports && ${words[0]}"
  is "$(<"${T}/home/reports/list.txt")" $'a\nb'
}

# servers_of_page PAGE: the command of each server configuration, one per line.
servers_of_page() {
  sed -n 's/^claude mcp add .* -- //p' "$1"
  python3 -c 'import json, shlex, sys, tomllib
pages = [json.load(open(name)) for name in ("claude_desktop_config.json", "mcp.json", "settings.json")]
pages.append(tomllib.load(open("config.toml", "rb")))
commands = [[server["command"], *server["args"]] for server in (next(iter(page.values()))["sandbox"] for page in pages)]
commands.append(json.load(open("opencode.json"))["mcp"]["sandbox"]["command"])
for words in commands:
    print(shlex.join(sys.argv[1] if word in ("PROJECT", "${workspaceFolder}") else word for word in words))' "${PWD}"
}

@test "every example of docs/mcp.md has the output that is shown, and its configuration starts a server that answers" {
  python3 -c 'import tomllib' || skip "needs Python 3.11"
  leave_tmp
  run_page "${ROOT}/docs/mcp.md"
  local line request='{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"page","version":"1"}}}'
  local -i answered=0
  servers_of_page "${ROOT}/docs/mcp.md" >"${T}/servers"
  while IFS= read -r line; do
    assert_success run_script "printf '%s\n' '${request}' | ${line}"
    [[ ${output} == *'"serverInfo":{"name":"ll-mcp"'* ]]
    answered+=1
  done <"${T}/servers"
  is "${answered}" 6
}

@test "every example of docs/judge.md has the output that is shown" {
  needs_abi 4
  export PYTHONPATH=${ROOT}/python PYTHONDONTWRITEBYTECODE=1
  run_page "${ROOT}/docs/judge.md"
}

@test "every link in the documentation leads to a file that exists" {
  local page link
  local -i links=0
  for page in "${ROOT}"/{,docs/,docs/migrating/,bench/,packaging/ci/,tests/*/}*.md; do
    while IFS= read -r link; do
      [[ -e ${page%/*}/${link} ]] || { printf '%s: %s\n' "${page}" "${link}"; return 1; }
      links+=1
    done < <(grep -oE '(\]\(|src=")[^"()#: ]+[")#]' "${page}" | sed 's/^](//; s/^src="//; s/.$//')
  done
  ((links > 50))
}

@test "every example of docs/threat-model.md has the output that is shown" { run_page "${ROOT}/docs/threat-model.md"; }
@test "every example of CONTRIBUTING.md has the output that is shown, and its patches apply" {
  needs_program git
  run_page "${ROOT}/CONTRIBUTING.md"
  local change
  for change in right directive; do
    rm -rf tree
    mkdir -p tree/lib tree/docs/man
    cp -r "${ROOT}"/lib tree/
    cp "${ROOT}/docs/man/ll-policy.5.in" tree/docs/man/
    assert_success env GIT_CEILING_DIRECTORIES="${T}" git -C tree apply --unidiff-zero "../${change}.diff"
    grep -qrE 'LANDLOCK_ABI\(12|"session"' tree/lib
  done
}
