#!/usr/bin/env bats
# shellcheck disable=SC2154 # of helpers.bash
# ll-mcp, by the official SDKs' clients: tests/mcp has what they do.

load mcp

@test "every tool answers, in every revision of the protocol, also in the sandbox" {
  drives_both everyTool
}

@test "what tools/list says of arguments and results holds, by a validator of JSON Schema" {
  drives_both results
  drives takenArguments
}

@test "it speaks the revision that the client asks for, or the newest" {
  drives versions
  drives handshake
}

@test "it speaks the revision without a handshake, also beside one with it" {
  drives withoutHandshake
}

@test "wrong arguments are told to the model, and nothing else is" {
  drives errors
}

@test "a refusal is a result" {
  drives refusals
}

@test "what could not be started is an error, in the caller's words" {
  drives_both notStarted
}

@test "a policy that must not be served is answered over the protocol, and nothing runs" {
  mkdir -p project/docs
  chmod -R a+rwX .
  capture as_user node "${SERVED}/client/run.mjs" unsafe "${LL_MCP}" --rw project --ro project/docs
  is "${status}" 0
  [[ ${errors} == *'a command could put a link in its place'* ]]
}

@test "in a terminal it says what it is" {
  needs_program script
  starts --ro "${T}"
  works script -qec "${LL_MCP} --ro ${T}" /dev/null </dev/null
  [[ ${output} == *'a client starts it'*'ll-exec, sandbox.sh'* ]]
}

@test "explain: true says what was refused and which line allows it" {
  drives explains
}

@test "explain: true says it with --sandbox as well" {
  drives explainsInSandbox --sandbox
}

@test "explain: true lets through nothing that is refused without it" {
  cp "${DEED}" deed
  SERVED_DEED=${T}/deed drives_both outwitted --rx ./deed
  SERVED_DEED=${T}/deed drives notOutwitted --rx ./deed --unix any
}

@test "of more refusals than are kept those that are kept are told" {
  mkdir -m 777 many
  drives manyRefusals
}

@test "a command has the input and the directory that the call says" {
  drives inputs
}

@test "a variable reaches a command only if the policy passes it" {
  drives variables --env GIVEN --env FIXED=policy
}

@test "without a line about variables none reaches a command" {
  mkdir -p project sub
  works as_user node "${SERVED}/client/run.mjs" noVariables "${LL_MCP}" -p base --rx /usr --rx -/bin
}

@test "what the server knows is hidden from commands, wherever they look" {
  drives_both serverHidden --ro /proc --env GIVEN
}

@test "a directory to start in shows nothing of what is there" {
  printf 'data\n' >here
  drives placeShowsNothing --sandbox
}

@test "no command ends or stops the server, or what watches another command" {
  drives serverOutOfReach --sandbox
  needs_abi 6
  drives serverOutOfReach
}

@test "what the model says is never an option" {
  drives_both literal
}

@test "no call and no later change of a file changes the policy" {
  mkdir data
  printf 'data\n' >data/file
  policy p.policy 'ro data'
  chmod -R a+rwX .
  POLICY_FILE=${T}/p.policy drives settled -p ./p.policy
}

@test "what a command started ends with it" {
  drives_both endOfCommand
}

@test "a time-out ends the whole tree" {
  drives_both timeOut
}

@test "no call takes longer than the user lets it" {
  drives longestTimeOut --timeout 1s
}

@test "a cancelled call ends with its whole tree" {
  drives_both cancellation
}

@test "nothing is left when the client is gone" {
  drives_both clientGone
  drives rudelyGone
}

@test "nothing is left when the server is killed" {
  drives_both serverKilled
}

@test "nothing is left when the group of the server is killed" {
  drives_both groupKilled
}

@test "nothing is left when somebody kills or stops what watches a command" {
  drives supervisorKilled
  drives supervisorStopped
}

@test "what multiplies and never waits is ended too" {
  alone -- bomb --limit nproc=1000
}

@test "200 processes that fork and exit in a loop are ended" {
  cp "${DEED}" deed
  alone SERVED_DEED="${T}/deed" -- relay --rx ./deed --limit nproc=1000
}

# The second version, alone or beside the first.
groups_at() {
  local place
  for place in /sys/fs/cgroup /sys/fs/cgroup/unified; do
    [[ ! -w ${place}/cgroup.procs ]] || { printf '%s' "${place}"; return; }
  done
}

@test "where control groups can be made, the kernel ends a call's processes at once" {
  needs_root
  local place group
  place=$(groups_at)
  [[ -n ${place} ]] || skip 'needs a writable cgroup v2'
  cp "${DEED}" deed
  group=${place}/ll-tests.$$
  mkdir "${group}" || skip 'needs a writable cgroup v2'
  [[ -e ${group}/cgroup.kill ]] || { rmdir "${group}"; skip 'needs cgroup.kill, Linux 5.14'; }
  chown "${ALONE}" "${group}" "${group}/cgroup.procs"
  local result=0
  (printf '%s' "${BASHPID}" >"${group}/cgroup.procs" &&
    alone SERVED_DEED="${T}/deed" GROUPS_AT="${place}" -- inGroups --rx ./deed --limit nproc=1000) || result=$?
  printf 1 >"${group}/cgroup.kill"
  waits_until rmdir "${group}" 2>/dev/null
  return "${result}"
}

