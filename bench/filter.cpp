// Measures how long the kernel takes to install the loader's filter, against the same decisions in
// the layout that comes to mind first: one test a call, each with its own answer behind it.
//
//   filter [--rounds N]
//
// The programs come from the loader's own sources. Every installation is that of a new process,
// and the two layouts are compared within the round. Prints CSV:
//
//   time,tree-POLICY,,MEDIAN,P10,P90      microseconds in seccomp(2); the same of linear-POLICY
//   ratio,tree-POLICY,linear-POLICY,MEDIAN,LOW,HIGH
//   length,tree-POLICY,,INSTRUCTIONS,0,0  the same of linear-POLICY, whose second number counts
//                                         its tests of the call's number
//   bitmap,tree-POLICY,,ANSWERED,ALLOWED,MISSED
//
// ANSWERED counts the calls that the kernel finds to be allowed without a look at the arguments,
// and for which it never runs the program (kernel/seccomp.c: seccomp_cache_prepare). ALLOWED are
// those that the policy always allows, MISSED those of them that are not ANSWERED: an error.
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <memory>
#include <random>

#include "commands.h"
#include "core/host.h"
#include "core/policy/parser.h"
#include "core/seccomp/filter.h"
#include "series.h"

void ll::host_write(int descriptor, Text bytes) {
  while (bytes.size > 0) {
    const ssize_t written = write(descriptor, bytes.data, bytes.size);
    if (written <= 0) return;
    bytes = bytes.from(static_cast<size_t>(written));
  }
}

