#include "core/packed.h"

namespace ll {

static void unpack_byte(Builder &out, unsigned char byte) {
  const size_t pair = pair_of_code(byte);
  if (pair == kNone)
    out << static_cast<char>(byte);
  else
    for (const unsigned char half : kPairs.halves[pair]) unpack_byte(out, half);
}

void unpack(Builder &out, const char *packed) {
  for (; *packed != '\0'; packed++) unpack_byte(out, static_cast<unsigned char>(*packed));
}

Text unpack_to(char *buffer, size_t capacity, const char *packed) {
  Builder out(buffer, capacity);
  unpack(out, packed);
  return out.text();
}

const char *unpacked_column(char *buffer, size_t capacity, const char *column) {
  if (*buffer != '\0') return buffer;
  Builder out(buffer, capacity);
  for (; *column != '\0'; column += c_text(column).size + 1) {
    unpack(out, column);
    out << '\0';
  }
  return buffer;
}

}  // namespace ll
