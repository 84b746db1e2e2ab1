// Policy lines.
#pragma once

#include "needs.h"

namespace ll {

// A value as a policy has it: quoted where that is needed.
void write_value(Builder &out, Text value);
// The directive that grants all of them at the path, or at the directory that it is in.
void write_path_line(Builder &out, Text path, Kind kind, uint64_t rights);
Directive directive_for(uint64_t rights);

}  // namespace ll
