// What a program file needs besides itself.
#pragma once

#include "core/text.h"

namespace ll {

// The interpreter that the kernel starts for it: of its #! line, or its PT_INTERP. False when it
// has none or cannot be read.
bool read_interpreter(const char *path, char *interpreter, size_t capacity);

}  // namespace ll
