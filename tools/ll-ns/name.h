// What this program is called and what it is for.
#pragma once

#define LL_PROGRAM "ll-ns"
#define LL_USAGE                                 \
  "ll-ns [options] [--] command [argument...]\n" \
  "Run a command in namespaces of its own, with a root of what a policy grants.\n"
