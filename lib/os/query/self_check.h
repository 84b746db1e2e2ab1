// --check: what this machine supports, found by doing it.
#pragma once

#include "core/policy/policy.h"
#include "os/enforce/options.h"

namespace ll {

int check_machine(const Policy &policy, const EnforceOptions &options, bool as_json);

}  // namespace ll
