// Parsers for sizes and times.
#pragma once

#include "core/text.h"

namespace ll {

// Bytes: "512M", with K, M or G, powers of 1024.
bool parse_size(Text text, uint64_t most, uint64_t &bytes);
// "30s", with ms, s, m or h; seconds without. In milliseconds.
bool parse_time(Text text, uint64_t most, uint64_t &milliseconds);

}  // namespace ll
