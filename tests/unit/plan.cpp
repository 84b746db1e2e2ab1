// The invariants of the plan, on every ABI.
#include "core/landlock/plan.h"

#include <algorithm>

#include "check.h"
#include "host.h"

using namespace ll;

namespace {

constexpr size_t kFs = 0, kNet = 1, kScope = 2, kFlags = 3;

struct Planned {
  std::unique_ptr<Plan> plan = std::make_unique<Plan>();
  std::unique_ptr<Diagnostic> problem = std::make_unique<Diagnostic>();
  bool made = false;
};

Planned plan_on(const Parsed &parsed, const Kernel &kernel, bool best_effort = false) {
  Planned planned;
  planned.made = make_plan(*parsed.policy, kernel, best_effort, *planned.plan, *planned.problem);
  return planned;
}

Planned plan_on(const Parsed &parsed, int abi, bool best_effort = false) {
  return plan_on(parsed, kernel_of_abi(abi), best_effort);
}

std::string first_line(const Planned &planned) {
  const std::string whole = str(planned.problem->message.text());
  return whole.substr(0, whole.find('\n'));
}

constexpr Kind kKinds[] = {Kind::Directory, Kind::File, Kind::Device};

bool is_path_rule(const Rule &rule) { return is_path(rule.directive) && !rule.any; }

}  // namespace

TEST("an empty policy refuses all that the ABI can, and the rest are gaps") {
  const Parsed empty = parse_text("");
  for (int abi = 1; abi <= kNewestAbi; abi++) {
    const Planned planned = plan_on(empty, abi);
    CHECK(planned.made);
    for (const size_t field : {kFs, kNet, kScope}) {
      const auto which = static_cast<Field>(field);
      EQUAL(planned.plan->handled[field], rights_of_abi(which, abi));
      EQUAL(planned.plan->handled[field] & planned.plan->gaps[field], uint64_t{0});
    }
    EQUAL(planned.plan->handled[kNet] | planned.plan->gaps[kNet],
          rights_of_abi(Field::Net, kNewestAbi));
    EQUAL(planned.plan->handled[kScope] | planned.plan->gaps[kScope],
          rights_of_abi(Field::Scope, kNewestAbi));
    EQUAL(planned.plan->handled[kFlags], uint64_t{0});
    EQUAL(planned.plan->gaps[kFlags], uint64_t{0});
  }
}

TEST("moving between directories is no gap on an ABI that always refuses it") {
  const Planned planned = plan_on(parse_text(""), 1);
  EQUAL(planned.plan->gaps[kFs] & mask_of(RightId::refer), uint64_t{0});
}

TEST("a plan has no right that the kernel lacks") {
  const Parsed parsed = parse_text(
      "rw /a\nunix /b\nconnect 1 2/udp\nbind any 3/udp\nipc signal\naudit on\nfs ioctl_dev /c\n");
  CHECK(parsed.valid);
  for (int abi = 1; abi <= kNewestAbi; abi++) {
    const Planned planned = plan_on(parsed, abi, true);
    CHECK(planned.made);
    for (size_t field = 0; field < kFields; field++)
      EQUAL(planned.plan->handled[field] & ~rights_of_abi(static_cast<Field>(field), abi),
            uint64_t{0});
  }
}

TEST("a path is granted only handled rights, on every ABI and type of file") {
  for (int abi = 1; abi <= kNewestAbi; abi++)
    for (const Kind kind : kKinds)
      for (size_t row = 0; row < sizeof kDirectives / sizeof *kDirectives; row++) {
        if (kDirectives[row].value != Value::Path) continue;
        const Parsed parsed = parse_text(str(nth(kDirectiveNames, row)) + " /x\n");
        Planned planned = plan_on(parsed, abi, true);
        if (!plan_path(*parsed.policy, 0, {.kind = kind}, *planned.plan, *planned.problem))
          continue;
        const uint64_t access = planned.plan->entries[0].access;
        EQUAL(access & ~planned.plan->handled[kFs], uint64_t{0});
        if (kind != Kind::Directory) EQUAL(access & ~rights_of_files(), uint64_t{0});
        EQUAL(access & ~rights_granted(kDirectives[row].grants), uint64_t{0});
      }
}

