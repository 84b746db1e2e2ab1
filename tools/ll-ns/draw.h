// --explain: the root as it would be mounted.
#pragma once

#include "program/request.h"

namespace ll {

int draw_root(Policy &policy, const Request &request);

}  // namespace ll
