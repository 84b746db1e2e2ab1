// Threads of the command, as /proc shows them.
#pragma once

#include "calls.h"

namespace ll {

// A pidfd; before Linux 6.9 that of its process. Minus an errno.
long open_task(uint32_t task, bool &of_thread);
// The inode of the socket that is its descriptor of that number; 0: it is none. Minus an errno.
long socket_of(uint32_t task, int number);
// proc_pid_comm(5), followed by a NUL; empty where it cannot be told.
void name_of_task(uint32_t task, char (&name)[16]);
// Whether a signal waits for it that it handles and does not block.
bool is_interrupted(uint32_t task);

}  // namespace ll
