// What a policy says of itself.
#pragma once

#include <string>

#include "handle.h"

namespace ll {

// What ll_policy_json returns; throws Failed.
std::string json_of(ApiCall &call, const ll_policy &made, const char *what);

}  // namespace ll
