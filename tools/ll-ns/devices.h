// The devices in a private /dev.
#pragma once

#include "core/text.h"

namespace ll {

// Their names, those granted rw first.
inline constexpr char kDeviceNames[] = "null\0tty\0full\0random\0urandom\0zero\0";
constexpr size_t kDeviceCount = 6;
constexpr size_t kWritableDevices = 2;  // the first ones

inline bool is_standard_device(Text path) {
  constexpr Text kFolder = "/dev/"_t;
  if (!starts_with(path, kFolder)) return false;
  for (const char *name = kDeviceNames; *name != '\0'; name += c_text(name).size + 1)
    if (path.from(kFolder.size) == c_text(name)) return true;
  return false;
}

}  // namespace ll
