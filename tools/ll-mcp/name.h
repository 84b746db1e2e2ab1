// What this program is called and what it is for.
#pragma once

#define LL_PROGRAM "ll-mcp"
#define LL_USAGE       \
  "ll-mcp [options]\n" \
  "A Model Context Protocol server (stdio) that runs commands under a policy.\n"
