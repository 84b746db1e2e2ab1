// Restricts this process and executes the command.
#pragma once

#include "os/enforce/sandbox.h"

namespace ll {

// Opens closed descriptors 0 to 2 on /dev/null, or on a pipe that can be neither read nor written:
// otherwise the next file to be opened would become standard input, output or error.
void open_standard_descriptors(const Policy &policy);
// Closes descriptors from 3 up, except those of `fd`.
void close_descriptors(const Policy &policy);
// `chdir`. Returns the directory that relative paths on the command line start from.
int enter_directory(Policy &policy);
// `arguments`: the command's argv.
[[noreturn]] void launch(const Sandbox &sandbox, const Program &program, const char *command,
                         char **arguments);

}  // namespace ll
