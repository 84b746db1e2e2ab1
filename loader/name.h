// What this program is called and what it is for.
#pragma once

#define LL_PROGRAM "ll-exec"
#define LL_USAGE                                   \
  "ll-exec [options] [--] command [argument...]\n" \
  "Run a command that may do only what a policy grants; all else is refused.\n"
