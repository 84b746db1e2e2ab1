// The traced threads, and the call that each is in.
#pragma once

#include "needs.h"

namespace ll {

struct Task {
  int tid = 0;  // 0: this place is free
  bool in_call = false;
  long refused = 0;  // what the filter would have answered to the call that it is in: an errno
  const TracedSyscall *traced = nullptr;
  Syscall call = {};
  Needs needs = {};  // --learn, --report: before the call is made
  uint32_t ran = 0;  // --report: the row of its program
};

// A new one where there is none. Null when there is no more room.
Task *find_task(int tid);
bool is_task(int tid);
// From its start on, and when it has ended: it may still be waited for, and be sent signals.
void note_task(int tid);
bool was_task(int tid);
void forget_task(int tid);

}  // namespace ll
