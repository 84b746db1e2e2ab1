// Without mounts: what stands at another path for the command. What is written to an overlay goes
// to a copy, and what is temporary to a directory of this run's own.
#pragma once

#include "os/kernel/process.h"
#include "request.h"

namespace ll {

// The copy's name in its layer: ll-changes makes it.
inline constexpr char kCopy[] = "copy";

// Rewrites the rules, and adds those of the copies and of `temporary`. What would reach the
// directory itself, by another name or from above, is refused or denied.
void move_places(Policy &policy, NsRequest &request, Text temporary);
// Where the command starts; empty: where this process is.
Text start_in_copy(Policy &policy, const NsRequest &request);

}  // namespace ll
