// The command on PATH, as execvp(3) finds it.
#pragma once

#include "core/policy/policy.h"
#include "os/kernel/process.h"

namespace ll {

// Stored in that memory. Exits with 127 or 126 if there is none that could be run.
const char *find_command(const Process &process, const Policy &policy, Arena &arena,
                         const char *command);
inline const char *find_command(const Process &process, Policy &policy, const char *command) {
  return find_command(process, policy, policy.arena, command);
}

}  // namespace ll
