// --learn: what an unrestricted run does that the policy does not grant.
#pragma once

#include "explainer.h"

namespace ll {

struct Learnt {
  Text path;
  uint64_t rights = 0;
  uint32_t reads = 0;  // --report: how often
  uint32_t writes = 0;
  uint32_t runs = 0;
  uint32_t by = 0;       // the first that did, a row of Record::ran
  bool created = false;  // it was not there before
  bool missing = false;  // it was looked for, and is not there
};

// A name with links on its way, and where they lead. A private root needs the name as well.
struct Name {
  Text name;
  Text path;
};

struct Lesson {
  Text line;
  bool suspicious = false;  // it opens the sandbox itself
};

constexpr size_t kMaxLearnt = 32768;  // a power of two
constexpr size_t kMaxLessons = 256;
constexpr size_t kMaxNames = 4096;
struct Lessons {
  size_t count;
  Learnt paths[kMaxLearnt];
  size_t line_count;
  Lesson lines[kMaxLessons];
  size_t name_count;
  Name names[kMaxNames];
  uint8_t tried;   // of Attempt: sockets that were made
  uint8_t needed;  // those that came to something
  bool metadata;
  bool moved;  // a call was made that can give a task another root
  bool full;
};
extern Lessons lessons;

// A call that returned that. Its needs were found before it was made.
void learn_result(const TraceContext &sandbox, const Task &task, long result);
// A program that was started, by a call with these needs.
void learn_start(int tid, const Needs &needs);
const Learnt *find_learnt(Text kept);

}  // namespace ll
