// The system calls that only ll-trace makes, as os/kernel/sys.h. Sources: ptrace(2), and
// include/uapi/linux/{ptrace,elf,wait,prctl,pidfd}.h, asm-generic/{signal,socket}.h.
#pragma once

#include "os/kernel/sys.h"

namespace ll::uapi {

enum PtraceRequest : long {
  kPTRACE_CONT = 7,
  kPTRACE_POKEUSER = 6,
  kPTRACE_SYSCALL = 24,
  kPTRACE_GETEVENTMSG = 0x4201,
  kPTRACE_GETSIGINFO = 0x4202,
  kPTRACE_GETREGSET = 0x4204,
  kPTRACE_SETREGSET = 0x4205,
  kPTRACE_SEIZE = 0x4206,
  kPTRACE_LISTEN = 0x4208,
  kPTRACE_GET_SYSCALL_INFO = 0x420e,
};
enum PtraceOption : long {
  kPTRACE_O_TRACESYSGOOD = 1,
  kPTRACE_O_TRACEFORK = 2,
  kPTRACE_O_TRACEVFORK = 4,
  kPTRACE_O_TRACECLONE = 8,
  kPTRACE_O_TRACEEXEC = 16,
  kPTRACE_O_TRACEEXIT = 64,
  kPTRACE_O_TRACESECCOMP = 128,
  kPTRACE_O_EXITKILL = 1 << 20,
};
enum PtraceEvent : int {
  kPTRACE_EVENT_EXEC = 4,
  kPTRACE_EVENT_EXIT = 6,
  kPTRACE_EVENT_SECCOMP = 7,
  kPTRACE_EVENT_STOP = 128
};

// struct ptrace_syscall_info
struct SyscallInfo {
  enum Kind : uint8_t { Nothing, Entry, Exit, Seccomp };
  Kind kind;
  uint8_t padding[3];
  uint32_t architecture;
  uint64_t instruction, stack;
  struct OfEntry {
    uint64_t number, arguments[6];
    uint32_t data;  // of Seccomp: what the filter answered with
  };
  struct OfExit {
    int64_t result;
    uint8_t is_error;
  };
  union {
    OfEntry entry;
    OfExit exit;
  };
};

// siginfo_t of SIGSYS, sigaction(2).
struct SignalInfo {
  int signal, error, code, padding;
  uint64_t instruction;
  int number;
  uint32_t architecture;
  uint8_t rest[96];
};
static_assert(sizeof(SignalInfo) == 128);
constexpr int kSYS_SECCOMP = 1;

struct IoVec {  // struct iovec
  void *bytes;
  size_t size;
};

constexpr long kPR_SET_PTRACER = 0x59616d61;
constexpr int kWALL = 0x40000000;  // __WALL, wait(2)

constexpr int kSyscallStop = kSIGTRAP | 0x80;

constexpr int kSOL_SOCKET = 1, kSO_TYPE = 3;
constexpr long kTIOCGPTPEER = 0x5441;  // TIOCGPTPEER, ioctl_tty(2)
constexpr long kTIOCGPTN = 0x80045430;
constexpr int kEXDEV = 18, kEROFS = 30;

}  // namespace ll::uapi

