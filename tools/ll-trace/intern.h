// Text that stays: each once, so that equal text has one address.
#pragma once

#include "core/text.h"

namespace ll {

// Followed by a NUL. Empty when there is no more room.
Text intern(Text text);
// Whether something did not fit.
bool is_store_full();

}  // namespace ll
