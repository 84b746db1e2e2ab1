// A rule as the option that means it, for another program's command line.
#pragma once

#include "core/policy.h"

namespace ll {

// "--ro=-/etc/motd", in the arena. False when that is full.
bool write_option(Arena &arena, const Rule &rule, Text &option);

}  // namespace ll
