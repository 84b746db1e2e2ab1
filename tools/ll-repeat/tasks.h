// What is traced: threads, and the stream of the process that each is of.
#pragma once

#include "core/text.h"
#include "stream.h"

namespace ll {

struct Task {
  int tid = 0;  // 0: this place is free
  int process = 0;
  bool known = false;  // it has its place in the tree; else it has stopped before that was told
  // An argument of the call that it is in is another one: it has this back behind the call.
  bool lent = false;
  uint8_t lent_index = 0;
  uint64_t argument = 0;
  Stream stream;  // of a process: that of its first thread
};

// A new one where there is none. Null when there is no more room.
Task *find_task(int tid);
bool is_task(int tid);
void forget_task(int tid);

// Those that have stopped before they were known.
void let_wait(int tid);
// False: it does not wait.
bool end_wait(int tid);
size_t waiting_count();
int waiting(size_t index);

}  // namespace ll
