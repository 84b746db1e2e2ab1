// Opens the path of a policy line. Symbolic links beneath the current directory and beneath the
// policy's directory are not trusted: they may have come with the project or from an earlier run.
// Such a link does not grant its target.
#pragma once

#include "core/diagnostic.h"
#include "os/input/resolve.h"

namespace ll {

// The symbolic link that was not followed; empty: the path itself leads out by "..".
struct Stray {
  char link[kMaxPath];
  char target[kMaxPath];
};
constexpr long kStray = -18;  // EXDEV, as openat2(2) returns for RESOLVE_BENEATH

// Each opens with O_PATH; relative paths start from `directory`. Not followed: a link that leads
// out of its tree, and any link on the way to a writable path. Links owned by root in a directory
// owned by root are followed for other users, who cannot have made them.
long open_granted(const Policy &policy, const Rule &rule, int directory, Stray &stray);
// A path from the command line.
long open_named(const Policy &policy, Text path, int directory, bool writes, Stray &stray);

// Creates or opens a file from the command line for writing, as sys::create_at().
long create_named(const Policy &policy, Text path, int flags, int mode, Stray &stray);

// The message for such a link: an error, or a warning for an optional line. `path`: as the user
// wrote it.
void format_stray(Diagnostic &problem, const SourceSpan &where, Text path, const Stray &stray,
                  bool warning = false);

}  // namespace ll
