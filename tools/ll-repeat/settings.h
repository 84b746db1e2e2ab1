// What is held: the time of day, the random bytes, or both.
#pragma once

#include "core/policy/parser.h"

namespace ll {

constexpr int64_t kBillion = 1000000000;  // nanoseconds of a second

struct Settings {
  bool has_clock = false;
  bool frozen = false;
  int64_t seconds = 0;  // since 1970, UTC
  int64_t nanoseconds = 0;
  bool seeded = false;
  uint64_t seed = 0;

  [[nodiscard]] bool hold_anything() const { return has_clock || seeded; }
};

// "2000-01-01T00:00:00Z", "2000-01-01" or "@946684800", with ",frozen" or without.
bool read_clock(const Word &value, Settings &settings, Diagnostic &problem);
bool read_seed(const Word &value, Settings &settings, Diagnostic &problem);

}  // namespace ll
