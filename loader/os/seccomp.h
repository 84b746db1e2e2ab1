// The filter is installed: from here on, the process makes only the calls that it allows.
#pragma once

#include "core/filter.h"

namespace ll {

void install_filter(const Policy &policy, const Filter &filter);

}  // namespace ll
