// What the library needs to know about the program that uses it.
#pragma once

#include "core/text.h"

namespace ll {

// The options that are not directives: one row each in the program's options.def.
struct OptionTable {
  const char *letters = nullptr;  // one per row; 0: none
  const char *names = nullptr;    // without the dashes
  const char *texts = nullptr;    // two per row: the value's name, the help
  size_t count = 0;

  [[nodiscard]] Text name(size_t row) const { return nth(names, row); }
  // Empty: the option takes no value.
  [[nodiscard]] Text metavar(size_t row) const { return nth(texts, 2 * row); }
  [[nodiscard]] Text help(size_t row) const { return nth(texts, 2 * row + 1); }
};

struct ProgramInfo {
  Text name;
  Text version;
  Text usage;  // two lines: the synopsis and the purpose
  OptionTable options;
};

}  // namespace ll
