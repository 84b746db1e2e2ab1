#include "processes.h"

#include "core/mem.h"
#include "question.h"

namespace ll {

void Processes::add(Builder &line, uint32_t task, uint64_t now) {
  Row &row = rows_[task % kMax];
  if (row.task == task && row.until > now) {
    line << Text{row.text, row.size};
    return;
  }
  const size_t before = line.text().size;
  add_process(line, task);
  const Text added = line.text().from(before);
  row.task = 0;
  if (added.size > kMostText) return;
  row.task = task;
  row.until = now + kFresh;
  row.size = static_cast<uint32_t>(added.size);
  memcpy(row.text, added.data, added.size);
}

void Processes::forget() {
  for (Row &row : rows_) row.task = 0;
}

}  // namespace ll
