// The filter of the command by which its connections come to ll-net.
#pragma once

#include "core/seccomp/filter.h"

namespace ll {

constexpr size_t kMostListener = 128;  // instructions; what takes them reads as many

// What comes to ll-net besides.
struct Listening {
  bool sockets = false;   // TCP sockets are made by it, too
  bool binds = false;     // and bound
  bool listens = false;   // and listened to
  bool network = true;    // connections at all
  bool opens = false;     // files are opened by it, or go on
  bool programs = false;  // what is run is told, and who restricts itself further
};
void write_listener(const Listening &listening, Program &program);

}  // namespace ll
