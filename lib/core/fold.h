// Rows of a tree that can be one: of what lies in the same directory and is granted the same.
#pragma once

#include "core/landlock/plan.h"
#include "core/path_tree.h"

namespace ll {

class Fold {
 public:
  // `columns`: that the names of a row may take.
  Fold(const Policy &policy, const Plan &plan, size_t columns);

  // False: another rule for the same path grants all that this one does, or it is in another's row.
  [[nodiscard]] bool has_row(size_t index) const;
  // Whether any are joined now: rows that have none beneath them.
  bool join(const Outline &outline);
  [[nodiscard]] bool joins(size_t index) const;
  [[nodiscard]] bool joins_other_lines(size_t index) const;
  // The row's name, whose end is that of the rule itself: dir/{one,two}
  void list(size_t index, Text name, Builder &out) const;

 private:
  [[nodiscard]] bool adds_nothing(size_t index) const;
  [[nodiscard]] bool can_join(size_t index) const;
  [[nodiscard]] bool are_alike(size_t a, size_t b) const;

  const Policy &policy_;
  const Plan &plan_;
  const size_t columns_;
  uint16_t row_of_[kMaxRules];  // the rule in whose row it is; kNowhereDrawn: in none
};

}  // namespace ll
