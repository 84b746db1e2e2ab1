// What ll-mcp is asked for besides the policy.
#pragma once

#include "core/policy/command_line.h"

namespace ll {

struct Request {
  // What os/ looks at, and only ll-exec is asked for.
  static constexpr int abi = 0;
  static constexpr bool ldd = false;
  static constexpr bool check = false;
  static constexpr bool no_landlock = false;

  bool sandbox = false;
  uint64_t jobs = 32;
  uint64_t timeout = 600000;     // milliseconds
  uint64_t max_output = 262144;  // bytes
  bool explain = false;
  bool best_effort = false;
  bool quiet = false;
  bool verbose = false;
  bool help = false;
  bool version = false;
  Text why_right;  // of the tool `why`
  Text why_target;
  Where why;
  size_t command = 0;  // there is none on the command line
};

// As parse_more: stops at every policy that is to be read before it goes on.
Step read_arguments(Policy &policy, Request &request, Arguments &arguments, Word &use,
                    Problem &problem);
// What one option excludes or needs of the others, when all are read.
bool check_request(const Request &request, Problem &problem);

}  // namespace ll
