// What this program is called and what it is for.
#pragma once

#define LL_PROGRAM "ll-mcp"
#define LL_USAGE                                                                              \
  "ll-mcp [options]\n"                                                                        \
  "Serve the Model Context Protocol on standard input and output: a tool that runs commands " \
  "under a policy.\n"
