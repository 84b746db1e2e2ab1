#!/usr/bin/env bats
# shellcheck disable=SC2154 # of helpers.bash
# ll-mcp with the clients of the official SDKs; tests/mcp has the tests.

load mcp

@test "every tool answers in every protocol revision, with and without --sandbox" {
  drives_both everyTool
}

@test "arguments and results match the JSON schemas of tools/list" {
  drives_both results
  drives takenArguments
}

@test "the server uses the protocol revision that the client asks for, or the newest" {
  drives versions
  drives handshake
}

@test "the server accepts the revision without a handshake, also beside one with it" {
  drives withoutHandshake
}

@test "invalid arguments are reported to the model as tool errors, and an unknown tool as a protocol error" {
  drives errors
}

@test "a refusal is a result, not an error" {
  drives refusals
}

@test "a command that cannot be started is an error, with paths as the caller gave them" {
  drives_both notStarted
}

@test "a policy that must not be served is reported over the protocol, and nothing runs" {
  mkdir -p project/docs
  chmod -R a+rwX .
  capture as_user node "${SERVED}/client/run.mjs" unsafe "${LL_MCP}" --rw project --ro project/docs
  is "${status}" 0
  [[ ${errors} == *'a command could replace it by a symbolic link'* ]]
}

@test "on a terminal the server prints what it is for" {
  needs_program script
  starts --ro "${T}"
  assert_success script -qec "${LL_MCP} --ro ${T}" /dev/null </dev/null
  [[ ${output} == *'their client starts it'*'ll-exec, sandbox.sh'* ]]
}

@test "explain: true reports refused accesses and the line that would allow each" {
  drives explains
}

@test "explain: true reports refused accesses with --sandbox as well" {
  drives explainsInSandbox --sandbox
}

@test "explain: true allows nothing that is refused without it" {
  cp "${PROBE}" probe
  SERVED_PROBE=${T}/probe drives_both outwitted --rx ./probe
  SERVED_PROBE=${T}/probe drives notOutwitted --rx ./probe --unix any
}

@test "with more refusals than the limit, those kept are reported" {
  mkdir -m 777 many
  drives manyRefusals
}

@test "a command gets the input and the working directory of the call" {
  drives inputs
}

@test "a variable reaches a command only if the policy passes it" {
  drives variables --env GIVEN --env FIXED=policy
}

@test "without env rules no variable reaches a command" {
  mkdir -p project sub
  assert_success as_user node "${SERVED}/client/run.mjs" noVariables "${LL_MCP}" -p base --rx /usr --rx -/bin
}

@test "commands cannot read the memory, environment or files of the server" {
  drives_both serverHidden --ro /proc --env GIVEN
}

@test "the working directory of a call grants no access to its files" {
  printf 'data\n' >here
  drives placeShowsNothing --sandbox
}

@test "no command can kill or stop the server, or the supervisor of another command" {
  drives serverOutOfReach --sandbox
  needs_abi 6
  drives serverOutOfReach
}

@test "arguments from the model are never read as options" {
  drives_both literal
}

@test "neither a call nor a later change of the file changes the policy" {
  mkdir data
  printf 'data\n' >data/file
  policy p.policy 'ro data'
  chmod -R a+rwX .
  POLICY_FILE=${T}/p.policy drives settled -p ./p.policy
}

@test "the processes that a command started are killed when it ends" {
  drives_both endOfCommand
}

@test "a timeout kills all processes of the call" {
  drives_both timeOut
}

@test "the timeout of a call is limited by --timeout" {
  drives longestTimeOut --timeout 1s
}

@test "cancelling a call kills all its processes" {
  drives_both cancellation
}

@test "no process is left when the client has disconnected" {
  drives_both clientGone
  drives rudelyGone
}

@test "no process is left when the server is killed" {
  drives_both serverKilled
}

@test "no process is left when the process group of the server is killed" {
  drives_both groupKilled
}

