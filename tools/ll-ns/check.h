// --check: tests by trying it whether this machine supports the options given.
#pragma once

#include "request.h"

namespace ll {

// Returns the exit status: 0 if all of it works, else 1.
int check_machine(Policy &policy, const NsRequest &request);

}  // namespace ll
