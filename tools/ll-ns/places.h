// --no-namespaces: paths that move, since nothing can be mounted. Writes to an overlay go to a
// copy, temporary files to a private directory.
#pragma once

#include "os/kernel/process.h"
#include "request.h"

namespace ll {

// The copy's name in its layer: ll-changes makes it.
inline constexpr char kCopy[] = "copy";

// Rewrites the rules, and adds those for the copies and for `temporary`. Rules that would reach the
// original directory, by another name or from above, are errors or denied.
void move_places(Policy &policy, NsRequest &request, Text temporary);
// Where the command starts; empty: in the current directory.
Text start_in_copy(Policy &policy, const NsRequest &request);

}  // namespace ll
