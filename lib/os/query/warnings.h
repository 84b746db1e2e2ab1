// Warnings before the command runs.
#pragma once

#include "core/seccomp/decisions.h"
#include "os/enforce/options.h"

namespace ll {

// Dies if the kernel cannot enforce the policy.
void plan_or_die(const Policy &policy, const EnforceOptions &options, const Kernel &kernel,
                 Plan &plan);
// Optional lines that grant nothing, because a link on their path is not followed.
void warn_of_strays(const Policy &policy, const Plan &plan, int directory);
// Warns that nothing can be created in the current directory, because of a denied or kept path in
// it.
void warn_of_obstacles(const Policy &policy, const Plan &plan);
void warn_of_log(const Policy &policy, const Filter &filter);
void warn_of_gaps(const Policy &policy, const EnforceOptions &options, const Plan &plan);

}  // namespace ll
