// Options for enforcing a policy that are not part of it.
#pragma once

namespace ll {

struct EnforceOptions {
  bool best_effort = false;  // run with what this kernel can enforce
  bool no_landlock = false;  // no file and network restriction
  bool ldd = false;          // grant the command's interpreter and libraries
  bool quiet = false;
  bool verbose = false;
  int abi = 0;  // the highest Landlock ABI to use; 0: the newest known
};

}  // namespace ll
