#include "clock.h"

#include "os/kernel/sys.h"

namespace ll {

namespace {

uapi::Time plain(int64_t seconds, int64_t nanoseconds) {
  if (nanoseconds < 0) return {seconds - 1, nanoseconds + kBillion};
  if (nanoseconds >= kBillion) return {seconds + 1, nanoseconds - kBillion};
  return {seconds, nanoseconds};
}

long machine_clock(int clock, uapi::Time &time) {
  return sys::call(number::clock_gettime, clock, sys::address(&time));
}

}  // namespace

void Clock::start(const Settings &settings) {
  told_ = settings;
  if (!settings.has_clock || settings.frozen) return;
  uapi::Time now = {};
  machine_clock(0, now);
  const uapi::Time ahead =
      plain(settings.seconds - now.seconds, settings.nanoseconds - now.nanoseconds);
  told_.seconds = ahead.seconds;
  told_.nanoseconds = ahead.nanoseconds;
}

long Clock::tell(int clock, uapi::Time &time) const {
  time = {told_.seconds, told_.nanoseconds};
  if (told_.frozen) return 0;
  uapi::Time now = {};
  const long result = machine_clock(clock, now);
  if (result < 0) return result;
  time = plain(now.seconds + told_.seconds, now.nanoseconds + told_.nanoseconds);
  return 0;
}

uapi::Time Clock::machine_time(const uapi::Time &told) const {
  uapi::Time now = {};
  if (told_.frozen) machine_clock(0, now);
  const uapi::Time time = plain(told.seconds - told_.seconds + now.seconds,
                                told.nanoseconds - told_.nanoseconds);
  const uapi::Time sum = plain(time.seconds, time.nanoseconds + now.nanoseconds);
  return sum.seconds < 0 ? uapi::Time{} : sum;
}

}  // namespace ll
