#include "explainer.h"

#include "address.h"
#include "calls.h"
#include "core/peer.h"
#include "line.h"
#include "os/input/executable_file.h"
#include "os/query/access_check.h"
#include "permitted.h"
#include "refusals.h"
#include "tracee_memory.h"

namespace ll {

bool takes(Directive directive) {
  return directive == Directive::Deny || directive == Directive::Keep ||
         directive == Directive::NoConnect;
}

namespace {

constexpr uint64_t kToRun = mask_of(RightId::execute) | mask_of(RightId::read_file);

bool handles(const Plan &plan, Field field, RightId right) {
  return (plan.handled[index_of(field)] & mask_of(right)) != 0;
}

bool has_line(Layer layer) {
  return layer == Layer::Landlock || layer == Layer::Filter || layer == Layer::Logged;
}

class Explainer {
 public:
  Explainer(const TraceContext &sandbox, int tid) : sandbox_(sandbox), tid_(tid) {
    refusal_.process = name_of_task(tid, name_);
  }

  void add(Layer layer) {
    refusal_.layer = layer;
    refusal_.line = has_line(layer) ? line_.text() : Text{};
    add_refusal(refusal_);
    line_.clear();
  }

  Refusal &refusal() { return refusal_; }
  Builder &line() { return line_; }
  [[nodiscard]] const TraceContext &sandbox() const { return sandbox_; }
  [[nodiscard]] int tid() const { return tid_; }

  // What of it the plan does not grant is refused by Landlock.
  bool judge_need(const Need &need) {
    Verdict verdict;
    check_access(sandbox_.policy, sandbox_.plan, {}, need.path, need.rights, kOfEntries, verdict);
    if (verdict.error < 0) return false;
    const uint64_t lacking = need.rights & ~verdict.granted & ~verdict.unhandled;
    if (lacking == 0) return false;
    refusal_.rights = lacking;
    refusal_.nearest = verdict.nearest;
    refusal_.obstacle = verdict.obstacle;
    FixedString<kMaxPath> target;
    const int process = process_in(need.path);
    if (process == 0) {
      target << need.path;
      write_path_line(line_, need.path, need.kind, lacking);
      const Text place = place_of_line(need.path, need.kind, lacking);
      Text home;
      lookup(sandbox_.environment, "HOME"_t, home);
      refusal_.too_much = place.size == 1 || is_in(home, place);
      // A capability that root keeps may permit what the mode does not.
      refusal_.forbidden = last_rule(sandbox_.policy, Directive::Cap) == nullptr &&
                           !is_permitted(need.path, need.kind, lacking);
    } else {
      // Its number is another in the next run.
      const Text own = process == sandbox_.command || process == process_of(tid_) ? "/proc/self"_t
                                                                                  : "/proc/PID"_t;
      const Text rest = need.path.from(6);
      target << own << rest.from(rest.first(find(rest, '/')).size);
      line_ << name_of(directive_for(lacking))
            << (process == sandbox_.command ? " /proc/self"_t : " /proc"_t);
    }
    refusal_.target = target.text();
    // Landlock can only grant: what `deny` takes out, no line brings back beside it.
    const bool taken = verdict.nearest != nullptr && takes(verdict.nearest->directive);
    if (taken || verdict.obstacle != nullptr || refusal_.forbidden) line_.clear();
    add(Layer::Landlock);
    refusal_.rights = 0;
    refusal_.nearest = refusal_.obstacle = nullptr;
    refusal_.too_much = false;
    refusal_.forbidden = false;
    return true;
  }