TEST("a right is granted on each ABI that has it, where a directive includes it") {
  for (const Right &right : kRights)
    for (int abi = 1; abi <= kNewestAbi; abi++) {
      if (right.field != Field::Fs) continue;
      const Parsed parsed = parse_text("fs " + str(name_of(right)) + " /x\n");
      Planned planned = plan_on(parsed, abi);
      EQUAL(planned.made, abi >= right.abi);
      if (!planned.made) continue;
      CHECK(
          plan_path(*parsed.policy, 0, {.kind = Kind::Directory}, *planned.plan, *planned.problem));
      EQUAL(planned.plan->entries[0].access, right.mask());
    }
}

TEST("a newer ABI never grants less and never refuses less by default") {
  const Parsed parsed = parse_text("rw /a\nrx /b\nconnect 80\nipc signal\n");
  uint64_t handled[kFields] = {};
  uint64_t access[2] = {};
  for (int abi = 1; abi <= kNewestAbi; abi++) {
    Planned planned = plan_on(parsed, abi, true);
    for (size_t i = 0; i < 2; i++) {
      plan_path(*parsed.policy, i, {.kind = Kind::Directory}, *planned.plan, *planned.problem);
      EQUAL(planned.plan->entries[i].access & access[i], access[i]);
      access[i] = planned.plan->entries[i].access;
    }
    for (size_t field = 0; field < kFields; field++) {
      EQUAL(planned.plan->handled[field] & handled[field], handled[field]);
      handled[field] = planned.plan->handled[field];
    }
  }
}

TEST("an additional rule never removes rights that others grant") {
  const char *const lines[] = {"ro /a\n",       "rw /a\n",
                               "rwx /a\n",      "protect /a\n",
                               "unix any\n",    "connect any\n",
                               "bind 1-9\n",    "connect any/udp\n",
                               "ipc signal\n",  "ipc abstract-unix\n",
                               "audit on\n",    "fs make_char /a\n",
                               "limit cpu=1\n", "env -\n",
                               "chdir /a\n",    "fd 1\n"};
  const Parsed base = parse_text("rw /a\nconnect 80\n");
  for (int abi = 1; abi <= kNewestAbi; abi++)
    for (const char *line : lines) {
      const Parsed more = parse_text(std::string("rw /a\nconnect 80\n") + line);
      Planned a = plan_on(base, abi, true);
      Planned b = plan_on(more, abi, true);
      CHECK(a.made && b.made);
      plan_path(*base.policy, 0, {.kind = Kind::Directory}, *a.plan, *a.problem);
      plan_path(*more.policy, 0, {.kind = Kind::Directory}, *b.plan, *b.problem);
      EQUAL(b.plan->entries[0].access & a.plan->entries[0].access, a.plan->entries[0].access);
      // A right that a network or scope rule opens may only leave the handled set, never enter it.
      for (const size_t field : {kFs, kNet, kScope})
        EQUAL(b.plan->handled[field] & ~a.plan->handled[field], uint64_t{0});
    }
}

TEST("any and the full range open a right to all, and a range without one port does not") {
  struct {
    const char *line;
    RightId id;
    bool open;
  } const rows[] = {
      {"connect any\n", RightId::connect_tcp, true},
      {"connect 0-65535\n", RightId::connect_tcp, true},
      {"connect 1-65535\n", RightId::connect_tcp, false},
      {"connect 0-65534\n", RightId::connect_tcp, false},
      {"connect any\n", RightId::bind_tcp, false},
      {"connect any/udp\n", RightId::connect_send_udp, true},
      {"connect any/udp\n", RightId::connect_tcp, false},
      {"bind any\n", RightId::bind_tcp, true},
      {"bind any/udp\n", RightId::bind_udp, true},
      {"bind any/udp\n", RightId::bind_tcp, false},
      {"bind 5\n", RightId::bind_tcp, false},
  };
  for (const auto &row : rows) {
    const Planned planned = plan_on(parse_text(row.line), kNewestAbi);
    EQUAL((planned.plan->handled[kNet] & mask_of(row.id)) == 0, row.open);
    EQUAL(planned.plan->gaps[kNet], uint64_t{0});
  }
}

