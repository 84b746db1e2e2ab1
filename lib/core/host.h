// The one function that core needs from outside; os/ or a test defines it.
#pragma once

#include "core/text.h"

namespace ll {

// Writes all bytes to the descriptor.
void host_write(int descriptor, Text bytes);

}  // namespace ll
