// The laws of the filter: its program is run here, as the kernel would run it, on every call.
#include "core/filter.h"

#include "check.h"
#include "host.h"

using namespace ll;

namespace {

constexpr uint32_t kAllowed32 = 0x7fff0000, kKill32 = 0x80000000;
constexpr uint32_t refused_with(uint32_t number) { return 0x00050000 | number; }
constexpr uint32_t kEperm = 1, kEnosys = 38;
#if defined(__aarch64__)
constexpr uint32_t kOurs = 0xc00000b7;
#else
constexpr uint32_t kOurs = 0xc000003e;
#endif

// linux/seccomp.h
struct Data {
  uint32_t number, architecture;
  uint64_t instruction_pointer;
  uint64_t arguments[6];
};

constexpr uint32_t kBroken = 0xdead;

// The part of BPF that seccomp takes and the compiler writes. Every way ends with a return.
uint32_t run(const Program &program, const Data &data) {
  const auto *words = reinterpret_cast<const uint32_t *>(&data);
  uint32_t accumulator = 0;
  for (size_t at = program.start; at < kMaxInstructions; at++) {
    const Instruction &next = program.code[at];
    const auto jump = [&](bool holds) { at += holds ? next.jump_true : next.jump_false; };
    switch (next.code) {
      case 0x20:
        if (next.k % 4 != 0 || next.k >= sizeof data) return kBroken;
        accumulator = words[next.k / 4];
        break;
      case 0x54: accumulator &= next.k; break;
      case 0x05: at += next.k; break;
      case 0x15: jump(accumulator == next.k); break;
      case 0x25: jump(accumulator > next.k); break;
      case 0x35: jump(accumulator >= next.k); break;
      case 0x45: jump((accumulator & next.k) != 0); break;
      case 0x06: return next.k;
      default: return kBroken;
    }
  }
  return kBroken;
}

struct Filtered {
  std::unique_ptr<Plan> plan = std::make_unique<Plan>();
  std::unique_ptr<Problem> problem = std::make_unique<Problem>();
  std::unique_ptr<Filter> filter = std::make_unique<Filter>();
  std::unique_ptr<Program> program = std::make_unique<Program>();
  bool compiled = false;

  [[nodiscard]] uint32_t call(uint32_t number, uint64_t a = 0, uint64_t b = 0,
                              uint64_t c = 0) const {
    return run(*program, {number, kOurs, 0, {a, b, c, 0, 0, 0}});
  }
};

Filtered filter_of(const std::string &policy, int abi) {
  const Parsed parsed = parse_text(policy);
  Filtered filtered;
  CHECK(parsed.valid);
  CHECK(make_plan(*parsed.policy, kernel_of_abi(abi), true, *filtered.plan, *filtered.problem));
  for (size_t i = 0; i < parsed.policy->rule_count; i++)
    if (is_path(parsed.rule(i).directive) && !parsed.rule(i).any)
      plan_path(*parsed.policy, i, {.kind = Kind::Directory}, *filtered.plan, *filtered.problem);
  decide(*parsed.policy, *filtered.plan, *filtered.filter);
  filtered.compiled = compile(*filtered.filter, *filtered.program);
  return filtered;
}

size_t row_of_call(const char *name) { return row_named(call_names(), c_text(name)); }
uint32_t number_of(const char *name) {
  return static_cast<uint32_t>(number_of_call(row_of_call(name)));
}

const char *const kPolicies[] = {
    "",
    "rw /x\n",
    "connect any\n",
    "connect 443\nbind any/udp\nunix any\n",
    "ipc signal sysv\n",
    "metadata deny\nrw /x\n",
    "metadata allow\n",
    "syscall deny ptrace @mount\nsyscall allow bpf\n",
    "syscall only @system-service\n",
    "syscall only @basic-io\nsyscall action kill\nsyscall deny read\n",
};

}  // namespace

TEST("every policy's program fits on every ABI, and ends with a return for every call") {
  for (const char *policy : kPolicies)
    for (int abi = 1; abi <= kNewestAbi; abi++) {
      const Filtered filtered = filter_of(policy, abi);
      CHECK(filtered.compiled);
      for (uint32_t number = 0; number < 1100; number++)
        for (const uint64_t argument : {uint64_t{0}, uint64_t{1}, UINT64_MAX})
          CHECK(filtered.call(number, argument, argument, argument) != kBroken);
    }
}

