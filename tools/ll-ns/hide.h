// Without mounts nothing can be masked. So denied files are removed from the copy, and the command
// can create files beside them.
#pragma once

#include "os/kernel/process.h"

namespace ll {

// Their names go to LAYER/denied, each with a NUL, so that ll-changes takes none for deleted. What
// contains a granted path, or is reached by a link, stays: the launcher denies it.
void hide_denied(Policy &policy, Text copy, Text layer);

}  // namespace ll
