// How x86-64 enters the kernel: syscall(2).
#pragma once

namespace ll::sys {

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
