// Finds the rules that grant a right at a path. Like the kernel, it walks from the file up to the
// root and collects what the rules on the way grant, by the same inodes
// (security/landlock/fs.c, is_access_to_paths_allowed).
#pragma once

#include "core/landlock/plan.h"
#include "os/input/resolve.h"

namespace ll {

// --why RIGHT PATH.
struct Question {
  Text right;
  Text target;
  SourceSpan where;  // of the right
};

struct Verdict {
  size_t path_size = 0;
  Kind kind = Kind::Missing;
  uint64_t granted = 0;            // of the rights asked for
  uint64_t unhandled = 0;          // those of them that this plan does not restrict
  const Rule *granting = nullptr;  // the deepest that grants any of them
  const Rule *nearest = nullptr;   // the deepest that grants anything
  const Rule *obstacle = nullptr;  // the `deny` or `keep` for which none is granted to a directory
  long error = 0;
  char path[kMaxPath];  // without symbolic links, dots and double slashes
};

// Rights over a directory entry: the containing directory counts.
constexpr uint64_t kOfEntry = mask_of(RightId::remove_dir) | mask_of(RightId::remove_file);

// If `path` does not exist, its directory counts; for the rights `of_entry` it always does.
// A relative path starts from `base`, or from the current directory if that is empty.
void check_access(const Policy &policy, const Plan &plan, Text base, Text path, uint64_t rights,
                  uint64_t of_entry, Verdict &verdict);
// --why: prints the answer. Returns the exit status: 0 granted, 1 refused.
int answer_why(const Policy &policy, const Plan &plan, const Question &question);
// --why connect HOST:PORT; -1: not that right. ll-exec executes ll-net, if it is installed.
int answer_why_connect(const Policy &policy, const Question &question);
// Warns of a policy that its own command can rewrite, and so grant itself everything next time.
void warn_of_writable_policies(const Policy &policy, const Plan &plan);
// Dies on `protect` beneath a rule that allows deleting: Landlock adds grants up, so it would not
// protect.
void check_protected(const Policy &policy, const Plan &plan, bool best_effort);

}  // namespace ll
