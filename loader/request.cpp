#include "request.h"

#include "os/enforce/supervised.h"

#ifdef LL_JUDGE
#include "core/policy/judging.h"
#endif

namespace ll {

namespace {

constexpr char kLetters[] = {
#define OPTION(id, letter, name, metavar, help) letter,
#include "options.def"
};
alignas(char) constexpr char kOptionNames[] =
#define OPTION(id, letter, name, metavar, help) name "\0"
#include "options.def"
    ;
alignas(char) constexpr char kTexts[] =
#define OPTION(id, letter, name, metavar, help) metavar "\0" help "\0"
#include "options.def"
    ;
alignas(char) constexpr char kUsage[] =
    "ll-exec [options] [--] command [argument...]: run it under a policy\n";

// In the order of Listed.
constexpr char kLists[] = "directives\0rights\0syscalls\0";

bool set_list(ExecRequest &request, const Word &value, Diagnostic &problem) {
  const size_t row = row_named(kLists, value.value);
  request.list = static_cast<Listed>(row + 1);
  return row != kNpos ||
         problem.fail(value.where, "'%' cannot be listed\none of: directives rights syscalls",
                      value.value);
}

bool set_option(ExecRequest &request, const ParsedOption &taken, Diagnostic &problem) {
  switch (static_cast<Option>(taken.option)) {
    case Option::Abi: return read_abi(taken.value, request.abi, problem);
    case Option::List: return set_list(request, taken.value, problem);
    case Option::Explain: request.explain = true; break;
    case Option::Check: request.check = true; break;
    case Option::Json: request.json = true; break;
    case Option::Ldd: request.ldd = true; break;
    case Option::BestEffort: request.best_effort = true; break;
    case Option::NoLandlock: request.no_landlock = true; break;
    case Option::Quiet: request.quiet = true; break;
    case Option::Verbose: request.verbose = true; break;
    case Option::Help: request.help = true; break;
    case Option::Version: request.version = true; break;
#ifdef LL_JUDGE
    case Option::Judge:
    case Option::JudgeFd:
    case Option::Ask:
    case Option::AnswerIn:
#endif
    case Option::Policy:
    case Option::StatusFd:
    case Option::Why: return false;
  }
  return true;
}

bool set_why(Policy &policy, ExecRequest &request, Arguments &arguments, ParsedOption &taken,
             Diagnostic &problem) {
  request.why.right = taken.value.value;
  request.why.where = taken.value.where;
  if (!take_another(policy, arguments, taken, problem)) return false;
  request.why.target = taken.value.value;
  return true;
}

#ifdef LL_JUDGE
OptionResult set_judging(Judging &judging, const ParsedOption &taken, Diagnostic &problem) {
  bool set = false;
  switch (static_cast<Option>(taken.option)) {
    case Option::Judge: set = read_judge(taken.value, judging, problem); break;
    case Option::JudgeFd: set = read_judge_descriptor(taken.value, judging, problem); break;
    case Option::Ask: set = read_asks(taken.value, judging, problem); break;
    case Option::AnswerIn: set = read_answer_time(taken.value, judging, problem); break;
    default: return OptionResult::End;
  }
  return set ? OptionResult::Option : OptionResult::Error;
}
#endif

}  // namespace

ProgramInfo program_info() {
  return {.name = c_text(kProgramName),
          .version = LL_VERSION ""_t,
          .usage = c_text(kUsage),
          .options = {kLetters, kOptionNames, kTexts, sizeof kLetters}};
}

ParseResult read_arguments(Policy &policy, ExecRequest &request, Arguments &arguments, Word &use,
                           Diagnostic &problem) {
  const ParseResult step =
      read_options(policy, arguments, request.command, use, problem, [&](ParsedOption &taken) {
        const auto option = static_cast<Option>(taken.option);
        if (option == Option::Policy) return OptionResult::Use;
        if (option == Option::StatusFd)
          return read_descriptor_option(taken.value, policy.status, problem) ? OptionResult::Option
                                                                             : OptionResult::Error;
#ifdef LL_JUDGE
        if (const OptionResult item = set_judging(policy.judging, taken, problem);
            item != OptionResult::End)
          return item;
#endif
        const bool set = option == Option::Why ? set_why(policy, request, arguments, taken, problem)
                                               : set_option(request, taken, problem);
        return set ? OptionResult::Option : OptionResult::Error;
      });
  if (step == ParseResult::Error) go_on_as_ll_net(policy);
  return step;
}

bool check_request(const ExecRequest &request, Diagnostic &problem) {
  const bool asks = request.explain || request.check || request.help ||
                    request.list != Listed::Nothing || request.version ||
                    !request.why.right.empty();
  if (request.json && !request.explain && !request.check)
    return problem.fail(kNoLocation, "--json needs --explain or --check");
  if (request.command == 0 && (request.ldd || !asks))
    return problem.fail(kNoLocation,
                        "no command to run\n"
                        "ll-exec [options] [--] command [argument...]; ll-exec --help says more");
  return true;
}

}  // namespace ll
