#include "require.h"

#include <cstdio>
#include <cstdlib>

void require(bool holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "does not hold: %s\n", what);
  abort();
}