TEST("the program answers each call as it was decided") {
  for (const char *policy : kPolicies)
    for (int abi : {1, 3, 9, 11}) {
      const Filtered filtered = filter_of(policy, abi);
      for (uint32_t number = 0; number < kCalls; number++) {
        const uint32_t answer = filtered.call(number);
        switch (filtered.filter->decisions[number]) {
          case kAllowed: EQUAL(answer, kAllowed32); break;
          case kUnknownCall: EQUAL(answer, refused_with(kEnosys)); break;
          case kRefusedByPolicy:
            EQUAL(answer, filtered.filter->opened.kill ? kKill32 : refused_with(kEperm));
            break;
          default: CHECK(answer == kAllowed32 || answer >> 16 == 5);
        }
      }
    }
}

TEST("other architectures end the process, and numbers beyond the table are not known") {
  for (const char *policy : kPolicies) {
    const Filtered filtered = filter_of(policy, 7);
    for (const uint32_t architecture : {0u, 0x40000003u, 0xc00000b6u, kOurs ^ 1u})
      for (uint32_t number = 0; number < kCalls; number++)
        EQUAL(run(*filtered.program, {number, architecture, 0, {}}), kKill32);
    for (const uint32_t number : {512u, 513u, 0x40000000u, 0x40000000u | 59u, UINT32_MAX})
      EQUAL(filtered.call(number), refused_with(kEnosys));
  }
}

TEST("the high half of an argument changes no answer that the kernel does not see") {
  const Filtered filtered = filter_of("connect any\n", 7);
  const uint64_t high = uint64_t{1} << 32;
  for (const char *name : {"socket", "ioctl", "clone", "unshare"})
    for (const uint64_t a : {uint64_t{1}, uint64_t{2}, uint64_t{16}, uint64_t{0x10000000}})
      for (const uint64_t b : {uint64_t{1}, uint64_t{2}, uint64_t{0x5412}, uint64_t{0x541c}})
        EQUAL(filtered.call(number_of(name), a | high, b | high, high),
              filtered.call(number_of(name), a, b, 0));
}

TEST("an empty policy refuses what nothing grants, and lets programs start") {
  const Filtered filtered = filter_of("", 7);
  for (const char *name : {"io_uring_setup", "clone3", "setns", "mount", "bpf", "keyctl",
                           "perf_event_open", "userfaultfd", "process_vm_readv", "init_module",
                           "kexec_load", "shmget", "msgget", "semget", "fchmodat", "setxattr"})
    CHECK(filtered.call(number_of(name)) != kAllowed32);
  for (const char *name : {"read", "write", "openat", "execve", "mmap", "brk", "exit_group",
                           "futex", "clone", "wait4", "getrandom", "rt_sigaction", "ioctl"})
    EQUAL(filtered.call(number_of(name)), kAllowed32);
  EQUAL(filtered.call(number_of("ioctl"), 0, 0x5412), refused_with(kEperm));
  EQUAL(filtered.call(number_of("ioctl"), 0, 0x541c), refused_with(kEperm));
  EQUAL(filtered.call(number_of("ioctl"), 0, 0x5401), kAllowed32);
  EQUAL(filtered.call(number_of("unshare"), 0x10000000), refused_with(kEperm));
  EQUAL(filtered.call(number_of("unshare"), 0x400), kAllowed32);
}

TEST("a socket is allowed only where a rule grants its kind") {
  struct {
    const char *policy;
    uint64_t family, type, protocol;
    bool allowed;
  } const rows[] = {
      {"", 2, 1, 0, false},
      {"", 10, 2, 0, false},
      {"", 1, 1, 0, false},
      {"", 16, 3, 0, false},
      {"", 17, 3, 0, false},
      {"", 40, 1, 0, false},
      {"connect 1\n", 2, 1, 0, true},
      {"connect 1\n", 10, 1, 6, true},
      {"connect 1\n", 2, 1, 262, false},
      {"connect 1\n", 2, 1, 132, false},
      {"connect 1\n", 2, 2, 0, false},
      {"connect 1\n", 2, 3, 1, false},
      {"connect 1\n", 2, 5, 132, false},
      {"connect 1\n", 1, 1, 0, false},
      {"connect 1\n", 16, 3, 0, true},
      {"connect 1\n", 16, 3, 12, false},
      {"bind any\n", 2, 1, 0, true},
      {"connect any/udp\n", 2, 2, 0, true},
      {"connect any/udp\n", 2, 1, 0, false},
      {"bind any/udp\n", 10, 2, 17, true},
      {"connect any/udp\n", 2, 2, 136, false},
      {"unix any\n", 1, 1, 0, true},
      {"unix any\n", 1, 2, 0, true},
      {"unix any\n", 2, 1, 0, false},
      {"connect any any/udp\nunix any\n", 17, 3, 0, false},
      {"connect any any/udp\nunix any\n", 40, 1, 0, false},
      {"connect any any/udp\nunix any\n", 2, 3, 255, false},
  };
  for (const auto &row : rows) {
    const Filtered filtered = filter_of(row.policy, 7);
    for (const uint64_t flags : {0u, 02000000u, 04000u, 02004000u})
      EQUAL(filtered.call(number_of("socket"), row.family, row.type | flags, row.protocol) ==
                kAllowed32,
            row.allowed);
  }
}

