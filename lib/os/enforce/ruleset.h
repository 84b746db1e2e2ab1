// The plan becomes a Landlock ruleset.
#pragma once

#include "core/landlock/plan.h"
#include "os/enforce/deny.h"
#include "os/enforce/probe.h"

namespace ll {

constexpr int kNoRuleset = -1;

// kNoRuleset where there is no Landlock to use. The probe's own where that handles the same.
int create_ruleset(const Policy &policy, const Plan &plan, const Probe &probe);
// Opens what each path rule names, once: what is there completes the plan, and is granted in the
// ruleset if there is one. Relative paths start from `directory`.
void grant_paths(const Policy &policy, Plan &plan, int directory, int ruleset, PathTables &tables);
void grant_ports(const Policy &policy, const Plan &plan, int ruleset);
// No way back from here, for this process and all that it starts.
void restrict_self(const Policy &policy, const Plan &plan, int ruleset);

}  // namespace ll
