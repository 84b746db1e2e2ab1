// Calls that are refused unless the policy allows them: one row each in refusals.def.
#pragma once

#include "core/seccomp/syscalls.h"

namespace ll {

// When a row applies.
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
// The result: an errno, or a check of the arguments.
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