namespace {

using Code = std::vector<sock_filter>;

#if defined(__aarch64__)
constexpr std::uint32_t our_architecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t our_architecture = AUDIT_ARCH_X86_64;
#endif
constexpr std::uint16_t load = BPF_LD | BPF_W | BPF_ABS;
constexpr std::uint16_t mask = BPF_ALU | BPF_AND | BPF_K;
constexpr std::uint16_t jump = BPF_JMP | BPF_JA;
constexpr std::uint16_t jump_equal = BPF_JMP | BPF_JEQ | BPF_K;
constexpr std::uint16_t jump_above = BPF_JMP | BPF_JGT | BPF_K;
constexpr std::uint16_t jump_at_least = BPF_JMP | BPF_JGE | BPF_K;
constexpr std::uint16_t jump_set = BPF_JMP | BPF_JSET | BPF_K;
constexpr std::uint16_t answer = BPF_RET | BPF_K;

constexpr std::uint32_t number_offset = offsetof(seccomp_data, nr);
constexpr std::uint32_t architecture_offset = offsetof(seccomp_data, arch);

// The policies between which the others lie.
struct Given {
  const char *name;
  const char *text;
};
constexpr Given givens[] = {
    {"closed", "metadata deny\n"},
    {"open",
     "metadata allow\nconnect any any/udp\nbind any any/udp\nunix any\n"
     "ipc signal abstract-unix sysv\n"},
};

struct Layout {
  std::string name;
  Code code;
};

struct Pair {
  std::unique_ptr<ll::Filter> filter = std::make_unique<ll::Filter>();
  Layout tree, linear;
  int tests = 0;  // of the call's number, in the linear one
};

// --- running a program ---------------------------------------------------------------------------

bool holds(const sock_filter &test, std::uint32_t value) {
  switch (test.code) {
    case jump_equal: return value == test.k;
    case jump_above: return value > test.k;
    case jump_at_least: return value >= test.k;
    case jump_set: return (value & test.k) != 0;
    default: fail("the filter has an instruction that this program does not know");
  }
}

// Where the program returns; or, for a run that knows no `arguments`, where it first loads
// one. That is how the kernel finds what it can put into its bitmap.
std::size_t run(const Code &code, const seccomp_data &data, bool arguments) {
  std::uint32_t value = 0;
  for (std::size_t at = 0;; ++at) {
    const sock_filter &next = code.at(at);
    switch (next.code) {
      case answer: return at;
      case load:
        if (!arguments && next.k != number_offset && next.k != architecture_offset) return at;
        std::memcpy(&value, reinterpret_cast<const char *>(&data) + next.k, sizeof value);
        break;
      case mask: value &= next.k; break;
      case jump: at += next.k; break;
      default: at += holds(next, value) ? next.jt : next.jf;
    }
  }
}

seccomp_data call_of(std::size_t number, std::uint32_t architecture = our_architecture) {
  seccomp_data data{};
  data.nr = static_cast<int>(number);
  data.arch = architecture;
  return data;
}

const sock_filter &settled(const Code &code, std::size_t number) {
  return code[run(code, call_of(number), false)];
}

bool is_in_bitmap(const Code &code, std::size_t number) {
  const sock_filter &end = settled(code, number);
  return end.code == answer && end.k == SECCOMP_RET_ALLOW;
}

// --- the two layouts -----------------------------------------------------------------------------

void read_policy(ll::Policy &policy, const Given &given, ll::Diagnostic &problem) {
  const std::size_t start = policy.arena.used;
  ll::Text text;
  policy.arena.push(ll::c_text(given.text));
  policy.arena.finish(start, text);
  policy.source_count = 2;
  policy.sources[1] = {.name = ll::c_text("bench"), .text = text};
  static char *environment[] = {nullptr};
  const ll::Environment surroundings = {.environment = environment};
  ll::Cursor cursor = {.source = 1};
  ll::Word use;
  if (ll::parse_more(policy, surroundings, cursor, use, problem) != ll::ParseResult::End) {
    fail(std::string("the loader does not take the policy '") + given.name + "'");
  }
}

int landlock_abi() {
  constexpr unsigned version = 1;  // LANDLOCK_CREATE_RULESET_VERSION
  const long abi = syscall(SYS_landlock_create_ruleset, nullptr, 0, version);
  return abi > 0 ? static_cast<int>(std::min(abi, long{ll::kNewestAbi})) : ll::kNewestAbi;
}

Code compile_tree(const ll::Filter &filter) {
  const auto program = std::make_unique<ll::Program>();
  if (!ll::compile(filter, *program)) {
    fail("the filter does not fit");
  }
  Code code;
  for (std::size_t at = program->start; at < ll::kMaxInstructions; ++at) {
    const ll::Instruction &next = program->code[at];
    code.push_back({next.code, next.jump_true, next.jump_false, next.k});
  }
  return code;
}

// Nothing is shared: what two ways lead to is there twice.
void copy_from(const Code &code, std::size_t at, Code &copy) {
  const sock_filter &next = code.at(at);
  switch (next.code) {
    case answer: copy.push_back(next); break;
    case jump: copy_from(code, at + 1 + next.k, copy); break;
    case load:
    case mask:
      copy.push_back(next);
      copy_from(code, at + 1, copy);
      break;
    default: {
      const std::size_t test = copy.size();
      copy.push_back({next.code, 0, 0, next.k});
      copy_from(code, at + 1 + next.jt, copy);
      copy[test].jf = static_cast<std::uint8_t>(copy.size() - test - 1);
      copy_from(code, at + 1 + next.jf, copy);
    }
  }
}

std::size_t end_of_unknown(const ll::Filter &filter, std::size_t number) {
  while (number < ll::kCalls && filter.decisions[number] == ll::kUnknownCall) {
    ++number;
  }
  return number;
}

// One test for each call that is not simply allowed. Numbers without a call have one a range.
Code compile_linear(const ll::Filter &filter, const Code &tree, int &tests) {
  const Code answers = {{answer, 0, 0, SECCOMP_RET_ALLOW},
                        {answer, 0, 0, SECCOMP_RET_ERRNO | ENOSYS}};
  Code code = {{load, 0, 0, architecture_offset},
               {jump_equal, 1, 0, our_architecture},
               {answer, 0, 0, SECCOMP_RET_KILL_PROCESS},
               {load, 0, 0, number_offset}};
  for (std::size_t number = 0; number < ll::kCalls; ++number) {
    const auto k = static_cast<std::uint32_t>(number);
    if (filter.decisions[number] == ll::kUnknownCall) {
      const std::size_t end = end_of_unknown(filter, number);
      const bool last = end == ll::kCalls;
      code.push_back({jump_at_least, 0, static_cast<std::uint8_t>(last ? 1 : 2), k});
      if (!last) code.push_back({jump_at_least, 1, 0, static_cast<std::uint32_t>(end)});
      code.push_back(answers[1]);
      tests += last ? 1 : 2;
      number = end - 1;
    } else if (!is_in_bitmap(tree, number)) {
      const std::size_t test = code.size();
      code.push_back({jump_equal, 0, 0, k});
      copy_from(tree, run(tree, call_of(number), false), code);
      code[test].jf = static_cast<std::uint8_t>(code.size() - test - 1);
      ++tests;
    }
  }
  code.push_back(answers[0]);
  return code;
}

void check_same(const Pair &pair) {
  std::mt19937_64 random(1);
  // The values that a check may look for, and bits at random.
  constexpr std::uint64_t likely[] = {
      0,     1,      2,      3,      6,          10,      16,         17,         0x80,
      0x200, 0x1000, 0x5412, 0x541c, 0x20000000, 1 << 30, 0x10000000, 0x40086602, UINT64_MAX};
  for (std::size_t number = 0; number < 2 * ll::kCalls; ++number) {
    for (int round = 0; round < 500; ++round) {
      seccomp_data data = call_of(number, round == 0 ? AUDIT_ARCH_I386 : our_architecture);
      for (auto &argument : data.args) {
        argument = round % 2 == 0 ? likely[random() % std::size(likely)] : random();
      }
      const sock_filter &one = pair.tree.code[run(pair.tree.code, data, true)];
      const sock_filter &other = pair.linear.code[run(pair.linear.code, data, true)];
      if (one.k != other.k) {
        fail(pair.linear.name + " decides otherwise on call " + std::to_string(number));
      }
    }
  }
}

Pair make_pair(const Given &given) {
  const auto policy = std::make_unique<ll::Policy>();
  const auto plan = std::make_unique<ll::Plan>();
  const auto problem = std::make_unique<ll::Diagnostic>();
  read_policy(*policy, given, *problem);
  if (!ll::make_plan(*policy, ll::kernel_of_abi(landlock_abi()), true, *plan, *problem)) {
    fail(std::string("no plan for the policy '") + given.name + "'");
  }
  Pair pair;
  ll::decide(*policy, *plan, *pair.filter);
  pair.tree = {std::string("tree-") + given.name, compile_tree(*pair.filter)};
  pair.linear = {std::string("linear-") + given.name,
                 compile_linear(*pair.filter, pair.tree.code, pair.tests)};
  check_same(pair);
  return pair;
}

// --- measuring -----------------------------------------------------------------------------------

double now_in_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

// In a child, where it stays. A time below zero says that it failed.
double install_here(Code &code) {
  const sock_fprog program = {static_cast<unsigned short>(code.size()), code.data()};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  const double start = now_in_microseconds();
  const long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
  const double end = now_in_microseconds();
  return result == 0 ? end - start : -1;
}

double install_once(Layout &layout, const int (&ends)[2]) {
  const pid_t child = fork();
  if (child < 0) {
    fail("cannot fork");
  }
  if (child == 0) {
    const double took = install_here(layout.code);
    _exit(write(ends[1], &took, sizeof took) == sizeof took ? 0 : 1);
  }
  int status = 0;
  while (waitpid(child, &status, 0) != child) {
  }
  double took = -1;
  if (status != 0 || read(ends[0], &took, sizeof took) != sizeof took || took < 0) {
    fail("'" + layout.name + "' cannot be installed");
  }
  return took;
}

std::vector<Series> measure(std::vector<Layout *> &layouts, long rounds) {
  int ends[2];
  if (pipe(ends) != 0) {
    fail("cannot make a pipe");
  }
  std::vector<Series> all;
  for (const Layout *layout : layouts) {
    all.push_back({layout->name, {}});
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    order.push_back(i);
  }
  std::mt19937_64 random(1);
  constexpr long warmup = 10;
  for (long round = -warmup; round < rounds; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t which : order) {
      const double took = install_once(*layouts[which], ends);
      if (round >= 0) {
        all[which].values.push_back(took);
      }
    }
  }
  return all;
}

