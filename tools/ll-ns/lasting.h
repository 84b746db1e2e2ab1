// Masks that nobody can take away while the command runs, so that they alone hold a `deny`.
//
// The kernel unmounts what lies on a name when somebody outside renames another file over that
// name, or removes it. In an overlay that is no more than a change of the layer beneath: its own
// name, and those above it, stay what they were when the mask was mounted.
#pragma once

#include "mount_tree.h"

namespace ll {

// The rule is a `deny` of what lies in an overlay, and has no other name.
bool is_masked_to_the_end(const MountTree &tree, const Rule &rule);

}  // namespace ll
