#include "limits.h"

#include "calls.h"
#include "child.h"
#include "core/seccomp/bpf_assembler.h"
#include "os/enforce/privileges.h"
#include "os/kernel/process.h"

namespace ll {

namespace {

// setrlimit(2)
constexpr int kData = 2, kStack = 3, kProcesses = 6;

// mmap(2): neither RLIMIT_DATA nor anything else bounds what these map. A stack is what grows down.
constexpr uint32_t kShared = 1, kAnonymous = 0x20, kGrowsDown = 0x100;

// sched_setaffinity(2): as many processors as any kernel of these architectures is built for.
constexpr size_t kMostProcessors = 8192;
struct Processors {
  uint64_t bits[kMostProcessors / 64];

  [[nodiscard]] bool has(size_t number) const {
    return (bits[number / 64] >> number % 64 & 1) != 0;
  }
  void add(size_t number) { bits[number / 64] |= uint64_t{1} << number % 64; }
  [[nodiscard]] uint64_t count() const {
    uint64_t count = 0;
    for (size_t i = 0; i < kMostProcessors; i++) count += has(i) ? 1 : 0;
    return count;
  }
};

void must(const Policy &policy, const SourceSpan &where, const char *what, long result) {
  if (result < 0) die_at(policy, where, "cannot %: %", what, Error{result});
}

void limit_processes(const Policy &policy, const NsRequest &request) {
  uapi::ResourceLimit now = {};
  must(policy, request.pids, "read the limit of processes", sys::get_limit(kProcesses, now));
  const long counted = count_alone();
  if (counted < 0)
    die_at(policy, request.pids,
           "cannot count the processes of this sandbox alone: %\n"
           "it needs Linux 5.14, or a cgroup: systemd-run --user --scope -p Delegate=yes",
           Error{counted});
  const uint64_t most = request.processes < now.hard ? request.processes : now.hard;
  must(policy, request.pids, "set the limit of processes",
       sys::set_limit(kProcesses, {most, most}));
}

// From the one that this runs on: else all sandboxes would share the first ones.
void choose_processors(const Policy &policy, const NsRequest &request) {
  static constinit Processors allowed{};
  static constinit Processors chosen{};
  const long size = sys::get_processors(&allowed, sizeof allowed);
  must(policy, request.cpus_at, "ask for the processors", size);
  uint64_t left = request.cpus / 1000;
  if (left >= allowed.count()) return;
  const size_t first = sys::current_processor();
  for (size_t i = 0; i < kMostProcessors && left > 0; i++) {
    const size_t number = (first + i) % kMostProcessors;
    if (!allowed.has(number)) continue;
    chosen.add(number);
    left--;
  }
  must(policy, request.cpus_at, "choose processors",
       sys::set_processors(&chosen, static_cast<size_t>(size)));
}

// A stack is not counted as data, and grows to its own limit, which a process may raise.
uint64_t stack_of(const NsRequest &request) {
  uapi::ResourceLimit now = {};
  if (sys::get_limit(kStack, now) < 0) return uapi::kRLIM_INFINITY;
  return now.soft < request.memory_each ? now.soft : request.memory_each;
}

void limit_stack(const Policy &policy, const NsRequest &request) {
  const uint64_t most = stack_of(request);
  must(policy, request.memory_each_at, "set the limit of the stack",
       sys::set_limit(kStack, {most, most}));
}

bool holds_processors(const NsRequest &request) { return !request.has_cgroup && request.cpus != 0; }

// What the limits do not count.
Label filter_calls(BpfAssembler &out, const NsRequest &request) {
  const Label allow = out.answer(bpf::kAllow);
  const Label no_memory = out.answer(bpf::errno_action(uapi::kENOMEM));
  const Label unknown = out.answer(bpf::errno_action(uapi::kENOSYS));
  const Label not_permitted = out.answer(bpf::errno_action(uapi::kEPERM));
  Label next = allow;
  if (holds_processors(request)) next = out.equals(number::sched_setaffinity, not_permitted, next);
  if (request.memory_each != 0) {
    const Label private_map = out.any_bit(kGrowsDown, no_memory, allow);
    const Label anonymous = out.any_bit(kShared, no_memory, private_map);
    const Label flags = out.load(bpf::low_half(3), out.any_bit(kAnonymous, anonymous, private_map));
    next = out.equals(number::mmap, flags, out.follow(next));
    next = out.equals(number::memfd_secret, unknown, next);
    next = out.equals(number::memfd_create, unknown, next);
  }
#if defined(__x86_64__)
  constexpr uint32_t kX32 = 0x40000000;  // __X32_SYSCALL_BIT
  next = out.test(bpf::kJumpAtLeast, kX32, unknown, next);
#endif
  return out.load(bpf::kNumber, next);
}

void add_limit(Policy &policy, Text name, uint64_t number, const SourceSpan &where) {
  if (number == 0) return;
  FixedString<32> text;
  text << name << number;
  Rule rule = {.directive = Directive::Limit, .where = where};
  if (policy.rule_count == kMaxRules || !policy.arena.keep(text.text(), rule.value))
    die_at(policy, where, kTooMuchText, kMaxText);
  policy.rules[policy.rule_count++] = rule;
}

void format_size(Builder &out, uint64_t bytes) {
  constexpr char kUnits[] = "KMG";
  size_t unit = 0;
  while (unit < 3 && bytes % 1024 == 0 && bytes != 0) {
    bytes /= 1024;
    unit++;
  }
  out << bytes;
  if (unit > 0) out << kUnits[unit - 1];
}

void format_sum(TableWriter &rows, const NsRequest &request) {
  Builder &out = rows.row();
  const uint64_t stack = stack_of(request);
  uint64_t sum = 0;
  out << "              in total "_t;
  if (request.processes == 0 || __builtin_add_overflow(request.memory_each, stack, &sum) ||
      __builtin_mul_overflow(sum, request.processes, &sum)) {
    out << "unlimited: give --pids, too"_t;
  } else {
    out << "at most "_t << request.processes << " x ("_t;
    format_size(out, request.memory_each);
    out << " and a stack of "_t;
    format_size(out, stack);
    out << ") = "_t;
    format_size(out, sum);
  }
  rows.format("              not counted: private file systems, page tables, pipes, sockets");
}

}  // namespace

// A clone that can never be, for there is no process 0, but for which the kernel counts first: with
// two as the limit it is EAGAIN where those outside count as well. Nothing is made.
long count_alone() {
  constexpr uint64_t kThisAndAnother = 2;
  uapi::ResourceLimit now = {};
  long result = sys::get_limit(kProcesses, now);
  const uint64_t soft = now.hard < kThisAndAnother ? now.hard : kThisAndAnother;
  if (result >= 0) result = sys::set_limit(kProcesses, {soft, now.hard});
  if (result >= 0) result = sys::clone_nothing();
  return result == -uapi::kEINVAL ? 0 : result < 0 ? result : -uapi::kEAGAIN;
}

bool needs_cgroup(const NsRequest &request) {
  return request.memory != 0 || request.cpus % 1000 != 0 ||
         (request.processes != 0 && exempt_from_nproc());
}

const char *without_cgroup(const NsRequest &request) {
  if (request.memory != 0)
    return "or limit each process: --memory-each, with --pids for their number";
  if (request.cpus % 1000 != 0)
    return "or give a whole number of processors, which needs no cgroup";
  return "or run it as an ordinary user: root's processes are not counted without a cgroup";
}

void check_limits(const Policy &policy, const NsRequest &request) {
  if (request.memory_each == 0) return;
  for (size_t i = 0; i < policy.rule_count; i++)
    if (is_ipc(policy.rules[i], "sysv"_t))
      die_at(policy, policy.rules[i].where,
             "--memory-each excludes ipc sysv: no limit of a process counts shared memory\n"
             "leave out one of them, or use --memory");
}

// The machine's files are in no file system of its own, and nothing bounds what is written to them.
void check_disk(const Policy &policy, const NsRequest &request, MountTree &tree) {
  if (request.disk == 0) return;
  for (size_t i = 0; i <= tree.count; i++) {
    const bool is_base = i == tree.count;
    if (is_base && tree.base != Node::Bind) break;
    const Node base = {.path = "/"_t,
                       .kind = Node::Bind,
                       .grants = tree.base_grants,
                       .descriptor = tree.base_descriptor};
    const Node &node = is_base ? base : tree.at(i);
    // What has no descriptor is in a file system of its own.
    const bool bound = node.kind == Node::Bind && node.descriptor != 0;
    if (!bound || (node.grants & Write) == 0 || (node.grants & Device) != 0) continue;
    Diagnostic problem;
    problem.fail(request.disk_at,
                 "--disk does not limit what is written to %\n"
                 "use --overlay DIR, or grant it read-only",
                 node.path);
    if (!request.best_effort) die(policy, problem);
    if (!request.quiet) warn_of_missing(policy, problem);
  }
}

void limit_instead(Policy &policy, const NsRequest &request) {
  add_limit(policy, "data="_t, request.memory, request.limits);
  add_limit(policy, "nproc="_t, request.processes, request.limits);
}

void limit_each(Policy &policy, const NsRequest &request) {
  if (request.no_launcher) return;
  add_limit(policy, "data="_t, request.memory_each, request.memory_each_at);
}

void hold_limits(const Policy &policy, const NsRequest &request) {
  if (!request.has_cgroup && request.processes != 0 && !needs_cgroup(request))
    limit_processes(policy, request);
  if (holds_processors(request) && !needs_cgroup(request)) choose_processors(policy, request);
  if (request.memory_each != 0) limit_stack(policy, request);
}

void hold_data(const Policy &policy, const NsRequest &request) {
  if (request.memory_each == 0 || !request.no_launcher) return;
  uapi::ResourceLimit now = {};
  must(policy, request.memory_each_at, "read the limit of data", sys::get_limit(kData, now));
  const uint64_t most = request.memory_each < now.hard ? request.memory_each : now.hard;
  must(policy, request.memory_each_at, "set the limit of data",
       sys::set_limit(kData, {most, most}));
}

void install_limits(const Policy &policy, const NsRequest &request) {
  static constinit Program program{};
  if (request.memory_each == 0 && !holds_processors(request)) return;
  BpfAssembler out(program);
  out.check_architecture(filter_calls(out, request));
  const uapi::SockFprog loaded = {.length = static_cast<uint16_t>(kMaxInstructions - program.start),
                                  .code = program.code + program.start};
  const long result = sys::set_filter(0, loaded);
  if (result < 0) die_errno(policy, "install the filter for --memory-each", result);
}

void explain_limits(TableWriter &rows, const NsRequest &request, Text refused) {
  if (!limits_anything(request) && request.memory_each == 0 && request.disk == 0) return;
  rows.heading("limits");
  const bool cgroup = refused.empty();
  const auto row = [&](const char *name) -> Builder & {
    Builder &out = rows.row();
    out << "  "_t << c_text(name);
    rows.pad_to(15);
    return out;
  };
  if (request.memory != 0) {
    Builder &out = row("memory");
    format_size(out, request.memory);
    out << " for all processes together, by a cgroup"_t;
  }
  if (request.processes != 0)
    row("pids") << request.processes << " processes and threads, "_t
                << (cgroup ? "by a cgroup"_t : "counted by its user namespace"_t);
  if (request.cpus != 0) {
    Builder &out = row("cpus");
    out << request.cpus / 1000;
    if (request.cpus % 1000 != 0) {
      FixedString<8> digits;
      digits << request.cpus % 1000 + 1000;
      Text fraction = digits.text().from(1);
      while (fraction[fraction.size - 1] == '0') fraction = fraction.first(fraction.size - 1);
      out << '.' << fraction;
    }
    out << (cgroup ? " of the processors' time, by a cgroup"_t
                   : " of the processors, by affinity"_t);
  }
  if (!cgroup && needs_cgroup(request)) row("") << "NOT POSSIBLE HERE: "_t << refused;
  if (request.memory_each != 0) {
    Builder &out = row("memory-each");
    format_size(out, request.memory_each);
    out << " of data for each process, not for all together"_t;
    format_sum(rows, request);
  }
  if (request.disk != 0) {
    Builder &out = row("disk");
    format_size(out, request.disk);
    out << " in each private file system, and in all overlays together"_t;
  }
}

}  // namespace ll
