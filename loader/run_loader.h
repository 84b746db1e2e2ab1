// Read the policy, ask the kernel what it can enforce, restrict this process, become the command.
#pragma once

#include "os/kernel/process.h"

namespace ll {

// `supervisor`: a socket to ll-net, which ll-ns has started; 0: none.
int run_loader(const Process &process, int supervisor);

}  // namespace ll
