// Which calls stop, and what their arguments are.
#pragma once

#include "core/seccomp/filter.h"

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
  Ptrace,
  // --learn alone: what may be the answer of a name server.
  Receive,
  ReceiveMessage,
  Read
};

constexpr uint8_t kNo = 255;  // no such argument
struct TracedSyscall {
  int16_t number;  // -1: this architecture has no such call
  CallKind kind;
  uint8_t directory, path, more;
};
constexpr size_t kTracedSyscallCount = 0
#define TRACED(name, kind, directory, path, more) +1
#include "traced_syscalls.def"
    ;
extern const TracedSyscall kTracedSyscalls[kTracedSyscallCount];

// Null when it is none of them.
const TracedSyscall *traced_call(uint64_t number);

// The row of syscalls.def, and its name.
size_t row_of_call(uint64_t number);
Text name_of_call(uint64_t number);

// The filter that stops them. `all`: also those whose arguments say that nothing can be refused.
void write_trace_filter(Program &program, bool all, bool calls);
// What tells the filter's own stop from one of a filter of the command's: the errno is added to it.
constexpr uint32_t kOwnTrap = 0x4c00;
// What a stop says of a call that `action log` lets through.
constexpr uint32_t kOfLog = 0x4c4c;
// What the program refuses raises SIGSYS instead, which the tracer turns into the errno. The kernel
// has refused by then: of all answers only a kill outranks it, and where nobody takes the signal
// away, it ends the program.
void trap_instead(Program &program);
// --learn: it stops before the call, which may then be made; the errno is what the stop says.
void stop_instead(Program &program);

}  // namespace ll