TEST("each kind of IPC opens only its own scope") {
  const Planned signal = plan_on(parse_text("ipc signal\n"), kNewestAbi);
  EQUAL(signal.plan->handled[kScope], mask_of(RightId::abstract_unix_socket));
  const Planned sockets = plan_on(parse_text("ipc abstract-unix\n"), kNewestAbi);
  EQUAL(sockets.plan->handled[kScope], mask_of(RightId::signal));
  const Planned both = plan_on(parse_text("ipc signal abstract-unix\n"), kNewestAbi);
  EQUAL(both.plan->handled[kScope], uint64_t{0});
}

TEST("a right that a rule grants to all is no gap on a kernel without it") {
  const Planned planned =
      plan_on(parse_text("connect any any/udp\nbind any any/udp\nipc signal abstract-unix\n"
                         "unix any\n"),
              1);
  CHECK(planned.made);
  EQUAL(planned.plan->gaps[kNet], uint64_t{0});
  EQUAL(planned.plan->gaps[kScope], uint64_t{0});
  EQUAL(planned.plan->gaps[kFs] & mask_of(RightId::resolve_unix), uint64_t{0});
}

TEST("a rule that needs a newer ABI is refused below that ABI, and accepted from it on") {
  struct {
    const char *line;
    int abi;
    const char *message;
  } const rows[] = {
      {"connect 443\n", 4,
       "'connect 443/tcp' needs Landlock ABI 4 (Linux 6.7); this kernel has ABI "},
      {"bind 1-2\n", 4, "'bind 1-2/tcp' needs Landlock ABI 4 (Linux 6.7); this kernel has ABI "},
      {"connect 53/udp\n", 10,
       "'connect 53/udp' needs Landlock ABI 10 (Linux 7.2); this kernel has ABI "},
      {"bind 0/udp\n", 10, "'bind 0/udp' needs Landlock ABI 10 (Linux 7.2); this kernel has ABI "},
      {"unix /x\n", 9, "'unix /x' needs Landlock ABI 9 (Linux 7.1); this kernel has ABI "},
      {"audit on\n", 7, "'audit on' needs Landlock ABI 7 (Linux 6.15); this kernel has ABI "},
      {"fs refer /x\n", 2, "'fs refer /x' needs Landlock ABI 2 (Linux 5.19); this kernel has ABI "},
      {"fs read_file,truncate /x\n", 3,
       "'fs read_file,truncate /x' needs Landlock ABI 3 (Linux 6.2); this kernel has ABI "},
      {"fs ioctl_dev /x\n", 5,
       "'fs ioctl_dev /x' needs Landlock ABI 5 (Linux 6.10); this kernel has ABI "},
      {"rw /x\nrwx /x\nprotect /x\nunix any\nconnect any\nbind any\nipc signal\n", 1, ""},
  };
  for (const auto &row : rows)
    for (int abi = 1; abi <= kNewestAbi; abi++) {
      const Parsed parsed = parse_text(row.line);
      const Planned planned = plan_on(parsed, abi);
      EQUAL(planned.made, abi >= row.abi);
      if (!planned.made) EQUAL(first_line(planned), row.message + std::to_string(abi));
      const Planned anyway = plan_on(parsed, abi, true);
      CHECK(anyway.made);
      EQUAL(anyway.plan->entries[0].unenforced, abi < row.abi);
    }
}

