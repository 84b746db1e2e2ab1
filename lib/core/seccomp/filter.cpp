#include "core/seccomp/filter.h"

#include "core/mem.h"

namespace ll {

namespace {

enum class Group : uint8_t {
  Aio,
  BasicIo,
  Chown,
  Clock,
  CpuEmulation,
  Debug,
  Default,
  FileSystem,
  IoEvent,
  Ipc,
  Keyring,
  Memlock,
  Module,
  Mount,
  NetworkIo,
  Obsolete,
  Pkey,
  Process,
  RawIo,
  Reboot,
  Resources,
  Sandbox,
  Setuid,
  Signal,
  Swap,
  Sync,
  Timer,
  Other
};
// Groups that a call is in besides its own, in the order of their names below.
enum More : uint8_t {
  Service = 1,
  Privileged = 2,
  Metadata = 4,
  Namespace = 8,
  Ring = 16,
  Sysv = 32
};

constexpr int16_t kNumbers[] = {
#if defined(__aarch64__)
#define SYSCALL(name, x86_64, arm64, group, more) arm64,
#else
#define SYSCALL(name, x86_64, arm64, group, more) x86_64,
#endif
#include "core/seccomp/syscalls.def"
};
constexpr size_t kCallCount = sizeof kNumbers / sizeof *kNumbers;

// Numbers mostly follow one another: this is where they do not. In a run without numbers, this
// architecture has no such calls.
struct Run {
  uint16_t row;
  int16_t number;
};

constexpr int number_in(const Run &run, size_t row) {
  return run.number < 0 ? -1 : run.number + static_cast<int>(row - run.row);
}

// Writes the runs if there is room for them; how many there are.
constexpr size_t find_runs(Run *runs) {
  size_t count = 0;
  Run run = {0, kNumbers[0]};
  for (size_t row = 0; row < kCallCount; row++) {
    if (row != 0 && number_in(run, row) == kNumbers[row]) continue;
    run = {static_cast<uint16_t>(row), kNumbers[row]};
    if (runs != nullptr) runs[count] = run;
    count++;
  }
  return count;
}

constexpr size_t kRunCount = find_runs(nullptr);
struct Runs {
  Run rows[kRunCount];
};
consteval Runs work_out_runs() {
  Runs runs = {};
  find_runs(runs.rows);
  return runs;
}
constexpr Runs kRuns = work_out_runs();

enum class When : uint8_t {
  Always,
  NoSocket,
  NoListen,
  NoFastOpen,
  NoSysv,
  NoMetadata,
  NoNode,
  NoTruncate,
  NoCore
};
enum class Answer : uint8_t {
  Eperm,
  Eacces,
  Enosys,
  Socket,
  SocketPair,
  SendTo,
  SendMessage,
  SendMessages,
  SocketOption,
  Ioctl,
  CloneFlags,
  Unshare,

