// Which variables a command may have used. No system call tells: what does is that a program, a
// library or a script that it read names them.
#pragma once

#include "core/text.h"

namespace ll {

// `env` with those that are set and named, but for secrets; or with all that are set.
void write_variables(Builder &out, char *const *environment, bool all);
// The secrets among them, for a person to decide.
void write_secrets(Builder &out, char *const *environment, bool all);

}  // namespace ll
