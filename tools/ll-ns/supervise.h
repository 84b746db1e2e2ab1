// The parent: the command's signals, its terminal and its end.
#pragma once

#include "request.h"

namespace ll {

struct Signals {
  uint64_t mask;  // as it was before all were blocked
};

// The terminal whose foreground is this process's group, if there is one.
struct Terminal {
  int descriptor = -1;
  int group = 0;
};
// To be asked before there is a command that could take it.
Terminal own_terminal();

constexpr int kTimedOut = 124;  // as timeout(1)

// Blocks all, to be waited for.
Signals block_signals(const Policy &policy);
// In the child, before the command: as they were.
void restore_signals(const Policy &policy, const Signals &signals);
// Until the child ends: its status, as a shell has it. `milliseconds`: 0 is for ever.
int supervise(long child, const Terminal &terminal, uint64_t milliseconds, bool reaper);
// As the command did, so that a shell sees it.
void die_of_interrupt();
// Process 1 of a PID namespace: the same, reaping all others.
int reap(long child);

}  // namespace ll
