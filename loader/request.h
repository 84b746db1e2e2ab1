// What ll-exec is asked for besides the policy.
#pragma once

#include "core/policy/command_line.h"
#include "core/help.h"

namespace ll {

struct Request {
  bool explain = false;
  bool json = false;
  bool check = false;
  bool ldd = false;
  bool best_effort = false;
  bool no_landlock = false;
  bool quiet = false;
  bool verbose = false;
  bool help = false;
  bool version = false;
  Listed list = Listed::Nothing;
  int abi = 0;     // use no more than this; 0: all that is known
  Text why_right;  // of --why; empty: not asked
  Text why_target;
  Where why;
  size_t command = 0;  // its index in argv; 0: none
};

// As parse_more: stops at every policy that is to be read before it goes on.
Step read_arguments(Policy &policy, Request &request, Arguments &arguments, Word &use,
                    Problem &problem);
// What one option excludes or needs of the others, when all are read.
bool check_request(const Request &request, Problem &problem);

}  // namespace ll
