// Where something of a TOML file stands.
#pragma once

#include <toml++/toml.h>

#include "draft.h"

namespace ll {

inline SourceSpan place_of(const Policy &policy, uint16_t source,
                           const toml::source_region &region) {
  const bool one_line = region.begin.line == region.end.line;
  const size_t length = one_line && region.end.column > region.begin.column
                            ? region.end.column - region.begin.column
                            : 1;
  return place_at(policy, source, region.begin.line, region.begin.column, length);
}

}  // namespace ll
