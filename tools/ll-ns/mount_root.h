// The tree as mounts, in this process's own mount namespace.
#pragma once

#include "mount_tree.h"
#include "os/input/resolve.h"
#include "request.h"

namespace ll {

// When it returns the process is in the new root and the old one is gone. Ends the program when
// the kernel refuses.
void mount_root(const Policy &policy, const NsRequest &request, const MountTree &tree,
                const Links &links);

}  // namespace ll
