// Alone in its file: a library has another one.
#include "os/kernel/opened.h"

#ifdef LL_HOSTED
namespace ll::sys {

long note_opened(long descriptor) { return descriptor; }
void note_closed(int) {}

}  // namespace ll::sys
#endif
