// Capabilities, resource limits and process modes.
#pragma once

#include "core/landlock/plan.h"

namespace ll {

// Drops all capabilities but those of `cap`, from every set.
void drop_capabilities(const Policy &policy);
void set_limits(const Policy &policy);
// `aslr`, `hugepages`, `memory-deny-write-execute`: for this process and all its descendants.
void set_modes(const Policy &policy, const Plan &plan);
// Whether the kernel exempts this process from RLIMIT_NPROC: it exempts UID 0 of the initial user
// namespace.
bool exempt_from_nproc();

}  // namespace ll