  Priority,
  IoPriority,
  OtherProcess,
  CoreLimit,
  AnyLimit,
  EmptyPath,
  Lease,
  OpenFlags1,
  OpenFlags2,
  MakeNode1,
  MakeNode2,
  Whiteout,
  Times
};
struct Refusal {
  When when;
  Answer answer;
};
constexpr Refusal kRefusals[] = {
#define REFUSAL(when, answer, calls, reason) {When::when, Answer::answer},
#include "core/seccomp/refusals.def"
};
constexpr char kReasons[] =
#define REFUSAL(when, answer, calls, reason) reason "\0"
#include "core/seccomp/refusals.def"
    ;

// Of ioctl(2): what holds from a type and number on.
enum class Verdict : uint8_t { Allow, Refuse, Metadata };
struct Commands {
  uint16_t first;
  Verdict verdict;
};
constexpr Commands kCommands[] = {
#define COMMANDS(type, first, verdict, what) {(type) << 8 | (first), Verdict::verdict},
#include "core/seccomp/ioctls.def"
};
constexpr size_t kCommandCount = sizeof kCommands / sizeof *kCommands;

consteval bool commands_rise() {
  for (size_t i = 1; i < kCommandCount; i++)
    if (kCommands[i - 1].first >= kCommands[i].first) return false;
  return kCommands[0].first == 0;
}
static_assert(commands_rise());

struct Call {
  uint8_t group;
  uint8_t more;
  Decision refusal;  // its row in refusals.def, plus 1; 0: none
};

struct Calls {
  Call rows[kCallCount];
};

constexpr bool names_equal(const char *name, const char *text, size_t size) {
  for (size_t i = 0; i < size; i++)
    if (name[i] != text[i]) return false;
  return name[size] == '\0';
}

// Not constexpr: the compiler stops where it would have to be called.
inline void no_such_call() {}

consteval size_t find_row(const char *text, size_t size) {
  size_t row = 0;
  for (const char *name = kCallNames; *name != '\0'; row++) {
    if (names_equal(name, text, size)) return row;
    while (*name++ != '\0') {
    }
  }
  no_such_call();
  return kNone;
}
consteval size_t operator""_call(const char *name, size_t size) { return find_row(name, size); }

consteval void refuse_calls(Calls &rows, const char *calls, Decision decision) {
  while (*calls != '\0') {
    size_t size = 0;
    while (calls[size] != '\0' && calls[size] != ' ') size++;
    rows.rows[find_row(calls, size)].refusal = decision;
    calls += size;
    if (*calls == ' ') calls++;
  }
}

// Worked out by the compiler: looking names up at every start would take longer than all else.
consteval Calls work_out_calls() {
  Calls calls = {{
#define SYSCALL(name, x86_64, arm64, group, more) {static_cast<uint8_t>(Group::group), more, 0},
#include "core/seccomp/syscalls.def"
  }};
  Decision row = 0;
#define REFUSAL(when, answer, names, reason) refuse_calls(calls, names, ++row);
#include "core/seccomp/refusals.def"
  return calls;
}
constexpr Calls kCallRows = work_out_calls();

void refuse_by_default(Filter &filter) {
  memset(filter.decisions, kUnknownCall, sizeof filter.decisions);
  for (size_t row = 0; row < kCallCount; row++) {
    const int number = number_of_call(row);
    if (number >= 0) filter.decisions[number] = kCallRows.rows[row].refusal;
  }
}

// What the policy opens.

bool opens_ipc(const Policy &policy, Text kind) {
  for (size_t i = 0; i < policy.rule_count; i++)
    if (is_ipc(policy.rules[i], kind)) return true;
  return false;
}

bool grants_unix_sockets(const Policy &policy) {
  return last_rule(policy, Directive::Unix) != nullptr || opens_ipc(policy, "abstract-unix"_t);
}

// Whether an inherited socket could be sent elsewhere than to where the caller sent it, for all
// that Landlock and `socket` say. What no directive can grant, nothing but this filter can hold.
bool is_loose(SocketKind kind, const Policy &policy, const Plan &plan, const Opened &opened) {
  const uint64_t net = plan.handled[index_of(Field::Net)];
  switch (kind) {
    case SocketKind::Tcp: return !opened.tcp && (net & mask_of(RightId::connect_tcp)) == 0;
    case SocketKind::Udp: return !opened.udp && (net & mask_of(RightId::connect_send_udp)) == 0;
    case SocketKind::Unix:
      return !grants_unix_sockets(policy) &&
             (plan.handled[index_of(Field::Fs)] & mask_of(RightId::resolve_unix)) == 0;
    case SocketKind::Other: return true;
  }
  return true;
}

// From ABI 9 on, Landlock says which unix sockets can be connected to. Where an inherited socket
// must not be connected anew, they are not worth it.
void open_sockets(const Policy &policy, const Plan &plan, Opened &opened) {
  const uint64_t rights = plan.kernel.rights[index_of(Field::Fs)];
  bool loose = false;
  for (size_t i = 0; i < kSocketKinds; i++) {
    const auto kind = static_cast<SocketKind>(i);
    if (!plan.inherited[i].found || !is_loose(kind, policy, plan, opened)) continue;
    loose = true;
    opened.loose = static_cast<uint8_t>(i + 1);
    // The address of a message to a connected stream is not looked at.
    opened.loose_messages = opened.loose_messages || kind != SocketKind::Tcp;
  }
  opened.unix_sockets =
      grants_unix_sockets(policy) || (!loose && (rights & mask_of(RightId::resolve_unix)) != 0);
}

bool can_listen(const Policy &policy, const Plan &plan, const Opened &opened) {
  const auto found = [&](SocketKind kind) {
    return plan.inherited[static_cast<size_t>(kind)].found;
  };
  if (opens_port(policy, Directive::Bind, false)) return true;
  return opened.unix_sockets && !opened.tcp && !found(SocketKind::Tcp) && !found(SocketKind::Other);
}

// `limit core=0`
bool forbids_cores(const Policy &policy) {
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive == Directive::Limit && rule.resource == kCoreLimit && rule.number == 0)
      return true;
  }
  return false;
}

