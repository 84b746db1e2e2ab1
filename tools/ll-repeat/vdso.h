// The functions that the kernel maps into every program, vdso(7): those that tell the time of day
// or random bytes are changed, in each program before its first instruction. What is not known is
// refused.
#pragma once

#include "settings.h"

namespace ll {

constexpr size_t kMostImage = 32768;  // bytes; a page or two so far
constexpr uint64_t kAuxVdso = 33;     // AT_SYSINFO_EHDR
constexpr size_t kMostChanges = 128;

struct Change {
  uint64_t offset, word;
};

struct Vdso {
  size_t size = 0;
  uint64_t head[8] = {};  // the ELF header, by which another image is known
  Change changes[kMostChanges] = {};
  size_t change_count = 0;
  bool moves = false;      // the time of day goes
  uint64_t second_at = 0;  // then: where the seconds lie that are added
  int64_t seconds = 0;     // as many
};

// How many bytes the image has, by its headers, of which 4096 bytes are there. 0: it is not known.
size_t size_of_image(const uint8_t *bytes);
// `image` is a copy, which is changed. `settings`: what is told, or added, where it has a clock.
bool change_vdso(uint8_t *image, size_t size, const Settings &settings, Vdso &vdso,
                 Diagnostic &problem);

}  // namespace ll
