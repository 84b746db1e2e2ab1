// Who closes what an error leaves open: the kernel, for it ends the program. Not that of a library,
// which is told of each descriptor.
#pragma once

namespace ll::sys {

#ifdef LL_HOSTED
constexpr bool kAlone = false;  // others of this process may open and close meanwhile
// A result of the kernel's, which it returns: a descriptor, or minus an errno.
long note_opened(long descriptor);
void note_closed(int descriptor);
#else
constexpr bool kAlone = true;
inline long note_opened(long descriptor) { return descriptor; }
inline void note_closed(int) {}
#endif

}  // namespace ll::sys
