// libc asks a cache (nscd) for users, groups and hosts by a unix socket, before it looks into files
// or asks a server. Refused, it does without: that is no reason for `unix any`. What tells it from
// another program's socket is what the thread does next.
#pragma once

#include "explainer.h"

namespace ll {

// A refused call that may be libc's is held back until that is known. False: it is none, or there
// is no room.
bool hold_back(int tid, const Syscall &call, long error);
// The thread's next call, or its end (null).
void settle_held(const TraceContext &sandbox, int tid, const TracedSyscall *traced,
                 const Syscall &next);
// Of all threads.
void settle_all_held(const TraceContext &sandbox);

}  // namespace ll
