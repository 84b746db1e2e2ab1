// The policy as the loader's arguments: both walls stand on the same rules, read once.
#pragma once

#include "os/kernel/process.h"
#include "request.h"

namespace ll {

// The loader's whole argv. What is private to the sandbox is granted as well. `mounted`: what is
// kept is read-only in the root, exactly; Landlock could only refuse what is created beside it.
char **loader_arguments(const Process &process, Policy &policy, const Request &request,
                        bool mounted);

}  // namespace ll
