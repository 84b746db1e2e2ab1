// The same kernel by another door: 32-bit calls have numbers of their own, so that a filter for the
// native ones judges them by the wrong table unless it looks at the architecture first.
#include "attempt.h"
#include "probes.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <cerrno>
#include <csignal>

namespace {

constexpr long x32_bit = 0x40000000;  // __X32_SYSCALL_BIT, asm/unistd.h

#ifdef __x86_64__
constexpr int i386_open = 5;
constexpr int i386_getpid = 20;
constexpr int i386_keyctl = 288;

long i386_call(int number, long one, long two, long three) {
  int result;
  asm volatile("int $0x80"
               : "=a"(result)
               : "a"(number), "b"(one), "c"(two), "d"(three)
               : "r8", "r9", "r10", "r11", "memory");
  return result;
}

// Pointers have 32 bits there.
const char *low_copy(const std::string &text) {
  void *memory =
      mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  if (memory == MAP_FAILED) {
    broken("mmap MAP_32BIT");
  }
  return static_cast<char *>(std::memcpy(memory, text.c_str(), text.size() + 1));
}

Outcome from_kernel(const char *act, long result) {
  return result < 0 ? failed(act, static_cast<int>(-result)) : escaped(act);
}
#endif

// In a child: a filter may kill for it, and a kernel without 32-bit support faults.
template <class Call>
Outcome in_child(const char *act, Call call) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) {
    broken("pipe2");
  }
  const pid_t child = fork();
  if (child == 0) {
    const Outcome outcome = call();
    _exit(write(report[1], &outcome, sizeof outcome) == sizeof outcome ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) {
    return WTERMSIG(status) == SIGSYS ? refused(act, EPERM) : unavailable(act, ENOSYS);
  }
  Outcome outcome{};
  // The act points to text of this program: the same in parent and child.
  if (read(report[0], &outcome, sizeof outcome) != sizeof outcome) {
    broken("the child of the probe died");
  }
  return outcome;
}

}  // namespace

Outcome enter_by_i386() {
#ifdef __x86_64__
  return in_child("int 0x80",
                  [] { return from_kernel("int 0x80, getpid", i386_call(i386_getpid, 0, 0, 0)); });
#else
  return unavailable("int 0x80", ENOSYS);
#endif
}

Outcome open_by_i386() {
#ifdef __x86_64__
  return in_child("int 0x80", [] {
    const char *path = low_copy(outside("secret"));
    const long file = i386_call(i386_open, reinterpret_cast<long>(path), O_RDONLY, 0);
    errno = file < 0 ? static_cast<int>(-file) : 0;
    return secret_read_from("int 0x80, open", static_cast<int>(file));
  });
#else
  return unavailable("int 0x80", ENOSYS);
#endif
}

// A call that the native table refuses: asking for the number of the user's keyring.
Outcome keyring_by_i386() {
#ifdef __x86_64__
  return in_child("int 0x80", [] {
    constexpr long get_keyring_id = 0;
    constexpr long user_keyring = -4;
    return from_kernel("int 0x80, keyctl", i386_call(i386_keyctl, get_keyring_id, user_keyring, 1));
  });
#else
  return unavailable("int 0x80", ENOSYS);
#endif
}

Outcome enter_by_x32() {
#ifdef __x86_64__
  return in_child("x32", [] { return outcome_of("x32 getpid", syscall(x32_bit | SYS_getpid)); });
#else
  return unavailable("x32", ENOSYS);
#endif
}

Outcome open_by_x32() {
#ifdef __x86_64__
  return in_child("x32", [] {
    const std::string path = outside("secret");
    const long file = syscall(x32_bit | SYS_open, path.c_str(), O_RDONLY);
    return secret_read_from("x32 open", static_cast<int>(file));
  });
#else
  return unavailable("x32", ENOSYS);
#endif
}

// The kernel uses the low half of the register (arch/x86/entry/entry_64.S); so must a filter.
Outcome keyring_by_high_number() {
#ifdef __x86_64__
  return in_child("high bits", [] {
    long result;
    const long number = (1L << 32) | SYS_keyctl;
    asm volatile("syscall"
                 : "=a"(result)
                 : "a"(number), "D"(0L), "S"(-4L), "d"(1L)
                 : "rcx", "r11", "memory");
    return from_kernel("keyctl by a number with high bits", result);
  });
#else
  return unavailable("high bits", ENOSYS);
#endif
}