@test "32 calls run side by side" {
  drives_both atOnce
}

@test "with --jobs the others wait their turn, and can be cancelled" {
  drives queue --jobs 2
}

@test "with fewer descriptors than calls want none is lost" {
  drives fewDescriptors
}

@test "after 1,000 calls in a row nothing has grown" {
  drives inARow
}

@test "of long output head and tail are kept, as UTF-8" {
  drives output --max-output 4K
}

@test "a large result arrives whole" {
  drives largeResult --max-output 8M
}

@test "a client that asks for progress or logs is told" {
  drives progress
  drives logs
}

@test "bad messages are answered by errors" {
  drives badMessages
  drives batches
  drives sameId
  drives sameName
}

@test "a message of 100 MiB is refused in little memory" {
  drives largeMessages
}

@test "a client that does not read costs little, and loses nothing" {
  drives notReading
}

# starts [OPTION...]: it serves a client that asks for nothing.
starts() {
  works as_user "${LL_MCP}" "$@" </dev/null
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

@test "it does not start with a policy that ll-exec does not take, and says the same" {
  starts --ro "${T}"
  capture "${LL_EXEC}" --ro ./nowhere -- true
  rejects_start "${errors/#ll-exec/ll-mcp}" --ro ./nowhere
  policy p.policy 'rw /' 'connect 99999'
  capture "${LL_EXEC}" -p ./p.policy -- true
  rejects_start "${errors/#ll-exec/ll-mcp}" -p ./p.policy
}

@test "it takes no command, no policy on standard input and no descriptor" {
  rejects_start 'll-mcp: it takes no command: the client names them
  ll-mcp [options]' -- true
  rejects_start "ll-mcp: argument 2: standard input is the client's
    -p -
       ^
  name the policy's file" -p -
  rejects_start 'll-mcp: argument 1: no descriptor of this server reaches a command
    --fd=5
         ^
  leave it out' --fd=5
}

@test "it does not start where a command could change what a later one is granted" {
  mkdir -p project/sub other
  printf 'data\n' >other/data
  ln -s "${T}/other" project/link
  chmod -R a+rwX .
  local -a run=("${LL_EXEC}" -q -p "${SERVED}/policies/base.policy" --rx /usr --rx -/bin --rw project --ro project/sub --)
  # The second of these commands is granted what the first made of it.
  refused EACCES "${LL_EXEC}" --rx "${DEED}" --rw project --ro project/sub -- "${DEED}" read other/data
  works as_user "${run[@]}" sh -c "rmdir project/sub; ln -s '${T}/other' project/sub"
  works as_user "${run[@]}" cat other/data
  rm project/sub
  mkdir -m 777 project/sub

  starts --rw project --ro other
  starts --protect project --ro project/sub
  # What grants nothing may lead anywhere.
  starts --rw project --chdir project/sub
  local path
  for path in project/sub project/link project/nothing project/nothing/more; do
    rejects_start "ll-mcp: argument 2: a command could put a link in its place, as 'rw ${T}/project' (argument 1) lets it
    --ro=-${path}
         ^$(printf '%*s' "${#path}" '' | tr ' ' '~')
  a later one would be granted what that leads to: leave one of the two out" --rw=project "--ro=-${path}"
  done
}

@test "it does not start where a command could rewrite the programs that hold it" {
  mkdir bin
  cp "${SERVED}"/ll-* bin/
  chmod -R a+rwX .
  works as_user ./bin/ll-mcp --ro bin </dev/null
  capture as_user ./bin/ll-mcp --rw=bin </dev/null
  is "${status} ${errors}" "125 ll-mcp: argument 1: commands could rewrite ${T}/bin/ll-exec, which holds them
    --rw=bin
         ^~~
  install it where they cannot write, as with make install"
}

@test "--sandbox does not start where there are no namespaces" {
  starts --sandbox
  local -a inside=("${LL_EXEC}" -q --rwx / --)
  works as_user "${inside[@]}" "${LL_MCP}" </dev/null
  capture as_user "${inside[@]}" "${LL_MCP}" --sandbox </dev/null
  is "${status} ${errors}" "125 ll-mcp: this machine refuses the namespaces of --sandbox
  ${LL_MCP%mcp}ns --check says why; --best-effort goes on without them"
}

@test "policy says the same as ll-exec, also where something is denied, and as often as it is asked" {
  mkdir -p project sub
  : >project/file
  : >project/secret
  chmod -R a+rwX .
  local -a options=(--rw "${T}/project" --deny "${T}/project/secret")
  works "${LL_EXEC}" "${options[@]}" --env=- --explain
  POLICY=${output} works as_user node "${SERVED}/client/run.mjs" samePolicy "${LL_MCP}" "${options[@]}" --env=-
}

@test "--explain says what commands may do" {
  works "${LL_MCP}" --ro "${T}" --explain
  [[ ${output} != *'all variables pass but'* && ${output} != *SSH_AUTH_SOCK* ]]
  [[ ${output} == *"${T}/"* ]]
}

@test "an agent under its policy has the system's programs, /tmp and the project" {
  needs_program python3
  # What is beneath /tmp could be replaced from there.
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
