// Without mounts nothing can be masked: what is denied in a copy is taken out of it, so that the
// command can create what it likes beside it.
#pragma once

#include "os/kernel/process.h"

namespace ll {

// Its names are in LAYER/denied, each with its NUL, so that ll-changes takes none for deleted. What
// holds something that is granted, or is reached by a link, stays: the loader denies it.
void hide_denied(Policy &policy, Text copy, Text layer);

}  // namespace ll
