// The variables of a command: what `env` lines say, or all but those of withheld.def.
#pragma once

#include "os/kernel/process.h"

namespace ll {

constexpr size_t kMaxVariables = 4096;  // that `env` can pass

// In `inherited`'s own place where no `env` line is there. `preloads`: what is put into every
// program is to be.
char **environment_of(const Policy &policy, char **inherited, bool preloads,
                      char *(&entries)[kMaxVariables + 1]);
// The names of what the command does not see although no line says so.
void warn_of_withheld(const Policy &policy, char *const *inherited, bool preloads);

}  // namespace ll
