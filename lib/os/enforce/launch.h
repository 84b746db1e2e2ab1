// The process is made what the policy says, and becomes the command.
#pragma once

#include "os/enforce/sandbox.h"

namespace ll {

// A closed 0, 1 or 2 would become the next file that is opened, and what is written to it would go
// there. Opened on /dev/null, or on something that can be neither read nor written.
void open_standard_descriptors(const Policy &policy);
// From 3 up, except those that `fd` keeps.
void close_descriptors(const Policy &policy);
// `chdir`. The result is where relative paths of the command line start.
int enter_directory(Policy &policy);
// `arguments`: the command's argv.
[[noreturn]] void launch(const Sandbox &sandbox, const Program &program, const char *command,
                         char **arguments);

}  // namespace ll
