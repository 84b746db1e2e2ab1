// What changes, for a person or a program.
#pragma once

#include "scan.h"
#include "selection.h"

namespace ll {

struct Telling {
  int descriptor = 1;
  bool json = false;
  bool diff = false;
  Selection selection;
};

void report_changes(const Layer &layer, const Telling &telling);

}  // namespace ll
