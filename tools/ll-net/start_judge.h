// The program of --judge.
#pragma once

#include "core/policy/policy.h"

namespace ll {

// The socket to it, and its number; that of --judge-fd where it runs already. Ends this program
// where it cannot be started.
int start_judge(const Policy &policy, char *const *environment, long &child);

}  // namespace ll
