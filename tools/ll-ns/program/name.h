// What this program is called and what it is for.
#pragma once

#define LL_PROGRAM "ll-ns"
#define LL_USAGE                                                                                \
  "ll-ns [options] [--] command [argument...]\n"                                                \
  "Run a command through ll-exec in namespaces of its own, in a root that holds what a policy " \
  "grants.\n"
