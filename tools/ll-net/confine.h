// What this program and its resolver can still do: seccomp(2) and Landlock.
#pragma once

#include "calls.h"

namespace ll {

// Whether all descriptors from `first` up are closed but those, of which some may be the same or
// -1. Minus an errno.
long close_all_but(uint32_t first, int one, int other, int third = -1);
// From now on those calls and no others: minus an errno where it fails. All others end the process.
long allow_only(const int16_t *numbers, size_t count);
// No file and no port from now on.
long forbid_all_paths();

}  // namespace ll
