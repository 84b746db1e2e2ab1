// The command stays this process: same parent, terminal, signals and exit status. What traces it is
// no relative of it that it could wait for.
#pragma once

#include "core/policy/policy.h"

namespace ll {

// Returns in both: in the tracer the traced process's id, in the process that is traced, 0.
int split(const Policy &policy);

}  // namespace ll
