// --no-namespaces: the launcher's layer alone, a directory for temporary files, and a process that
// kills what the command leaves running.
#pragma once

#include "cgroup.h"
#include "request.h"

namespace ll {

// What needs a namespace, or a mount in one: false, with the reason.
bool check_alone(const NsRequest &request, Diagnostic &problem);
// The exit status.
int run_alone(const Process &process, Policy &policy, NsRequest &request, Cgroup &cgroup);

}  // namespace ll
