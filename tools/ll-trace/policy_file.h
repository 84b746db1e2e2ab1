// The policy that lines are added to.
#pragma once

#include "explainer.h"

namespace ll {

// Lines at the end of a policy, under a comment with the date. Nothing is written that is not a
// policy; false then, and where the file cannot be written.
bool append_lines(const TraceContext &sandbox, Text file, Text lines, Diagnostic &problem);
// The text of that policy as it was read; empty if it was not there.
Text text_of_policy(const Policy &policy, Text file);
// Whether a line, or a value between blanks, is in it already.
bool holds(Text text, Text wanted);
void write_date(Builder &out);

}  // namespace ll
