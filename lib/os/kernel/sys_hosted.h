// How a hosted build enters the kernel: through its libc.
#pragma once

#include <unistd.h>
#include <cerrno>

namespace ll::sys {

inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0) {
  const long result = ::syscall(number, a, b, c, d, e);
  return result == -1 ? -errno : result;
}

}  // namespace ll::sys
