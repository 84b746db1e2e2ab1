// What of the kernel's interface is held. Sources: include/uapi/linux/{time,futex,timerfd}.h.
#pragma once

#include <cstdint>

namespace ll {

// CLOCK_REALTIME, _REALTIME_COARSE, _REALTIME_ALARM, _TAI
constexpr uint32_t kHeldClocks[] = {0, 5, 8, 11};
constexpr bool is_held(uint64_t clock) {
  for (const uint32_t held : kHeldClocks)
    if (clock == held) return true;
  return false;
}

constexpr uint32_t kAbsolute = 1;  // TIMER_ABSTIME, TFD_TIMER_ABSTIME
constexpr uint32_t kFutexRealtime = 256;
constexpr uint32_t kFutexCommand = 127;
// Without that flag, too: FUTEX_LOCK_PI. FUTEX_WAIT is relative with it.
constexpr uint32_t kFutexLock = 6, kFutexWait = 0;

}  // namespace ll
