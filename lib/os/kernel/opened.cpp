// Alone in its file: the library has its own definition.
#include "os/kernel/opened.h"

#ifdef LL_HOSTED
namespace ll::sys {

long note_opened(long descriptor) { return descriptor; }
void note_closed(int) {}

}  // namespace ll::sys
#endif
