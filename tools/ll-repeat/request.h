// What ll-repeat is asked for.
#pragma once

#include "core/policy/command_line.h"
#include "core/program_info.h"
#include "settings.h"

namespace ll {

inline constexpr char kProgramName[] = "ll-repeat";
ProgramInfo program_info();

enum class Option : uint8_t {
#define OPTION(id, letter, name, metavar, help) id,
#include "options.def"
};

struct Request : Settings {
  bool help = false;
  bool version = false;
  size_t command = 0;  // its index in argv; 0: none
};

// What ArgumentReader asks for.
Step read_arguments(Policy &policy, Request &request, Arguments &arguments, Word &use,
                    Problem &problem);
bool check_request(const Request &request, Problem &problem);

}  // namespace ll
