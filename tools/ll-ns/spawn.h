// clone(2) of a child that shares this process's memory, on a stack of its own.
#pragma once

#include "calls.h"

namespace ll {

// As much as check_stack() asks for, and more: what is not used is never allocated.
constexpr size_t kSpawnedStack = size_t{256} << 10;
#ifdef LL_HOSTED
constexpr bool kSpawns = false;  // a libc keeps what belongs to a thread
#else
constexpr bool kSpawns = true;
#endif

}  // namespace ll

namespace ll::sys {

// Runs body(argument), which does not return, in the child. `top`: the end of its stack, aligned to
// 16 bytes. The child's process ID, or minus an errno.
inline long spawn(uint64_t flags, char *top, void (*body)(void *), void *argument) {
  constexpr uint64_t kShareMemory = 0x100;  // CLONE_VM
  const auto wanted = static_cast<long>(flags | kShareMemory | uapi::kSIGCHLD);
#if defined(LL_HOSTED)
  (void)wanted, (void)top, (void)body, (void)argument;
  return -uapi::kENOSYS;
#elif defined(__x86_64__)
  long result = number::clone;
  register long r10 __asm__("r10") = 0;
  register long r8 __asm__("r8") = 0;
  register void *r9 __asm__("r9") = argument;
  __asm__ volatile(
      "syscall\n\t"
      "test %%rax, %%rax\n\t"
      "jnz 1f\n\t"
      "xor %%ebp, %%ebp\n\t"
      "mov %%r9, %%rdi\n\t"
      "call *%%rbx\n\t"
      "ud2\n"
      "1:"
      : "+a"(result)
      : "D"(wanted), "S"(top), "d"(0L), "r"(r10), "r"(r8), "r"(r9), "b"(body)
      : "rcx", "r11", "memory");
  return result;
#else
  register long x8 __asm__("x8") = number::clone;
  register long x0 __asm__("x0") = wanted;
  register char *x1 __asm__("x1") = top;
  register long x2 __asm__("x2") = 0;
  register long x3 __asm__("x3") = 0;
  register long x4 __asm__("x4") = 0;
  register void (*x5)(void *) __asm__("x5") = body;
  register void *x6 __asm__("x6") = argument;
  __asm__ volatile(
      "svc 0\n\t"
      "cbnz x0, 1f\n\t"
      "mov x29, #0\n\t"
      "mov x30, #0\n\t"
      "mov x0, x6\n\t"
      "blr x5\n\t"
      "brk #1\n"
      "1:"
      : "+r"(x0)
      : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5), "r"(x6)
      : "memory", "cc");
  return x0;
#endif
}

}  // namespace ll::sys
