// Policy lines.
#pragma once

#include "core/policy/serialize.h"
#include "needs.h"

namespace ll {

// The process whose folder of /proc the path is in; 0: it is in none.
int process_in(Text path);
// The directive that grants all of them at the path, or at the directory that it is in.
// What it names: the path, or the directory that it is in.
Text place_of_line(Text path, Kind kind, uint64_t rights);
// Nothing, if no line can hold that path.
void write_path_line(Builder &out, Text path, Kind kind, uint64_t rights);
Directive directive_for(uint64_t rights);

}  // namespace ll
