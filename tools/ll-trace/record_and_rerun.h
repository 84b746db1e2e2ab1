// --learn: one run without restrictions in a process of its own, and one under what it taught.
#pragma once

#include "core/policy/policy.h"
#include "os/kernel/process.h"
#include "request.h"

namespace ll {

// Returns in the process that is to become the command: where the tracer writes which sockets came
// to nothing. The other waits for it, and becomes the same program under the policy that was
// written.
int record_and_rerun(const Process &process, const Policy &policy, const TraceRequest &request);

}  // namespace ll
