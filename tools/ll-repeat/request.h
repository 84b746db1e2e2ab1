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

struct RepeatRequest : Settings {
  bool help = false;
  bool version = false;
  size_t command = 0;  // its index in argv; 0: none
};

// The interface that ArgumentReader expects.
ParseResult read_arguments(Policy &policy, RepeatRequest &request, Arguments &arguments, Word &use,
                           Diagnostic &problem);
bool check_request(const RepeatRequest &request, Diagnostic &problem);

}  // namespace ll