 private:
  const TraceContext &sandbox_;
  int tid_;
  char name_[64];
  Refusal refusal_;
  FixedString<2 * kMaxPath> line_;
};

Layer layer_of(long error) {
  switch (error) {
    case uapi::kENOENT: return Layer::Missing;
    case uapi::kEROFS: return Layer::ReadOnly;
    default: return Layer::Permissions;
  }
}

// The kernel opens the interpreter of a script or a program with the same rights.
bool judge_interpreters(Explainer &explainer, Text path) {
  static char names[2][kMaxPath];
  Builder(names[0], kMaxPath) << path << '\0';
  bool refused = false;
  constexpr int kMaxChain = 8;  // fs/exec.c follows 5, then ld.so
  for (int i = 0; i < kMaxChain; i++) {
    if (!read_interpreter(names[i % 2], names[(i + 1) % 2], kMaxPath)) break;
    Needs needs;
    add_need(explainer.tid(), kCurrentDirectory, c_text(names[(i + 1) % 2]), true, kToRun, needs);
    if (needs.count > 0) refused = explainer.judge_need(needs.rows[0]) || refused;
  }
  return refused;
}

// rename(2), link(2): across file systems is no refusal. Within one, Landlock does not let a file
// get rights by being moved to where there are more (security/landlock/fs.c).
bool is_one_device(const Needs &needs) {
  uint64_t devices[2];
  for (size_t i = 0; i < 2; i++) {
    FixedString<kMaxPath + 1> folder;
    folder << parent_of(needs.rows[i].path) << '\0';
    uapi::Statx stat;
    if (sys::stat_at(uapi::kAT_FDCWD, folder.text().data, 0, stat) < 0) return false;
    devices[i] = uapi::device_of(stat);
  }
  return devices[0] == devices[1];
}

void explain_widening(Explainer &explainer, const Needs &needs) {
  if (needs.count < 2 || !is_one_device(needs)) return;
  Refusal &refusal = explainer.refusal();
  refusal.rights = mask_of(RightId::refer);
  refusal.target = needs.rows[1].path;
  explainer.line() << name_of(Directive::Rw) << ' ';
  write_value(explainer.line(), parent_of(needs.rows[0].path));
  explainer.add(Layer::Landlock);
}

// isatty(3) of what is no terminal: libc asks it of every file that it buffers, and the answer is
// no either way.
bool only_asks_for_terminal(const Task &task, const Needs &needs) {
  constexpr uint64_t kGetTerminal = 0x5401;  // TCGETS
  if (task.traced->kind != CallKind::Ioctl || needs.count == 0) return false;
  const Text path = needs.rows[0].path;
  return (task.call.arguments[1] & UINT32_MAX) == kGetTerminal &&
         !starts_with(path, "/dev/tty"_t) && !starts_with(path, "/dev/pts/"_t) &&
         !(path == "/dev/console"_t);
}

void explain_path(Explainer &explainer, const Task &task, long error) {
  Needs needs;
  Refusal &refusal = explainer.refusal();
  refusal.what = name_of_call(task.call.number);
  const bool own_root = shares_root(task.tid);
  find_needs(task.tid, *task.traced, task.call, needs);
  if (error == uapi::kENOENT) {
    if (needs.count == 0 || needs.rows[0].kind != Kind::Missing) return;
    refusal.target = needs.rows[0].path;
    return explainer.add(Layer::Missing);
  }
  if (only_asks_for_terminal(task, needs) && !explainer.sandbox().verbose) return;
  if (!own_root || needs.error == -uapi::kEFAULT) return explainer.add(Layer::Unknown);
  bool refused = false;
  if (error == uapi::kEACCES || error == uapi::kEXDEV)
    for (size_t i = 0; i < needs.count; i++)
      refused = explainer.judge_need(needs.rows[i]) || refused;
  if (!refused && task.traced->kind == CallKind::Execute && needs.count > 0)
    refused = judge_interpreters(explainer, needs.rows[0].path);
  if (refused) return;
  if (error == uapi::kEXDEV) return explain_widening(explainer, needs);
  if (needs.count == 0 && needs.error == 0) return;  // ioctl(2) has its own refusals
  refusal.target = needs.count > 0 ? needs.rows[needs.count - 1].path : needs.asked;
  explainer.add(layer_of(error));
}

bool is_port_granted(const Policy &policy, Directive directive, const Address &address) {
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive == directive && !names_host(rule) && rule.udp == address.udp &&
        rule.low <= address.port && address.port <= rule.high)
      return true;
  }
  return false;
}

void explain_port(Explainer &explainer, const Address &address, bool binds) {
  const TraceContext &sandbox = explainer.sandbox();
  Refusal &refusal = explainer.refusal();
  const Directive directive = binds ? Directive::Bind : Directive::Connect;
  RightId right = binds ? RightId::bind_tcp : RightId::connect_tcp;
  if (address.udp) right = binds ? RightId::bind_udp : RightId::connect_send_udp;
  FixedString<32> port;
  port << (address.udp ? "UDP port "_t : "TCP port "_t) << address.port;
  refusal.target = port.text();
  if (!handles(sandbox.plan, Field::Net, right) ||
      is_port_granted(sandbox.policy, directive, address))
    return explainer.add(Layer::Permissions);
  explainer.line() << name_of(directive) << ' ' << address.port << (address.udp ? "/udp"_t : ""_t);
  refusal.what = nth(kRightNames, static_cast<size_t>(right));
  explainer.add(Layer::Landlock);
}

