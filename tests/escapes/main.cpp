// escape-probe NAME TARGETS: tries one escape from a sandbox and says in its exit status whether it
// succeeded: 0 it did, 1 it was refused, 2 this machine does not support it; anything else is
// broken. With the names of granted.def it tries what no sandbox may refuse.
#include "numbers.h"
#include "probes.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace {

constexpr int unknown_probe = 3;

#define PROBE(name, attempt, what) std::printf("%s\t%s\n", name, what);
void list_probes() {
#include "probes.def"
}

void list_granted() {
#include "granted.def"
}
#undef PROBE

// A chain of comparisons and no table of functions: a row's attempt is an expression, evaluated
// only for the probe that was asked for.
bool run_probe(std::string_view wanted, Outcome &outcome) {
#define PROBE(name, attempt, what) \
  if (wanted == name) {            \
    outcome = attempt;             \
    return true;                   \
  }
#include "granted.def"
#include "probes.def"
#undef PROBE
  return false;
}

const char *word(Verdict verdict) {
  switch (verdict) {
    case Verdict::escaped: return "escaped";
    case Verdict::refused: return "refused";
    case Verdict::unavailable: return "unavailable";
  }
  return "broken";
}

// One line: VERDICT ERRNO ACT. run.sh reads it.
void report(const Outcome &outcome) {
  const char *error = outcome.error == 0 ? "-" : strerrorname_np(outcome.error);
  std::printf("%s: %s %s\n", word(outcome.verdict), error == nullptr ? "?" : error, outcome.act);
}

}  // namespace

int main(int argc, char **argv) {
  if (argc == 2 && argv[1] == std::string_view(executed_word)) {
    return executed_status;
  }
  if (argc == 2 && argv[1] == std::string_view("--list")) {
    list_probes();
    return 0;
  }
  if (argc == 2 && argv[1] == std::string_view("--list-granted")) {
    list_granted();
    return 0;
  }
  if (argc != 3) {
    std::fprintf(stderr, "usage: escape-probe NAME TARGETS | --list | --list-granted\n");
    return unknown_probe;
  }
  read_targets(argv[2]);
  Outcome outcome{};
  if (!run_probe(argv[1], outcome)) {
    std::printf("broken: there is no probe '%s'\n", argv[1]);
    return unknown_probe;
  }
  report(outcome);
  return static_cast<int>(outcome.verdict);
}
