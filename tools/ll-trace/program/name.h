// What this program is called and what it is for.
#pragma once

#define LL_PROGRAM "ll-trace"
#define LL_USAGE                                                                                 \
  "ll-trace [options] [--] command [argument...]\n"                                              \
  "Run a command under a policy, as ll-exec does, and say what was refused, by what, and which " \
  "line allows it.\n"
