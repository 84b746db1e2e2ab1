// What this kernel's Landlock can do, found by asking it.
#pragma once

#include "core/plan.h"
#include "core/request.h"

namespace ll {

Kernel probe_kernel(const Policy &policy, const Request &request);

}  // namespace ll
