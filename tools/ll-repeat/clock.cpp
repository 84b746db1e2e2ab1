#include "clock.h"

#include "os/kernel/sys.h"

namespace ll {

namespace {

uapi::Time plain(int64_t seconds, int64_t nanoseconds) {
  if (nanoseconds < 0) return {seconds - 1, nanoseconds + kBillion};
  if (nanoseconds >= kBillion) return {seconds + 1, nanoseconds - kBillion};
  return {seconds, nanoseconds};
}

constexpr int kRealtime = 0, kMonotonic = 1;

// These two cannot fail.
uapi::Time machine_clock(int clock) {
  uapi::Time time = {};
  sys::call(number::clock_gettime, clock, sys::address(&time));
  return time;
}

}  // namespace

void Clock::start(const Settings &settings) {
  told_ = settings;
  if (!settings.has_clock || settings.frozen) return;
  const uapi::Time now = machine_clock(kMonotonic);
  const uapi::Time ahead =
      plain(settings.seconds - now.seconds, settings.nanoseconds - now.nanoseconds);
  told_.seconds = ahead.seconds;
  told_.nanoseconds = ahead.nanoseconds;
}

uapi::Time Clock::tell() const {
  if (told_.frozen) return {told_.seconds, told_.nanoseconds};
  const uapi::Time now = machine_clock(kMonotonic);
  return plain(now.seconds + told_.seconds, now.nanoseconds + told_.nanoseconds);
}

uapi::Time Clock::machine_time(const uapi::Time &told) const {
  const uapi::Time now = tell();
  const uapi::Time machine = machine_clock(kRealtime);
  const uapi::Time ahead = plain(told.seconds - now.seconds, told.nanoseconds - now.nanoseconds);
  const uapi::Time sum =
      plain(machine.seconds + ahead.seconds, machine.nanoseconds + ahead.nanoseconds);
  return sum.seconds < 0 ? uapi::Time{} : sum;
}

}  // namespace ll
