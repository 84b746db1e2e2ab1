#include "request.h"

#include "core/policy/units.h"

namespace ll {

namespace {

constexpr char kLetters[] = {
#define OPTION(id, letter, name, metavar, help) letter,
#include "options.def"
};
constexpr char kOptionNames[] =
#define OPTION(id, letter, name, metavar, help) name "\0"
#include "options.def"
    ;
constexpr char kTexts[] =
#define OPTION(id, letter, name, metavar, help) metavar "\0" help "\0"
#include "options.def"
    ;
constexpr char kUsage[] =
    "ll-mcp [options]\n"
    "A Model Context Protocol server (stdio) that runs commands under a policy.\n";

constexpr uint64_t kMostJobs = 256;
constexpr uint64_t kLeastOutput = 1024;
constexpr uint64_t kMostOutput = uint64_t{16} << 20;

bool set_timeout(McpRequest &request, const Word &value, Diagnostic &problem) {
  if (parse_time(value.value, INT32_MAX, request.timeout) && request.timeout != 0) return true;
  return problem.fail(value.where, "'%' is not a time\nwrite 30s; with ms, s, m or h", value.value);
}

bool set_max_output(McpRequest &request, const Word &value, Diagnostic &problem) {
  if (parse_size(value.value, kMostOutput, request.max_output) &&
      request.max_output >= kLeastOutput)
    return true;
  return problem.fail(value.where, "'%' is not a size from 1K to 16M\nwrite 256K", value.value);
}

bool set_jobs(McpRequest &request, const Word &value, Diagnostic &problem) {
  if (parse_number(value.value, kMostJobs, request.jobs) && request.jobs != 0) return true;
  return problem.fail(value.where, "'%' is not a number from 1 to %", value.value, kMostJobs);
}

bool set_report(McpRequest &request, const Word &value, Diagnostic &problem) {
  request.report = value.value;
  request.report_at = value.where;
  return !value.value.empty() || problem.fail(value.where, "--report needs a directory");
}

bool set_option(McpRequest &request, const ParsedOption &taken, Diagnostic &problem) {
  switch (static_cast<Option>(taken.option)) {
    case Option::Jobs: return set_jobs(request, taken.value, problem);
    case Option::Timeout: return set_timeout(request, taken.value, problem);
    case Option::Report: return set_report(request, taken.value, problem);
    case Option::MaxOutput: return set_max_output(request, taken.value, problem);
    case Option::Sandbox: request.sandbox = true; break;
    case Option::Ask: request.ask = true; break;
    case Option::Explain: request.explain = true; break;
    case Option::BestEffort: request.best_effort = true; break;
    case Option::Quiet: request.quiet = true; break;
    case Option::Verbose: request.verbose = true; break;
    case Option::Help: request.help = true; break;
    case Option::Version: request.version = true; break;
    case Option::Policy: return false;
  }
  return true;
}

// Standard input is where the client speaks.
OptionResult read_policy(const Word &value, Diagnostic &problem) {
  if (!(value.value == "-"_t)) return OptionResult::Use;
  problem.fail(value.where, "standard input belongs to the client\nname a policy file");
  return OptionResult::Error;
}

}  // namespace

ProgramInfo program_info() {
  return {.name = c_text(kProgramName),
          .version = LL_VERSION ""_t,
          .usage = c_text(kUsage),
          .options = {kLetters, kOptionNames, kTexts, sizeof kLetters}};
}

ParseResult read_arguments(Policy &policy, McpRequest &request, Arguments &arguments, Word &use,
                           Diagnostic &problem) {
  const ParseResult step = read_options(
      policy, arguments, request.command, use, problem, [&](const ParsedOption &taken) {
        if (static_cast<Option>(taken.option) == Option::Policy)
          return read_policy(taken.value, problem);
        return set_option(request, taken, problem) ? OptionResult::Option : OptionResult::Error;
      });
  if (step == ParseResult::Use && read_policy(use, problem) == OptionResult::Error)
    return ParseResult::Error;
  return step;
}

bool check_request(const McpRequest &request, Diagnostic &problem) {
  if (request.ask && !request.report.empty())
    return problem.fail({}, "--ask and --report exclude each other");
  if (request.command != 0)
    return problem.fail({}, "unexpected command: the client sends commands\nll-mcp [options]");
  return true;
}

}  // namespace ll
