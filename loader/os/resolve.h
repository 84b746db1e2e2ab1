#pragma once

#include "core/text.h"

namespace ll {

constexpr size_t kMaxPath = 4096;  // PATH_MAX, limits.h

// path_resolution(7) done by hand: `path` without symbolic links, "." and "..". A relative path
// starts from `base`; from the current directory if that is empty. A last component that does not
// exist stays as it is. The result is the size, or minus an errno.
long resolve(Text base, Text path, char *resolved, size_t capacity);

}  // namespace ll
