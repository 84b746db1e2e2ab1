// What this program and its resolver can still do: seccomp(2) and Landlock.
#pragma once

#include "calls.h"

namespace ll {

// In a child: whether all descriptors but that one are closed.
bool close_all_but(int descriptor);
// From now on those calls and no others: minus an errno where it fails. All others end the process.
long allow_only(const int16_t *numbers, size_t count);
// No file and no port from now on.
long forbid_all_paths();

}  // namespace ll
