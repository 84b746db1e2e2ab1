#include "learn.h"

#include "address.h"
#include "calls.h"
#include "hosts.h"
#include "intern.h"
#include "os/input/executable_file.h"
#include "record.h"
#include "tracee_memory.h"

namespace ll {

constinit Profile profile{};

namespace {

constexpr size_t kPlaces = 2 * kMaxRecordedPaths;
constinit uint16_t places[kPlaces]{};  // by the path's address; its row, plus 1

size_t place_of(Text kept) {
  size_t place = (reinterpret_cast<uintptr_t>(kept.data) * 0x9e3779b97f4a7c15 >> 40) % kPlaces;
  while (places[place] != 0 && profile.paths[places[place] - 1].path.data != kept.data)
    place = (place + 1) % kPlaces;
  return place;
}

RecordedPath *record_path(Text kept) {
  uint16_t &row = places[place_of(kept)];
  if (row != 0) return &profile.paths[row - 1];
  if (profile.count == kMaxRecordedPaths) {
    profile.full = true;
    return nullptr;
  }
  profile.paths[profile.count] = {.path = kept};
  row = static_cast<uint16_t>(++profile.count);
  return &profile.paths[profile.count - 1];
}

void record_line(Text line, bool suspicious) {
  const Text kept = intern(line);
  if (kept.empty()) return;
  for (size_t i = 0; i < profile.line_count; i++)
    if (profile.lines[i].line.data == kept.data) return;
  if (profile.line_count == kMaxRecordedRules) {
    profile.full = true;
    return;
  }
  profile.lines[profile.line_count++] = {kept, suspicious};
}

void record_name(const Need &need) {
  if (need.named.empty()) return;
  for (size_t i = 0; i < profile.name_count; i++)
    if (profile.names[i].name.data == need.named.data) return;
  if (profile.name_count == kMaxNames) {
    profile.full = true;
    return;
  }
  profile.names[profile.name_count++] = {need.named, need.path};
}

void record_need(const Need &need, RecordedPath &recorded) {
  if (!record.on) return;
  if (recorded.rights == 0) recorded.by = record.now;
  if ((need.rights & kRun) != 0)
    recorded.runs++;
  else if ((need.rights & kLook) != 0)
    recorded.reads++;
  if ((need.rights & ~kRun & ~kLook) != 0) recorded.writes++;
  record.changes++;
  record_rights(need.path, need.rights & ~recorded.rights);
}

void record_need(const Need &need, bool creates) {
  RecordedPath *recorded = record_path(need.path);
  if (recorded == nullptr) return;
  record_name(need);
  record_need(need, *recorded);
  // What was created in this run needs nothing of its own but to be run.
  recorded->rights |= need.rights;
  recorded->created = recorded->created || (creates && need.kind == Kind::Missing);
  recorded->missing = false;
}

void record_needs(const Needs &needs) {
  for (size_t i = 0; i < needs.count; i++) {
    const Need &need = needs.rows[i];
    constexpr uint64_t kMakes = kOfEntries & ~mask_of(RightId::remove_dir) &
                                ~mask_of(RightId::remove_file) & ~mask_of(RightId::refer);
    if (need.rights != 0) record_need(need, (need.rights & kMakes) != 0);
  }
}

// Landlock knows what was opened under it: what was inherited, a terminal for one, is free. A
// second need is of what the call itself opened.
void record_of_opened(const Needs &needs) {
  if (needs.count == 0) return;
  if (needs.count > 1) record_need(needs.rows[1], false);
  const uint16_t row = places[place_of(needs.rows[0].path)];
  if (row != 0) profile.paths[row - 1].rights |= needs.rows[0].rights;
}

void record_missing(const Needs &needs) {
  if (needs.count == 0 || needs.rows[0].kind != Kind::Missing) return;
  RecordedPath *recorded = record_path(needs.rows[0].path);
  if (recorded != nullptr && recorded->rights == 0) recorded->missing = true;
}

// ---- sockets

void note_use(const Address &address) {
  if (address.udp) profile.needed |= kTriedUdp;
  profile.needed |= kTriedNetlink;
}

void record_peer(const Address &address) {
  note_use(address);
  record_peer(Peered::Connect, address, name_looked_up(address.host), 1);
  profile.full = !record_host(address) || profile.full;
}

void record_own_port(const TraceContext &sandbox, const Address &address) {
  note_use(address);
  record_peer(Peered::Listen, address, {}, 1);
  const RightId right = address.udp ? RightId::bind_udp : RightId::bind_tcp;
  const uint64_t ports = sandbox.plan.kernel.rights[index_of(Field::Net)];
  const bool one_by_one = (ports & mask_of(right)) != 0;
  for (size_t i = 0; i < sandbox.policy.rule_count; i++) {
    const Rule &rule = sandbox.policy.rules[i];
    const bool all = !one_by_one && opens_all_ports(rule);
    if (rule.directive == Directive::Bind && rule.udp == address.udp &&
        (all || (rule.low <= address.port && address.port <= rule.high)))
      return;
  }
  FixedString<48> line;
  line << name_of(Directive::Bind) << ' ';
  if (one_by_one)
    line << address.port;
  else
    line << "any"_t;
  if (address.udp) line << "/udp"_t;
  record_line(line.text(), false);
}

// connect(2) of a datagram socket sends nothing: getaddrinfo(3) sorts addresses with it.
constexpr size_t kMostPending = 64;
constinit Address pending[kMostPending]{};
constinit size_t pending_count = 0;

void record_unix(const TraceContext &sandbox, int tid, const Address &address) {
  profile.needed |= kTriedUnix;
  record_peer(Peered::Unix, {}, address.path, 1);
  const uint64_t rights = sandbox.plan.kernel.rights[index_of(Field::Fs)];
  if ((rights & mask_of(RightId::resolve_unix)) == 0) {
    if (!opens_all_unix(sandbox.policy)) record_line("unix any"_t, false);
    return;
  }
  Needs needs;
  add_need(tid, kCurrentDirectory, address.path, true, mask_of(RightId::resolve_unix), needs);
  record_needs(needs);
}

void record_bound(const TraceContext &sandbox, int tid, const Address &address) {
  if (address.kind == Address::Inet) record_own_port(sandbox, address);
  if (address.kind != Address::Unix) return;
  profile.needed |= kTriedUnix;
  const uint64_t rights = sandbox.plan.kernel.rights[index_of(Field::Fs)];
  if ((rights & mask_of(RightId::resolve_unix)) == 0 && !opens_all_unix(sandbox.policy))
    record_line("unix any"_t, false);
  Needs needs;
  add_need(tid, kCurrentDirectory, address.path, false, mask_of(RightId::make_sock), needs);
  for (size_t i = 0; i < needs.count; i++) needs.rows[i].kind = Kind::Missing;
  record_needs(needs);
}

// Answers of who was asked, or may be.
bool was_tried(long result) {
  constexpr long kInProgress = -115, kRefused = -111, kTimedOut = -110, kUnreachable = -113;
  return result >= 0 || result == kInProgress || result == kRefused || result == kTimedOut ||
         result == kUnreachable;
}

// The number is another socket's now.
void forget_pending(int descriptor) {
  for (Address &address : pending)
    if (address.descriptor == descriptor) address.kind = Address::None;
}

void record_connected(const TraceContext &sandbox, int tid, const Address &address, long result) {
  if (address.kind == Address::Unix && result >= 0) return record_unix(sandbox, tid, address);
  if (address.kind != Address::Inet || !was_tried(result)) return;
  forget_pending(address.descriptor);
  if (!address.udp) return record_peer(address);
  pending[pending_count++ % kMostPending] = address;
}

void record_sent(const TraceContext &sandbox, const Task &task) {
  bool named = false;
  for (size_t i = 0;; i++) {
    const Address address = address_of_call(task.tid, *task.traced, task.call, i);
    if (address.kind == Address::None && i > 0) break;
    if (address.kind == Address::Unix) record_unix(sandbox, task.tid, address);
    if (address.kind == Address::Inet && address.udp) record_peer(address);
    named = named || address.kind != Address::None;
    if (task.traced->kind != CallKind::Sendmmsg) break;
  }
  if (named) return;
  const auto descriptor = static_cast<int>(task.call.arguments[0]);
  const size_t count = pending_count < kMostPending ? pending_count : kMostPending;
  for (size_t i = 0; i < count; i++)
    if (pending[i].kind == Address::Inet && pending[i].descriptor == descriptor) {
      record_peer(pending[i]);
      pending[i].kind = Address::None;
    }
}

void record_signal(const TraceContext &sandbox, const Task &task) {
  const auto process = static_cast<int>(task.call.arguments[task.traced->directory]);
  const bool handled =
      (sandbox.plan.handled[index_of(Field::Scope)] & mask_of(RightId::signal)) != 0;
  if (task.traced->kind == CallKind::Signal && process > 0 && !was_task(process) && handled)
    record_line("ipc signal"_t, false);
}

// ---- what the filter would have refused

void record_refused(const TraceContext &sandbox, const Task &task) {
  const Text name = name_of_call(task.call.number);
  if (name == "socket"_t) {
    profile.tried |= attempt_of(task.call);
    return;
  }
  if (name == "listen"_t || starts_with(name, "send"_t)) return;
  if (name == "socketpair"_t) return record_line("unix any"_t, false);
  FixedString<128> line;
  write_filter_line(line, sandbox, task.call, name);
  profile.moved = profile.moved || starts_with(line.text(), "syscall"_t);
  if (line.text() == "metadata allow"_t)
    profile.metadata = true;
  else
    record_line(line.text(), starts_with(line.text(), "syscall"_t));
}

}  // namespace

const RecordedPath *find_recorded_path(Text kept) {
  const uint16_t row = places[place_of(kept)];
  return row == 0 ? nullptr : &profile.paths[row - 1];
}

// What is in another root is not what has that path here: chroot(2), mount_namespaces(7).
static bool is_elsewhere(int tid) { return profile.moved && !shares_root(tid); }

void record_start(int tid, const Needs &needs) {
  if (is_elsewhere(tid)) return;
  record_needs(needs);
  if (needs.count == 0) return;
  static char names[2][kMaxPath];
  Builder(names[0], kMaxPath) << needs.rows[0].path << '\0';
  for (int i = 0; i < 8; i++) {
    if (!read_interpreter(names[i % 2], names[(i + 1) % 2], kMaxPath)) return;
    Needs more;
    add_need(tid, kCurrentDirectory, c_text(names[(i + 1) % 2]), true,
             mask_of(RightId::execute) | mask_of(RightId::read_file), more);
    record_needs(more);
  }
}

void record_result(const TraceContext &sandbox, const Task &task, long result) {
  if (task.refused != 0) {
    if (result >= 0) record_refused(sandbox, task);
    return;
  }
  const CallKind kind = task.traced->kind;
  switch (kind) {
    case CallKind::Connect:
    case CallKind::Bind: {
      const Address address = address_of_call(task.tid, *task.traced, task.call, 0);
      if (kind == CallKind::Connect) return record_connected(sandbox, task.tid, address, result);
      if (result >= 0) record_bound(sandbox, task.tid, address);
      return;
    }
    case CallKind::Send:
    case CallKind::Sendmsg:
    case CallKind::Sendmmsg: {
      if (result >= 0) record_sent(sandbox, task);
      return;
    }
    case CallKind::Signal:
    case CallKind::SignalFd: {
      if (result >= 0) record_signal(sandbox, task);
      return;
    }
    case CallKind::Ptrace: return;
    case CallKind::Receive:
    case CallKind::ReceiveMessage:
    case CallKind::Read: return record_answer(task.tid, *task.traced, task.call, result);
    case CallKind::Ioctl:
    case CallKind::Ftruncate: {
      if (result >= 0) record_of_opened(task.needs);
      return;
    }
    default: break;
  }
  if (is_elsewhere(task.tid)) return;
  // A device without its terminal or hardware: it was found, and could be opened.
  constexpr long kNoDevice = -19, kNoTerminal = -6;
  if (result >= 0 || result == kNoDevice || result == kNoTerminal) return record_needs(task.needs);
  const bool opens = kind == CallKind::Open || kind == CallKind::Open2;
  if (opens && result == -uapi::kENOENT) record_missing(task.needs);
}

}  // namespace ll
