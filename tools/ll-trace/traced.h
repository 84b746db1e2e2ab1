// Which calls stop, and what their arguments are.
#pragma once

#include "core/filter.h"

namespace ll {

enum class CallKind : uint8_t {
  None,
  Open,
  Open2,
  Create,
  Execute,
  Unlink,
  Rmdir,
  Rename,
  Link,
  Symlink,
  Mkdir,
  Mknod,
  Truncate,
  Ftruncate,
  Ioctl,
  Connect,
  Bind,
  Send,
  Sendmsg,
  Sendmmsg,
  Signal,
  SignalFd,
  Ptrace
};

constexpr uint8_t kNo = 255;  // no such argument
struct Traced {
  int16_t number;  // -1: this architecture has no such call
  CallKind kind;
  uint8_t directory, path, more;
};
constexpr size_t kTracedCount = 0
#define TRACED(name, kind, directory, path, more) +1
#include "traced.def"
    ;
extern const Traced kTraced[kTracedCount];

// Null when it is none of them.
const Traced *traced_call(uint64_t number);

// The row of syscalls.def, and its name.
size_t row_of_call(uint64_t number);
Text name_of_call(uint64_t number);

// The filter that stops them. `all`: also those whose arguments say that nothing can be refused.
void write_observer(Program &program, bool all);
// What the program refuses stops instead; the errno is what the stop says.
void stop_instead(Program &program);

}  // namespace ll
