// Reads the policy, probes what the kernel can enforce, restricts this process and executes the
// command.
#pragma once

#include "os/kernel/process.h"

namespace ll {

// `supervisor`: a socket to the ll-net that ll-ns started; 0: none.
int run_loader(const Process &process, int supervisor);

}  // namespace ll
