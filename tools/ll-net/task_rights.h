// Whether a thread of the command may what this process may: what is opened here on its behalf is
// opened with the rights of this process.
#pragma once

#include "calls.h"

namespace ll {

class TaskRights {
 public:
  // Of this process, from here on.
  void note();
  // The same user, groups and capabilities; and the same root and mounts, or another one.
  [[nodiscard]] bool are_those_of(uint32_t task, uint64_t &umask, bool same_root) const;

 private:
  static constexpr size_t kMost = 2048;

  size_t size_;
  char text_[kMost];
  uint64_t root_, mount_;
};

}  // namespace ll
