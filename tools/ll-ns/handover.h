// The policy as the loader's arguments: both walls stand on the same rules, read once.
#pragma once

#include "os/process.h"
#include "program/request.h"

namespace ll {

// The loader's whole argv. What is private to the sandbox is granted as well.
char **loader_arguments(const Process &process, Policy &policy, const Request &request);

}  // namespace ll
