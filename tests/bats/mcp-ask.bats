# shellcheck disable=SC2154 # of helpers.bash
# ll-mcp --ask: what the policy refuses is put to the client's user, by the official SDKs' clients.

load mcp

# drives_asking TEST [OPTION...]: with a file that is not granted.
drives_asking() {
  needs_abi 4
  mkdir -p -m 777 elsewhere
  printf 'asked\n' >elsewhere/file
  chmod a+r elsewhere/file
  ASKED_FILE=${T}/elsewhere/file drives "$@"
}
drives_asking_both() {
  drives_asking "$@" --ask
  drives_asking "$@" --ask --sandbox
}

@test "what a command is refused is asked of the user, once in a call" { drives_asking_both asksUser; }
@test "only a form that says so is a yes" { drives_asking noIsNo --ask; }
@test "who sends a question away is asked no more in that call" {
  mkdir -p -m 777 elsewhere
  printf 'asked\n' | tee elsewhere/file.0 >elsewhere/file.1
  drives_asking noMore --ask
}
@test "a client that cannot ask its user is told, and all is refused as without" { drives_asking cannotAsk --ask; }
@test "without --ask nobody is asked" { drives_asking notAsked; }
@test "what the policy denies is not asked, nor is anything with explain: true" {
  drives_asking floorHolds --ask --ro elsewhere --deny elsewhere/file
}
@test "a call that is over takes its question back, and others go on meanwhile" { drives_asking askedAndGone --ask; }
@test "of several calls each has its own answer" { drives_asking askedAtOnce --ask; }
@test "an answer to nothing that was asked is none" { drives_asking strayAnswers --ask; }
@test "a call that goes on by its name does so once, and only while it waits" { drives_asking askedAgain --ask; }
