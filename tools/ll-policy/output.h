// Where a new policy goes: to standard output, or into a file that is not there yet.
#pragma once

#include <string>

#include "core/policy/policy.h"

namespace ll {

void write_policy(const Policy &policy, Text file, const std::string &text);

}  // namespace ll
