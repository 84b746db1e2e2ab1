// Alone in its file: the library has its own definition.
#include "core/diagnostic.h"
#include "core/per_thread.h"

namespace ll {

Builder output_line() {
  static LL_PER_THREAD char bytes[32768];
  return {bytes, sizeof bytes};
}

}  // namespace ll