void explain_socket_path(Explainer &explainer, const Task &task, const Address &address, bool binds,
                         long error) {
  Needs needs;
  Refusal &refusal = explainer.refusal();
  add_need(task.tid, kCurrentDirectory, address.path, !binds,
           mask_of(binds ? RightId::make_sock : RightId::resolve_unix), needs);
  if (needs.count > 0) refusal.target = needs.rows[0].path;
  if (error == uapi::kENOENT || error == uapi::kEROFS) return explainer.add(layer_of(error));
  if (!shares_root(task.tid) || needs.count == 0) return explainer.add(Layer::Unknown);
  if (!explainer.judge_need(needs.rows[0])) explainer.add(Layer::Permissions);
}

void explain_address(Explainer &explainer, const Task &task, const Address &address, long error) {
  const TraceContext &sandbox = explainer.sandbox();
  const bool binds = task.traced->kind == CallKind::Bind;
  Refusal &refusal = explainer.refusal();
  refusal.what = name_of_call(task.call.number);
  switch (address.kind) {
    case Address::None:
    case Address::Other: return explainer.add(layer_of(error));
    case Address::Unix: return explain_socket_path(explainer, task, address, binds, error);
    case Address::Inet:
      if (error == uapi::kEACCES) return explain_port(explainer, address, binds);
      return explainer.add(layer_of(error));
    case Address::Abstract: break;
  }
  FixedString<160> name;
  name << '@' << address.path;
  refusal.target = name.text();
  const bool scoped = handles(sandbox.plan, Field::Scope, RightId::abstract_unix_socket);
  if (!scoped || error != uapi::kEPERM) return explainer.add(layer_of(error));
  explainer.line() << "ipc abstract-unix"_t;
  explainer.add(Layer::Landlock);
}

// All that is traced is in the sandbox, and only that.
void explain_signal(Explainer &explainer, const Task &task) {
  Refusal &refusal = explainer.refusal();
  refusal.what = name_of_call(task.call.number);
  const auto process = static_cast<int>(task.call.arguments[task.traced->directory]);
  const bool by_descriptor = task.traced->kind == CallKind::SignalFd;
  FixedString<128> target;
  if (by_descriptor || process <= 0) {
    target << "other processes"_t;
  } else {
    char name[64];
    target << "process "_t << name_of_task(process, name);
  }
  refusal.target = target.text();
  const bool inside = !by_descriptor && was_task(process);
  if (inside || !handles(explainer.sandbox().plan, Field::Scope, RightId::signal))
    return explainer.add(Layer::Permissions);
  explainer.line() << "ipc signal"_t;
  explainer.add(Layer::Landlock);
}

// ptrace(2): what is traced has its tracer, this one. A process outside cannot be traced from
// inside (security/landlock/task.c, hook_ptrace_access_check), and no line changes that.
void explain_ptrace(Explainer &explainer, const Task &task) {
  constexpr uint64_t kTraceMe = 0;
  const auto process = static_cast<int>(task.call.arguments[task.traced->directory]);
  const bool inside = task.call.arguments[task.traced->more] == kTraceMe || was_task(process);
  const bool restricted = explainer.sandbox().plan.kernel.landlock == Landlock::On;
  explainer.refusal().what = "ptrace"_t;
  explainer.refusal().target =
      inside ? "(it is traced itself; try it with ll-exec)"_t : "of a process outside"_t;
  explainer.add(inside ? Layer::Tracer : restricted ? Layer::Landlock : Layer::Permissions);
}

bool is_refusal(CallKind kind, long error) {
  switch (kind) {
    case CallKind::Ioctl:
    case CallKind::Ftruncate: return error == uapi::kEACCES;
    case CallKind::Signal:
    case CallKind::SignalFd:
    case CallKind::Ptrace: return error == uapi::kEPERM;
    case CallKind::Rename:
    case CallKind::Link:
      if (error == uapi::kEXDEV) return true;
      break;
    default: break;
  }
  return error == uapi::kEACCES || error == uapi::kEPERM || error == uapi::kEROFS ||
         error == uapi::kENOENT;
}

