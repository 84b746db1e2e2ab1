// The floor: the least that any launcher can cost. It executes its arguments and does nothing else,
// so what ll-exec takes beyond it is what the sandbox costs.
#include "freestanding.h"

extern "C" [[noreturn, gnu::used]] void run(long *stack) {
  const long argc = stack[0];
  long *const argv = stack + 1;
  long *const environment = argv + argc + 1;
  if (argc > 1) {
    system_call(nr_execve, argv[1], reinterpret_cast<long>(argv + 1),
                reinterpret_cast<long>(environment));
  }
  exit_now(127);
}

LL_START(run);
