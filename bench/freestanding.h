// The system calls of floor, limit and target, for a program without a C library.
#pragma once

#include "tape.h"

#if defined(__x86_64__)

constexpr long nr_execve = 59;
constexpr long nr_exit_group = 231;

inline long system_call(long number, long first, long second = 0, long third = 0) {
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(first), "S"(second), "d"(third)
                   : "rcx", "r11", "memory");
  return result;
}

inline long make_call(const RecordedCall &call) {
  long result;
  const long *const arguments = call.arguments;
  register long r10 __asm__("r10") = arguments[3];
  register long r8 __asm__("r8") = arguments[4];
  register long r9 __asm__("r9") = arguments[5];
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(call.number), "D"(arguments[0]), "S"(arguments[1]), "d"(arguments[2]),
                     "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

// The kernel starts a program with argc at the stack pointer, which no C++ function can see.
#define LL_START(function) \
  __asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tmov %rsp, %rdi\n\tcall " #function "\n")

#elif defined(__aarch64__)

constexpr long nr_execve = 221;
constexpr long nr_exit_group = 94;

inline long system_call(long number, long first, long second = 0, long third = 0) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = first;
  register long x1 __asm__("x1") = second;
  register long x2 __asm__("x2") = third;
  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return x0;
}

inline long make_call(const RecordedCall &call) {
  const long *const arguments = call.arguments;
  register long x8 __asm__("x8") = call.number;
  register long x0 __asm__("x0") = arguments[0];
  register long x1 __asm__("x1") = arguments[1];
  register long x2 __asm__("x2") = arguments[2];
  register long x3 __asm__("x3") = arguments[3];
  register long x4 __asm__("x4") = arguments[4];
  register long x5 __asm__("x5") = arguments[5];
  __asm__ volatile("svc #0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                   : "memory");
  return x0;
}

#define LL_START(function) \
  __asm__(".globl _start\n_start:\n\tmov x29, #0\n\tmov x0, sp\n\tbl " #function "\n")

#else
#error "bench: only x86-64 and aarch64 are supported"
#endif

[[noreturn]] inline void exit_now(int status) {
  for (;;) {
    system_call(nr_exit_group, status);
  }
}
