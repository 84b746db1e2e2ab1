// Opens what a line of a policy names. Beneath the directory in which the work is done, and beneath
// that of a policy, a symbolic link may have been made by the command's side: it came with the
// project, or an earlier run left it. Such a link makes no grant of what it points at.
#pragma once

#include "core/diagnostic.h"
#include "os/input/resolve.h"

namespace ll {

// The symbolic link that was not followed; no link: the path itself leads out by "..".
struct Stray {
  char link[kMaxPath];
  char target[kMaxPath];
};
constexpr long kStray = -18;  // EXDEV, as openat2(2) has it for RESOLVE_BENEATH

// Each opens with O_PATH; `directory` is what relative paths start from. Not followed is a link of
// the tree that leads out of it, and any link on the way to what is to be written. Links of root's
// in a directory of root's are followed for other users, who cannot have made them.
long open_granted(const Policy &policy, const Rule &rule, int directory, Stray &stray);
// A path of the command line.
long open_named(const Policy &policy, Text path, int directory, bool writes, Stray &stray);

// Makes or opens that file, of the command line, to write to it: as sys::create_at().
long create_named(const Policy &policy, Text path, int flags, int mode, Stray &stray);

// What to say of it: an error, or of an optional line a warning. `path` is as the user wrote it.
void format_stray(Diagnostic &problem, const SourceSpan &where, Text path, const Stray &stray,
                  bool warning = false);

}  // namespace ll
