// What the process may do besides opening files: capabilities, limits, modes.
#pragma once

#include "core/landlock/plan.h"

namespace ll {

// All but those that `cap` keeps, from every set.
void drop_capabilities(const Policy &policy);
void set_limits(const Policy &policy);
// `aslr`, `hugepages`, `memory-deny-write-execute`: of this process, and of all that it starts.
void set_modes(const Policy &policy, const Plan &plan);
// Whether `limit nproc` does not hold for this process: the kernel exempts the user root, unless it
// is one in a user namespace only.
bool exempt_from_nproc();

}  // namespace ll