// ---- the filter

constexpr char kFamilies[] = "AF_UNSPEC\0AF_UNIX\0AF_INET\0";
constexpr char kTypes[] = "?\0SOCK_STREAM\0SOCK_DGRAM\0SOCK_RAW\0SOCK_RDM\0SOCK_SEQPACKET\0";

Text family_name(uint64_t family) {
  switch (family) {
    case 0:
    case 1:
    case 2: return nth(kFamilies, family);
    case 10: return "AF_INET6"_t;
    case 16: return "AF_NETLINK"_t;
    case 17: return "AF_PACKET"_t;
    case 40: return "AF_VSOCK"_t;
    default: return {};
  }
}

void describe_socket(Builder &out, const Syscall &call) {
  const uint64_t family = call.arguments[0] & UINT32_MAX;
  const uint64_t type = call.arguments[1] & 0xf;
  const uint64_t protocol = call.arguments[2] & UINT32_MAX;
  const Text name = family_name(family);
  if (name.empty())
    out << "family "_t << family;
  else
    out << name;
  out << ' ' << nth(kTypes, type > 5 ? 0 : type);
  if (protocol != 0) out << " protocol "_t << protocol;
}

// A call that creates a socket does not say which port it will be for.
void write_socket_line(Builder &line, const TraceContext &sandbox, const Syscall &call) {
  const uint64_t family = call.arguments[0] & UINT32_MAX;
  const uint64_t type = call.arguments[1] & 0xf;
  const uint64_t protocol = call.arguments[2] & UINT32_MAX;
  const uint64_t ports = sandbox.plan.kernel.rights[index_of(Field::Net)];
  const bool inet = family == 2 || family == 10;
  if (family == 1) {
    line << "unix any"_t;
  } else if (inet && type == 1 && (protocol == 0 || protocol == 6)) {
    line << ((ports & mask_of(RightId::connect_tcp)) != 0 ? "connect PORT"_t : "connect any"_t);
  } else if (inet && type == 2 && (protocol == 0 || protocol == 17)) {
    line << ((ports & mask_of(RightId::connect_send_udp)) != 0 ? "connect PORT/udp"_t
                                                               : "connect any/udp"_t);
  } else if (family == 16 && protocol == 0) {
    line << "connect PORT"_t;  // netlink(7) comes with the network
  } else {
    line << "syscall allow socket"_t;
  }
}

bool is_in_group_named(uint64_t number, Text group) {
  const size_t row = row_of_call(number);
  const size_t index = row_named(kGroupNames, group);
  return row != kNpos && index != kNpos && is_in_group(row, index);
}

}  // namespace

void write_filter_line(Builder &line, const TraceContext &sandbox, const Syscall &call, Text name) {
  if (name == "socket"_t) return write_socket_line(line, sandbox, call);
  const uint64_t type = call.arguments[1] & 0xf;
  if (name == "socketpair"_t && (type == 2 || type == 3)) {
    line << "unix any"_t;
  } else if (starts_with(name, "mknod"_t)) {
    line << "fs make_char,make_block DIRECTORY"_t;
  } else if (name == "listen"_t) {
    line << "bind PORT"_t;
  } else if (starts_with(name, "send"_t)) {
    line << "connect any"_t;
  } else if (is_in_group_named(call.number, "@sysv-ipc"_t)) {
    line << "ipc sysv"_t;
  } else if (is_in_group_named(call.number, "@metadata"_t)) {
    line << "metadata allow"_t;
  } else {
    line << "syscall allow "_t << name;
  }
}

uint8_t attempt_of(const Syscall &socket) {
  const uint64_t family = socket.arguments[0] & UINT32_MAX;
  const bool inet = family == 2 || family == 10;
  if (family == 1) return kTriedUnix;
  if (family == 16) return kTriedNetlink;
  return inet && (socket.arguments[1] & 0xf) == 2 ? kTriedUdp : 0;
}

