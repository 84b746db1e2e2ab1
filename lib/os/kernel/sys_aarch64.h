// How arm64 enters the kernel: svc 0.
#pragma once

namespace ll::sys {

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
