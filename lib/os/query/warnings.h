// What the user is told before the command runs.
#pragma once

#include "core/seccomp/decisions.h"
#include "os/enforce/options.h"

namespace ll {

// Ends the program where the kernel cannot do what the policy names.
void plan_or_die(const Policy &policy, const EnforceOptions &options, const Kernel &kernel,
                 Plan &plan);
// Optional lines that grant nothing, because a link is in their way.
void warn_of_strays(const Policy &policy, const Plan &plan, int directory);
// That in the current directory nothing can be created, where files could be, were it not for what
// is denied or kept in it.
void warn_of_obstacles(const Policy &policy, const Plan &plan);
void warn_of_log(const Policy &policy, const Filter &filter);
void warn_of_gaps(const Policy &policy, const EnforceOptions &options, const Plan &plan);

}  // namespace ll
