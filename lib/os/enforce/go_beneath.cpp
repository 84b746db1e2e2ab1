// Alone in its file: who makes a sandbox in a process that goes on has another one.
#include "os/enforce/supervised.h"

namespace ll {

void go_beneath_supervisor(const Process &process, Policy &policy, const Supervision &how) {
  start_supervisor(process, policy, how);
}

}  // namespace ll
