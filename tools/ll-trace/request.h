// What ll-trace is asked for besides the policy.
#pragma once

#include "core/policy/command_line.h"

namespace ll {

struct Request {
  // What os/ looks at, and only ll-exec is asked for.
  static constexpr bool explain = false;
  static constexpr bool check = false;
  static constexpr Text why_right = {};
  static constexpr Text why_target = {};
  static constexpr Where why = {};

  bool ldd = false;
  bool best_effort = false;
  bool no_landlock = false;
  bool quiet = false;
  bool verbose = false;
  bool help = false;
  bool version = false;
  int abi = 0;  // use no more than this; 0: all that is known
  Text learn;   // the policy that is written
  Where learn_at;
  bool learns_more = false;  // it is there already
  bool learns_environment = false;
  uint8_t tolerated = 0;  // of Attempt
  Text suggest;           // the policy whose lacking lines are printed, and nothing else
  Text apply;             // the policy that they are added to
  Text json;              // a file, or a descriptor's number; empty: no JSON
  Where json_at;
  size_t command = 0;  // its index in argv; 0: none
};

// As parse_more: stops at every policy that is to be read before it goes on.
Step read_arguments(Policy &policy, Request &request, Arguments &arguments, Word &use,
                    Problem &problem);
// What one option excludes or needs of the others, when all are read.
bool check_request(const Request &request, Problem &problem);

}  // namespace ll
