// What ll-net refuses: its calls do not stop at the tracer.
#pragma once

#include "explainer.h"

namespace ll {

// What came since it was last asked. `told`: a pipe that does not make its reader wait; 0: none.
void explain_peers(const TraceContext &sandbox, int refused_peers);

}  // namespace ll
