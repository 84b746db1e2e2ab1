// What this program is called and what it is for.
#pragma once

#define LL_PROGRAM "ll-policy"
#define LL_USAGE                                \
  "ll-policy [options] command [argument...]\n" \
  "Look at policies, check them, and write new ones. It restricts nothing.\n"
