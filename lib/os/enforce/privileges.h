// What the process may do besides opening files: capabilities, limits.
#pragma once

#include "core/landlock/plan.h"

namespace ll {

// All but those that `cap` keeps, from every set.
void drop_capabilities(const Policy &policy);
void set_limits(const Policy &policy);
// Whether `limit nproc` does not hold for this process: the kernel exempts the user root, unless it
// is one in a user namespace only.
bool exempt_from_nproc();

}  // namespace ll
