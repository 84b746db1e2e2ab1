// --calls: the system calls that a command makes, as lines of `syscall only`.
#pragma once

#include "core/policy/policy.h"
#include "core/seccomp/filter.h"

namespace ll {

// A call that was let through.
void note_call(uint64_t number);
// What `syscall only` of the policy leaves out is to be learnt; what `syscall deny` names stays
// refused.
void let_unnamed_through(const Policy &policy, Filter &filter);
// What the policy's own lines do not name yet. By names, which are those of every architecture.
void write_calls(Builder &out, const Policy &policy);

}  // namespace ll
