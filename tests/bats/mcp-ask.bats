# shellcheck disable=SC2154 # of helpers.bash
# ll-mcp --ask: the client's user is asked about accesses that the policy refuses, with the clients of the official SDKs.

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

@test "the user is asked about each refused access once in a call" { drives_asking_both asksUser; }
@test "only an accepted form with a yes allows the access" { drives_asking noIsNo --ask; }
@test "after a cancelled question no more is asked in that call" {
  mkdir -p -m 777 elsewhere
  printf 'asked\n' | tee elsewhere/file.0 >elsewhere/file.1
  drives_asking noMore --ask
}
@test "a client that cannot ask its user is told so, and accesses are refused as without --ask" { drives_asking cannotAsk --ask; }
@test "without --ask nobody is asked" { drives_asking notAsked; }
@test "accesses that the policy denies, and calls with explain: true, are not asked about" {
  drives_asking floorHolds --ask --ro elsewhere --deny elsewhere/file
}
@test "a call that ends withdraws its question, and other calls go on" { drives_asking askedAndGone --ask; }
@test "each of several calls gets its own answer" { drives_asking askedAtOnce --ask; }
@test "an answer to a question that was not asked is ignored" { drives_asking strayAnswers --ask; }
@test "a waiting call continues once by its requestState, and not after it has ended" { drives_asking askedAgain --ask; }
