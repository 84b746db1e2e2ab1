// Makes the tree of mounts from the policy and the files on the host.
#pragma once

#include "mount_tree.h"
#include "os/input/resolve.h"
#include "request.h"

namespace ll {

// Where the launcher starts, which then applies `chdir`.
Text start_of(const Policy &policy, const NsRequest &request);
// Dies if a path that is not optional is missing.
void plan_mounts(Policy &policy, const NsRequest &request, MountTree &tree, Links &links);

}  // namespace ll
