// What this kernel's Landlock can do, found by asking it.
#pragma once

#include "core/landlock/plan.h"
#include "os/enforce/options.h"

namespace ll {

struct Probe {
  Kernel kernel;
  int ruleset = -1;  // that handles all of the kernel's rights, if it was accepted
};

// `only_asked`: nothing is going to be enforced, and the ABI of the options need not be this
// kernel's.
Probe probe_kernel(const Policy &policy, const EnforceOptions &options, bool only_asked);

}  // namespace ll
