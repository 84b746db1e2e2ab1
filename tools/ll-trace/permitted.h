// What file permissions say, apart from the sandbox.
#pragma once

#include "needs.h"
#include "os/input/resolve.h"

namespace ll {

// Whether they let the command have those of Landlock's rights. Access control lists count for
// users other than root only, whose privileges the sandbox takes away; what cannot be told is
// permitted.
bool is_permitted(Text path, Kind kind, uint64_t rights);

}  // namespace ll
