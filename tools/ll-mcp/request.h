// What ll-mcp is asked for besides the policy.
#pragma once

#include "core/policy/command_line.h"
#include "os/enforce/options.h"

namespace ll {

inline constexpr char kProgramName[] = "ll-mcp";
ProgramInfo program_info();

enum class Option : uint8_t {
#define OPTION(id, letter, name, metavar, help) id,
#include "options.def"
};

struct McpRequest : EnforceOptions {
  bool sandbox = false;
  uint64_t jobs = 32;
  uint64_t timeout = 600000;     // milliseconds
  uint64_t max_output = 262144;  // bytes
  bool ask = false;
  Text report;  // a directory; empty: none is written
  SourceSpan report_at;
  bool explain = false;
  bool help = false;
  bool version = false;
  size_t command = 0;  // there is none on the command line
};

// The interface that ArgumentReader expects.
ParseResult read_arguments(Policy &policy, McpRequest &request, Arguments &arguments, Word &use,
                           Diagnostic &problem);
bool check_request(const McpRequest &request, Diagnostic &problem);

}  // namespace ll
