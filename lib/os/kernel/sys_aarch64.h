// How arm64 enters the kernel: svc 0, and the numbers of include/uapi/asm-generic/unistd.h.
#pragma once

namespace ll::sys {

// clang-format off
enum Number : long {
  kRead = 63, kWrite = 64, kClose = 57, kFcntl = 25, kGetcwd = 17, kChdir = 49,
  kExecve = 221, kExit = 93, kWait4 = 260, kUname = 160, kPrctl = 167, kGetuid = 174,
  kCapget = 90, kCapset = 91, kReadlinkat = 78, kOpenat = 56, kPread64 = 67,
  kPrlimit64 = 261, kFaccessat = 48, kUnshare = 97, kStatx = 291, kGetdents64 = 61,
  kSeccomp = 277, kExitGroup = 94, kClone = 220,
  kIoctl = 29, kKill = 129, kSetsid = 157, kRtSigaction = 134, kRtSigprocmask = 135,
  kRtSigtimedwait = 137, kPoll = 73, kPipe2 = 59, kMount = 40, kUmount2 = 39, kPivotRoot = 41,
  kMkdirat = 34, kSymlinkat = 36, kUnlinkat = 35, kFchdir = 50, kGetgid = 176, kGetpid = 172,
  kSethostname = 161, kGetpgid = 155, kChroot = 51, kExecveat = 281,
  kPtrace = 117, kReadMemory = 270, kGetsockopt = 209, kGettime = 113, kLseek = 62,
  kFstatfs = 44,
};
// clang-format on

// What a call does not take is not passed: most take few.
inline long call(long number, long a = 0) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8) : "memory", "cc");
  return x0;
}

inline long call(long number, long a, long b, long c = 0) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory", "cc");
  return x0;
}

inline long call(long number, long a, long b, long c, long d, long e = 0) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  __asm__ volatile("svc 0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4)
                   : "memory", "cc");
  return x0;
}

}  // namespace ll::sys

// There are no threads: the thread register is free to point at the guard.
#define LL_USE_GUARD(guard) __asm__ volatile("msr tpidr_el0, %0" ::"r"(guard))

#define LL_START              \
  ".globl _start\n"           \
  ".hidden _start\n"          \
  ".type _start, %function\n" \
  "_start:\n"                 \
  "  mov x29, #0\n"           \
  "  mov x30, #0\n"           \
  "  mov x0, sp\n"            \
  "  and sp, x0, #-16\n"      \
  "  bl start_on\n"           \
  "  brk #1\n"
