// The known system calls: one row each in syscalls.def.
#pragma once

#include "core/text.h"

namespace ll {

// Numbers on this architecture; -1: no such call.
namespace number {
#if !defined(__x86_64__) && !defined(__aarch64__)
#error "syscalls.def has no numbers of this architecture"
#endif
enum Number : int16_t {
#if defined(__aarch64__)
#define SYSCALL(name, x86_64, arm64, group, more) name = arm64,
#else
#define SYSCALL(name, x86_64, arm64, group, more) name = x86_64,
#endif
#include "core/seccomp/syscalls.def"
};
}  // namespace number

constexpr size_t kCallCount = 0
#define SYSCALL(name, x86_64, arm64, group, more) +1
#include "core/seccomp/syscalls.def"
    ;
// The groups of `syscall`, those of one call each first.
alignas(char) inline constexpr char kGroupNames[] =
    "@aio\0@basic-io\0@chown\0@clock\0@cpu-emulation\0@debug\0@default\0@file-system\0@io-event\0"
    "@ipc\0@keyring\0@memlock\0@module\0@mount\0@network-io\0@obsolete\0@pkey\0@process\0@raw-io\0"
    "@reboot\0@resources\0@sandbox\0@setuid\0@signal\0@swap\0@sync\0@timer\0"
    "@system-service\0@privileged\0@metadata\0@namespace\0@io-uring\0@sysv-ipc\0";

alignas(char) inline constexpr char kCallNames[] =
#define SYSCALL(name, x86_64, arm64, group, more) #name "\0"
#include "core/seccomp/syscalls.def"
    ;

constexpr bool is_name(const char *name, const char *text, size_t size) {
  for (size_t i = 0; i < size; i++)
    if (name[i] != text[i]) return false;
  return name[size] == '\0';
}

// Not constexpr, so that a call during constant evaluation is a compile error.
inline void no_such_call() {}

consteval size_t find_call(const char *text, size_t size) {
  size_t row = 0;
  for (const char *name = kCallNames; *name != '\0'; row++) {
    if (is_name(name, text, size)) return row;
    while (*name++ != '\0') {
    }
  }
  no_such_call();
  return kNpos;
}
// The row of a call.
consteval size_t operator""_call(const char *name, size_t size) { return find_call(name, size); }

int number_of_call(size_t row);
// `group`: a row of kGroupNames.
bool is_in_group(size_t row, size_t group);
constexpr size_t kDefaultGroup = 6;  // @default: what every program needs to start and exit

}  // namespace ll
