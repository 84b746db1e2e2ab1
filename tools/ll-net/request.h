// What ll-net is asked for besides the rules.
#pragma once

#include "core/policy/command_line.h"

namespace ll {

inline constexpr char kProgramName[] = "ll-net";
ProgramInfo program_info();

enum class Option : uint8_t {
#define OPTION(id, letter, name, metavar, help) id,
#include "options.def"
};

struct Request {
  uint64_t child = 0;
  bool keeps = false;
  bool verbose = false;
  bool help = false;
  bool version = false;
};

// As parse_more: stops at every policy that is to be read before it goes on.
Step read_arguments(Policy &policy, Request &request, Arguments &arguments, Word &use,
                    Problem &problem);
bool check_request(const Request &request, Problem &problem);

}  // namespace ll