namespace ll::sys {

inline long trace(long request, long tid, long a, long data) {
  return call(number::ptrace, request, tid, a, data);
}
inline long resume(long request, long tid, int signal) { return trace(request, tid, 0, signal); }
inline long seize(long tid, long options) { return trace(uapi::kPTRACE_SEIZE, tid, 0, options); }
inline long event_message(long tid, uint64_t &message) {
  return trace(uapi::kPTRACE_GETEVENTMSG, tid, 0, address(&message));
}
inline long syscall_info(long tid, uapi::SyscallInfo &info) {
  return trace(uapi::kPTRACE_GET_SYSCALL_INFO, tid, sizeof info, address(&info));
}
inline long signal_info(long tid, uapi::SignalInfo &info) {
  return trace(uapi::kPTRACE_GETSIGINFO, tid, 0, address(&info));
}
inline long wait_for_any(int &status) {
  return call(number::wait4, -1, address(&status), uapi::kWALL, 0);
}
// As call, with a sixth argument of zero: process_vm_readv(2) is the only one here that has it.
inline long call_with_six(long number, long a, long b, long c, long d, long e) {
#if defined(LL_HOSTED)
  const long result = ::syscall(number, a, b, c, d, e, 0L);
  return result == -1 ? -errno : result;
#elif defined(__aarch64__)
  register long x5 __asm__("x5") = 0;
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  __asm__ volatile("svc 0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                   : "memory", "cc");
  return x0;
#else
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = 0;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
#endif
}
inline long read_memory(long tid, uint64_t from, void *buffer, size_t size) {
  const uapi::IoVec local = {buffer, size};
  struct {
    uint64_t start, size;
  } const remote = {from, size};
  return call_with_six(number::process_vm_readv, tid, address(&local), 1, address(&remote), 1);
}
inline long allow_tracer(long pid) {
  return call(number::prctl, uapi::kPR_SET_PTRACER, pid, 0, 0, 0);
}
inline long copy_descriptor(int process, int descriptor) {
  return call(number::pidfd_getfd, process, descriptor, 0);
}
// Its size.
inline long attribute(const char *path, const char *name) {
  return call(number::getxattr, address(path), address(name), 0, 0);
}
inline long socket_type(int socket, int &type) {
  uint32_t size = sizeof type;
  return call(number::getsockopt, socket, uapi::kSOL_SOCKET, uapi::kSO_TYPE, address(&type),
              address(&size));
}
inline long peer_of_terminal(int master, uint32_t &number) {
  return call(number::ioctl, master, uapi::kTIOCGPTN, address(&number));
}
inline long seek(int descriptor, long offset, int whence) {
  return call(number::lseek, descriptor, offset, whence);
}
inline long wall_clock(uapi::Time &time) { return call(number::clock_gettime, 0, address(&time)); }
inline long steady_clock(uapi::Time &time) {
  return call(number::clock_gettime, 1, address(&time));
}
// Closed by execve(2).
inline long copy_of(int descriptor) {
  constexpr int kCopy = 1030;  // F_DUPFD_CLOEXEC
  return call(number::fcntl, descriptor, kCopy, 3);
}
inline long cut_file(int descriptor) { return call(number::ftruncate, descriptor, 0); }

// Of a task that is stopped at its end.
inline long number_of_stopped_call(long tid) {
#if defined(__aarch64__)
  int number = -1;
  const uapi::IoVec of_number = {&number, sizeof number};
  const long result = trace(uapi::kPTRACE_GETREGSET, tid, 0x404, address(&of_number));
#else
  constexpr long kPeekUser = 3, kNumber = 15L * 8;
  long number = -1;
  const long result = trace(kPeekUser, tid, kNumber, address(&number));
#endif
  return result < 0 ? result : number;
}

// Of a task that is stopped by the signal of a call that was not made.
inline long arguments_of_trap(long tid, uint64_t (&arguments)[6]) {
  constexpr long kOfAll = 1;  // NT_PRSTATUS
#if defined(__aarch64__)
  const uapi::IoVec chunk = {arguments, sizeof arguments};  // x0 to x5 are the first
  return trace(uapi::kPTRACE_GETREGSET, tid, kOfAll, address(&chunk));
#else
  constexpr uint8_t kPlaces[] = {14, 13, 12, 7, 9, 8};  // struct user: rdi rsi rdx r10 r8 r9
  uint64_t registers[15];
  const uapi::IoVec chunk = {registers, sizeof registers};
  const long result = trace(uapi::kPTRACE_GETREGSET, tid, kOfAll, address(&chunk));
  for (size_t i = 0; i < 6; i++) arguments[i] = registers[kPlaces[i]];
  return result;
#endif
}

// The call that is stopped at its filter, or by the signal of it, is not made; it returns that.
inline long answer_call(long tid, long result) {
#if defined(__aarch64__)
  int number = -1;
  const uapi::IoVec of_number = {&number, sizeof number};
  constexpr long kOfCall = 0x404, kOfAll = 1;  // NT_ARM_SYSTEM_CALL, NT_PRSTATUS
  const long skipped = trace(uapi::kPTRACE_SETREGSET, tid, kOfCall, address(&of_number));
  if (skipped < 0) return skipped;
  const uapi::IoVec of_result = {&result, sizeof result};  // x0 is the first
  return trace(uapi::kPTRACE_SETREGSET, tid, kOfAll, address(&of_result));
#else
  constexpr long kNumber = 15L * 8, kResult = 10L * 8;  // struct user: orig_rax, rax
  const long skipped = trace(uapi::kPTRACE_POKEUSER, tid, kNumber, -1);
  return skipped < 0 ? skipped : trace(uapi::kPTRACE_POKEUSER, tid, kResult, result);
#endif
}

}  // namespace ll::sys
