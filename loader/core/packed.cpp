#include "core/packed.h"

namespace ll {

static void unpack_byte(Builder &out, unsigned char byte) {
  if (byte < 0x80) {
    out << static_cast<char>(byte);
    return;
  }
  for (const unsigned char half : kPairs.halves[byte - 0x80]) unpack_byte(out, half);
}

void unpack(Builder &out, const char *packed) {
  for (; *packed != '\0'; packed++) unpack_byte(out, static_cast<unsigned char>(*packed));
}

}  // namespace ll
