// From what the policy names to the tree: looks at what is there, outside.
#pragma once

#include "mount_tree.h"
#include "os/input/resolve.h"
#include "request.h"

namespace ll {

// Where the loader starts, from where `chdir` goes on.
Text start_of(const Policy &policy, const NsRequest &request);
// Ends the program when something does not exist and need not be missing.
void plan_mounts(Policy &policy, const NsRequest &request, MountTree &tree, Links &links);

}  // namespace ll
