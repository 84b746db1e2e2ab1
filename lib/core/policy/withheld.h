// Which variables a command does not see although no `env` line is there.
#pragma once

#include "core/text.h"

namespace ll {

enum class Withheld : uint8_t { No, Secret, Agent, Preload };

// Of NAME=VALUE, or of a name alone.
Withheld is_withheld(Text variable);
// The patterns of withheld.def, one after another; empty at the end.
Text withheld_pattern(size_t row);

}  // namespace ll
