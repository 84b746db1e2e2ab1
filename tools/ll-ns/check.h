// --check: whether this machine can do what is asked, found by doing it.
#pragma once

#include "request.h"

namespace ll {

// 0: all of it; 1: not.
int check_machine(Policy &policy, const NsRequest &request);

}  // namespace ll
