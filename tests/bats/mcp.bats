#!/usr/bin/env bats
# shellcheck disable=SC2154 # of helpers.bash
# ll-mcp, by the official SDKs' clients: tests/mcp has what they do.

load mcp

@test "every tool answers, in every revision of the protocol, also in the sandbox" {
  drives_both everyTool
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

@test "explain: true says what was refused and which line allows it" {
  drives explains
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

@test "what multiplies and never waits is ended too" {
  drives bomb
}

@test "32 calls run side by side" {
  drives_both atOnce
}

@test "with --jobs the others wait their turn, and can be cancelled" {
  drives queue --jobs 2
}

@test "after 1,000 calls in a row nothing has grown" {
  drives inARow
}

@test "of long output head and tail are kept, as UTF-8" {
  drives output --max-output 4K
}

@test "a client that asks for progress or logs is told" {
  drives progress
  drives logs
}

@test "bad messages are answered by errors" {
  drives badMessages
  drives batches
  drives sameId
}

@test "a message of 100 MiB is refused in little memory" {
  drives largeMessages
}

@test "a client that does not read costs little, and loses nothing" {
  drives notReading
}
