// Alone in its file: ll-net and the library have their own definitions.
#include "os/enforce/supervised.h"

namespace ll {

void go_beneath_supervisor(const Process &process, Policy &policy, const Supervision &how) {
  start_supervisor(process, policy, how);
}

}  // namespace ll
