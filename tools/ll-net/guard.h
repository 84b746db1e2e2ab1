// With a judge: processes that the command leaves behind could open nothing once the supervisor has
// exited. So they are killed with it, whichever of supervisor and guard is killed.
#pragma once

#include "core/policy/policy.h"

namespace ll {

// Ends all processes below this one but that child; who has lost its parent becomes one of its own,
// for it is a subreaper, prctl(2).
void end_descendants(long except);

// This process stays as the guard, and ends as the supervisor does: what returns is the supervisor,
// a child of it. A descriptor of the guard, which is readable when that has ended.
int stay_as_guard(const Policy &policy, long judge);

}  // namespace ll
