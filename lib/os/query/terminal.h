// Detects whether standard output is a terminal.
#pragma once

#include "core/table_writer.h"

namespace ll {

Screen detect_terminal(char *const *environment);

}  // namespace ll
