// What ll-trace is asked for besides the policy.
#pragma once

#include "core/policy/command_line.h"
#include "os/enforce/options.h"

namespace ll {

inline constexpr char kProgramName[] = "ll-trace";
ProgramInfo program_info();

enum class Option : uint8_t {
#define OPTION(id, letter, name, metavar, help) id,
#include "options.def"
};

enum class ReportForm : uint8_t { Page, Json, Text };

struct TraceRequest : EnforceOptions {
  bool help = false;
  bool version = false;
  Text learn;  // the policy that is written
  SourceSpan record_at;
  bool learns_more = false;  // it is there already
  bool learns_environment = false;
  bool learns_calls = false;
  uint8_t tolerated = 0;  // of Attempt
  Text suggest;           // the policy whose lacking lines are printed, and nothing else
  Text apply;             // the policy that they are added to
  Text json;              // a file, or a descriptor's number; empty: no JSON
  SourceSpan json_at;
  Text report;  // a file, a descriptor's number, or -
  SourceSpan report_at;
  ReportForm report_form = ReportForm::Page;
  size_t command = 0;  // its index in argv; 0: none
};

// The interface that ArgumentReader expects.
ParseResult read_arguments(Policy &policy, TraceRequest &request, Arguments &arguments, Word &use,
                           Diagnostic &problem);
bool check_request(const TraceRequest &request, Diagnostic &problem);

}  // namespace ll
