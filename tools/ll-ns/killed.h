// Reports a command that the seccomp filter killed.
#pragma once

#include "core/policy/policy.h"

namespace ll {

constexpr int kKilledByFilter = 128 + 31;  // SIGSYS, as a shell has it

// Names the policy line, and the system call if this process may read the kernel's log, the only
// place where it is recorded.
void format_killed(const Policy &policy, long child);

}  // namespace ll
