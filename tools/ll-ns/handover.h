// The policy as the loader's arguments: both walls stand on the same rules, read once.
#pragma once

#include "os/process.h"
#include "program/request.h"

namespace ll {

// The loader's whole argv. What is private to the sandbox is granted as well. `mounted`: the root
// says what is hidden and what is kept, exactly; Landlock could do so only by refusing what is
// created beside it.
char **loader_arguments(const Process &process, Policy &policy, const Request &request,
                        bool mounted);

}  // namespace ll
