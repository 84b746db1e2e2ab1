// The parent: forwards signals, manages the terminal, waits for the end of the command.
#pragma once

#include "request.h"

namespace ll {

struct Signals {
  uint64_t mask;  // the mask before all were blocked
};

// The terminal whose foreground process group is this process's, if there is one.
struct Terminal {
  int descriptor = -1;
  int group = 0;
};
// Call it before the command starts, which could take the foreground.
Terminal own_terminal();

constexpr int kTimedOut = 124;  // as timeout(1)

// Blocks all signals, so that they can be waited for.
Signals block_signals(const Policy &policy);
// In the child, before the command: restores the mask.
void restore_signals(const Policy &policy, const Signals &signals);
// Waits for the child; returns its status as a shell reports it. `milliseconds`: 0: no timeout.
int supervise(long child, const Terminal &terminal, uint64_t milliseconds, bool reaper);
// Dies of SIGINT as the command did, so that a shell sees it.
void die_of_interrupt();
// The same for process 1 of a PID namespace, which reaps all others.
int reap(long child);

}  // namespace ll
