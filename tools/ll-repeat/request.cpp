#include "request.h"

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
    "ll-repeat [options] [--] command [argument...]\n"
    "Run a command with a given time of day and reproducible random bytes.\n";

bool set_option(Policy &policy, RepeatRequest &request, const ParsedOption &taken,
                Diagnostic &problem) {
  switch (static_cast<Option>(taken.option)) {
    case Option::Clock: return read_clock(taken.value, request, problem);
    case Option::Seed: return read_seed(taken.value, request, problem);
    case Option::StatusFd: return read_descriptor_option(taken.value, policy.status, problem);
    case Option::Help: request.help = true; break;
    case Option::Version: request.version = true; break;
  }
  return true;
}

}  // namespace

ProgramInfo program_info() {
  return {.name = c_text(kProgramName),
          .version = LL_VERSION ""_t,
          .usage = c_text(kUsage),
          .options = {kLetters, kOptionNames, kTexts, sizeof kLetters}};
}

ParseResult read_arguments(Policy &policy, RepeatRequest &request, Arguments &arguments, Word &use,
                           Diagnostic &problem) {
  const ParseResult step = read_options(
      policy, arguments, request.command, use, problem, [&](const ParsedOption &taken) {
        return set_option(policy, request, taken, problem) ? OptionResult::Option
                                                           : OptionResult::Error;
      });
  if (step == ParseResult::Error || (step == ParseResult::End && policy.rule_count == 0))
    return step;
  problem.fail(
      step == ParseResult::Use ? use.where : policy.rules[0].where,
      "ll-repeat enforces no policy\n"
      "use --clock and --seed of sandbox.sh, or run ll-exec under it: ll-repeat ... ll-exec ...");
  return ParseResult::Error;
}

bool check_request(const RepeatRequest &request, Diagnostic &problem) {
  if (request.help || request.version) return true;
  if (!request.hold_anything())
    return problem.fail({}, "nothing to do\ngive --clock TIME[,frozen], --seed N, or both");
  if (request.command == 0)
    return problem.fail(
        {},
        "no command to run\n"
        "ll-repeat [options] [--] command [argument...]; ll-repeat --help says more");
  return true;
}

}  // namespace ll
