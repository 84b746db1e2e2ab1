#include "tasks.h"

#include "core/task_table.h"

namespace ll {

namespace {

constinit TaskTable<Task> tasks{};
constexpr size_t kMax = TaskTable<Task>::kMax;
constinit int waiting_tids[kMax]{};
constinit size_t waiting_tasks = 0;

}  // namespace

Task *find_task(int tid) { return tasks.find(tid); }

bool is_task(int tid) { return tasks.has(tid); }

void forget_task(int tid) { tasks.forget(tid); }

void let_wait(int tid) {
  if (waiting_tasks < kMax) waiting_tids[waiting_tasks++] = tid;
}

bool end_wait(int tid) {
  for (size_t i = 0; i < waiting_tasks; i++) {
    if (waiting_tids[i] != tid) continue;
    waiting_tids[i] = waiting_tids[--waiting_tasks];
    return true;
  }
  return false;
}

size_t waiting_count() { return waiting_tasks; }
int waiting(size_t index) { return waiting_tids[index]; }

}  // namespace ll
