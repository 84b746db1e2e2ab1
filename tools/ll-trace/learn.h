// --learn: what an unrestricted run does that the policy does not grant.
#pragma once

#include "explainer.h"

namespace ll {

struct RecordedPath {
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

struct RecordedRule {
  Text line;
  bool suspicious = false;  // it weakens the sandbox itself
};

constexpr size_t kMaxRecordedPaths = 32768;  // a power of two
constexpr size_t kMaxRecordedRules = 256;
constexpr size_t kMaxNames = 4096;
struct Profile {
  size_t count;
  RecordedPath paths[kMaxRecordedPaths];
  size_t line_count;
  RecordedRule lines[kMaxRecordedRules];
  size_t name_count;
  Name names[kMaxNames];
  uint8_t tried;   // of Attempt: sockets that were made
  uint8_t needed;  // those that came to something
  bool metadata;
  bool moved;  // a call was made that can give a task another root
  bool full;
};
extern Profile profile;

// A call that returned that. Its needs were found before it was made.
void record_result(const TraceContext &sandbox, const Task &task, long result);
// A program that was started, by a call with these needs.
void record_start(int tid, const Needs &needs);
const RecordedPath *find_recorded_path(Text kept);

}  // namespace ll
