// What can be written into a policy and means the same when it is read again.
#pragma once

#include "core/policy/parser.h"

namespace ll {

// Whether a line of a policy can hold that value: no control byte, nothing that deceives whoever
// reads it, and not too long.
bool can_be_written(Text value);
// Whether a terminal shows each character of it, and nothing else.
bool is_shown_as_is(Text text);
// Whether lines are a policy's, by reading them as one.
bool are_lines(Text lines, const Environment &environment, Diagnostic &problem);

}  // namespace ll
