// Probes what this kernel's Landlock supports.
#pragma once

#include "core/landlock/plan.h"
#include "os/enforce/options.h"

namespace ll {

struct Probe {
  Kernel kernel;
  int ruleset = -1;  // handles all rights that the kernel accepts; -1: none
};

// `only_asked`: nothing will be enforced, and --abi may be newer than this kernel's ABI.
Probe probe_kernel(const Policy &policy, const EnforceOptions &options, bool only_asked);

}  // namespace ll
