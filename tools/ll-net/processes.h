// What a judge is told of who asks, for a moment: reading it takes longer than all else.
#pragma once

#include "core/text.h"

namespace ll {

class Processes {
 public:
  void add(Builder &line, uint32_t task, uint64_t now);
  // Something else is run.
  void forget();

 private:
  static constexpr size_t kMax = 16, kMostText = 4096;
  static constexpr uint64_t kFresh = 50;  // milliseconds
  struct Row {
    uint64_t until;
    uint32_t task;
    uint32_t size;
    char text[kMostText];
  };

  Row rows_[kMax];
};

}  // namespace ll
