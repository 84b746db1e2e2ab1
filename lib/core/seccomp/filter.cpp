#include "core/seccomp/filter.h"
#include "core/seccomp/refusals.h"

namespace ll {

namespace {

using namespace bpf;

// ioctl(2): the verdict from that type and number on.
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

// Consecutive rows with the same answer need no instruction: the first row with the answer of each.
struct Simplest {
  Decision rows[kLastRow + 1];
};
consteval Simplest find_simplest() {
  Simplest simplest = {};
  for (Decision decision = 1; decision <= kLastRow; decision++) {
    Decision row = 1;
    while (kRefusals[row - 1].answer != kRefusals[decision - 1].answer) row++;
    simplest.rows[decision] = row;
  }
  return simplest;
}
constexpr Simplest kSimplest = find_simplest();

constexpr uint32_t kEPERM = 1, kEACCES = 13, kENOSYS = 38, kENOPROTOOPT = 92, kEOPNOTSUPP = 95;

class Compiler : private BpfAssembler {
 public:
  Compiler(const Filter &filter, Program &program) : BpfAssembler(program), filter_(filter) {}

  bool compile() {
    // Numbers above the table, x32's among them, are unknown calls.
    const Label unknown = outcome(kUnknownCall);
    find_ranges();
    const Label calls = tree(0, mark_count_);
    const Label known = test(kJumpAtLeast, kCalls, unknown, calls);
    check_architecture(load(kNumber, known));
    return fits();
  }

 private:
  Label allow() { return outcome(kAllowed); }
  Label refuse(uint32_t number) {
    for (size_t i = 0; i < kErrnoCount; i++)
      if (kErrnoOf[i] == number) return shared(errno_labels_[i], errno_action(number));
    return answer(errno_action(number));
  }

  Label outcome(Decision decision) {
    if (decision == kAllowed) return shared(allow_label_, kAllow);
    if (decision == kLogged) return shared(log_label_, kLog);
    if (decision == kUnknownCall) return refuse(kENOSYS);
    if (decision == kRefusedByPolicy)
      return filter_.opened.kill() ? shared(kill_label_, kKillProcess) : refuse(kEPERM);
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
      case Answer::MapExecutable: return check_map();
      case Answer::MakeExecutable: return refuse_flags(2, kExecute);
    }
    return refuse(kEPERM);
  }

  // clone(2): CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. unshare(2) has
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
  static constexpr uint32_t kWrite = 2, kExecute = 4;  // PROT_WRITE, PROT_EXEC
  static constexpr uint32_t kO_TRUNC = 01000;

  Label refuse_flags(uint32_t argument, uint32_t flags) {
    return load(low_half(argument), any_bit(flags, refuse(kEPERM), allow()));
  }

  Label check_map() {
    constexpr uint32_t kBoth = kWrite | kExecute;
    return load(low_half(2), mask(kBoth, equals(kBoth, refuse(kEPERM), allow())));
  }

  // utimensat(2) without a path: the open file.
  Label check_times() {
    const Label refused = refuse(kEPERM);
    const Label low = load(low_half(1), equals(0, allow(), refused));
    return load(low_half(1) + 4, equals(0, low, refused));
  }

  Label check_fast_open(uint32_t argument) {
    return load(low_half(argument), any_bit(kFastOpen, refuse(kEOPNOTSUPP), allow()));
  }

  // An address, where no socket is granted: an inherited socket could send to any address.
  Label check_send_to() {
    const Label flags = check_fast_open(3);
    if (filter_.opened.any_socket()) return flags;
    const Label refused = refuse(kEACCES);
    const Label low = load(low_half(4), equals(0, flags, refused));
    return load(low_half(4) + 4, equals(0, low, refused));
  }

  // Here the address is in memory, which a filter cannot read.
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

  // With RLIMIT_CORE 0 a core is piped to the program of kernel.core_pattern, with 1 it is not
  // (fs/coredump.c). A program that sets 0, as gpg and ssh-agent do, keeps 1.
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

  // Protocol 0 is the default of the type.
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
    // netlink(7): NETLINK_ROUTE, protocol 0, lists the interfaces.
    const bool network = (opened.tcp || opened.udp) && !opened.only_judged;
    const Label route = network ? load(low_half(2), equals(0, allow(), refused)) : refused;
    const Label netlink = equals(kNetlink, route, refused);
    const Label inet6 = equals(kInet6, inet, netlink);
    const Label inet4 = equals(kInet, inet, inet6);
    return load(low_half(0), equals(kUnix, opened.unix_sockets ? allow() : refused, inet4));
  }

