// Rules as options of another program or as policy lines, which parse to the same rules.
#pragma once

#include "core/policy/policy.h"

namespace ll {

// "--ro=-/etc/motd", in the arena. False when the arena is full.
bool write_option(Arena &arena, const Rule &rule, Text &option);

// A value as in a policy line: quoted if needed.
void write_value(Builder &out, Text value);

}  // namespace ll
