// Which rules grant a right at a path. The kernel walks from the file up to the root and collects
// what the rules on its way grant (security/landlock/fs.c, is_access_to_paths_allowed); so does
// this, by the same inodes.
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
  uint64_t unhandled = 0;          // of them, what this plan does not refuse to anyone
  const Rule *granting = nullptr;  // the deepest that grants any of them
  const Rule *nearest = nullptr;   // the deepest that grants anything
  const Rule *obstacle = nullptr;  // the `deny` or `keep` for which none is granted to a directory
  long error = 0;
  char path[kMaxPath];  // without symbolic links, dots and double slashes
};

// Rights that are about a directory's entry: what counts is the directory that it is in.
constexpr uint64_t kOfEntry = mask_of(RightId::remove_dir) | mask_of(RightId::remove_file);

// `path` may not exist: what counts then is its directory. For the rights `of_entry`, always.
// A relative path starts from `base`, or from the current directory if that is empty.
void check_access(const Policy &policy, const Plan &plan, Text base, Text path, uint64_t rights,
                  uint64_t of_entry, Verdict &verdict);
// --why: prints the answer. The exit status: 0 granted, 1 refused.
int answer_why(const Policy &policy, const Plan &plan, const Question &question);
// --why connect HOST:PORT; -1: another right was named. ll-exec goes on as ll-net, if that is
// there.
int answer_why_connect(const Policy &policy, const Question &question);
// A policy that its own command can rewrite grants everything on its next use.
void warn_of_writable_policies(const Policy &policy, const Plan &plan);
// `protect` beneath a rule that lets delete: Landlock adds grants up, so it would not hold.
void check_protected(const Policy &policy, const Plan &plan, bool best_effort);

}  // namespace ll
