// From the kernel's first instruction to run(): what a C runtime would do, as far as it is needed.
#include "core/host.h"
#include "core/mem.h"
#include "os/kernel/process.h"
#include "os/kernel/sys.h"

using ll::operator""_t;

__asm__(LL_START);

extern "C" {

// gcc(1), -mstack-protector-guard. It is filled in below with what the kernel gives, before any
// function that has a guard.
__attribute__((visibility("hidden"), section(".bss.hot.b"))) uintptr_t __stack_chk_guard = 0;

[[noreturn]] void __stack_chk_fail() {
  ll::host_write(2, "stack overflow detected\n"_t);
  ll::sys::exit(ll::kFailed);
}

// execve(2): argc, argv, a null, the environment, a null, the auxiliary vector.
__attribute__((noreturn, used, no_stack_protector)) void start_on(uintptr_t *stack) {
  const auto count = static_cast<int>(stack[0]);
  auto **arguments = reinterpret_cast<char **>(stack + 1);
  auto **environment = arguments + count + 1;
  char **end = environment;
  while (*end != nullptr) end++;
  const char *executable = nullptr;
  for (auto *entry = reinterpret_cast<uint64_t *>(end + 1); entry[0] != 0; entry += 2) {
    if (entry[0] == ll::uapi::kAT_RANDOM)
      memcpy(&__stack_chk_guard, reinterpret_cast<const void *>(entry[1]), sizeof(uintptr_t));
    if (entry[0] == ll::uapi::kAT_EXECFN) executable = reinterpret_cast<const char *>(entry[1]);
  }
  LL_USE_GUARD(&__stack_chk_guard);
  ll::sys::exit(ll::run({count, arguments, environment, executable}));
}

}  // extern "C"
