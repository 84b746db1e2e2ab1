// Built with -ffreestanding -fno-tree-loop-distribute-patterns: otherwise GCC turns these loops
// into calls of the functions that they are.
#include "core/mem.h"

extern "C" {

void *memcpy(void *__restrict to, const void *__restrict from, size_t count) noexcept {
  auto *t = static_cast<unsigned char *>(to);
  const auto *f = static_cast<const unsigned char *>(from);
  while (count-- != 0) *t++ = *f++;
  return to;
}

void *memmove(void *to, const void *from, size_t count) noexcept {
  auto *t = static_cast<unsigned char *>(to);
  const auto *f = static_cast<const unsigned char *>(from);
  if (t < f)
    while (count-- != 0) *t++ = *f++;
  else
    while (count-- != 0) t[count] = f[count];
  return to;
}

void *memset(void *to, int byte, size_t count) noexcept {
  auto *t = static_cast<unsigned char *>(to);
  while (count-- != 0) *t++ = static_cast<unsigned char>(byte);
  return to;
}

int memcmp(const void *a, const void *b, size_t count) noexcept {
  const auto *x = static_cast<const unsigned char *>(a);
  const auto *y = static_cast<const unsigned char *>(b);
  for (; count != 0; count--, x++, y++)
    if (*x != *y) return *x - *y;
  return 0;
}

}  // extern "C"
