// What a program tells the library of itself.
#pragma once

#include "core/text.h"

namespace ll {

// The options that are no directives, one row each of the program's options.def.
struct OptionTable {
  const char *letters = nullptr;  // one a row; 0: it has none
  const char *names = nullptr;    // behind two dashes
  const char *texts = nullptr;    // two a row: what its value is, its help
  size_t count = 0;

  [[nodiscard]] Text name(size_t row) const { return nth(names, row); }
  // Empty: it takes no value.
  [[nodiscard]] Text metavar(size_t row) const { return nth(texts, 2 * row); }
  [[nodiscard]] Text help(size_t row) const { return nth(texts, 2 * row + 1); }
};

struct ProgramInfo {
  Text name;
  Text version;
  Text usage;  // how it is called, and what it is for: a line each
  OptionTable options;
};

}  // namespace ll
