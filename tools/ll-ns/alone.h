// --no-namespaces: ll-exec alone, with a private directory for temporary files and a process that
// kills what the command leaves running.
#pragma once

#include "cgroup.h"
#include "request.h"

namespace ll {

// False, with the reason, if an option needs a namespace or a mount.
bool check_alone(const NsRequest &request, Diagnostic &problem);
// Returns the exit status.
int run_alone(const Process &process, Policy &policy, NsRequest &request, Cgroup &cgroup);

}  // namespace ll
