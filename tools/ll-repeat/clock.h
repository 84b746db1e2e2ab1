// The time of day that is told.
#pragma once

#include "core/text.h"
#include "os/kernel/uapi.h"
#include "settings.h"

namespace ll {

class Clock {
 public:
  Clock() = default;
  // From now on.
  void start(const Settings &settings);

  // What is told where it stands, and what is added to CLOCK_MONOTONIC where it goes: so it does
  // not jump when the machine's is set. Its nanoseconds are less than a second's.
  [[nodiscard]] Settings settings() const { return told_; }
  [[nodiscard]] uapi::Time tell() const;
  // When that will be by the machine's clock: after as long as it lies ahead.
  [[nodiscard]] uapi::Time machine_time(const uapi::Time &told) const;

 private:
  Settings told_;
};

}  // namespace ll
