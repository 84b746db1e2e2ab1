// The filter of ll-net: calls that notify it, calls that are refused, and calls that return
// success without effect.
#include "ll-net/listener.h"

#include <memory>

#include "bpf.h"
#include "check.h"

namespace ll {
namespace {

constexpr uint32_t kAllow = 0x7fff0000, kNotify = 0x7fc00000, kErrno = 0x00050000;

uint32_t answer_of(bool keeps, const char *name, uint64_t first = 0, uint64_t second = 0,
                   uint64_t third = 0) {
  const auto program = std::make_unique<Program>();
  write_listener({.sockets = keeps, .binds = keeps}, *program);
  const auto number = static_cast<uint32_t>(number_of_call(row_named(kCallNames, c_text(name))));
  return run(*program, {number, bpf::kOurArchitecture, 0, {first, second, third, 0, 0, 0}});
}

TEST("connects, and sockets that the supervisor makes, notify ll-net") {
  for (const bool keeps : {false, true}) {
    EQUAL(answer_of(keeps, "connect"), kNotify);
    EQUAL(answer_of(keeps, "read"), kAllow);
    EQUAL(answer_of(keeps, "listen"), keeps ? kNotify : kAllow);
    EQUAL(answer_of(keeps, "bind"), keeps ? kNotify : kAllow);
    for (const uint64_t family : {2U, 10U}) {
      EQUAL(answer_of(keeps, "socket", family, 2), kNotify);
      EQUAL(answer_of(keeps, "socket", family, 2 | 02004000), kNotify);
      EQUAL(answer_of(keeps, "socket", family, 1), keeps ? kNotify : kAllow);
      EQUAL(answer_of(keeps, "socket", family, 3), kAllow);
    }
    EQUAL(answer_of(keeps, "socket", 1, 2), kAllow);
    EQUAL(answer_of(keeps, "socket", 0x100000002, 0x100000002), kNotify);
  }
}

TEST("a judge's filter notifies of calls that open, execute and restrict, and fits its limit") {
  const auto program = std::make_unique<Program>();
  write_listener({.sockets = true,
                  .binds = true,
                  .listens = true,
                  .network = true,
                  .opens = true,
                  .programs = true},
                 *program);
  CHECK(kMaxInstructions - program->start <= kMostListener);
  const auto answer_to = [&](const char *name, uint64_t first, uint64_t second) {
    const auto number = static_cast<uint32_t>(number_of_call(row_named(kCallNames, c_text(name))));
    return run(*program, {number, bpf::kOurArchitecture, 0, {first, second, 0, 0, 0, 0}});
  };
  for (const char *name : {"openat", "openat2", "execve", "execveat", "connect", "bind", "listen"})
    EQUAL(answer_to(name, 0, 0), kNotify);
  EQUAL(answer_to("seccomp", 1, 0), kNotify);
  EQUAL(answer_to("seccomp", 2, 0), kAllow);
  EQUAL(answer_to("prctl", 22, 2), kNotify);
  EQUAL(answer_to("prctl", 15, 0), kAllow);
  EQUAL(answer_to("close", 3, 0), kAllow);
}

TEST("socket options that redirect packets are refused, by the low 32 bits of their numbers") {
  EQUAL(answer_of(false, "setsockopt", 3, 41, 57), kErrno | 92);
  EQUAL(answer_of(false, "setsockopt", 3, 0x100000029, 0x100000039), kErrno | 92);
  EQUAL(answer_of(false, "setsockopt", 3, 1, 25), kErrno | 92);
  EQUAL(answer_of(false, "setsockopt", 3, 0, 11), kErrno | 0);
  EQUAL(answer_of(false, "setsockopt", 3, 1, 57), kAllow);
  EQUAL(answer_of(false, "setsockopt", 3, 6, 1), kAllow);
}

TEST("PR_SET_DUMPABLE and PR_GET_DUMPABLE return the requested value without changing it") {
  EQUAL(answer_of(false, "prctl", 4, 0), kErrno | 0);
  EQUAL(answer_of(false, "prctl", 4, 1), kAllow);
  EQUAL(answer_of(false, "prctl", 3, 0), kAllow);
}

TEST("the filter fits its limit, and kills calls of another architecture") {
  for (const bool keeps : {false, true}) {
    const auto program = std::make_unique<Program>();
    write_listener({.sockets = keeps, .binds = keeps}, *program);
    CHECK(kMaxInstructions - program->start <= kMostListener);
    EQUAL(run(*program, {0, 0x40000003, 0, {}}), bpf::kKillProcess);
  }
}

}  // namespace
}  // namespace ll