bool writes_to(const Policy &policy, const Plan &plan, Kind kind) {
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Directive directive = policy.rules[i].directive;
    if ((directive == Directive::Rw || directive == Directive::Rwx) &&
        plan.entries[i].found.kind == kind)
      return true;
  }
  return false;
}

// The last `metadata` holds; without one, whether a directory can be written. No kernel can
// confine these calls to that directory.
bool opens_metadata(const Policy &policy, const Plan &plan) {
  const Rule *rule = last_rule(policy, Directive::Metadata);
  return rule != nullptr ? rule->value == "allow"_t : writes_to(policy, plan, Kind::Directory);
}

// touch(1) and cp(1) set the times of a file that they have open.
bool opens_times(const Policy &policy, const Plan &plan) {
  return last_rule(policy, Directive::Metadata) == nullptr && writes_to(policy, plan, Kind::File);
}

// `fs make_char`, the one way to such a right.
bool grants_nodes(const Policy &policy) {
  constexpr uint64_t kNodes = mask_of(RightId::make_char) | mask_of(RightId::make_block);
  for (size_t i = 0; i < policy.rule_count; i++)
    if (is_path(policy.rules[i].directive) && (policy.rules[i].rights & kNodes) != 0) return true;
  return false;
}

bool holds(When when, const Policy &policy, const Plan &plan, const Opened &opened) {
  switch (when) {
    case When::Always: return true;
    case When::NoSocket: return !opened.any_socket();
    case When::NoListen: return !can_listen(policy, plan, opened);
    case When::NoFastOpen: return !opened.tcp_connect_any;
    case When::NoSysv: return !opens_ipc(policy, "sysv"_t);
    case When::NoMetadata: return !opens_metadata(policy, plan);
    case When::NoNode: return !grants_nodes(policy);
    case When::NoTruncate:
      return (plan.handled[static_cast<size_t>(Field::Fs)] & mask_of(RightId::truncate)) == 0;
    case When::NoCore: return forbids_cores(policy);
  }
  return true;
}

void open_rows(const Policy &policy, const Plan &plan, Filter &filter) {
  bool in_force[kLastRow + 1] = {};
  for (Decision row = 1; row <= kLastRow; row++)
    in_force[row] = holds(kRefusals[row - 1].when, policy, plan, filter.opened);
  for (Decision &decision : filter.decisions) {
    if (decision == kAllowed || decision > kLastRow) continue;
    const bool by_argument = kRefusals[decision - 1].answer == Answer::Times;
    if (!in_force[decision])
      decision = kAllowed;
    else if (by_argument && !filter.opened.times_of_open)
      decision--;
  }
}

template <typename Act>
void for_each_call(const Rule &rule, const Act &act) {
  for (size_t row = 0; row < kCallCount; row++) {
    const bool named = rule.any ? is_in_group(row, rule.low) : row == rule.low;
    const int number = named ? number_of_call(row) : -1;
    if (number >= 0) act(number);
  }
}

bool is_verb(const Rule &rule, SyscallVerb verb) {
  return rule.directive == Directive::Syscall && static_cast<SyscallVerb>(rule.resource) == verb;
}

// `only` leaves what it names and what every program needs to start and end; `allow` takes calls
// out of all refusals; `deny` is above both.
void apply_only(const Policy &policy, Filter &filter) {
  bool named[kCalls] = {};
  bool any = false;
  const auto name = [&](int number) { named[number] = true; };
  for (size_t i = 0; i < policy.rule_count; i++) {
    if (!is_verb(policy.rules[i], SyscallVerb::Only)) continue;
    any = true;
    for_each_call(policy.rules[i], name);
  }
  if (!any) return;
  for_each_call({.any = true, .low = static_cast<uint32_t>(Group::Default)}, name);
  for (size_t i = 0; i < kCalls; i++)
    if (!named[i] && filter.decisions[i] != kUnknownCall) filter.decisions[i] = kRefusedByPolicy;
}

void apply_verb(const Policy &policy, SyscallVerb verb, Decision decision, Filter &filter) {
  for (size_t i = 0; i < policy.rule_count; i++)
    if (is_verb(policy.rules[i], verb))
      for_each_call(policy.rules[i], [&](int number) { filter.decisions[number] = decision; });
}

// The program is written from its end to its start: what a jump goes to is always there already.
// A label is the distance of an instruction from the end.
using Label = size_t;