  Label check_socket_pair() {
    const Label refused = refuse(kEACCES);
    const bool datagrams = filter_.opened.unix_sockets;
    // SOCK_RAW is a datagram socket too (net/unix/af_unix.c, unix_create).
    const Label connected = equals(kStream, allow(), equals(kPackets, allow(), refused));
    const Label type = datagrams ? allow() : load(low_half(1), mask(kTypeMask, connected));
    return load(low_half(0), equals(kUnix, type, refused));
  }

  Label verdict_of(Verdict verdict) {
    const bool metadata = verdict == Verdict::Metadata && filter_.opened.no_metadata;
    return verdict == Verdict::Refuse || metadata ? refuse(kEPERM) : allow();
  }

  // The rows from `low` up to `high`, exclusive, by binary search.
  Label commands(size_t low, size_t high) {
    if (high - low == 1) return verdict_of(kCommands[low].verdict);
    const size_t middle = (low + high) / 2;
    const Label above = commands(middle, high);
    const Label below = commands(low, middle);
    return test(kJumpAtLeast, kCommands[middle].first, above, below);
  }

  // ioctl(2) commands have 32 bits; the kernel ignores the high half.
  Label check_ioctl() {
    constexpr uint32_t kTerminal[] = {0x5412, 0x541c, 0x5423};  // TIOCSTI, TIOCLINUX, TIOCSETD
    Label next = mask(0xffff, commands(0, kCommandCount));
    for (const uint32_t command : kTerminal) next = equals(command, refuse(kEPERM), next);
    return load(low_half(1), next);
  }

  // fcntl(2): the kernel reads 32 bits. Removing a lease is refused too, since there is none.
  Label check_lease() {
    constexpr uint32_t kSetLease = 1024, kSetDelegation = 1040;
    const Label refused = refuse(kEPERM);
    return load(low_half(1), equals(kSetLease, refused, equals(kSetDelegation, refused, allow())));
  }

  // mknod(2): S_IFCHR and S_IFBLK in S_IFMT. The errno is that of Landlock.
  Label check_mode(uint32_t argument) {
    const Label refused = refuse(kEACCES);
    const Label character = equals(0020000, refused, equals(0060000, refused, allow()));
    return load(low_half(argument), mask(0170000, character));
  }

  // open(2): O_TRUNC needs O_WRONLY or O_RDWR, which Landlock sees; with O_RDONLY, and with the
  // undocumented mode 3, it truncates a file that is not open for writing.
  Label check_open(uint32_t argument) {
    const Label writes = equals(1, allow(), equals(2, allow(), refuse(kEACCES)));
    const Label mode = load(low_half(argument), mask(3, writes));
    return load(low_half(argument), any_bit(kO_TRUNC, mode, allow()));
  }

  [[nodiscard, gnu::always_inline]] Decision simplest_of(size_t number) const {
    const Decision decision = filter_.decisions[number];
    return decision <= kLastRow ? kSimplest.rows[decision] : decision;
  }

  // A range is a run of equal decisions. A single different number in it is an exception: one test
  // instead of two.
  void find_ranges() {
    Decision current = simplest_of(0);
    add_mark(0, current, true);
    for (size_t i = 1; i < kCalls; i++) {
      const Decision wanted = simplest_of(i);
      if (wanted == current) continue;
      const bool starts = i + 1 == kCalls || simplest_of(i + 1) != current;
      add_mark(i, wanted, starts);
      if (starts) current = wanted;
    }
  }

  void add_mark(size_t number, Decision decision, bool starts) {
    marks_[mark_count_++] = {static_cast<uint16_t>(number), decision, starts};
  }

  // The start of the range nearest to the middle; `low` if there is no other.
  [[nodiscard]] size_t middle_start(size_t low, size_t high) const {
    const size_t middle = (low + high) / 2;
    for (size_t away = 0; away <= high - low; away++) {
      if (middle + away < high && marks_[middle + away].starts) return middle + away;
      if (middle > low + away && marks_[middle - away].starts) return middle - away;
    }
    return low;
  }

  // The marks from `low`, the start of a range, up to `high`, exclusive, by binary search.
  Label tree(size_t low, size_t high) {
    const size_t middle = middle_start(low, high);
    if (middle == low) return leaf(outcome(marks_[low].decision), low + 1, high);
    const Label above = tree(middle, high);
    const Label below = tree(low, middle);
    return test(kJumpAtLeast, marks_[middle].first, above, below);
  }

  // The exceptions of one range, tested one after another.
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
  Label allow_label_ = 0;
  Label kill_label_ = 0;
  Label log_label_ = 0;
  Label errno_labels_[kErrnoCount] = {};
  Label row_labels_[kLastRow] = {};
  Mark marks_[kCalls];  // behind what short instructions reach
};

}  // namespace

bool compile(const Filter &filter, Program &program) { return Compiler(filter, program).compile(); }

}  // namespace ll
