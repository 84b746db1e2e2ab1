// Runs ll-exec under ptrace(2) and makes chosen system calls of it fail.
#pragma once

#include <sys/types.h>
#include <string>
#include <vector>

struct FaultRow {
  const char *name;
  long call;
  int argument;  // that tells the operation; -1: the whole call
  unsigned long value;
  std::vector<int> errnos;
};
const std::vector<FaultRow> &fault_rows();
std::string errno_name(int error);

// Which call fails, and how.
struct Fault {
  size_t row = 0;
  int error = 0;
  bool always = false;    // every such call, not only one
  size_t occurrence = 0;  // of that row
};

struct Start {
  std::vector<std::string> arguments;  // from the loader's path on
  std::vector<std::string> environment;
  std::string folder;          // where it starts
  unsigned user = 0;           // that it runs as
  std::vector<int> closed;     // descriptors that it is not given
  std::vector<int> inherited;  // and those besides 0, 1 and 2 that it is
};

struct Outcome {
  std::vector<size_t> calls;  // rows, in order; up to where the tracing ended
  std::string unknown;        // a call without a row
  bool injected = false;
  int status = -1;  // 128 and more: ended by a signal
  std::string output, errors;
};

// How long it is watched: until the last fault has happened, or the command runs. Where each
// descriptor is closed, the close(2) of those that are not open are left out, but for
// WithAllCloses.
enum class How { UpToFaults, ToTheEnd, WithAllCloses };
Outcome run_with(const Start &start, const std::vector<Fault> &faults, How how = How::UpToFaults);
