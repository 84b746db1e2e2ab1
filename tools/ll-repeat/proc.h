// Files of /proc, proc(5).
#pragma once

#include "core/text.h"

namespace ll {

// What /proc/PROCESS/NAME holds, until another is read; nothing where it cannot be.
Text read_proc(Text process, Text name);
Text read_proc(int tid, Text name);
// The number between that word and the end of its line; kNpos: it is not there.
uint64_t number_behind(Text content, Text word);

}  // namespace ll
