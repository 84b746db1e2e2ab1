// What a command could change so that a later one is granted more.
#pragma once

#include <string>

#include "core/landlock/plan.h"

namespace ll::mcp {

// Ends the program where a policy lets commands replace what it names, or the programs in
// `folder` that enforce it.
void check_trust(const Policy &policy, const Plan &plan, const std::string &folder);

}  // namespace ll::mcp
