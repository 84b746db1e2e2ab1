// The four functions that the compiler may call on its own; libc's in a hosted build.
#pragma once

#include <cstddef>

extern "C" {
void *memcpy(void *__restrict to, const void *__restrict from, size_t count) noexcept;
void *memmove(void *to, const void *from, size_t count) noexcept;
void *memset(void *to, int byte, size_t count) noexcept;
int memcmp(const void *a, const void *b, size_t count) noexcept;
}