constexpr uint16_t kLoad = 0x20;         // BPF_LD | BPF_W | BPF_ABS
constexpr uint16_t kAnd = 0x54;          // BPF_ALU | BPF_AND | BPF_K
constexpr uint16_t kJump = 0x05;         // BPF_JMP | BPF_JA
constexpr uint16_t kJumpEqual = 0x15;    // BPF_JMP | BPF_JEQ | BPF_K
constexpr uint16_t kJumpAtLeast = 0x35;  // BPF_JMP | BPF_JGE | BPF_K
constexpr uint16_t kJumpSet = 0x45;      // BPF_JMP | BPF_JSET | BPF_K
constexpr uint16_t kReturn = 0x06;       // BPF_RET | BPF_K

// linux/seccomp.h: struct seccomp_data, and actions.
constexpr uint32_t kNumber = 0;
constexpr uint32_t kArchitecture = 4;
constexpr uint32_t low_half(uint32_t argument) { return 16 + 8 * argument; }
constexpr uint32_t kKillProcess = 0x80000000;
constexpr uint32_t kAllow = 0x7fff0000;
constexpr uint32_t errno_action(uint32_t number) { return 0x00050000 | number; }

#if defined(__aarch64__)
constexpr uint32_t kOurArchitecture = 0xc00000b7;  // AUDIT_ARCH_AARCH64
#else
constexpr uint32_t kOurArchitecture = 0xc000003e;  // AUDIT_ARCH_X86_64
#endif

constexpr uint32_t kEPERM = 1, kEACCES = 13, kENOSYS = 38, kENOPROTOOPT = 92, kEOPNOTSUPP = 95;

class Compiler {
 public:
  Compiler(const Filter &filter, Program &program) : filter_(filter), program_(program) {
    program_.start = kMaxInstructions;
  }

  bool compile() {
    // Numbers above the table, x32's among them, are unknown calls.
    const Label unknown = outcome(kUnknownCall);
    find_ranges();
    const Label calls = tree(0, mark_count_);
    const Label known = test(kJumpAtLeast, kCalls, unknown, calls);
    const Label number = load(kNumber, known);
    const Label foreign = answer(kKillProcess);
    const Label ours = test(kJumpEqual, kOurArchitecture, number, foreign);
    load(kArchitecture, ours);
    return fits_;
  }

 private:
  Label emit(Instruction instruction) {
    if (program_.start == 0) {
      fits_ = false;
      return kMaxInstructions;
    }
    program_.code[--program_.start] = instruction;
    return here();
  }
  [[nodiscard]] Label here() const { return kMaxInstructions - program_.start; }
  // How many instructions are skipped by a jump from the one that is emitted next.
  [[nodiscard]] size_t distance(Label target) const { return here() - target; }

  Label answer(uint32_t action) { return emit({kReturn, 0, 0, action}); }

  // The jumps of a test reach 255 instructions; where that is not enough, one that reaches all.
  Label near(Label target) {
    return distance(target) < 250 ? target
                                  : emit({kJump, 0, 0, static_cast<uint32_t>(distance(target))});
  }

  [[nodiscard]] bool is_answer(Label label) const {
    return program_.code[kMaxInstructions - label].code == kReturn;
  }

  // What has the same outcome in any case needs no test, and no look at what would be tested.
  Label test(uint16_t code, uint32_t k, Label yes, Label no) {
    if (yes == no) return yes;
    const Label near_yes = near(yes);
    const Label near_no = near(no);
    return emit({code, static_cast<uint8_t>(distance(near_yes)),
                 static_cast<uint8_t>(distance(near_no)), k});
  }
  Label equals(uint32_t k, Label yes, Label no) { return test(kJumpEqual, k, yes, no); }
  Label any_bit(uint32_t k, Label yes, Label no) { return test(kJumpSet, k, yes, no); }

  // What has no jump of its own goes on with the next instruction.
  Label follow(Label next) {
    return next == here() ? next : emit({kJump, 0, 0, static_cast<uint32_t>(distance(next))});
  }
  Label load(uint32_t offset, Label next) {
    if (is_answer(next)) return next;
    follow(next);
    return emit({kLoad, 0, 0, offset});
  }
  Label mask(uint32_t k, Label next) {
    if (is_answer(next)) return next;
    follow(next);
    return emit({kAnd, 0, 0, k});
  }

