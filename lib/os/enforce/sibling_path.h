// Programs that are installed beside this one.
#pragma once

#include "os/input/resolve.h"
#include "os/kernel/process.h"

namespace ll {

using SiblingPath = char[kMaxPath + 16];

// Writes the path of a program in the directory of this one. Dies if that directory cannot be
// determined.
void write_sibling_path(const Process &process, const Policy &policy, Text name, SiblingPath &path);

}  // namespace ll
