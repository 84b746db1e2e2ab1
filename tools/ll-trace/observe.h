// What makes the calls stop at the tracer.
#pragma once

#include "core/seccomp/filter.h"

namespace ll {

// Installs the filter that stops what may be refused, below the policy's own, which stops what it
// would refuse. Where two stop a call, the one that was installed last says why: seccomp(2).
// Without a tracer, both refuse: ENOSYS.
// `all`: also what could only be learnt from. `calls`: every call.
struct Observed {
  bool learns;  // nothing is refused
  bool all;
  bool calls;
};
void observe(const Policy &policy, Program &program, const Observed &observed);

}  // namespace ll
