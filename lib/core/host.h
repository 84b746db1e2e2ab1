// What the core asks of the outside: one function, which os/ (or a test) defines.
#pragma once

#include "core/text.h"

namespace ll {

// All of it, to a descriptor.
void host_write(int descriptor, Text bytes);

}  // namespace ll
