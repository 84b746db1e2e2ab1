// What standard output is.
#pragma once

#include "core/rows.h"

namespace ll {

Screen ask_screen(char *const *environment);

}  // namespace ll
