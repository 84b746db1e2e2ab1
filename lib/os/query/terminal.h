// What standard output is.
#pragma once

#include "core/table_writer.h"

namespace ll {

Screen ask_screen(char *const *environment);

}  // namespace ll
