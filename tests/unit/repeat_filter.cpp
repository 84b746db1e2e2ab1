// The calls that ll-repeat traces.
#include <memory>
#include <set>

#include "bpf.h"
#include "core/seccomp/syscalls.h"
#include "ll-repeat/filter.h"
#include "ll-repeat/held.h"

using namespace ll;

namespace {

constexpr uint32_t kTrace = 0x7ff00000, kAllow = 0x7fff0000, kKill = 0x80000000;
constexpr uint32_t kUnknown = 0x00050000 | 38;

std::unique_ptr<Program> filter(bool has_clock, bool seeded) {
  auto program = std::make_unique<Program>();
  Settings settings;
  settings.has_clock = has_clock;
  settings.seeded = seeded;
  write_tracing_filter(settings, *program);
  return program;
}

uint32_t answer(const Program &program, uint32_t number, uint64_t first = 0, uint64_t second = 0,
                uint64_t third = 0) {
  return run(program, {number, bpf::kOurArchitecture, 0, {first, second, third, 0, 0, 0}});
}

}  // namespace

TEST("every call that returns the time of day is trapped for all arguments, and no other clock") {
  const auto program = filter(true, false);
  const auto call = static_cast<uint32_t>(number::clock_gettime);
  for (uint64_t clock = 0; clock < 70; clock++)
    for (const uint64_t high : {0ULL, 1ULL << 32})
      for (const uint64_t third : {0ULL, 1ULL, 0x6c6c2d7265706561ULL, ~0ULL})
        EQUAL(answer(*program, call, clock | high, 0, third), is_held(clock) ? kTrace : kAllow);
  EQUAL(answer(*program, static_cast<uint32_t>(number::gettimeofday), 1, 2, 3), kTrace);
  EQUAL(answer(*program, static_cast<uint32_t>(number::getrandom)), kAllow);
}

TEST("only the calls that the options control are trapped") {
  const std::set<uint32_t> of_clock = {
    static_cast<uint32_t>(number::clock_gettime),
    static_cast<uint32_t>(number::gettimeofday),
#if !defined(__aarch64__)
    static_cast<uint32_t>(number::time),
#endif
    static_cast<uint32_t>(number::clock_nanosleep),
    static_cast<uint32_t>(number::futex),
    static_cast<uint32_t>(number::futex_wait),
    static_cast<uint32_t>(number::futex_waitv),
    static_cast<uint32_t>(number::timer_settime),
    static_cast<uint32_t>(number::timerfd_settime)
  };
  const auto random = static_cast<uint32_t>(number::getrandom);
  for (const bool has_clock : {false, true})
    for (const bool seeded : {false, true}) {
      const auto program = filter(has_clock, seeded);
      for (uint32_t number = 0; number < 1000; number++) {
        bool traced = false;
        for (const uint64_t argument : {0ULL, 1ULL, 6ULL, 256ULL | 9, 256ULL | 128 | 9})
          traced = answer(*program, number, 0, argument) == kTrace || traced;
        const bool expected =
            (has_clock && of_clock.count(number) != 0) || (seeded && number == random);
        EQUAL(traced, expected);
      }
    }
}

TEST("waits until a time of day are trapped, and waits for a duration are not") {
  const auto program = filter(true, true);
  const auto sleep = static_cast<uint32_t>(number::clock_nanosleep);
  EQUAL(answer(*program, sleep, 0, 0), kAllow);
  EQUAL(answer(*program, sleep, 0, 1), kTrace);
  EQUAL(answer(*program, sleep, 1, 1), kAllow);
  EQUAL(answer(*program, sleep, 11, 1), kTrace);
  const auto futex = static_cast<uint32_t>(number::futex);
  for (const uint64_t operation : {0, 1, 3, 9, 128, 128 | 9, 256, 256 | 128})
    EQUAL(answer(*program, futex, 0, operation), kAllow);
  for (const uint64_t operation : {256 | 9, 256 | 128 | 9, 6, 128 | 6, 256 | 11, 256 | 13})
    EQUAL(answer(*program, futex, 0, operation), kTrace);
}

TEST("a call of another architecture kills the process, and one of x32 is unknown") {
  const auto program = filter(true, true);
  EQUAL(run(*program, {0, 0x40000003, 0, {}}), kKill);
  EQUAL(answer(*program, 0x40000000 | 228), kUnknown);
}
