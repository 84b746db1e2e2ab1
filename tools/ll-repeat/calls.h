// The system calls that only ll-repeat makes, as os/kernel/sys.h. Sources: ptrace(2), and
// arch/{x86,arm64}/include/uapi/asm/ptrace.h.
#pragma once

#include "ll-trace/calls.h"

namespace ll::uapi {

constexpr int kPTRACE_EVENT_FORK = 1, kPTRACE_EVENT_VFORK = 2, kPTRACE_EVENT_CLONE = 3;

}  // namespace ll::uapi

namespace ll::sys {

// Also where the program may not write.
inline long poke(long tid, uint64_t place, uint64_t word) {
  constexpr long kPokeData = 5;
  return trace(kPokeData, tid, static_cast<long>(place), static_cast<long>(word));
}
// Where it may.
inline long write_memory(long tid, uint64_t to, const void *bytes, size_t size) {
  const uapi::IoVec local = {const_cast<void *>(bytes), size};
  struct {
    uint64_t start, size;
  } const remote = {to, size};
  return call_with_six(number::process_vm_writev, tid, address(&local), 1, address(&remote), 1);
}
// Whether it is the first thread of a process.
inline bool is_process(long tid) { return call(number::tgkill, tid, tid, 0) != -3; }  // ESRCH

// Of a task that is stopped in a call: one of the arguments, from 0.
inline long set_argument(long tid, size_t argument, uint64_t value) {
  constexpr long kOfAll = 1;  // NT_PRSTATUS
#if defined(__aarch64__)
  uint64_t registers[34];
#else
  uint64_t registers[27];
  constexpr uint8_t kPlaces[] = {14, 13, 12, 7, 9, 8};  // struct user: rdi rsi rdx r10 r8 r9
  argument = kPlaces[argument];
#endif
  const uapi::IoVec chunk = {registers, sizeof registers};
  const long got = trace(uapi::kPTRACE_GETREGSET, tid, kOfAll, address(&chunk));
  if (got < 0) return got;
  registers[argument] = value;
  return trace(uapi::kPTRACE_SETREGSET, tid, kOfAll, address(&chunk));
}

}  // namespace ll::sys