TEST("what a further rule opens, nothing that was allowed is refused for") {
  const char *const lines[] = {"connect any\n",
                               "bind any\n",
                               "connect any/udp\n",
                               "unix any\n",
                               "ipc signal\n",
                               "ipc sysv\n",
                               "rw /y\n",
                               "metadata allow\n",
                               "syscall allow bpf\n",
                               "syscall allow @mount\n"};
  for (const char *base : {"", "connect 1\n", "rw /x\n"})
    for (const char *line : lines)
      for (const int abi : {1, 3, 4, 8, 9, 11}) {
        const Filtered before = filter_of(base, abi);
        const Filtered after = filter_of(std::string(base) + line, abi);
        for (uint32_t number = 0; number < kCalls; number++) {
          // Where no socket can exist, listen(2) on one is not refused: there is none.
          if (number == number_of("listen")) continue;
          for (const uint64_t argument : {uint64_t{0}, uint64_t{1}, uint64_t{2}, uint64_t{0x5412}})
            if (before.call(number, argument, argument) == kAllowed32 &&
                after.call(number, argument, argument) != kAllowed32)
              EQUAL(std::string(base) + line + std::to_string(number), "allowed");
        }
      }
}

TEST("syscall allow and deny take in each call that they name, alone and by its group") {
  size_t row = 0;
  for (const char *name = call_names(); *name != '\0'; name += c_text(name).size + 1, row++) {
    if (number_of_call(row) < 0) continue;
    const auto number = static_cast<uint32_t>(number_of_call(row));
    EQUAL(filter_of("syscall allow " + std::string(name) + "\n", 7).call(number), kAllowed32);
    EQUAL(filter_of("syscall deny " + std::string(name) + "\n", 7).call(number),
          refused_with(kEperm));
  }
  size_t group = 0;
  for (const char *name = kGroupNames; *name != '\0'; name += c_text(name).size + 1, group++) {
    const Filtered denied = filter_of("syscall deny " + std::string(name) + "\n", 7);
    size_t members = 0;
    for (size_t i = 0; !text_at(call_names(), i).empty(); i++) {
      if (!is_in_group(i, group) || number_of_call(i) < 0) continue;
      members++;
      EQUAL(denied.call(static_cast<uint32_t>(number_of_call(i))), refused_with(kEperm));
    }
    CHECK(members > 0);
  }
}

TEST("every call is named once, and has a number of its own") {
  std::vector<bool> seen(kCalls, false);
  for (size_t row = 0; !text_at(call_names(), row).empty(); row++) {
    EQUAL(row_named(call_names(), text_at(call_names(), row)), row);
    const int number = number_of_call(row);
    CHECK(number < static_cast<int>(kCalls));
    if (number < 0) continue;
    CHECK(!seen[static_cast<size_t>(number)]);
    seen[static_cast<size_t>(number)] = true;
  }
}

TEST("below ABI 3 a file that no rule lets write is not cut, and with rw it is") {
  for (int abi = 1; abi <= 4; abi++) {
    const Filtered filtered = filter_of("ro /x\n", abi);
    EQUAL(filtered.call(number_of("truncate")) == kAllowed32, abi >= 3);
    EQUAL(filtered.call(number_of("openat"), 0, 0, 01000) == kAllowed32, abi >= 3);
    EQUAL(filtered.call(number_of("openat"), 0, 0, 01003) == kAllowed32, abi >= 3);
    EQUAL(filtered.call(number_of("openat"), 0, 0, 01001), kAllowed32);
    EQUAL(filtered.call(number_of("openat"), 0, 0, 0), kAllowed32);
  }
}

TEST("the gaps that the filter closes are those that it refuses") {
  const Filtered strict = filter_of("", 1);
  Plan &plan = *strict.plan;
  close_gaps(*strict.filter, plan);
  EQUAL(plan.gaps[0], mask_of(RightId::ioctl_dev));
  EQUAL(plan.gaps[1], uint64_t{0});
  EQUAL(plan.gaps[2], mask_of(RightId::signal));
  const Filtered open = filter_of("syscall allow socket\n", 1);
  close_gaps(*open.filter, *open.plan);
  EQUAL(open.plan->gaps[1], rights_of_abi(Field::Net, kNewestAbi));
}