void report_bitmap(const Pair &pair) {
  int answered = 0;
  int allowed = 0;
  int missed = 0;
  for (std::size_t number = 0; number < ll::kCalls; ++number) {
    const bool in_bitmap = is_in_bitmap(pair.tree.code, number);
    const bool always = pair.filter->decisions[number] == ll::kAllowed;
    answered += in_bitmap ? 1 : 0;
    allowed += always ? 1 : 0;
    missed += always && !in_bitmap ? 1 : 0;
  }
  print_counts("bitmap", pair.tree.name, answered, allowed, missed);
}

void report_length(const Layout &layout, int tests) {
  print_counts("length", layout.name, static_cast<double>(layout.code.size()), tests, 0);
}

}  // namespace

int main(int argc, char **argv) {
  long rounds = 300;
  if (argc == 3 && std::string_view(argv[1]) == "--rounds") {
    rounds = parse_number(argv[1], argv[2]);
  } else if (argc != 1) {
    fail("usage: filter [--rounds N]");
  }
  if (rounds == 0) {
    fail("--rounds wants at least 1");
  }
  std::vector<Pair> pairs;
  for (const Given &given : givens) {
    pairs.push_back(make_pair(given));
  }
  std::vector<Layout *> layouts;
  for (Pair &pair : pairs) {
    layouts.push_back(&pair.tree);
    layouts.push_back(&pair.linear);
  }
  const std::vector<Series> all = measure(layouts, rounds);
  print_header();
  for (const Series &series : all) {
    print_time(series);
  }
  for (std::size_t i = 0; i < all.size(); i += 2) {
    compare(all[i], all[i + 1]);
  }
  for (const Pair &pair : pairs) {
    report_length(pair.tree, 0);
    report_length(pair.linear, pair.tests);
    report_bitmap(pair);
  }
}
