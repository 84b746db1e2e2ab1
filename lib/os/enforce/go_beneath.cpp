// Alone in its file: a process that goes on after it makes a sandbox has its own definition.
#include "os/enforce/supervised.h"

namespace ll {

void go_beneath_supervisor(const Process &process, Policy &policy, const Supervision &how) {
  start_supervisor(process, policy, how);
}

}  // namespace ll
