// A command that made a call which the filter ends it for.
#pragma once

#include "core/policy/policy.h"

namespace ll {

constexpr int kKilledByFilter = 128 + 31;  // SIGSYS, as a shell has it

// Names the line that says so, and the call where this process may read the kernel's log: only
// there is it written down.
void format_killed(const Policy &policy, long child);

}  // namespace ll
