// --report: the record as a page, for programs, or as text.
#pragma once

#include "explainer.h"
#include "request.h"

namespace ll {

// What is written where, without a heap.
class Sink {
 public:
  void begin(int descriptor) {
    descriptor_ = descriptor;
    error_ = 0;
  }
  void raw(Text text);
  // JSON that HTML may hold: nothing in it begins or ends an element.
  void json(Text text);
  // An errno as system calls return it; 0: all of it is written.
  long end();

 private:
  void flush();

  int descriptor_ = 0;
  long error_ = 0;
  size_t used_ = 0;
  char bytes_[16384] = {};
};

// Whether a recorded call can show that a rule is used; and that none did.
bool is_watched_grant(const Rule &rule);
bool is_unused_grant(const TraceContext &sandbox, size_t index);

void write_json_report(const TraceContext &sandbox, Sink &sink);
void write_text_report(const TraceContext &sandbox, Sink &sink);

// At the command's end; and when all that it left has ended, if that did anything.
void write_report(const TraceContext &sandbox, const TraceRequest &request, int descriptor);

}  // namespace ll
