// The filter, written and installed: from then on, the process makes only the calls that it allows.
#pragma once

#include "core/seccomp/filter.h"

namespace ll {

void write_filter(const Policy &policy, const Filter &filter, Program &program);
void install_filter(const Policy &policy, const Program &program);

}  // namespace ll
