// What says where code comes from must not be hidden without a word.
#pragma once

#include "core/policy/policy.h"

namespace ll {

// Ends the program where a policy denies such a file (core/sources.def) in the current directory or
// beneath it, and it is there; unless a `deny` without a dash names it, which is to know of it.
void check_sources(const Policy &policy);

}  // namespace ll
