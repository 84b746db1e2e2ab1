// The command on PATH, as execvp(3) finds it.
#pragma once

#include "core/policy/policy.h"
#include "os/kernel/process.h"

namespace ll {

// Ends the program with 127 or 126 when there is none that could be run.
const char *find_command(const Process &process, Policy &policy, const char *command);

}  // namespace ll