TEST("a required ABI is required with --best-effort as well") {
  for (int wanted = 1; wanted <= kNewestAbi; wanted++)
    for (int abi = 1; abi <= kNewestAbi; abi++) {
      const Parsed parsed = parse_text("require landlock=" + std::to_string(wanted) + "\n");
      EQUAL(plan_on(parsed, abi).made, abi >= wanted);
      EQUAL(plan_on(parsed, abi, true).made, abi >= wanted);
    }
}

TEST("a missing Landlock is refused with --best-effort as well, with its own advice") {
  const Parsed parsed = parse_text("ro /x\n");
  std::string messages[2];
  size_t i = 0;
  for (const Landlock landlock : {Landlock::Absent, Landlock::Off}) {
    Kernel kernel;
    kernel.landlock = landlock;
    CHECK(!plan_on(parsed, kernel).made);
    const Planned planned = plan_on(parsed, kernel, true);
    CHECK(!planned.made);
    messages[i++] = str(planned.problem->message.text());
  }
  CHECK(messages[0] != messages[1]);
  CHECK(messages[0].find("--no-landlock") != std::string::npos);
  CHECK(messages[1].find("lsm=") != std::string::npos);
}

TEST("--no-landlock meets no required ABI, with its own advice") {
  Kernel kernel;
  kernel.landlock = Landlock::Unused;
  const Planned planned = plan_on(parse_text("require landlock=3\n"), kernel, true);
  CHECK(!planned.made);
  EQUAL(str(planned.problem->message.text()),
        "Landlock ABI 3 is required (Linux 6.2); --no-landlock uses none\n"
        "leave out --no-landlock, or drop the rule");
  CHECK(plan_on(parse_text("require landlock=3\n"), 3).made);
}

TEST("--no-landlock handles no right") {
  Kernel kernel;
  kernel.landlock = Landlock::Unused;
  const Planned planned = plan_on(parse_text("ro /x\nconnect 80\n"), kernel);
  CHECK(planned.made);
  for (size_t field = 0; field < kFields; field++) EQUAL(planned.plan->handled[field], uint64_t{0});
}

TEST("a bit that a kernel lacks in spite of its ABI is not requested, and is a gap") {
  Kernel kernel = kernel_of_abi(6);
  kernel.rights[kScope] &= ~mask_of(RightId::signal);
  const Planned planned = plan_on(parse_text(""), kernel);
  CHECK(planned.made);
  EQUAL(planned.plan->handled[kScope], mask_of(RightId::abstract_unix_socket));
  EQUAL(planned.plan->gaps[kScope], mask_of(RightId::signal));
}

TEST("a rule for a bit that a kernel lacks in spite of its ABI is refused by name") {
  Kernel kernel = kernel_of_abi(6);
  kernel.rights[kFs] &= ~mask_of(RightId::truncate);
  const Planned planned = plan_on(parse_text("fs truncate /x\n"), kernel);
  CHECK(!planned.made);
  EQUAL(
      first_line(planned),
      "'fs truncate /x' needs Landlock ABI 3 (Linux 6.2); this kernel has ABI 6 without truncate");
}

TEST("limit nproc is refused for a user whom the kernel exempts") {
  const Parsed parsed = parse_text("limit nofile=9 nproc=5\n");
  Kernel kernel = kernel_of_abi(7);
  CHECK(plan_on(parsed, kernel).made);
  kernel.exempt_from_nproc = true;
  CHECK(!plan_on(parsed, kernel).made);
  const Planned planned = plan_on(parsed, kernel, true);
  CHECK(planned.made && planned.plan->entries[1].unenforced &&
        !planned.plan->entries[0].unenforced);
}

