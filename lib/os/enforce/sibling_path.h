// Programs that are installed with this one.
#pragma once

#include "os/input/resolve.h"
#include "os/kernel/process.h"

namespace ll {

using SiblingPath = char[kMaxPath + 16];

// The path of a program in the folder of this one, in `path`. Ends the program when its own cannot
// be found.
void write_sibling_path(const Process &process, const Policy &policy, Text name, SiblingPath &path);

}  // namespace ll
