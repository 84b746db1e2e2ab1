// --clock and --seed: ll-repeat traces the rest of the start and the command.
#pragma once

#include "os/kernel/process.h"
#include "request.h"

namespace ll {

// Dies if an option or the policy excludes them.
void check_repeats(const Policy &policy, const NsRequest &request);
// From here on this process is traced, if --clock or --seed is given.
void repeat(const Process &process, Policy &policy, NsRequest &request);
// In the child, with capabilities: sets CLOCK_MONOTONIC from the next execve on. Minus an errno.
long start_clocks(const NsRequest &request);
// Writes the contents of /dev/random, which every reader reads from the start. Minus an errno.
long write_random_file(int file, uint64_t seed);

}  // namespace ll
