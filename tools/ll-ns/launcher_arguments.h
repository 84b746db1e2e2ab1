// The policy as the launcher's arguments: both layers have the same rules, read once.
#pragma once

#include "mount_tree.h"
#include "os/kernel/process.h"
#include "request.h"

namespace ll {

// The loader's whole argv. What is private to the sandbox is granted as well. `tree`: what is
// mounted, or null. There what is kept is read-only, and some of what is denied is masked, exactly;
// Landlock could only refuse what is created beside it.
char **launcher_arguments(const Process &process, Policy &policy, const NsRequest &request,
                          const MountTree *tree);

}  // namespace ll
