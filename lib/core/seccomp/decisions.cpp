#include "core/seccomp/decisions.h"

#include "core/mem.h"
#include "core/policy/judging.h"
#include "core/seccomp/refusals.h"

namespace ll {

namespace {

alignas(char) constexpr char kReasons[] =
#define REFUSAL(when, answer, calls, reason) reason "\0"
#include "core/seccomp/refusals.def"
    ;

// The decision for each number if the policy does not change it. Consecutive, for a table.
constexpr Decision kUnknownRow = kLastRow + 1;
struct Defaults {
  Decision decisions[kCalls];
};

constexpr int kNumberOf[] = {
#define SYSCALL(name, x86_64, arm64, group, more) number::name,
#include "core/seccomp/syscalls.def"
};

consteval void refuse_calls(Defaults &defaults, const char *calls, Decision decision) {
  while (*calls != '\0') {
    size_t size = 0;
    while (calls[size] != '\0' && calls[size] != ' ') size++;
    const int number = kNumberOf[find_call(calls, size)];
    if (number >= 0) defaults.decisions[number] = decision;
    calls += size;
    if (*calls == ' ') calls++;
  }
}

// Computed by the compiler: looking up names at every start would take longer than all the rest.
consteval Defaults work_out_defaults() {
  Defaults defaults = {};
  for (Decision &decision : defaults.decisions) decision = kUnknownRow;
  for (const int number : kNumberOf)
    if (number >= 0) defaults.decisions[number] = kAllowed;
  Decision row = 0;
#define REFUSAL(when, answer, names, reason) refuse_calls(defaults, names, ++row);
#include "core/seccomp/refusals.def"
  return defaults;
}
constexpr Defaults kDefaults = work_out_defaults();

// What the policy allows.

bool opens_ipc(const Policy &policy, Text kind) {
  for (size_t i = 0; i < policy.rule_count; i++)
    if (is_ipc(policy.rules[i], kind)) return true;
  return false;
}

bool grants_unix_sockets(const Policy &policy) {
  return last_rule(policy, Directive::Unix) != nullptr || opens_ipc(policy, "abstract-unix"_t);
}

// Whether an inherited socket could reach another address than its caller meant, in spite of
// Landlock and the refusal of socket(2). Only the filter can restrict what no directive can grant.
bool is_loose(SocketKind kind, const Policy &policy, const Plan &plan, const Opened &opened) {
  const uint64_t net = plan.handled[index_of(Field::Net)];
  switch (kind) {
    case SocketKind::Tcp: return !opened.tcp && (net & mask_of(RightId::connect_tcp)) == 0;
    case SocketKind::Udp:
      return (!opened.udp || is_supervised(plan)) &&
             (net & mask_of(RightId::connect_send_udp)) == 0;
    case SocketKind::Unix:
      return !grants_unix_sockets(policy) &&
             (plan.handled[index_of(Field::Fs)] & mask_of(RightId::resolve_unix)) == 0;
    case SocketKind::Other: return true;
  }
  return true;
}

// From ABI 9 on, Landlock decides which unix sockets can be connected to. If an inherited socket
// must not be connected again, the filter refuses unix sockets.
void open_sockets(const Policy &policy, const Plan &plan, Opened &opened) {
  const uint64_t rights = plan.kernel.rights[index_of(Field::Fs)];
  bool loose = false;
  for (size_t i = 0; i < kSocketKinds; i++) {
    const auto kind = static_cast<SocketKind>(i);
    if (!plan.inherited[i].found || !is_loose(kind, policy, plan, opened)) continue;
    loose = true;
    opened.loose = static_cast<uint8_t>(i + 1);
    // The kernel ignores the address of a message on a connected stream socket.
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
  // ll-net listens instead.
  if (is_supervised(plan) && judges_listening(policy)) return true;
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

// The last `metadata` line counts; without one, whether a directory is writable. No kernel can
// limit these calls to that directory.
bool opens_metadata(const Policy &policy, const Plan &plan) {
  const Rule *rule = last_rule(policy, Directive::Metadata);
  return rule != nullptr ? rule->value == "allow"_t : writes_to(policy, plan, Kind::Directory);
}

// touch(1) and cp(1) set the times of a file through its descriptor.
bool opens_times(const Policy &policy, const Plan &plan) {
  return last_rule(policy, Directive::Metadata) == nullptr && writes_to(policy, plan, Kind::File);
}

// `fs make_char` or `make_block`, the only way to grant them.
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
    case When::WriteExecute: return plan.filters_maps;
    case When::Personality: return last_rule(policy, Directive::LockPersonality) != nullptr;
  }
  return true;
}

// What each decision of kDefaults becomes.
void refuse_by_default(const Policy &policy, const Plan &plan, Filter &filter) {
  Decision outcomes[kUnknownRow + 1] = {};
  for (Decision row = 1; row <= kLastRow; row++) {
    if (!holds(kRefusals[row - 1].when, policy, plan, filter.opened)) continue;
    const bool by_argument = kRefusals[row - 1].answer == Answer::Times;
    outcomes[row] = row - (by_argument && !filter.opened.times_of_open);
  }
  outcomes[kUnknownRow] = kUnknownCall;
  for (size_t i = 0; i < kCalls; i++) filter.decisions[i] = outcomes[kDefaults.decisions[i]];
}

template <typename Act>
void for_each_call(const Rule &rule, const Act &act) {
  for (size_t row = 0; row < kCallCount; row++) {
    const bool named = rule.any ? is_in_group(row, rule.low) : row == rule.low;
    const int number = named ? number_of_call(row) : -1;
    if (number >= 0) act(number);
  }
}

// `only` allows the calls that it names and @default; `allow` exempts calls from all refusals;
// `deny` takes precedence over both. With `action log` other calls are logged and allowed, unless
// they are refused anyway.
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
  for_each_call({.any = true, .low = uint32_t{kDefaultGroup}}, name);
  const bool logs = filter.opened.log();
  for (size_t i = 0; i < kCalls; i++) {
    Decision &decision = filter.decisions[i];
    if (named[i] || decision == kUnknownCall || (logs && decision != kAllowed)) continue;
    decision = logs ? kLogged : kRefusedByPolicy;
  }
}

void apply_verb(const Policy &policy, SyscallVerb verb, Decision decision, Filter &filter) {
  for (size_t i = 0; i < policy.rule_count; i++)
    if (is_verb(policy.rules[i], verb))
      for_each_call(policy.rules[i], [&](int number) { filter.decisions[number] = decision; });
}

}  // namespace

