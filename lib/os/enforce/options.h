// How a policy is enforced, besides what it says.
#pragma once

namespace ll {

struct EnforceOptions {
  bool best_effort = false;  // run although this kernel cannot enforce all of it
  bool no_landlock = false;  // no file and network restriction at all
  bool ldd = false;          // what the command is linked with is granted
  bool quiet = false;
  bool verbose = false;
  int abi = 0;  // use no more than this; 0: all that is known
};

}  // namespace ll
