// Files that say where code comes from must not be denied silently.
#pragma once

#include "core/policy/policy.h"

namespace ll {

// Dies if the policy denies such an existing file (core/policy/sources.def) in the current
// directory or beneath it, unless a `deny` without a dash names it, which is deliberate.
void check_sources(const Policy &policy);

}  // namespace ll
