// --check: what this machine supports, found by doing it.
#pragma once

#include "request.h"

namespace ll {

int check_machine(const Policy &policy, const Request &request);

}  // namespace ll
