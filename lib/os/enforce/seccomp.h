// Compiles and installs the seccomp filter: from then on only the calls that it allows succeed.
#pragma once

#include "core/seccomp/filter.h"

namespace ll {

void write_filter(const Policy &policy, const Filter &filter, Program &program);
void install_filter(const Policy &policy, const Program &program);

}  // namespace ll
