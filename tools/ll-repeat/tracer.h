// The tracer: what it does at each stop of what it traces. Source: ptrace(2).
#pragma once

#include "clock.h"
#include "core/policy/policy.h"
#include "vdso.h"

namespace ll {

// Until nothing is left to be traced.
[[noreturn]] void trace_all(const Policy &policy, const Settings &settings, const Vdso &vdso,
                            const Clock &clock, int first);

}  // namespace ll
