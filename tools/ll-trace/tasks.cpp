#include "tasks.h"

#include "core/task_table.h"

namespace ll {

namespace {

constinit TaskTable<Task> tasks{};
constexpr size_t kMostIds = 1 << 22;  // PID_MAX_LIMIT, include/linux/threads.h
constinit uint8_t noted[kMostIds / 8]{};

}  // namespace

Task *find_task(int tid) { return tasks.find(tid); }

void note_task(int tid) {
  const auto number = static_cast<size_t>(tid);
  if (number / 8 < sizeof noted) noted[number / 8] |= static_cast<uint8_t>(1U << number % 8);
}

bool was_task(int tid) {
  const auto number = static_cast<size_t>(tid);
  return number / 8 < sizeof noted && (noted[number / 8] >> number % 8 & 1) != 0;
}

bool is_task(int tid) { return tasks.has(tid); }

void forget_task(int tid) { tasks.forget(tid); }

}  // namespace ll
