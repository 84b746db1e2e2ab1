// Rows of a tree that can be one: of what lies in the same directory and is granted the same.
#pragma once

#include "core/landlock/plan.h"
#include "core/path_tree.h"

namespace ll {

class Fold {
 public:
  // Each of so many rules has a row of its own.
  void clear(size_t count);
  // Those that have none beneath them. `columns`: that the names of a row may take.
  void join(const Policy &policy, const Plan &plan, const Outline &outline, size_t columns);
  // It is in the row of another.
  [[nodiscard]] bool is_joined(size_t index) const { return head_[index] != 0; }
  // Of a row that others are in, its name: dir/{one,two}. `name` ends with that of the rule itself.
  bool list(const Policy &policy, size_t index, Text name, Builder &out) const;

 private:
  uint16_t head_[kMaxRules];   // the rule whose row it is in, and one more; 0: its own
  uint16_t taken_[kMaxRules];  // columns that its row's names take
};

}  // namespace ll
