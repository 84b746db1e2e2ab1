// Makes a Landlock ruleset of the plan.
#pragma once

#include "core/landlock/plan.h"
#include "os/enforce/deny.h"
#include "os/enforce/probe.h"

namespace ll {

constexpr int kNoRuleset = -1;

// kNoRuleset if Landlock is not used; the probe's ruleset if it handles the same rights.
int create_ruleset(const Policy &policy, const Plan &plan, const Probe &probe);
// Opens each path of a rule once, completes the plan with the file found, and grants it in the
// ruleset if there is one. Relative paths start from `directory`.
void grant_paths(const Policy &policy, Plan &plan, int directory, int ruleset, PathTables &tables);
void grant_ports(const Policy &policy, const Plan &plan, int ruleset);
// landlock_restrict_self(2): irrevocable, for this process and all its descendants.
void restrict_self(const Policy &policy, const Plan &plan, int ruleset);

}  // namespace ll
