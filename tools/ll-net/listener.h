// The filter of the command by which its connections come to ll-net.
#pragma once

#include "core/seccomp/filter.h"

namespace ll {

constexpr size_t kMostListener = 128;  // instructions; what takes them reads as many

// `keeps`: TCP sockets are made by ll-net, too.
void write_listener(bool keeps, Program &program);

}  // namespace ll