  Label allow() { return outcome(kAllowed); }
  Label refuse(uint32_t number) {
    for (size_t i = 0; i < kErrnoCount; i++)
      if (kErrnoOf[i] == number) return shared(errno_labels_[i], errno_action(number));
    return answer(errno_action(number));
  }
  // One return serves all that are near enough.
  Label shared(Label &label, uint32_t action) {
    if (label == 0 || distance(label) >= 250) label = answer(action);
    return label;
  }

  Label outcome(Decision decision) {
    if (decision == kAllowed) return shared(allow_label_, kAllow);
    if (decision == kUnknownCall) return refuse(kENOSYS);
    if (decision == kRefusedByPolicy)
      return filter_.opened.kill ? shared(kill_label_, kKillProcess) : refuse(kEPERM);
    Label &label = row_labels_[decision - 1];
    if (label == 0) label = check(kRefusals[decision - 1].answer);
    return label;
  }

  // sched(7), setpriority(2), prlimit(2): 0 is the caller.
  Label other_process(uint32_t argument) {
    return load(low_half(argument), equals(0, allow(), refuse(kEPERM)));
  }

  Label check(Answer kind) {
    switch (kind) {
      case Answer::Eperm: return refuse(kEPERM);
      case Answer::Eacces: return refuse(kEACCES);
      case Answer::Enosys: return refuse(kENOSYS);
      case Answer::Socket: return check_socket();
      case Answer::SocketPair: return check_socket_pair();
      case Answer::SendTo: return check_send_to();
      case Answer::SendMessage: return check_message(2);
      case Answer::SendMessages: return check_message(3);
      case Answer::SocketOption: return check_socket_option();
      case Answer::Ioctl: return check_ioctl();
      case Answer::CloneFlags: return refuse_flags(0, kNamespaces);
      case Answer::Unshare: return refuse_flags(0, kNamespaces | kNewTime);
      case Answer::Priority: return load(low_half(0), equals(0, other_process(1), refuse(kEPERM)));
      case Answer::IoPriority:
        return load(low_half(0), equals(1, other_process(1), refuse(kEPERM)));
      case Answer::OtherProcess: return other_process(0);
      case Answer::CoreLimit: return load(low_half(0), equals(kCoreLimit, pretend(), allow()));
      case Answer::AnyLimit: return check_limit();
      case Answer::EmptyPath: return refuse_flags(4, kAtEmptyPath);
      case Answer::Lease: return check_lease();
      case Answer::OpenFlags1: return check_open(1);
      case Answer::OpenFlags2: return check_open(2);
      case Answer::MakeNode1: return check_mode(1);
      case Answer::MakeNode2: return check_mode(2);
      case Answer::Whiteout: return refuse_flags(4, kRenameWhiteout);
      case Answer::Times: return check_times();
    }
    return refuse(kEPERM);
  }

  // clone(2): CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. unshare(2) knows
  // NEWTIME too, whose bit is part of clone's exit signal. The kernel reads the low half of both.
  static constexpr uint32_t kNamespaces = 0x7e020000;
  static constexpr uint32_t kNewTime = 0x80;
  static constexpr uint32_t kAtEmptyPath = 0x1000;   // execveat(2)
  static constexpr uint32_t kRenameWhiteout = 4;     // RENAME_WHITEOUT, rename(2)
  static constexpr uint32_t kFastOpen = 0x20000000;  // MSG_FASTOPEN, tcp(7)
  static constexpr uint32_t kTypeMask = 0xf;         // of socket(2)'s type, without its flags
  static constexpr uint32_t kUnix = 1, kInet = 2, kInet6 = 10, kNetlink = 16;
  static constexpr uint32_t kStream = 1, kDatagram = 2, kPackets = 5;
  static constexpr uint32_t kTcp = 6, kUdp = 17;
  static constexpr uint32_t kTruncate = 01000;  // O_TRUNC

  Label refuse_flags(uint32_t argument, uint32_t flags) {
    return load(low_half(argument), any_bit(flags, refuse(kEPERM), allow()));
  }

  // utimensat(2): without a path, of the open file.
  Label check_times() {
    const Label refused = refuse(kEPERM);
    const Label low = load(low_half(1), equals(0, allow(), refused));
    return load(low_half(1) + 4, equals(0, low, refused));
  }

  Label check_fast_open(uint32_t argument) {
    return load(low_half(argument), any_bit(kFastOpen, refuse(kEOPNOTSUPP), allow()));
  }

