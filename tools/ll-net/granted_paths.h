// Paths, as the command writes them, that the policy granted a moment ago. What goes on is looked
// at by the kernel again, so that one that leads elsewhere by now is refused, and nothing is given.
#pragma once

#include "core/text.h"

namespace ll {

class GrantedPaths {
 public:
  // Absolute paths only: others depend on who asks. `how`: with which flags.
  [[nodiscard]] bool has(Text path, uint64_t how, uint64_t now) const;
  void add(Text path, uint64_t how, uint64_t now);

 private:
  static constexpr size_t kMax = 512, kMostPath = 232;
  static constexpr uint64_t kFresh = 100;  // milliseconds
  struct Row {
    uint64_t until;
    uint64_t how;
    uint8_t size;
    char path[kMostPath];
  };
  static size_t place_of(Text path);

  Row rows_[kMax];
};

}  // namespace ll
