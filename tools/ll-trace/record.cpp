#include "record.h"

#include "calls.h"
#include "core/mem.h"
#include "core/peer.h"
#include "intern.h"
#include "learn.h"
#include "os/query/access_check.h"
#include "tracee_memory.h"

namespace ll {

constinit Record record{};

namespace {

constexpr size_t kMostOfArguments = 1024;

uint64_t milliseconds() {
  uapi::Time time = {};
  sys::steady_clock(time);
  return static_cast<uint64_t>(time.seconds) * 1000 +
         static_cast<uint64_t>(time.nanoseconds) / 1000000;
}

uint64_t since_start() { return milliseconds() - record.started; }

Text program_of(int tid) {
  static char path[kMaxPath];
  FixedString<40> link;
  link << "/proc/"_t << static_cast<uint64_t>(tid) << "/exe"_t << '\0';
  const long size = sys::read_link(link.text().data, path, sizeof path);
  return size <= 0 ? Text{} : intern({path, static_cast<size_t>(size)});
}

// proc_pid_cmdline(5)
Text arguments_of(int tid, bool &cut) {
  static char bytes[kMostOfArguments];
  FixedString<40> name;
  name << "/proc/"_t << static_cast<uint64_t>(tid) << "/cmdline"_t << '\0';
  const long file = sys::open_at(uapi::kAT_FDCWD, name.text().data, uapi::kO_RDONLY);
  if (file < 0) return {};
  const long size = sys::read(static_cast<int>(file), bytes, sizeof bytes);
  sys::close(static_cast<int>(file));
  cut = size == static_cast<long>(sizeof bytes) && bytes[sizeof bytes - 1] != '\0';
  return size <= 0 ? Text{} : intern({bytes, static_cast<size_t>(size)});
}

// kNoProcess: there is no more room.
uint32_t add_ran(const Ran &ran) {
  if (record.ran_count == kMaxRan) {
    record.full = true;
    return kNoProcess;
  }
  record.ran[record.ran_count] = ran;
  return static_cast<uint32_t>(record.ran_count++);
}

Ran *ran_of(int tid) {
  const Task *task = find_task(tid);
  return task == nullptr || task->ran >= record.ran_count ? nullptr : &record.ran[task->ran];
}

void use_rule(const Rule *rule, uint64_t rights) {
  if (rule == nullptr) return;
  const auto index = static_cast<size_t>(rule - record.sandbox->policy.rules);
  record.uses[index]++;
  record.rights[index] |= rights;
}

bool reaches(const Rule &rule, const Peered &peered) {
  if (rule.udp != peered.udp || peered.port < rule.low || rule.high < peered.port) return false;
  if (!names_host(rule)) return true;
  Peer peer;
  if (!read_peer(rule.value.first(end_of_host(rule.value)), peer)) return false;
  return peer.kind == Peer::Addresses ? holds(peer, peered.address) : names(peer, peered.name);
}

void use_rules_of(const Peered &peered) {
  const Policy &policy = record.sandbox->policy;
  const Directive directive = peered.kind == Peered::Connect  ? Directive::Connect
                              : peered.kind == Peered::Listen ? Directive::Bind
                                                              : Directive::Unix;
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (rule.directive != directive) continue;
    const bool used = directive == Directive::Unix ? rule.any : reaches(rule, peered);
    if (used) use_rule(&rule, 0);
  }
}

void add_peer(Peered peered, uint64_t count) {
  record.changes++;
  for (size_t i = 0; i < record.peered_count; i++) {
    Peered &other = record.peered[i];
    if (other.kind != peered.kind || other.udp != peered.udp || other.port != peered.port ||
        !(other.address == peered.address) || other.name.data != peered.name.data)
      continue;
    other.count += count;
    return;
  }
  use_rules_of(peered);
  if (record.peered_count == kMaxPeered) {
    record.full = true;
    return;
  }
  peered.by = record.now;
  peered.count = count;
  record.peered[record.peered_count++] = peered;
}

}  // namespace

void start_record(const TraceContext &sandbox, Text command) {
  record.on = true;
  record.sandbox = &sandbox;
  record.started = milliseconds();
  find_task(sandbox.command);
  // What the policy lets go to another root is not what has that path here.
  constexpr char kNames[] = "chroot\0unshare\0setns\0";
  for (size_t i = 0; i < 3; i++) {
    const int number = number_of_call(row_named(kCallNames, nth(kNames, i)));
    if (number >= 0 && sandbox.filter.decisions[number] == kAllowed) profile.moved = true;
  }
  add_ran({.program = intern(command),
           .forked = true,
           .process = sandbox.command,
           .parent = kNoProcess});
}

void record_task(int tid) {
  Task *task = record.on ? find_task(tid) : nullptr;
  if (task == nullptr) return;
  const int process = process_of(tid);
  const int other = process != tid ? process : parent_of_process(tid);
  const uint32_t row = is_task(other) ? find_task(other)->ran : 0;
  task->ran = row;
  if (process != tid || row >= record.ran_count) return;
  record.changes++;
  const uint32_t own = add_ran({.program = record.ran[row].program,
                                .forked = true,
                                .process = tid,
                                .parent = row,
                                .from = since_start()});
  if (own != kNoProcess) task->ran = own;
}

void record_start(int tid) {
  if (!record.on) return;
  Ran *before = ran_of(tid);
  Task *task = find_task(tid);
  if (before == nullptr || task == nullptr) return;
  record.changes++;
  if (!before->forked) {
    before->ended = before->replaced = true;
    before->to = since_start();
    const uint32_t row = add_ran({.process = tid, .parent = task->ran, .from = since_start()});
    if (row == kNoProcess) return;
    task->ran = row;
  }
  Ran &ran = record.ran[task->ran];
  ran.forked = false;
  ran.program = program_of(tid);
  ran.arguments = arguments_of(tid, ran.cut);
}

void record_end(int tid, int status) {
  Ran *ran = record.on ? ran_of(tid) : nullptr;
  if (ran == nullptr || ran->process != tid) return;
  record.changes++;
  ran->ended = true;
  ran->status = status;
  ran->to = since_start();
  record.ended = ran->to;
}

void record_caller(int tid) {
  const Task *task = record.on && is_task(tid) ? find_task(tid) : nullptr;
  record.now = task == nullptr ? 0 : task->ran;
}

void record_peer(Peered::Kind kind, const Address &address, Text name, uint64_t count) {
  if (!record.on) return;
  add_peer({.kind = kind,
            .udp = address.udp,
            .port = address.port,
            .address = address.host,
            .name = intern(name)},
           count);
}

void record_connected(const RefusedPeer &peer) {
  if (!record.on) return;
  record.now = kNoProcess;
  add_peer({.kind = Peered::Connect,
            .udp = peer.udp,
            .port = peer.port,
            .address = peer.address,
            .name = intern(peer.looked_up())},
           0);
}

// One right after the other: rules of several directories may have granted them.
void record_rights(Text path, uint64_t rights) {
  if (!record.on) return;
  const TraceContext &sandbox = *record.sandbox;
  static Verdict verdict;
  for (uint64_t rest = rights; rest != 0; rest &= rest - 1) {
    const uint64_t right = rest & ~(rest - 1);
    verdict = {};
    check_access(sandbox.policy, sandbox.plan, {}, path, right, kOfEntries, verdict);
    if (verdict.error >= 0) use_rule(verdict.granting, right);
  }
}

}  // namespace ll
