// Masks that cannot be removed while the command runs, and so suffice for a `deny`.
//
// The kernel unmounts a mount point whose name is removed or renamed over from outside. In an
// overlay that only changes the lower layer: the overlay's own names stay what they were when the
// mask was mounted.
#pragma once

#include "mount_tree.h"

namespace ll {

// Whether the rule is a `deny` of a file in an overlay that has no other name.
bool is_masked_to_the_end(const MountTree &tree, const Rule &rule);

}  // namespace ll
