// What this kernel's Landlock can do, found by asking it.
#pragma once

#include "core/landlock/plan.h"
#include "request.h"

namespace ll {

struct Probe {
  Kernel kernel;
  int ruleset = -1;  // that handles all of the kernel's rights, if it was accepted
};

Probe probe_kernel(const Policy &policy, const Request &request);

}  // namespace ll
