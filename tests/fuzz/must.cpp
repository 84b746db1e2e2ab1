#include "must.h"

#include <cstdio>
#include <cstdlib>

void must(bool holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "does not hold: %s\n", what);
  abort();
}
