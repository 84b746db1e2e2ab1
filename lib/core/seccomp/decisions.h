// What is decided for each system call.
#pragma once

#include "core/landlock/plan.h"
#include "core/seccomp/syscalls.h"

namespace ll {

constexpr size_t kCalls = 512;  // numbers that have a decision; those above are unknown calls

// What happens to a call: allowed, refused by its row in refusals.def, or as the policy says.
using Decision = uint8_t;
constexpr Decision kAllowed = 0;        // 1 and up: a row of refusals.def, plus 1
constexpr Decision kLogged = 252;       // `action log`: allowed
constexpr Decision kUnknownCall = 253;  // to this program: ENOSYS, as from a kernel without it
constexpr Decision kRefusedByPolicy = 254;

// What the checks of arguments depend on.
struct Opened {
  bool tcp = false;  // sockets of that kind can exist
  bool udp = false;
  bool unix_sockets = false;
  bool only_judged = false;  // sockets of the internet, for what a judge may allow alone
  bool tcp_connect_any = false;
  bool no_metadata = false;
  bool times_of_open = false;   // of what is open, with a file that can be written
  bool no_core = false;         // `limit core=0`
  char action = 0;              // the first letter of `action errno`, kill or log; 0: none
  bool loose_messages = false;  // an inherited socket sends each message where that says
  uint8_t loose = 0;  // an inherited socket that could be sent elsewhere: its SocketKind, plus 1

  [[nodiscard]] bool kill() const { return action == 'k'; }
  [[nodiscard]] bool log() const { return action == 'l'; }
  [[nodiscard]] bool any_socket() const { return tcp || udp || unix_sockets; }
};

struct Filter {
  Decision decisions[kCalls];
  Opened opened;
};

void decide(const Policy &policy, const Plan &plan, Filter &filter);
// What the kernel's Landlock does not refuse, but the filter does, is no gap.
void close_gaps(const Policy &policy, const Filter &filter, Plan &plan);

// Whether the filter refuses the call of that row, at least with some arguments.
bool is_refused(const Filter &filter, size_t row);
// The first row that has that decision, of all (kNpos) or behind one; kNpos at the end.
size_t next_decided(const Filter &filter, Decision decision, size_t behind);

// A rule of `syscall` with that verb.
constexpr bool is_verb(const Rule &rule, SyscallVerb verb) {
  return rule.directive == Directive::Syscall && static_cast<SyscallVerb>(rule.resource) == verb;
}

// Of refusals.def, for --explain.
Text reason_of(Decision decision);
Text answer_of(Decision decision);
constexpr Decision kLastRow = 0
#define REFUSAL(when, answer, calls, reason) +1
#include "core/seccomp/refusals.def"
    ;

}  // namespace ll
