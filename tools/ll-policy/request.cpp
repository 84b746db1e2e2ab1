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
    "ll-policy [options] command [argument...]\n"
    "Inspect, check and write policies. It restricts nothing.\n";

Word operand_at(const Policy &policy, size_t index) {
  const Text value = c_text(policy.arguments[index]);
  return {.value = value,
          .where = {.argument = static_cast<uint16_t>(index),
                    .length = static_cast<uint32_t>(value.size > 0 ? value.size : 1)},
          .dash = starts_with(value, "-"_t)};
}

bool set_option(PolicyRequest &request, const ParsedOption &taken, Diagnostic &problem) {
  switch (static_cast<Option>(taken.option)) {
    case Option::Abi: return read_abi(taken.value, request.abi, problem);
    case Option::Policy: request.uses.push_back(taken.value); break;
    case Option::Used: request.reports.push_back(taken.value); break;
    case Option::From: request.from = taken.value; break;
    case Option::Output: request.output = taken.value.value; break;
    case Option::Strict: request.strict = true; break;
    case Option::Widen: request.widen = true; break;
    case Option::Json: request.json = true; break;
    case Option::Help: request.help = true; break;
    case Option::Version: request.version = true; break;
  }
  return true;
}

bool read_words(Policy &policy, PolicyRequest &request, Diagnostic &problem) {
  Arguments arguments;
  for (;;) {
    ParsedOption taken;
    switch (next_argument(policy, arguments, taken, problem)) {
      case OptionResult::Error: return false;
      case OptionResult::Use: request.uses.push_back(taken.value); break;
      case OptionResult::Option:
        if (!set_option(request, taken, problem)) return false;
        break;
      case OptionResult::End:
        request.words = c_text(policy.arguments[arguments.at - 1]) == "--"_t;
        if (arguments.at >= policy.argument_count) return true;
        do request.operands.push_back(operand_at(policy, arguments.at++));
        while (request.words && arguments.at < policy.argument_count);
        if (request.words) return true;
    }
  }
}

bool take_command(PolicyRequest &request, Diagnostic &problem) {
  if (request.operands.empty())
    return problem.fail({},
                        "no command\n"
                        "ll-policy [options] command [argument...]; ll-policy --help lists them");
  const Word word = request.operands.front();
  const size_t row = row_named(kCommandNames, word.value);
  if (row != kNpos) {
    request.asked = static_cast<Command>(row);
    request.operands.erase(request.operands.begin());
    return true;
  }
  const size_t like = nearest_row(kCommandNames, word.value);
  if (like != kNpos)
    return problem.fail(word.where, "unknown command '%'\ndid you mean '%'?", word.value,
                        nth(kCommandNames, like));
  return problem.fail(word.where, "unknown command '%'\nll-policy --help lists them", word.value);
}

bool check_operands(const PolicyRequest &request, Diagnostic &problem) {
  const size_t count = request.operands.size();
  const auto row = static_cast<size_t>(request.asked);
  size_t least = 1;
  size_t most = 1;
  switch (request.asked) {
    case Command::List:
    case Command::Path: least = most = 0; break;
    case Command::Why: least = most = 2; break;
    case Command::Check: most = SIZE_MAX; break;
    case Command::Convert: most = request.words ? SIZE_MAX : 1; break;
    case Command::Show:
    case Command::New: break;
  }
  if (count >= least && count <= most) return true;
  const SourceSpan where = count > most ? request.operands[most].where : SourceSpan{};
  const Text arguments = nth(kCommandArguments, row);
  return problem.fail(where,
                      count > most ? "one argument too many\nll-policy %%%"
                                   : "an argument is missing\nll-policy %%%",
                      nth(kCommandNames, row), arguments.empty() ? ""_t : " "_t, arguments);
}

struct Use {
  bool given;
  Text option;
  bool belongs;
  Text owner;
};

// An option of another command is a misunderstanding, not to be passed over.
bool check_options(const Policy &policy, const PolicyRequest &request, Diagnostic &problem) {
  const Command asked = request.asked;
  const bool writes = asked == Command::New || asked == Command::Convert;
  const bool why = asked == Command::Why;
  const Use uses[] = {
      {request.strict, "--strict"_t, asked == Command::Check, "check"_t},
      {!request.reports.empty(), "--used"_t, asked == Command::Check, "check"_t},
      {request.widen, "--widen"_t, asked == Command::Convert, "convert"_t},
      {!request.from.value.empty(), "--from"_t, asked == Command::Convert, "convert"_t},
      {!request.output.empty(), "--output"_t, writes, "new and convert"_t},
      {request.abi != 0, "--abi"_t, why || asked == Command::Check, "check and why"_t},
      {!request.uses.empty(), "-p"_t, why, "why"_t},
      {policy.rule_count != 0, "a directive"_t, why, "why"_t},
      {request.json, "--json"_t,
       asked == Command::List || asked == Command::Check || asked == Command::Path,
       "list, check and path"_t}};
  for (const Use &use : uses)
    if (use.given && !use.belongs)
      return problem.fail({}, "% is only for %", use.option, use.owner);
  return true;
}

}  // namespace

ProgramInfo program_info() {
  return {.name = c_text(kProgramName),
          .version = LL_VERSION ""_t,
          .usage = c_text(kUsage),
          .options = {kLetters, kOptionNames, kTexts, sizeof kLetters}};
}

bool read_command_line(Policy &policy, PolicyRequest &request, Diagnostic &problem) {
  if (!read_words(policy, request, problem)) return false;
  if (request.help || request.version) return true;
  return take_command(request, problem) && check_operands(request, problem) &&
         check_options(policy, request, problem);
}

ParseResult read_arguments(Policy & /*policy*/, PolicyRequest &request, Arguments & /*arguments*/,
                           Word &use, Diagnostic & /*problem*/) {
  if (request.used == request.uses.size()) return ParseResult::End;
  use = request.uses[request.used++];
  return ParseResult::Use;
}

bool check_request(const PolicyRequest & /*request*/, Diagnostic & /*problem*/) { return true; }

}  // namespace ll
