// What changes, for a person or a program.
#pragma once

#include "scan.h"

namespace ll {

struct Telling {
  int descriptor = 1;
  bool json = false;
  bool diff = false;
};

void tell_changes(const Layer &layer, const Telling &telling);

}  // namespace ll