TEST("rights that do not apply to files are refused on a file, and not on a directory") {
  for (const char *line : {"protect /x\n", "fs make_reg /x\n", "fs read_file,refer /x\n"}) {
    const Parsed parsed = parse_text(line);
    Planned planned = plan_on(parsed, kNewestAbi);
    CHECK(!plan_path(*parsed.policy, 0, {.kind = Kind::File}, *planned.plan, *planned.problem));
    planned = plan_on(parsed, kNewestAbi);
    CHECK(plan_path(*parsed.policy, 0, {.kind = Kind::Directory}, *planned.plan, *planned.problem));
  }
  const Parsed parsed = parse_text("dev /x\n");
  Planned planned = plan_on(parsed, kNewestAbi);
  CHECK(plan_path(*parsed.policy, 0, {.kind = Kind::Device}, *planned.plan, *planned.problem));
  CHECK(plan_path(*parsed.policy, 0, {.kind = Kind::Directory}, *planned.plan, *planned.problem));
  CHECK(!plan_path(*parsed.policy, 0, {.kind = Kind::File}, *planned.plan, *planned.problem));
}

TEST("protect-all removes the rights to delete from every rule in any order, and no others") {
  constexpr uint64_t kDeleting = mask_of(RightId::remove_file) | mask_of(RightId::remove_dir);
  for (const char *line : {"rw /x\n", "rwx /x\n", "fs remove_file,remove_dir,make_reg /x\n"}) {
    const Parsed bare = parse_text(line);
    Planned planned = plan_on(bare, kNewestAbi);
    const FileId directory = {.kind = Kind::Directory};
    CHECK(plan_path(*bare.policy, 0, directory, *planned.plan, *planned.problem));
    const uint64_t access = planned.plan->entries[0].access;
    EQUAL(access & kDeleting, kDeleting);
    const Parsed laid = parse_text(std::string(line) + "protect-all on\n");
    planned = plan_on(laid, kNewestAbi);
    CHECK(plan_path(*laid.policy, 0, directory, *planned.plan, *planned.problem));
    EQUAL(planned.plan->entries[0].access, access & ~kDeleting);
  }
}

TEST("a port rule grants the right of its protocol and direction") {
  const Parsed parsed = parse_text("connect 1 2/udp\nbind 3 4/udp\n");
  EQUAL(port_right(parsed.rule(0)), mask_of(RightId::connect_tcp));
  EQUAL(port_right(parsed.rule(1)), mask_of(RightId::connect_send_udp));
  EQUAL(port_right(parsed.rule(2)), mask_of(RightId::bind_tcp));
  EQUAL(port_right(parsed.rule(3)), mask_of(RightId::bind_udp));
  CHECK(!needs_any_source_port(parsed.rule(0)) && needs_any_source_port(parsed.rule(1)));
  CHECK(!needs_any_source_port(parsed.rule(2)) && !needs_any_source_port(parsed.rule(3)));
}

TEST("a second plan keeps nothing of the first") {
  const Parsed parsed = parse_text("audit on\nfs truncate /x\n");
  Planned planned;
  CHECK(make_plan(*parsed.policy, kernel_of_abi(1), true, *planned.plan, *planned.problem));
  CHECK(planned.plan->entries[0].unenforced);
  auto fresh = std::make_unique<Plan>();
  CHECK(make_plan(*parsed.policy, kernel_of_abi(11), true, *fresh, *planned.problem));
  CHECK(!fresh->entries[0].unenforced && is_path_rule(parsed.rule(1)));
}

TEST("with a private loopback the command binds no TCP port itself, whatever bind grants") {
  const uint64_t bind = mask_of(RightId::bind_tcp);
  for (int abi = 4; abi <= kNewestAbi; abi++) {
    const Parsed open = parse_text("connect a.test:443\nbind any\n");
    CHECK((plan_on(open, abi).plan->handled[kNet] & bind) == 0);
    const Parsed own = parse_text("connect a.test:443\nbind any\nlocalhost own\n");
    const Planned planned = plan_on(own, abi);
    CHECK(planned.made);
    CHECK((planned.plan->handled[kNet] & bind) != 0);
    for (size_t i = 0; i < own.policy->rule_count; i++)
      if (own.policy->rules[i].directive == Directive::Bind)
        CHECK(is_supervised(*own.policy, *planned.plan, own.policy->rules[i]));
    CHECK(!plan_on(own, 3).made);
  }
}
