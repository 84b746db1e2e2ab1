// Mounts the tree in this process's mount namespace.
#pragma once

#include "mount_tree.h"
#include "os/input/resolve.h"
#include "request.h"

namespace ll {

// On return the process is in the new root and the old one is unmounted. Dies if the kernel
// refuses.
void mount_root(const Policy &policy, const NsRequest &request, const MountTree &tree,
                const Links &links);

}  // namespace ll
