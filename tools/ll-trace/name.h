// What this program is called and what it is for.
#pragma once

#define LL_PROGRAM "ll-trace"
#define LL_USAGE                                    \
  "ll-trace [options] [--] command [argument...]\n" \
  "Run a command as ll-exec does, say what was refused and which line allows it.\n"
