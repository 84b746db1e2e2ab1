// --explain: prints the root as it would be mounted.
#pragma once

#include "core/table_writer.h"
#include "request.h"

namespace ll {

// On a terminal a tree, else one row per mount.
int explain_root(Policy &policy, const NsRequest &request, const Screen &screen);

}  // namespace ll
