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

Text unpack_to(char *buffer, size_t capacity, const char *packed) {
  Builder out(buffer, capacity);
  unpack(out, packed);
  return out.text();
}

void unpack_column(char *buffer, size_t capacity, const char *column) {
  Builder out(buffer, capacity);
  for (; *column != '\0'; column += c_text(column).size + 1) {
    unpack(out, column);
    out << '\0';
  }
}

}  // namespace ll
