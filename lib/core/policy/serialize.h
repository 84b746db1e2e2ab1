// Rules written so that they are read the same: as options of another program, as policy lines.
#pragma once

#include "core/policy/policy.h"

namespace ll {

// "--ro=-/etc/motd", in the arena. False when that is full.
bool write_option(Arena &arena, const Rule &rule, Text &option);

// A value as a policy has it: quoted where that is needed.
void write_value(Builder &out, Text value);

}  // namespace ll
