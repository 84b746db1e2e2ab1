// The limit: makes the same system calls as a launcher did, from a recording that is a part of this
// file, and executes its arguments. What a launcher takes beyond it is its own work; what it takes
// itself is the kernel's.
#include "freestanding.h"
#include "tape.h"

[[gnu::section(".tape"), gnu::used]] extern const char tape_bytes[kTapeSize] = {};
[[gnu::used]] char answers[kAnswersSize];

extern "C" [[noreturn, gnu::used]] void run(long *stack) {
  const long argc = stack[0];
  long *const argv = stack + 1;
  long *const environment = argv + argc + 1;
  const auto *tape = reinterpret_cast<const Tape *>(kTapeAddress);
  const auto *calls = reinterpret_cast<const RecordedCall *>(tape + 1);
  for (unsigned long i = 0; i < tape->count; i++) make_call(calls[i]);
  if (argc > 1 && tape->count > 0) {
    system_call(nr_execve, argv[1], reinterpret_cast<long>(argv + 1),
                reinterpret_cast<long>(environment));
  }
  exit_now(127);
}

LL_START(run);
