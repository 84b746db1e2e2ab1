// The options of ll-exec that are not directives.
#pragma once

#include "core/help.h"
#include "core/policy/command_line.h"
#include "os/enforce/options.h"
#include "os/query/access_check.h"

namespace ll {

inline constexpr char kProgramName[] = "ll-exec";
ProgramInfo program_info();

enum class Option : uint8_t {
#define OPTION(id, letter, name, metavar, help) id,
#include "options.def"
};

struct ExecRequest : EnforceOptions {
  bool explain = false;
  bool json = false;
  bool check = false;
  bool help = false;
  bool version = false;
  Listed list = Listed::Nothing;
  Question why;        // not asked if the right is empty
  size_t command = 0;  // its index in argv; 0: none
};

// The interface that ArgumentReader expects.
ParseResult read_arguments(Policy &policy, ExecRequest &request, Arguments &arguments, Word &use,
                           Diagnostic &problem);
bool check_request(const ExecRequest &request, Diagnostic &problem);

}  // namespace ll
