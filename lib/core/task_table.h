// A hash table without a heap: the state of each traced thread, by thread ID.
#pragma once

#include <cstddef>

namespace ll {

// Task has a member `tid`; 0: the slot is free.
template <class Task>
class TaskTable {
 public:
  static constexpr size_t kMax = 1 << 15;  // pid_max, proc_sys_kernel(5), where it is not raised

  // Adds a new entry if there is none. Null when the table is full.
  Task *find(int tid) {
    Task &task = tasks_[place_of(tid)];
    if (task.tid == tid) return &task;
    if (count_ == kMax - 1) return nullptr;
    count_++;
    task = {.tid = tid};
    return &task;
  }

  [[nodiscard]] bool has(int tid) const { return tid > 0 && tasks_[place_of(tid)].tid == tid; }

  // Moves up the entries that collided with it (linear probing).
  void forget(int tid) {
    size_t hole = place_of(tid);
    if (tasks_[hole].tid == 0) return;
    count_--;
    for (size_t next = after(hole); tasks_[next].tid != 0; next = after(next)) {
      if (distance(home_of(tasks_[next].tid), next) < distance(hole, next)) continue;
      tasks_[hole] = tasks_[next];
      hole = next;
    }
    tasks_[hole] = {};
  }

 private:
  static size_t home_of(int tid) { return static_cast<size_t>(tid) % kMax; }
  static size_t after(size_t place) { return (place + 1) % kMax; }
  static size_t distance(size_t from, size_t to) { return (to + kMax - from) % kMax; }

  [[nodiscard]] size_t place_of(int tid) const {
    size_t place = home_of(tid);
    while (tasks_[place].tid != 0 && tasks_[place].tid != tid) place = after(place);
    return place;
  }

  Task tasks_[kMax]{};
  size_t count_ = 0;
};

}  // namespace ll
