// After an error the kernel closes what is open, since the program exits. The library's process
// goes on: its definition records each descriptor.
#pragma once

namespace ll::sys {

#ifdef LL_HOSTED
constexpr bool kAlone = false;  // other threads may open and close descriptors meanwhile
// Takes and returns a result of the kernel: a descriptor, or minus an errno.
long note_opened(long descriptor);
void note_closed(int descriptor);
#else
constexpr bool kAlone = true;
inline long note_opened(long descriptor) { return descriptor; }
inline void note_closed(int) {}
#endif

}  // namespace ll::sys
