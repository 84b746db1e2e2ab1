// Alone in its file: the library must not read standard input.
#include "os/input/policy_reader.h"
#include "os/kernel/sys.h"

namespace ll {

long read_input(char *buffer, size_t size) { return sys::read(0, buffer, size); }

}  // namespace ll