@test "no process is left when the supervisor of a command is killed or stopped" {
  drives supervisorKilled
  drives supervisorStopped
}

@test "a fork bomb that never waits for its children is killed" {
  alone -- bomb --limit nproc=1000
}

@test "200 processes that fork and exit in a loop are killed" {
  cp "${PROBE}" probe
  alone SERVED_PROBE="${T}/probe" -- relay --rx ./probe --limit nproc=1000
}

# With the second SDK version, alone or beside the first.
groups_at() {
  local place
  for place in /sys/fs/cgroup /sys/fs/cgroup/unified; do
    [[ ! -w ${place}/cgroup.procs ]] || { printf '%s' "${place}"; return; }
  done
}

@test "the processes of a call are killed by cgroup.kill where a cgroup can be made" {
  needs_root
  local place group
  place=$(groups_at)
  [[ -n ${place} ]] || skip 'needs a writable cgroup v2'
  cp "${PROBE}" probe
  group=${place}/ll-tests.$$
  mkdir "${group}" || skip 'needs a writable cgroup v2'
  [[ -e ${group}/cgroup.kill ]] || { rmdir "${group}"; skip 'needs cgroup.kill, Linux 5.14'; }
  chown "${ALONE}" "${group}" "${group}/cgroup.procs"
  local result=0
  (printf '%s' "${BASHPID}" >"${group}/cgroup.procs" &&
    alone SERVED_PROBE="${T}/probe" GROUPS_AT="${place}" -- inGroups --rx ./probe --limit nproc=1000) || result=$?
  printf 1 >"${group}/cgroup.kill"
  waits_until rmdir "${group}" 2>/dev/null
  return "${result}"
}

@test "32 calls run in parallel" {
  drives_both atOnce
}

@test "with --jobs further calls wait, and can be cancelled" {
  drives queue --jobs 2
}

@test "with too few file descriptors for all calls no call is lost" {
  drives fewDescriptors
}

@test "after 1,000 calls in sequence memory and file descriptors have not grown" {
  drives inARow
}

@test "long output keeps its beginning and end, truncated at UTF-8 characters" {
  drives output --max-output 4K
}

@test "a large result arrives in full" {
  drives largeResult --max-output 8M
}

@test "a client that asks for progress or logs receives them" {
  drives progress
  drives logs
}

@test "invalid messages are answered with errors" {
  drives badMessages
  drives batches
  drives sameId
  drives sameName
}

@test "a message of 100 MiB is refused in bounded memory" {
  drives largeMessages
}

@test "a client that does not read costs little memory, and loses no answer" {
  drives notReading
}

# starts [OPTION...]: the server starts and serves a client that sends nothing.
starts() {
  assert_success as_user "${LL_MCP}" "$@" </dev/null
  is "${output}" ''
}

# rejects_start MESSAGE [OPTION...]
rejects_start() {
  local message=$1
  shift
  capture as_user "${LL_MCP}" "$@" </dev/null
  is "${errors}" "${message}"
  is "${status} ${output}" '125 '
}

@test "the server refuses a policy that ll-exec refuses, with the same message" {
  starts --ro "${T}"
  capture "${LL_EXEC}" --ro ./nowhere -- true
  rejects_start "${errors/#ll-exec/ll-mcp}" --ro ./nowhere
  policy p.policy 'rw /' 'connect 99999'
  capture "${LL_EXEC}" -p ./p.policy -- true
  rejects_start "${errors/#ll-exec/ll-mcp}" -p ./p.policy
}

@test "the server refuses a command, a policy on standard input and file descriptors" {
  rejects_start 'll-mcp: unexpected command: the client sends commands
  ll-mcp [options]' -- true
  rejects_start "ll-mcp: argument 2: standard input belongs to the client
    -p -
       ^
  name a policy file" -p -
  rejects_start 'll-mcp: argument 1: commands do not inherit descriptors of this server
    --fd=5
         ^
  leave it out' --fd=5
}

