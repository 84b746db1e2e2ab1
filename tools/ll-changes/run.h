// The command, and what is done with its changes when it has ended.
#pragma once

#include "request.h"

namespace ll {

// The exit status.
int run_with_layer(const ChangesRequest &request);

}  // namespace ll
