// What a program tells the library of itself.
#pragma once

#include "core/text.h"

namespace ll {

// The options that are no directives, one row each of the program's options.def.
struct OptionTable {
  const char *letters = nullptr;  // one a row; 0: it has none
  const char *texts =
      nullptr;  // three a row: the name behind two dashes, what its value is, its help
  size_t count = 0;

  [[nodiscard]] Text name(size_t row) const { return nth(3 * row); }
  [[nodiscard]] Text metavar(size_t row) const {
    return nth(3 * row + 1);
  }  // empty: it takes no value
  [[nodiscard]] Text help(size_t row) const { return nth(3 * row + 2); }

 private:
  [[nodiscard]] Text nth(size_t index) const { return text_at(texts, index); }
};

struct ProgramInfo {
  Text name;
  Text version;
  Text usage;  // how it is called, and what it is for: a line each
  OptionTable options;
};

}  // namespace ll
