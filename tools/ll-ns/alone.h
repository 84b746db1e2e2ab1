// --no-namespaces: the loader's wall alone, a directory for temporary files, and a process that
// ends all that the command leaves.
#pragma once

#include "cgroup.h"
#include "request.h"

namespace ll {

// What needs a namespace, or a mount in one: false, with the reason.
bool check_alone(const NsRequest &request, Diagnostic &problem);
// The exit status.
int run_alone(const Process &process, Policy &policy, NsRequest &request, Cgroup &cgroup);

}  // namespace ll
