// --report: what a run did, as it is written down at its end.
#pragma once

#include "address.h"
#include "explainer.h"

namespace ll {

constexpr uint32_t kNoProcess = UINT32_MAX;

// One program of a process; what it becomes by execve(2), and what it starts, are beneath it.
struct Ran {
  Text program;    // absolute; empty: it cannot be told
  Text arguments;  // each with a NUL behind it
  bool cut;        // there were more
  bool forked;     // it is its parent's program still
  bool ended;
  bool replaced;  // by another program
  int process;
  int status;       // wait(2)
  uint32_t parent;  // a row; kNoProcess: none
  uint64_t from;    // milliseconds since the start
  uint64_t to;
};

struct Peered {
  enum Kind : uint8_t { Connect, Listen, Unix };
  Kind kind;
  bool udp;
  uint32_t port;
  IpAddress address;
  Text name;  // that was looked up, or a socket's path; empty: none
  uint32_t by;
  uint64_t count;  // 0: at least once
};

constexpr size_t kMaxRan = 16384;
constexpr size_t kMaxPeered = 1024;
struct Record {
  bool on;
  bool full;
  const TraceContext *sandbox;
  uint64_t started;  // milliseconds, CLOCK_MONOTONIC
  uint64_t ended;
  uint64_t changes;  // so that it is not written twice without need
  uint32_t now;      // the row of what makes the call that is looked at
  size_t ran_count;
  Ran ran[kMaxRan];
  size_t peered_count;
  Peered peered[kMaxPeered];
  uint64_t uses[kMaxRules];    // of each rule of the policy
  uint64_t rights[kMaxRules];  // that were used of it
};
extern Record record;

void start_record(const TraceContext &sandbox, Text command);
// A task's first stop.
void record_task(int tid);
// It has become another program.
void record_start(int tid);
void record_end(int tid, int status);
void record_caller(int tid);

void record_peer(Peered::Kind kind, const Address &address, Text name, uint64_t count);
// What ll-net let through.
void record_connected(const RefusedPeer &peer);
// A path's rights that no call before has used.
void record_rights(Text path, uint64_t rights);

}  // namespace ll
