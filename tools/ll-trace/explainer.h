// Why a call failed: the plan that is enforced, asked about the rights that the call needs.
#pragma once

#include "core/seccomp/filter.h"
#include "tasks.h"

namespace ll {

struct TraceContext {
  const Policy &policy;
  const Plan &plan;
  const Filter &filter;
  bool verbose;
  int command;        // its process
  uint8_t tolerated;  // of Attempt: nothing is said of them
  Environment environment;
};

// A directive that takes away what others grant.
bool takes(Directive directive);

// Sockets of a kind: those that a command may do without.
enum Attempt : uint8_t { kTriedUnix = 1, kTriedUdp = 2, kTriedNetlink = 4 };
uint8_t attempt_of(const Syscall &socket);

// The line that allows what the filter refuses.
void write_filter_line(Builder &line, const TraceContext &sandbox, const Syscall &call, Text name);
// A call that the filter refused with that errno.
void explain_filter(const TraceContext &sandbox, int tid, const Syscall &call, long error);
// A call that was made, and returned minus that errno.
void explain_result(const TraceContext &sandbox, const Task &task, long error);
// A call that `action log` lets through.
void explain_log(const TraceContext &sandbox, int tid, const Syscall &call);
// A process that was killed by the filter.
void explain_kill(const TraceContext &sandbox, int tid);
// What a program that was started would have got if it were not restricted.
void explain_start(const TraceContext &sandbox, int tid);

}  // namespace ll
