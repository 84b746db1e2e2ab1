// The code that is put in the place of what the vDSO has to tell the time: stub.cpp. It is found by
// its addresses relative to its own, and lies anywhere.
#pragma once

#include "core/text.h"

namespace ll {

struct Stub {
  Text code;          // clock_gettime(2) is its start
  size_t day = 0;     // where gettimeofday(2) starts
  size_t second = 0;  // where time(2) does
};

// The last words of the code.
struct StubData {
  int64_t seconds, nanoseconds;  // the time where it stands, else what is added to CLOCK_MONOTONIC
  int64_t original;              // the vDSO's own clock_gettime, from the start of the code
};

Stub stub(bool frozen);
// getrandom() of the vDSO: it answers ENOSYS, and who called it makes the system call.
Text no_random_stub();

}  // namespace ll
