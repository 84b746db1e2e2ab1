// Alone in its file: also used by programs without ll-exec's --check.
#include "os/kernel/sys.h"
#include "os/query/self_check.h"

namespace ll {

long end_of(long child) {
  if (child < 0) return child;
  int status = 0;
  long waited = -uapi::kEINTR;
  while (waited == -uapi::kEINTR) waited = sys::wait_for(static_cast<int>(child), status);
  if (waited < 0) return waited;
  return (status & 0x7f) == 0 ? -(status >> 8 & 0xff) : -uapi::kEINTR;
}

void print_finding(TableWriter &rows, const char *name, long result, const char *good) {
  rows.format(name);
  rows.pad_to(24);
  if (result == 0)
    format(rows.line(), good);
  else
    format(rows.line(), "no: %", Error{result});
}

}  // namespace ll
