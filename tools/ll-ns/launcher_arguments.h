// The policy as the launcher's arguments: it is read once, and both layers have the same rules.
#pragma once

#include "mount_tree.h"
#include "os/kernel/process.h"
#include "request.h"

namespace ll {

// The launcher's argv. Grants also what is private to the sandbox. `tree`: the mounts, or null.
// With mounts, kept paths are read-only and some denied paths are masked exactly; Landlock would
// also refuse to create files beside them.
char **launcher_arguments(const Process &process, Policy &policy, const NsRequest &request,
                          const MountTree *tree);

}  // namespace ll
