// What a call that has come to the tracer is answered.
#pragma once

#include "calls.h"
#include "clock.h"
#include "tasks.h"

namespace ll {

enum class Answered : uint8_t {
  Made,    // it is not made by the kernel: it has its result
  Lent,    // it is made, with another argument, which is to be given back
  Left,    // it is made as it is
  Closed,  // so it is, for the task forbids others to look into it: PR_SET_DUMPABLE
  Gone,    // so is the task
};

struct Held {
  const Clock &clock;
  Stream &stream;  // of the process
};

Answered answer(const uapi::SyscallInfo &call, const Held &held, Task &task);

}  // namespace ll
