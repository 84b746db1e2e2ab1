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
  int64_t seconds, nanoseconds;  // the time where it stands, else what is added
  uint64_t mark;                 // the third argument of a call that the filter lets through
  int64_t original;              // the vDSO's own clock_gettime, from the start of the code
};

// A call of clock_gettime(2) of this third argument tells the machine's time.
constexpr uint64_t kMark = 0x6c6c2d7265706561;

Stub stub(bool frozen);
// getrandom() of the vDSO: it answers ENOSYS, and who called it makes the system call.
Text no_random_stub();

}  // namespace ll