size_t next_decided(const Filter &filter, Decision decision, size_t behind) {
  for (size_t row = behind + 1; row < kCallCount; row++) {
    const int number = number_of_call(row);
    if (number >= 0 && filter.decisions[number] == decision) return row;
  }
  return kNpos;
}

Text reason_of(Decision decision) {
  size_t row = decision;
  Text reason;
  do reason = nth(kReasons, --row);
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
  Opened &opened = filter.opened;
  opened.tcp_connect_any =
      !is_supervised(plan) && opens_all_ports(policy, Directive::Connect, false);
  const bool judged = is_supervised(plan) && judges_network(policy);
  opened.tcp =
      opens_port(policy, Directive::Connect, false) || opens_port(policy, Directive::Bind, false);
  opened.only_judged = judged && !opened.tcp;
  opened.tcp = opened.tcp || judged;
  // Sockets made by the supervisor, not by the command on the host.
  opened.udp = is_supervised(plan) || opens_port(policy, Directive::Connect, true) ||
               opens_port(policy, Directive::Bind, true);
  open_sockets(policy, plan, opened);
  opened.no_metadata = !opens_metadata(policy, plan);
  opened.times_of_open = opens_times(policy, plan);
  opened.no_core = forbids_cores(policy);
  refuse_by_default(policy, plan, filter);
  for (size_t i = 0; i < policy.rule_count; i++)
    if (is_verb(policy.rules[i], SyscallVerb::Action)) opened.action = policy.rules[i].value[0];
  apply_only(policy, filter);
  apply_verb(policy, SyscallVerb::Allow, kAllowed, filter);
  apply_verb(policy, SyscallVerb::Deny, kRefusedByPolicy, filter);
}

// `fs write_file` without truncate: the filter cannot see that a file was opened only for writing.
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
  return number < 0 ||
         (filter.decisions[number] != kAllowed && filter.decisions[number] != kLogged);
}

}  // namespace ll
