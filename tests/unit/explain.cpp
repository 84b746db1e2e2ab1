// A plan as text and as JSON.
#include "core/explain.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "check.h"
#include "host.h"

using namespace ll;

namespace {

struct Explained {
  Parsed parsed;
  std::unique_ptr<Plan> plan = std::make_unique<Plan>();
  std::unique_ptr<Filter> filter = std::make_unique<Filter>();

  Explained(const std::string &text, const Kernel &kernel) : parsed(parse_text(text)) {
    Diagnostic problem;
    CHECK(parsed.valid && make_plan(*parsed.policy, kernel, true, *plan, problem));
    decide(*parsed.policy, *plan, *filter);
    close_gaps(*parsed.policy, *filter, *plan);
  }
  Explained(const std::string &text, int abi) : Explained(text, kernel_of_abi(abi)) {}

  void find(size_t rule, Kind kind) {
    Diagnostic problem;
    CHECK(plan_path(*parsed.policy, rule, {.kind = kind}, *plan, problem));
  }
  [[nodiscard]] std::string text() const {
    explain(*parsed.policy, *plan, *filter, {}, true);
    return take_written();
  }
  [[nodiscard]] std::string summary() const {
    explain(*parsed.policy, *plan, *filter, {});
    return take_written();
  }
  [[nodiscard]] std::string json() const {
    explain_json(*parsed.policy, *plan, *filter);
    return take_written();
  }
  [[nodiscard]] std::string not_enforced() const {
    FixedString<4096> line;
    list_not_enforced(line, *parsed.policy, *plan);
    return str(line.text());
  }
  [[nodiscard]] std::string gaps() const {
    FixedString<4096> line;
    list_gaps(line, *plan);
    return str(line.text());
  }
};

Kernel unused_landlock() {
  Kernel kernel;
  kernel.landlock = Landlock::Unused;
  return kernel;
}

bool has(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST("--explain begins with the ABI or its absence, and what that restricts") {
  const std::string with = Explained("ro /a\n", 4).text();
  EQUAL(with.substr(0, with.find('\n')), "  a command would run under Landlock ABI 4 (Linux 6.7)");
  CHECK(has(with, "  everything else is refused\n") && !has(with, "NOTHING IS REFUSED"));
  const std::string without = Explained("ro /a\n", unused_landlock()).text();
  EQUAL(without.substr(0, without.find('\n')), "  a command would run without Landlock");
  CHECK(has(without, "  NOTHING IS REFUSED: --no-landlock\n") && !has(without, "everything else"));
}

TEST("a path is shown with its type, and with the number of entries that a deny expands it to") {
  Explained explained("rw /a /b\nro -/c\ndeny /a/d\n", 7);
  explained.find(0, Kind::Directory);
  explained.find(1, Kind::File);
  explained.find(2, Kind::Missing);
  const std::string plain = explained.text();
  CHECK(has(plain, " /a/ ") && has(plain, " /b ") && has(plain, " /c (does not exist) "));
  CHECK(!has(plain, "entries)") && !has(plain, "* at start"));
  explained.plan->entries[0].replaced = true;
  explained.plan->entries[3].replaced = true;
  explained.plan->sibling_count = 3;
  explained.plan->siblings[0].rule = explained.plan->siblings[1].rule = 0;
  explained.plan->siblings[2].rule = 1;
  const std::string replaced = explained.text();
  CHECK(has(replaced, " /a/* (2 entries) "));
  CHECK(has(replaced, " /a/d ") && !has(replaced, "/a/d*"));
  CHECK(has(replaced, "  * beside what is denied or kept: "));
}

TEST("missing paths and system calls are counted, and listed with -v") {
  Explained explained("rw /a\nro -/b -/c\n", 7);
  explained.find(1, Kind::Missing);
  explained.find(2, Kind::Missing);
  const std::string summary = explained.summary();
  CHECK(has(summary, " /a ") && !has(summary, "/b") && !has(summary, "/c"));
  CHECK(has(summary, "\n  optional paths that do not exist: 2 (-v shows them)\n"));
  CHECK(has(summary, "  refused, or with some arguments: ") && has(summary, " (-v lists them)\n"));
  CHECK(!has(summary, "io_uring_setup") && has(explained.text(), "io_uring_setup"));
}

TEST("a port granted by connect is shown as granted for any host") {
  const Explained explained("connect 7777\nbind 8080\n", 7);
  CHECK(has(explained.summary(), "  granted connect 7777/tcp on any host "));
  CHECK(has(explained.summary(), "  granted bind 8080/tcp  "));
}

TEST("everything that is not enforced is on one line, each rule with its location") {
  const char *const text = "ro /a\nconnect 443\nbind 80-90\nfs truncate /b\n";
  EQUAL(Explained(text, 2).not_enforced(),
        "not enforced by this kernel (Landlock ABI 2): connect 443/tcp (t.policy:2:9), "
        "bind 80-90/tcp (t.policy:3:6), fs truncate /b (t.policy:4:13)");
  EQUAL(Explained(text, 3).not_enforced(),
        "not enforced by this kernel (Landlock ABI 3): connect 443/tcp (t.policy:2:9), "
        "bind 80-90/tcp (t.policy:3:6)");
  EQUAL(Explained(text, 4).not_enforced(), "");
  EQUAL(Explained(text, unused_landlock()).not_enforced(),
        "no file, network or IPC rule is enforced: --no-landlock");
}

TEST("a plan is marked weaker only where something is not enforced") {
  for (int abi = 1; abi <= kNewestAbi; abi++)
    for (const char *text : {"ro /a\n", "connect 443\n", "unix /a\n", "audit on\n"}) {
      const Explained explained(text, abi);
      EQUAL(is_weaker(*explained.parsed.policy, *explained.plan),
            !explained.not_enforced().empty());
    }
  const Explained without("ro /a\n", unused_landlock());
  CHECK(is_weaker(*without.parsed.policy, *without.plan));
}

TEST("gaps are on one line, and the newest ABI has none") {
  EQUAL(Explained("", 4).gaps(),
        "not refused by this kernel: send an ioctl to a device (ABI 5), "
        "signal an outside process (ABI 6)");
  EQUAL(Explained("ipc signal\n", 5).gaps(), "");
  for (int abi = 6; abi <= kNewestAbi; abi++) EQUAL(Explained("", abi).gaps(), "");
}

TEST("--list syscalls shows for each group the calls that syscall accepts for it") {
  print_list(Listed::Syscalls);
  std::map<std::string, std::set<std::string>> groups;
  std::istringstream lines(take_written());
  std::string group;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    if (line[0] == ' ')
      CHECK(groups[group].insert(line.substr(2)).second);
    else
      group = line;
  }
  for (const char *name = kGroupNames; *name != '\0'; name += c_text(name).size + 1)
    CHECK(!groups[name].empty());
  std::set<std::string> listed;
  for (const auto &[name, calls] : groups) listed.insert(calls.begin(), calls.end());
  for (const char *call = kCallNames; *call != '\0'; call += c_text(call).size + 1)
    CHECK(listed.count(call) == 1);
  const auto none = groups.extract("no group");
  for (const std::string &call : none.mapped())
    for (const auto &[name, calls] : groups) CHECK(calls.count(call) == 0);
  const Explained plain("", kNewestAbi);
  for (const auto &[name, calls] : groups) {
    const Explained denied("syscall deny " + name + "\n", kNewestAbi);
    size_t row = 0;
    for (const char *call = kCallNames; *call != '\0'; call += c_text(call).size + 1, row++) {
      const int number = number_of_call(row);
      if (number < 0) continue;
      const Decision before = plain.filter->decisions[number];
      EQUAL(denied.filter->decisions[number], calls.count(call) == 1 ? kRefusedByPolicy : before);
    }
  }
}

TEST("--explain and --json show every right of every ABI in full") {
  std::string policy;
  for (int i = 0; i < 300; i++) policy += "rw '/" + std::string(200, 'x') + "'\n";
  for (int abi = 1; abi <= kNewestAbi; abi++) {
    Explained explained(policy, abi);
    for (size_t i = 0; i < 300; i++) explained.find(i, Kind::Directory);
    CHECK(!has(explained.text(), "xxx..."));
    const std::string json = explained.json();
    CHECK(!has(json, "xxx..."));
    EQUAL(std::count(json.begin(), json.end(), '{'), std::count(json.begin(), json.end(), '}'));
    EQUAL(std::count(json.begin(), json.end(), '['), std::count(json.begin(), json.end(), ']'));
  }
}
