// A process goes on as one that is traced: same parent, terminal, signals and exit status. What
// traces it is no relative of it that it could wait for. Used by ll-ns, too.
#pragma once

#include "os/kernel/process.h"
#include "settings.h"

namespace ll {

// The two ends of a pair of sockets: -1 where it is not this process's.
struct Split {
  int tracer = -1;  // in the tracer: its end; `traced` is whom
  long traced = 0;
};
// Returns in both. In the tracer, nothing but its socket and standard error is open.
Split split(const Policy &policy, const Settings &settings);
// In the tracer: minus an errno where it is not allowed to; it has been told.
long seize(const Split &split);

}  // namespace ll
