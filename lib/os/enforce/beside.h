// Programs that are installed with this one.
#pragma once

#include "os/kernel/process.h"

namespace ll {

// The path of a program in the folder of this one; until it is asked for another. Ends the program
// when its own cannot be found.
const char *path_beside(const Process &process, const Policy &policy, Text name);

}  // namespace ll