  // An address where no socket may be: on an inherited one, it could be anybody's.
  Label check_send_to() {
    const Label flags = check_fast_open(3);
    if (filter_.opened.any_socket()) return flags;
    const Label refused = refuse(kEACCES);
    const Label low = load(low_half(4), equals(0, flags, refused));
    return load(low_half(4) + 4, equals(0, low, refused));
  }

  // Here the address is in memory, out of a filter's sight.
  Label check_message(uint32_t flags) {
    const Opened &opened = filter_.opened;
    if (opened.loose_messages && !opened.any_socket()) return refuse(kEACCES);
    return check_fast_open(flags);
  }

  Label check_socket_option() {
    struct Option {
      uint32_t level, name;
    };
    constexpr Option kOptions[] = {
#define OPTION(level, name, what) {level, name},
#include "core/seccomp/sockopts.def"
    };
    Label next = allow();
    for (const Option &option : kOptions) {
      const Label name = load(low_half(2), equals(option.name, refuse(kENOPROTOOPT), next));
      next = load(low_half(1), equals(option.level, name, next));
    }
    return next;
  }

  // A core of at most 0 bytes would be piped to the program that kernel.core_pattern names, one of
  // at most 1 is not (fs/coredump.c). Who asks for 0, as gpg and ssh-agent do, has more than that.
  Label pretend() { return answer(errno_action(0)); }

  // prlimit(2) of the caller itself; the new limit is the third argument.
  Label check_limit() {
    if (!filter_.opened.no_core) return other_process(0);
    const Label done = pretend();
    const Label low = load(low_half(2), equals(0, allow(), done));
    const Label sets = load(low_half(2) + 4, equals(0, low, done));
    const Label own = load(low_half(1), equals(kCoreLimit, sets, allow()));
    return load(low_half(0), equals(0, own, refuse(kEPERM)));
  }

  // Protocol 0 is the type's own.
  Label only_protocol(bool opened, uint32_t protocol) {
    if (!opened) return refuse(kEACCES);
    const Label own = equals(0, allow(), refuse(kEACCES));
    return load(low_half(2), equals(protocol, allow(), own));
  }

  Label check_socket() {
    const Opened &opened = filter_.opened;
    const Label refused = refuse(kEACCES);
    const Label udp = only_protocol(opened.udp, kUdp);
    const Label tcp = only_protocol(opened.tcp, kTcp);
    const Label datagram = equals(kDatagram, udp, refused);
    const Label inet = load(low_half(1), mask(kTypeMask, equals(kStream, tcp, datagram)));
    // netlink(7): NETLINK_ROUTE, protocol 0, tells programs of the interfaces.
    const bool network = opened.tcp || opened.udp;
    const Label route = network ? load(low_half(2), equals(0, allow(), refused)) : refused;
    const Label netlink = equals(kNetlink, route, refused);
    const Label inet6 = equals(kInet6, inet, netlink);
    const Label inet4 = equals(kInet, inet, inet6);
    return load(low_half(0), equals(kUnix, opened.unix_sockets ? allow() : refused, inet4));
  }

  Label check_socket_pair() {
    const Label refused = refuse(kEACCES);
    const bool datagrams = filter_.opened.unix_sockets;
    // Of the others one, SOCK_RAW, is a datagram socket too (net/unix/af_unix.c, unix_create).
    const Label connected = equals(kStream, allow(), equals(kPackets, allow(), refused));
    const Label type = datagrams ? allow() : load(low_half(1), mask(kTypeMask, connected));
    return load(low_half(0), equals(kUnix, type, refused));
  }

  Label verdict_of(Verdict verdict) {
    const bool metadata = verdict == Verdict::Metadata && filter_.opened.no_metadata;
    return verdict == Verdict::Refuse || metadata ? refuse(kEPERM) : allow();
  }

  // The rows from `low` to before `high`, by halves.
  Label commands(size_t low, size_t high) {
    if (high - low == 1) return verdict_of(kCommands[low].verdict);
    const size_t middle = (low + high) / 2;
    const Label above = commands(middle, high);
    const Label below = commands(low, middle);
    return test(kJumpAtLeast, kCommands[middle].first, above, below);
  }

  // ioctl(2) commands are 32 bits; the high half is not looked at by the kernel, nor here.
  Label check_ioctl() {
    constexpr uint32_t kTerminal[] = {0x5412, 0x541c, 0x5423};  // TIOCSTI, TIOCLINUX, TIOCSETD
    Label next = mask(0xffff, commands(0, kCommandCount));
    for (const uint32_t command : kTerminal) next = equals(command, refuse(kEPERM), next);
    return load(low_half(1), next);
  }

