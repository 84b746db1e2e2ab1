// How x86-64 enters the kernel: syscall(2), and the numbers of
// arch/x86/entry/syscalls/syscall_64.tbl.
#pragma once

namespace ll::sys {

// clang-format off
enum Number : long {
  kRead = 0, kWrite = 1, kClose = 3, kFcntl = 72, kGetcwd = 79, kChdir = 80,
  kExecve = 59, kExit = 60, kWait4 = 61, kUname = 63, kPrctl = 157, kGetuid = 102,
  kCapget = 125, kCapset = 126, kReadlinkat = 267, kOpenat = 257, kPread64 = 17,
  kPrlimit64 = 302, kFaccessat = 269, kUnshare = 272, kStatx = 332, kGetdents64 = 217,
  kSeccomp = 317, kExitGroup = 231, kClone = 56, kIoctl = 16, kKill = 62, kSetsid = 112,
  kRtSigaction = 13, kRtSigprocmask = 14, kRtSigtimedwait = 128, kPoll = 271, kPipe2 = 293,
  kMount = 165, kUmount2 = 166, kPivotRoot = 155, kMkdirat = 258, kSymlinkat = 266,
  kUnlinkat = 263, kFchdir = 81, kGetgid = 104, kGetpid = 39, kSethostname = 170, kGetpgid = 121,
  kChroot = 161, kExecveat = 322,
  kPtrace = 101, kReadMemory = 310, kGetsockopt = 55, kGettime = 228, kLseek = 8,
  kFstatfs = 138,
};
// clang-format on

// What a call does not take is not passed: most take few.
inline long call(long number, long a = 0) {
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a) : "rcx", "r11", "memory");
  return result;
}

inline long call(long number, long a, long b, long c = 0) {
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c)
                   : "rcx", "r11", "memory");
  return result;
}

inline long call(long number, long a, long b, long c, long d, long e = 0) {
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                   : "rcx", "r11", "memory");
  return result;
}

}  // namespace ll::sys

// The compiler finds the guard by its name.
#define LL_USE_GUARD(guard) (void)(guard)

// The stack as the kernel leaves it goes to start_on (start.cpp) as one pointer, aligned as the
// psABI asks.
#define LL_START              \
  ".globl _start\n"           \
  ".hidden _start\n"          \
  ".type _start, @function\n" \
  "_start:\n"                 \
  "  xor %ebp, %ebp\n"        \
  "  mov %rsp, %rdi\n"        \
  "  and $-16, %rsp\n"        \
  "  call start_on\n"         \
  "  hlt\n"
