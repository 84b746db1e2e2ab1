// What is refused unless a policy opens it: a row each of refusals.def.
#pragma once

#include "core/seccomp/syscalls.h"

namespace ll {

// When a row is in force.
enum class When : uint8_t {
  Always,
  NoSocket,
  NoListen,
  NoFastOpen,
  NoSysv,
  NoMetadata,
  NoNode,
  NoTruncate,
  NoCore,
  WriteExecute,
  Personality
};
// What it answers: an errno, or a look at the arguments.
enum class Answer : uint8_t {
  Eperm,
  Eacces,
  Enosys,
  Socket,
  SocketPair,
  SendTo,
  SendMessage,
  SendMessages,
  SocketOption,
  Ioctl,
  CloneFlags,
  Unshare,
  Priority,
  IoPriority,
  OtherProcess,
  CoreLimit,
  AnyLimit,
  EmptyPath,
  Lease,
  OpenFlags1,
  OpenFlags2,
  MakeNode1,
  MakeNode2,
  Whiteout,
  Times,
  MapExecutable,
  MakeExecutable
};
struct RefusalRow {
  When when;
  Answer answer;
};
inline constexpr RefusalRow kRefusals[] = {
#define REFUSAL(when, answer, calls, reason) {When::when, Answer::answer},
#include "core/seccomp/refusals.def"
};

}  // namespace ll
