// Small files of the kernel's, in one piece.
#pragma once

#include "core/text.h"

namespace ll {

// As much as there is room for; empty where it cannot be opened.
Text read_file(const char *path, char *bytes, size_t capacity);
// 0, or minus the errno of open(2) or write(2).
long write_file(const char *path, Text content);

}  // namespace ll
