// Makes the changes of a layer in the directory, name by name. Each step is one rename or can be
// done again, and what a layer says goes from it only with or after its change: killed anywhere, a
// commit that is run again ends in the same state.
#pragma once

#include "layer.h"
#include "selection.h"

namespace ll {

struct Commit {
  bool force = false;  // also over conflicts
  Selection selection;
};

// True when all that was meant is done; without any more changes the layer is gone. Else what
// stands in the way was told, and the rest is kept; what is in the way at the start lets nothing be
// done. One commit at a time works in a directory.
bool commit_layer(Layer &layer, const Commit &commit);

}  // namespace ll
