// What a judge answers: one line of JSON.
#pragma once

#include "core/text.h"

namespace ll {

constexpr size_t kMaxAnswer = 4096;  // bytes of a line, without its newline

struct JudgeAnswer {
  uint64_t id;   // 0: it is about no question
  int error;     // 0: yes; else an errno
  uint8_t stop;  // of policy/judging.h: what is not asked from now on
  bool audit;
  bool remember;  // a yes is one for the rest of the run
};

// False: it is none.
bool read_answer(Text line, JudgeAnswer &answer);

}  // namespace ll
