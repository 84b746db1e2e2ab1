// The decision for each system call.
#pragma once

#include "core/landlock/plan.h"
#include "core/seccomp/syscalls.h"

namespace ll {

constexpr size_t kCalls = 512;  // larger numbers are unknown calls

// Allowed, refused by a row of refusals.def, or decided by the policy.
using Decision = uint8_t;
constexpr Decision kAllowed = 0;        // 1 and up: a row of refusals.def, plus 1
constexpr Decision kLogged = 252;       // `action log`: allowed
constexpr Decision kUnknownCall = 253;  // unknown to this program: ENOSYS, as from an older kernel
constexpr Decision kRefusedByPolicy = 254;

// What the argument checks depend on.
struct Opened {
  bool tcp = false;  // the command can have sockets of that kind
  bool udp = false;
  bool unix_sockets = false;
  bool only_judged = false;  // internet sockets, only for what a judge may allow
  bool tcp_connect_any = false;
  bool no_metadata = false;
  bool times_of_open = false;   // timestamps of open files, if any file can be written
  bool no_core = false;         // `limit core=0`
  char action = 0;              // the first letter of `action errno`, kill or log; 0: none
  bool loose_messages = false;  // an inherited socket can send to any address
  uint8_t loose = 0;  // an inherited socket that can be reconnected: its SocketKind plus 1; 0: none

  [[nodiscard]] bool kill() const { return action == 'k'; }
  [[nodiscard]] bool log() const { return action == 'l'; }
  [[nodiscard]] bool any_socket() const { return tcp || udp || unix_sockets; }
};

struct Filter {
  Decision decisions[kCalls];
  Opened opened;
};

void decide(const Policy &policy, const Plan &plan, Filter &filter);
// Removes gaps of the kernel's Landlock that the filter closes.
void close_gaps(const Policy &policy, const Filter &filter, Plan &plan);

// Whether the filter refuses that call, at least with some arguments.
bool is_refused(const Filter &filter, size_t row);
// The next row with that decision after `behind` (kNpos: the first); kNpos at the end.
size_t next_decided(const Filter &filter, Decision decision, size_t behind);

// A rule of `syscall` with that verb.
constexpr bool is_verb(const Rule &rule, SyscallVerb verb) {
  return rule.directive == Directive::Syscall && static_cast<SyscallVerb>(rule.resource) == verb;
}

// Texts of refusals.def, for --explain.
Text reason_of(Decision decision);
Text answer_of(Decision decision);
constexpr Decision kLastRow = 0
#define REFUSAL(when, answer, calls, reason) +1
#include "core/seccomp/refusals.def"
    ;

}  // namespace ll