namespace {

// The rule that takes a call away: what `syscall allow` says does not bring it back.
const Rule *rule_against(const Policy &policy, size_t row) {
  const Rule *found = nullptr;
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive != Directive::Syscall) continue;
    const auto verb = static_cast<SyscallVerb>(rule.resource);
    const bool named = rule.any ? is_in_group(row, rule.low) : row == rule.low;
    if (verb == SyscallVerb::Only && found == nullptr) found = &rule;
    if (verb == SyscallVerb::Deny && named) found = &rule;
  }
  return found;
}

// The path that a call is about, where its first or second argument is one.
bool names_path(Text name) {
  constexpr char kNames[] =
      "chmod\0chown\0lchown\0utime\0utimes\0setxattr\0lsetxattr\0removexattr\0lremovexattr\0"
      "chroot\0mount\0umount2\0pivot_root\0swapon\0swapoff\0acct\0";
  return row_named(kNames, name) != kNpos;
}
bool names_path_at(Text name) {
  constexpr char kNames[] =
      "fchmodat\0fchmodat2\0fchownat\0utimensat\0futimesat\0setxattrat\0removexattrat\0mknodat\0"
      "name_to_handle_at\0open_tree\0fspick\0mount_setattr\0file_setattr\0";
  return row_named(kNames, name) != kNpos;
}
bool names_descriptor(Text name) {
  constexpr char kNames[] = "fchmod\0fchown\0fsetxattr\0fremovexattr\0";
  return row_named(kNames, name) != kNpos;
}

void find_target(int tid, const Syscall &call, Text name, Builder &out) {
  static char buffer[kMaxPath];
  static char resolved[kMaxPath];
  Text path;
  const bool at = names_path_at(name);
  long size = -1;
  // utimensat(2) without a path is about the descriptor's own file.
  if (names_descriptor(name) || (at && call.arguments[1] == 0)) {
    size = path_of_descriptor(tid, static_cast<int>(call.arguments[0]), resolved);
  } else if (at || names_path(name)) {
    const auto directory = at ? static_cast<int>(call.arguments[0]) : kCurrentDirectory;
    if (!read_string(tid, call.arguments[at ? 1 : 0], buffer, path)) return;
    size = resolve_for(tid, directory, path, true, resolved);
  }
  if (size > 0) out << Text{resolved, static_cast<size_t>(size)};
}

// A file that is neither this user's nor one to write to: chmod(2), utimensat(2). Root's privileges
// are taken away.
bool is_of_another(Text path) {
  FixedString<kMaxPath + 1> name;
  name << path << '\0';
  uapi::Statx stat;
  if (path.empty() || sys::stat_at(uapi::kAT_FDCWD, name.text().data, 0, stat) < 0) return false;
  return stat.uid != static_cast<uint32_t>(sys::user()) &&
         !is_permitted(path, Kind::File, mask_of(RightId::write_file));
}

// packet(7), raw(7): they need CAP_NET_RAW, whatever the filter says.
bool needs_raw_sockets(const Syscall &socket) {
  constexpr uint64_t kPacket = 17, kRaw = 3;
  const uint64_t family = socket.arguments[0] & UINT32_MAX;
  const bool inet = family == 2 || family == 10;
  return family == kPacket || (inet && (socket.arguments[1] & 0xf) == kRaw);
}

// libc goes on without them; that they are refused says nothing about the command.
bool is_common(const Filter &filter, const Syscall &call, Text name) {
  const bool unknown = call.number >= kCalls || filter.decisions[call.number] == kUnknownCall;
  return unknown || name == "clone3"_t;
}

}  // namespace

void explain_filter(const TraceContext &sandbox, int tid, const Syscall &call, long error) {
  const Text name = name_of_call(call.number);
  if (is_common(sandbox.filter, call, name) && !sandbox.verbose) return;
  if (name == "socket"_t && (attempt_of(call) & sandbox.tolerated) != 0) return;
  Explainer explainer(sandbox, tid);
  Refusal &refusal = explainer.refusal();
  FixedString<kMaxPath + 64> target;
  const bool sockets = name == "socket"_t || name == "socketpair"_t;
  sockets ? describe_socket(target, call) : find_target(tid, call, name, target);
  refusal.what = name;
  refusal.target = target.text();
  refusal.error = error;
  const Decision decision =
      call.number < kCalls ? sandbox.filter.decisions[call.number] : kUnknownCall;
  if (decision == kRefusedByPolicy)
    refusal.nearest = rule_against(sandbox.policy, row_of_call(call.number));
  else if (decision != kUnknownCall)
    write_filter_line(explainer.line(), sandbox, call, name);
  refusal.decision = decision <= kLastRow ? decision : 0;
  // To open a whole call is to open the sandbox.
  refusal.too_much = starts_with(explainer.line().text(), "syscall"_t);
  refusal.unprivileged = sockets && needs_raw_sockets(call) && sys::user() != 0;
  refusal.forbidden =
      explainer.line().text() == "metadata allow"_t && is_of_another(refusal.target);
  if (refusal.unprivileged || refusal.forbidden) explainer.line().clear();
  refusal.nested = name == "unshare"_t || name == "clone"_t || name == "setns"_t;
  explainer.add(Layer::Filter);
}

