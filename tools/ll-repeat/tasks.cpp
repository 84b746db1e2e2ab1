#include "tasks.h"

namespace ll {

namespace {

constexpr size_t kMost = 1 << 15;  // pid_max, proc_sys_kernel(5), where it is not raised
constinit Task tasks[kMost]{};
constinit size_t count = 0;
constinit int waiting_tids[kMost]{};
constinit size_t waiting_tasks = 0;

size_t home_of(int tid) { return static_cast<size_t>(tid) % kMost; }

size_t place_of(int tid) {
  size_t place = home_of(tid);
  while (tasks[place].tid != 0 && tasks[place].tid != tid) place = (place + 1) % kMost;
  return place;
}

}  // namespace

Task *find_task(int tid) {
  const size_t place = place_of(tid);
  if (tasks[place].tid == tid) return &tasks[place];
  if (count == kMost - 1) return nullptr;
  count++;
  tasks[place] = Task{};
  tasks[place].tid = tid;
  return &tasks[place];
}

bool is_task(int tid) { return tid > 0 && tasks[place_of(tid)].tid == tid; }

// What was put behind it because its place was taken moves up.
void forget_task(int tid) {
  size_t hole = place_of(tid);
  if (tasks[hole].tid == 0) return;
  count--;
  for (size_t next = (hole + 1) % kMost; tasks[next].tid != 0; next = (next + 1) % kMost) {
    const size_t wanted = (next + kMost - home_of(tasks[next].tid)) % kMost;
    const size_t distance = (next + kMost - hole) % kMost;
    if (wanted < distance) continue;
    tasks[hole] = tasks[next];
    hole = next;
  }
  tasks[hole] = Task{};
}

void let_wait(int tid) {
  if (waiting_tasks < kMost) waiting_tids[waiting_tasks++] = tid;
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
