// Alone in its file: also of programs that have no loader's --check.
#include "os/query/self_check.h"

namespace ll {

void print_finding(Rows &rows, const char *name, long result, const char *good) {
  rows.say(name);
  rows.pad_to(24);
  if (result == 0)
    say(rows.line(), good);
  else
    say(rows.line(), "no: %", Error{result});
}

}  // namespace ll
