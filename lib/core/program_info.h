// What a program tells the library of itself.
#pragma once

#include "core/text.h"

namespace ll {

// Arrays, not pointers: a pointer in a constant is a relocation, and there are none.
struct OptionRow {
  char letter;       // 0: it has none
  char name[16];     // behind two dashes
  char metavar[12];  // empty: it takes no value
  char help[56];
};

// The options that are no directives, one row each of the program's options.def.
struct OptionTable {
  const OptionRow *rows = nullptr;
  size_t count = 0;

  [[nodiscard]] const OptionRow *begin() const { return rows; }
  [[nodiscard]] const OptionRow *end() const { return rows + count; }
};

struct ProgramInfo {
  Text name;
  Text version;
  Text usage;  // how it is called, and what it is for: a line each
  OptionTable options;
};

}  // namespace ll
