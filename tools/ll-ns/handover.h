// The policy as the loader's arguments: both walls stand on the same rules, read once.
#pragma once

#include "os/process.h"
#include "program/request.h"

namespace ll {

// One option of the loader that means what the rule does, in the arena.
bool write_option(Arena &arena, const Rule &rule, Text &option);
// Its whole argv. What is private to the sandbox is granted as well.
char **loader_arguments(const Process &process, Policy &policy, const Request &request);

}  // namespace ll
