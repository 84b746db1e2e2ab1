// What this program is called and what it is for.
#pragma once

#define LL_PROGRAM "ll-changes"
#define LL_USAGE                       \
  "ll-changes COMMAND [options] ...\n" \
  "What a command wrote to a directory, kept aside: list, commit or drop it.\n"
