// Makes the changes of a layer in the directory, name by name. Each step is one rename or can be
// done again, and what a layer says goes from it only with or after its change: killed anywhere, a
// commit that is run again ends in the same state.
#pragma once

#include "layer.h"

namespace ll {

// True when all is done and the layer is gone. Else what stands in the way was told, and the rest
// is kept; what is in the way at the start lets nothing be done. `force`: also over conflicts.
bool commit_layer(Layer &layer, bool force);

}  // namespace ll
