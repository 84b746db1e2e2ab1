// --clock and --seed: ll-repeat traces what follows.
#pragma once

#include "os/kernel/process.h"
#include "request.h"

namespace ll {

// Ends the program where what is asked for excludes it.
void check_repeats(const Policy &policy, const NsRequest &request);
// This process goes on as one that is traced, if that was asked for.
void repeat(const Process &process, Policy &policy, NsRequest &request);
// In the child, with its capabilities: CLOCK_MONOTONIC starts there, from what is executed next on.
// Minus an errno.
long start_clocks(const NsRequest &request);
// The bytes of /dev/random, which each that opens it reads from the start. Minus an errno.
long write_random_file(int file, uint64_t seed);

}  // namespace ll