@test "the server refuses a policy by which a command could change what a later one is granted" {
  mkdir -p project/sub other
  printf 'data\n' >other/data
  ln -s "${T}/other" project/link
  chmod -R a+rwX .
  local -a run=("${LL_EXEC}" -q -p "${SERVED}/policies/base.policy" --rx /usr --rx -/bin --rw project --ro project/sub --)
  # The second command is granted a path that the first created.
  refused EACCES "${LL_EXEC}" --rx "${PROBE}" --rw project --ro project/sub -- "${PROBE}" read other/data
  assert_success as_user "${run[@]}" sh -c "rmdir project/sub; ln -s '${T}/other' project/sub"
  assert_success as_user "${run[@]}" cat other/data
  rm project/sub
  mkdir -m 777 project/sub

  starts --rw project --ro other
  starts --protect project --ro project/sub
  # chdir grants nothing, so its path may contain symlinks.
  starts --rw project --chdir project/sub
  local path
  for path in project/sub project/link project/nothing project/nothing/more; do
    rejects_start "ll-mcp: argument 2: a command could replace it by a symbolic link, as 'rw ${T}/project' (argument 1) allows
    --ro=-${path}
         ^$(printf '%*s' "${#path}" '' | tr ' ' '~')
  later commands would be granted its target: leave one of the two out" --rw=project "--ro=-${path}"
  done
}

@test "the server refuses a policy by which a command could rewrite ll-exec or the server" {
  mkdir bin
  cp "${SERVED}"/ll-* bin/
  chmod -R a+rwX .
  assert_success as_user ./bin/ll-mcp --ro bin </dev/null
  capture as_user ./bin/ll-mcp --rw=bin </dev/null
  is "${status} ${errors}" "125 ll-mcp: argument 1: commands could rewrite ${T}/bin/ll-exec, which restricts them
    --rw=bin
         ^~~
  install it where they cannot write, as with make install"
}

@test "--sandbox is refused where there are no namespaces" {
  starts --sandbox
  local -a inside=("${LL_EXEC}" -q --rwx / --)
  assert_success as_user "${inside[@]}" "${LL_MCP}" </dev/null
  capture as_user "${inside[@]}" "${LL_MCP}" --sandbox </dev/null
  is "${status} ${errors}" "125 ll-mcp: this machine refuses the namespaces of --sandbox
  ${LL_MCP%mcp}ns --check prints why; --best-effort runs without them"
}

@test "the policy tool answers as ll-exec --explain does, with deny as well and on every call" {
  mkdir -p project sub
  : >project/file
  : >project/secret
  chmod -R a+rwX .
  local -a options=(--rw "${T}/project" --deny "${T}/project/secret")
  assert_success "${LL_EXEC}" "${options[@]}" --env=- --explain
  POLICY=${output} assert_success as_user node "${SERVED}/client/run.mjs" samePolicy "${LL_MCP}" "${options[@]}" --env=-
}

@test "--explain shows what commands may do" {
  assert_success "${LL_MCP}" --ro "${T}" --explain
  [[ ${output} != *'all variables pass but'* && ${output} != *SSH_AUTH_SOCK* ]]
  [[ ${output} == *"${T}/"* ]]
}

@test "a command under the policy of an agent reaches the system's programs, /tmp and the project" {
  needs_program python3
  # Paths beneath /tmp could be replaced there.
  local folder
  folder=$(mktemp -d /var/tmp/ll-mcp.XXXXXX)
  cp -r "${SERVED}/." "${folder}/"
  mkdir "${folder}/project"
  chmod 777 "${folder}" "${folder}/project"
  cd "${folder}"
  capture env "SECRET_FILE=${folder}/secret" "$(type -P node)" client/run.mjs agent "${folder}/ll-mcp" -p agent --rw project
  cd "${T}"
  rm -rf "${folder}"
  is "${status} ${errors}" '0 '
}
