// Where no overlayfs can be mounted: a private copy of a directory, which the command changes
// in its place; and what it has changed, found by looking, as a layer has it.
//
// In the part of such a layer `copy` is the copy, `index` what it held at first, `hidden` what
// ll-ns has taken out of it because it is denied, and `denied` the names of that. They are there
// from the start of a run to its end, or to the next look at the layer, when it was killed.
// `duplicated` says that what is deleted stands in `upper` as a link that names the part.
#pragma once

#include "layer.h"

namespace ll {

// What is in `upper` by then is in the copy, too. Where much is to be copied it says so first.
void duplicate(const OverlayDir &part);
// Fills `upper`, and removes the copy. False: something was left out, and told. Interrupted, it
// begins anew the next time.
bool collect_changes(const OverlayDir &part);
// Whether collect_changes() is to be done.
bool has_copy(const OverlayDir &part);
// Whether its layer is one of this kind.
bool is_duplicated(const OverlayDir &part);

}  // namespace ll
