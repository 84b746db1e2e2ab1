// The tree as mounts, in this process's own mount namespace.
#pragma once

#include "os/input/resolve.h"
#include "request.h"
#include "tree.h"

namespace ll {

// When it returns the process is in the new root and the old one is gone. Ends the program when
// the kernel refuses.
void build_root(const Policy &policy, const Request &request, const Tree &tree, const Links &links);

}  // namespace ll