  // fcntl(2), of which the kernel reads 32 bits. Taking a lease away is refused too: nobody has
  // one.
  Label check_lease() {
    constexpr uint32_t kSetLease = 1024, kSetDelegation = 1040;
    const Label refused = refuse(kEPERM);
    return load(low_half(1), equals(kSetLease, refused, equals(kSetDelegation, refused, allow())));
  }

  // mknod(2): S_IFCHR and S_IFBLK, of the type in S_IFMT. The errno is that of Landlock.
  Label check_mode(uint32_t argument) {
    const Label refused = refuse(kEACCES);
    const Label character = equals(0020000, refused, equals(0060000, refused, allow()));
    return load(low_half(argument), mask(0170000, character));
  }

  // open(2): O_TRUNC needs O_WRONLY or O_RDWR, which Landlock sees; with O_RDONLY, and with the
  // undocumented mode 3, it cuts a file that is not open for writing.
  Label check_open(uint32_t argument) {
    const Label writes = equals(1, allow(), equals(2, allow(), refuse(kEACCES)));
    const Label mode = load(low_half(argument), mask(3, writes));
    return load(low_half(argument), any_bit(kTruncate, mode, allow()));
  }

  // Rows with the same answer need no instruction between them.
  [[nodiscard]] Decision simplest(Decision decision) const {
    if (decision == kAllowed || decision > kLastRow) return decision;
    Decision row = 1;
    while (kRefusals[row - 1].answer != kRefusals[decision - 1].answer) row++;
    return row;
  }

  [[nodiscard]] Decision simplest_of(size_t number) const {
    return simplest(filter_.decisions[number]);
  }

  // A range is what goes on alike; one number alone within it is an exception, one test instead of
  // two.
  void find_ranges() {
    Decision current = kUnknownCall;
    Decision wanted = simplest_of(0);
    for (size_t i = 0; i < kCalls; i++) {
      const Decision next = i + 1 < kCalls ? simplest_of(i + 1) : kUnknownCall;
      const bool starts = i == 0 || (wanted != current && next != current);
      if (starts || wanted != current)
        marks_[mark_count_++] = {static_cast<uint16_t>(i), wanted, starts};
      if (starts) current = wanted;
      wanted = next;
    }
  }

  // The start of a range that is nearest to the middle; `low` itself when there is no other.
  [[nodiscard]] size_t middle_start(size_t low, size_t high) const {
    const size_t middle = (low + high) / 2;
    for (size_t away = 0; away <= high - low; away++) {
      if (middle + away < high && marks_[middle + away].starts) return middle + away;
      if (middle > low + away && marks_[middle - away].starts) return middle - away;
    }
    return low;
  }

  // The marks from `low`, a range's start, to before `high`; by halves.
  Label tree(size_t low, size_t high) {
    const size_t middle = middle_start(low, high);
    if (middle == low) return leaf(outcome(marks_[low].decision), low + 1, high);
    const Label above = tree(middle, high);
    const Label below = tree(low, middle);
    return test(kJumpAtLeast, marks_[middle].first, above, below);
  }

  // The exceptions of one range, a few in a row.
  Label leaf(Label otherwise, size_t low, size_t high) {
    constexpr size_t kInARow = 3;
    if (high - low > kInARow) {
      const size_t middle = (low + high) / 2;
      const Label above = leaf(otherwise, middle, high);
      const Label below = leaf(otherwise, low, middle);
      return test(kJumpAtLeast, marks_[middle].first, above, below);
    }
    Label next = otherwise;
    for (size_t i = low; i < high; i++)
      next = equals(marks_[i].first, outcome(marks_[i].decision), next);
    return next;
  }

  struct Mark {
    uint16_t first;
    Decision decision;
    bool starts;  // a range; else it is an exception
  };
  size_t mark_count_ = 0;

  static constexpr uint32_t kErrnoOf[] = {kEPERM, kEACCES, kENOSYS};
  static constexpr size_t kErrnoCount = 3;

  const Filter &filter_;
  Program &program_;
  Label allow_label_ = 0;
  Label kill_label_ = 0;
  Label errno_labels_[kErrnoCount] = {};
  Label row_labels_[kLastRow] = {};
  bool fits_ = true;
  Mark marks_[kCalls];  // behind what short instructions reach
};

}  // namespace