void explain_result(const TraceContext &sandbox, const Task &task, long error) {
  const CallKind kind = task.traced->kind;
  if (!is_refusal(kind, error)) return;
  if (error == uapi::kENOENT && !sandbox.verbose) return;
  Explainer explainer(sandbox, task.tid);
  switch (kind) {
    case CallKind::Signal:
    case CallKind::SignalFd: return explain_signal(explainer, task);
    case CallKind::Ptrace: return explain_ptrace(explainer, task);
    case CallKind::Connect:
    case CallKind::Bind:
    case CallKind::Send:
    case CallKind::Sendmsg:
    case CallKind::Sendmmsg: {
      for (size_t i = 0;; i++) {
        const Address address = address_of_call(task.tid, *task.traced, task.call, i);
        if (address.kind == Address::None && i > 0) return;
        explain_address(explainer, task, address, error);
        if (kind != CallKind::Sendmmsg) return;
      }
    }
    default: return explain_path(explainer, task, error);
  }
}

void explain_log(const TraceContext &sandbox, int tid, const Syscall &call) {
  Explainer explainer(sandbox, tid);
  Refusal &refusal = explainer.refusal();
  refusal.what = name_of_call(call.number);
  refusal.nearest = rule_against(sandbox.policy, row_of_call(call.number));
  explainer.line() << "syscall only "_t << refusal.what;
  explainer.add(Layer::Logged);
}

void explain_kill(const TraceContext &sandbox, int tid) {
  Explainer explainer(sandbox, tid);
  Refusal &refusal = explainer.refusal();
  const long number = sys::number_of_stopped_call(tid);
  const bool ours = number >= 0 && static_cast<size_t>(number) < kCalls &&
                    sandbox.filter.opened.kill() &&
                    sandbox.filter.decisions[number] == kRefusedByPolicy;
  if (ours) {
    refusal.what = name_of_call(static_cast<uint64_t>(number));
    refusal.target = "(it was killed)"_t;
    refusal.nearest = rule_against(sandbox.policy, row_of_call(static_cast<uint64_t>(number)));
  } else {
    refusal.what = "a call"_t;
    refusal.target = "of another architecture, such as a 32-bit program's (it was killed)"_t;
  }
  explainer.add(Layer::Filter);
}

// execve(2): a program with a set-user-ID or set-group-ID bit gets nothing by it, nor one with
// capabilities of its own (capabilities(7)). The user root has those without it.
void explain_start(const TraceContext &sandbox, int tid) {
  constexpr uint16_t kSetId = 06000;
  FixedString<64> link;
  link << "/proc/"_t << static_cast<uint64_t>(tid) << "/exe"_t << '\0';
  uapi::Statx stat;
  if (sys::stat_at(uapi::kAT_FDCWD, link.text().data, 0, stat) < 0) return;
  const auto user = static_cast<uint32_t>(sys::user());
  const bool sets_id = (stat.mode & kSetId) != 0 && stat.uid != user;
  const bool capable = user != 0 && sys::attribute(link.text().data, "security.capability") > 0;
  if (!sets_id && !capable) return;
  static char path[kMaxPath];
  const long size = sys::read_link(link.text().data, path, sizeof path);
  if (size <= 0) return;
  Explainer explainer(sandbox, tid);
  explainer.refusal().what = sets_id ? "set-user-ID, set-group-ID:"_t : "file capabilities:"_t;
  explainer.refusal().target = {path, static_cast<size_t>(size)};
  explainer.add(Layer::NoNewPrivileges);
}

}  // namespace ll
