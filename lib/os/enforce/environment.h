// The command's environment: the variables of `env` lines, or all but those in withheld.def.
#pragma once

#include "os/kernel/process.h"

namespace ll {

constexpr size_t kMaxVariables = 4096;  // of a policy with `env` lines

// Without `env` lines `inherited` is modified in place. `preloads`: LD_PRELOAD and its like are
// passed.
char **environment_of(const Policy &policy, char **inherited, bool preloads,
                      char *(&entries)[kMaxVariables + 1]);
// Names the variables that are withheld by default. Whether the command gets others than
// `inherited`.
bool warn_of_withheld(const Policy &policy, char *const *inherited, bool preloads);

}  // namespace ll