size_t next_decided(const Filter &filter, Decision decision, size_t behind) {
  for (size_t row = behind + 1; row < kCallCount; row++) {
    const int number = number_of_call(row);
    if (number >= 0 && filter.decisions[number] == decision) return row;
  }
  return kNone;
}

int number_of_call(size_t row) {
  size_t low = 0;
  for (size_t high = kRunCount; high - low > 1;) {
    const size_t middle = (low + high) / 2;
    if (kRuns.rows[middle].row <= row)
      low = middle;
    else
      high = middle;
  }
  return number_in(kRuns.rows[low], row);
}

bool is_in_group(size_t row, size_t group) {
  constexpr auto kGroups = static_cast<size_t>(Group::Other);
  const Call &call = kCallRows.rows[row];
  if (group >= kGroups) return (call.more >> (group - kGroups) & 1) != 0;
  return call.group == group;
}

Text reason_of(Decision decision) {
  size_t row = decision;
  Text reason;
  do reason = text_at(kReasons, --row);
  while (reason.empty());
  return reason;
}

Text answer_of(Decision decision) {
  switch (kRefusals[decision - 1].answer) {
    case Answer::Eperm: return "EPERM"_t;
    case Answer::Eacces: return "EACCES"_t;
    case Answer::Enosys: return "ENOSYS"_t;
    default: return "by argument"_t;
  }
}

void decide(const Policy &policy, const Plan &plan, Filter &filter) {
  refuse_by_default(filter);
  Opened &opened = filter.opened;
  opened.tcp_connect_any = opens_all_ports(policy, Directive::Connect, false);
  opened.tcp =
      opens_port(policy, Directive::Connect, false) || opens_port(policy, Directive::Bind, false);
  opened.udp =
      opens_port(policy, Directive::Connect, true) || opens_port(policy, Directive::Bind, true);
  open_sockets(policy, plan, opened);
  opened.no_metadata = !opens_metadata(policy, plan);
  opened.times_of_open = opens_times(policy, plan);
  opened.no_core = forbids_cores(policy);
  open_rows(policy, plan, filter);
  apply_only(policy, filter);
  apply_verb(policy, SyscallVerb::Allow, kAllowed, filter);
  apply_verb(policy, SyscallVerb::Deny, kRefusedByPolicy, filter);
  for (size_t i = 0; i < policy.rule_count; i++)
    if (is_verb(policy.rules[i], SyscallVerb::Action))
      opened.kill = policy.rules[i].value == "kill"_t;
}

// `fs write_file` without truncate: the filter cannot tell that a file was opened to be written
// only.
static bool writes_without_truncate(const Policy &policy) {
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive == Directive::Fs && (rule.rights & mask_of(RightId::write_file)) != 0 &&
        (rule.rights & mask_of(RightId::truncate)) == 0)
      return true;
  }
  return false;
}

void close_gaps(const Policy &policy, const Filter &filter, Plan &plan) {
  constexpr uint64_t kTcp = mask_of(RightId::bind_tcp) | mask_of(RightId::connect_tcp);
  constexpr uint64_t kUdp = mask_of(RightId::bind_udp) | mask_of(RightId::connect_send_udp);
  const auto close = [&](Field field, uint64_t rights) {
    const auto index = static_cast<size_t>(field);
    plan.closed[index] |= plan.gaps[index] & rights;
    plan.gaps[index] &= ~rights;
  };
  if (is_refused(filter, "truncate"_call) && is_refused(filter, "openat"_call) &&
      is_refused(filter, "open"_call) && is_refused(filter, "openat2"_call) &&
      !writes_without_truncate(policy))
    close(Field::Fs, mask_of(RightId::truncate));
  plan.unbound_listen = opens_port(policy, Directive::Bind, false) &&
                        !opens_all_ports(policy, Directive::Bind, false) &&
                        !is_refused(filter, "listen"_call);
  if (!is_refused(filter, "socket"_call)) return;
  if (!filter.opened.tcp) close(Field::Net, kTcp);
  if (!filter.opened.udp) close(Field::Net, kUdp);
  if (filter.opened.unix_sockets || !is_refused(filter, "socketpair"_call)) return;
  close(Field::Fs, mask_of(RightId::resolve_unix));
  close(Field::Scope, mask_of(RightId::abstract_unix_socket));
}

bool is_refused(const Filter &filter, size_t row) {
  const int number = number_of_call(row);
  return number < 0 || filter.decisions[number] != kAllowed;
}

bool compile(const Filter &filter, Program &program) { return Compiler(filter, program).compile(); }

}  // namespace ll
