// Makes system calls by their names, none of which can do anything: each-call NAME... prints a line
// for each, its name and what it answered, an errno or ok. Each has arguments that no call takes,
// -1. Static, so that nothing else has to be let.
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace {

struct Call {
  const char *name;
  int number;
};
constexpr Call kCalls[] = {
#if defined(__aarch64__)
#define SYSCALL(name, x86_64, arm64, group, more) {#name, arm64},
#else
#define SYSCALL(name, x86_64, arm64, group, more) {#name, x86_64},
#endif
#include "core/seccomp/syscalls.def"
};

// Not syscall(3): a child of vfork(2) that returns from it takes its parent's stack along.
inline long raw(long number) {
#if defined(__aarch64__)
  register long x8 asm("x8") = number;
  register long x0 asm("x0") = -1;
  register long x1 asm("x1") = -1;
  register long x2 asm("x2") = -1;
  register long x3 asm("x3") = -1;
  register long x4 asm("x4") = -1;
  register long x5 asm("x5") = -1;
  asm volatile("svc 0"
               : "+r"(x0)
               : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
               : "memory");
  return x0;
#else
  long result = number;
  register long r10 asm("r10") = -1;
  register long r8 asm("r8") = -1;
  register long r9 asm("r9") = -1;
  asm volatile("syscall"
               : "+a"(result)
               : "D"(-1L), "S"(-1L), "d"(-1L), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
#endif
}

[[noreturn]] inline void leave() {
#if defined(__aarch64__)
  register long x8 asm("x8") = 94;
  register long x0 asm("x0") = 0;
  asm volatile("svc 0" : : "r"(x8), "r"(x0));
#else
  asm volatile("syscall" : : "a"(231L), "D"(0L) : "rcx", "r11", "memory");
#endif
  __builtin_unreachable();
}

bool makes_process(const char *name) {
  return strcmp(name, "fork") == 0 || strcmp(name, "vfork") == 0;
}

int make(const char *name) {
  for (const Call &call : kCalls) {
    if (strcmp(call.name, name) != 0) continue;
    if (call.number < 0) return printf("%s none\n", name), 0;
    const bool process = makes_process(name);
    const long result = raw(call.number);
    if (process && result == 0) leave();
    const char *answer =
        result < 0 && result > -4096 ? strerrorname_np(static_cast<int>(-result)) : "ok";
    printf("%s %s\n", name, answer != nullptr ? answer : "unknown");
    return 0;
  }
  fprintf(stderr, "each-call: there is no call %s\n", name);
  return 2;
}

}  // namespace

int main(int count, char **words) {
  setvbuf(stdout, nullptr, _IOLBF, 0);
  for (int i = 1; i < count; i++)
    if (const int status = make(words[i]); status != 0) return status;
  return 0;
}
