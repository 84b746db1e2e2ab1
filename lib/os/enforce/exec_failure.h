// Explains why execve failed: because of the command, its interpreter or its dynamic linker.
#pragma once

#include "core/landlock/plan.h"

namespace ll {

[[noreturn, gnu::cold, gnu::noinline]] void explain_exec_failure(const Policy &policy,
                                                                 const Plan &plan,
                                                                 const char *command, long error);

}  // namespace ll
