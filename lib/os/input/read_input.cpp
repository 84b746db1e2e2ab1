// Alone in its file: a library has no standard input of its own.
#include "os/input/policy_reader.h"
#include "os/kernel/sys.h"

namespace ll {

long read_input(char *buffer, size_t size) { return sys::read(0, buffer, size); }

}  // namespace ll
