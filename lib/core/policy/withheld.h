// The variables that are withheld from the command if the policy has no `env` line.
#pragma once

#include "core/text.h"

namespace ll {

enum class Withheld : uint8_t { No, Secret, Agent, Preload };

// `variable`: NAME=VALUE, or a name alone.
Withheld is_withheld(Text variable);
// The patterns of withheld.def, one after another; empty at the end.
Text withheld_pattern(size_t row);

}  // namespace ll
