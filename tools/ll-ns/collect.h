// From what the policy names to the tree: looks at what is there, outside.
#pragma once

#include "os/input/resolve.h"
#include "request.h"
#include "tree.h"

namespace ll {

// Where the loader starts, from where `chdir` goes on.
Text start_of(const Policy &policy, const Request &request);
// Ends the program when something does not exist and need not be missing.
void collect(Policy &policy, const Request &request, Tree &tree, Links &links);

}  // namespace ll
