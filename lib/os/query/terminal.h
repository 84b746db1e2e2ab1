// What standard output is.
#pragma once

#include "core/table_writer.h"

namespace ll {

Screen detect_terminal(char *const *environment);

}  // namespace ll
