// What of the kernel's interface is held. Sources: include/uapi/linux/{time,futex,timerfd}.h.
#pragma once

#include <cstdint>

namespace ll {

// CLOCK_REALTIME, _REALTIME_COARSE, _REALTIME_ALARM, _TAI
constexpr uint32_t kHeldClocks[] = {0, 5, 8, 11};
constexpr uint64_t kHeldBits = 2337;  // a bit each, as in stub.cpp
constexpr bool is_held(uint64_t clock) { return clock < 64 && (kHeldBits >> clock & 1) != 0; }
static_assert(is_held(kHeldClocks[0]) && is_held(kHeldClocks[1]) && is_held(kHeldClocks[2]) &&
              is_held(kHeldClocks[3]));

constexpr uint32_t kAbsolute = 1;  // TIMER_ABSTIME, TFD_TIMER_ABSTIME
constexpr uint32_t kFutexRealtime = 256;
constexpr uint32_t kFutexCommand = 127;
// Without that flag, too: FUTEX_LOCK_PI. FUTEX_WAIT is relative with it.
constexpr uint32_t kFutexLock = 6, kFutexWait = 0;

}  // namespace ll
