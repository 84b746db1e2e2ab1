#include "request.h"

#include "os/kernel/sys.h"

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
    "ll-trace [options] [--] command [argument...]: report what it is refused\n";

// A policy that is to be written to has a name that says where it is.
bool is_file(const Word &value, Diagnostic &problem) {
  if (find(value.value, '/') != kNpos || find(value.value, '.') != kNpos) return true;
  return problem.fail(value.where, "'%' does not name a file\nwrite ./%", value.value, value.value);
}

bool set_json(TraceRequest &request, const Word &value, Diagnostic &problem) {
  request.json = value.value;
  request.json_at = value.where;
  return !value.value.empty() || problem.fail(value.where, "--json needs a file");
}

// A number is a descriptor, which is written a page.
bool set_report(TraceRequest &request, const Word &value, Diagnostic &problem) {
  uint64_t number = 0;
  const Text file = value.value;
  const bool page = ends_with(file, ".html"_t) || parse_number(file, INT32_MAX, number);
  const bool json = ends_with(file, ".json"_t);
  request.report = file;
  request.report_at = value.where;
  request.report_form = page ? ReportForm::Page : json ? ReportForm::Json : ReportForm::Text;
  return page || json || file == "-"_t ||
         problem.fail(value.where,
                      "'%' is not a report file\nname it FILE.html or FILE.json; - is text on "
                      "standard output",
                      file);
}

// Its kinds are the bits of Attempt.
bool set_tolerated(TraceRequest &request, const Word &value, Diagnostic &problem) {
  const size_t row = row_named("unix\0udp\0netlink\0", value.value);
  if (row == kNpos)
    return problem.fail(value.where, "'%' is not a kind of socket\nunix, udp or netlink",
                        value.value);
  request.tolerated = static_cast<uint8_t>(request.tolerated | 1U << row);
  return true;
}

// What is there already is read, so that only what it lacks is added; else what all policies use.
OptionResult learn(TraceRequest &request, Word &use, Diagnostic &problem) {
  if (!is_file(use, problem)) return OptionResult::Error;
  if (!request.learn.empty()) {
    problem.fail(use.where, "--learn is given twice");
    return OptionResult::Error;
  }
  request.learn = use.value;
  request.record_at = use.where;
  request.learns_more = sys::access(use.value.data, 0) == 0;
  if (!request.learns_more) use.value = "base"_t;
  return OptionResult::Use;
}

bool set_option(TraceRequest &request, const ParsedOption &taken, Diagnostic &problem) {
  switch (static_cast<Option>(taken.option)) {
    case Option::Abi: return read_abi(taken.value, request.abi, problem);
    case Option::Json: return set_json(request, taken.value, problem);
    case Option::Report: return set_report(request, taken.value, problem);
    case Option::Tolerate: return set_tolerated(request, taken.value, problem);
    case Option::Suggest: request.suggest = taken.value.value; break;
    case Option::Apply: request.apply = taken.value.value; break;
    case Option::LearnEnv: request.learns_environment = true; break;
    case Option::Calls: request.learns_calls = true; break;
    case Option::Ldd: request.ldd = true; break;
    case Option::BestEffort: request.best_effort = true; break;
    case Option::NoLandlock: request.no_landlock = true; break;
    case Option::Quiet: request.quiet = true; break;
    case Option::Verbose: request.verbose = true; break;
    case Option::Help: request.help = true; break;
    case Option::Version: request.version = true; break;
    case Option::Learn:
    case Option::Policy: return false;
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

ParseResult read_arguments(Policy &policy, TraceRequest &request, Arguments &arguments, Word &use,
                           Diagnostic &problem) {
  return read_options(policy, arguments, request.command, use, problem,
                      [&](const ParsedOption &taken) {
                        const auto option = static_cast<Option>(taken.option);
                        if (option == Option::Policy) return OptionResult::Use;
                        if (option == Option::Learn) return learn(request, use, problem);
                        if (!set_option(request, taken, problem)) return OptionResult::Error;
                        if (option != Option::Suggest && option != Option::Apply)
                          return OptionResult::Option;
                        return is_file(use, problem) ? OptionResult::Use : OptionResult::Error;
                      });
}

bool check_request(const TraceRequest &request, Diagnostic &problem) {
  if (request.help || request.version) return true;
  if (!request.suggest.empty() && !request.apply.empty())
    return problem.fail({}, "--suggest and --apply exclude each other");
  if (!request.learn.empty() && (!request.suggest.empty() || !request.apply.empty()))
    return problem.fail({}, "--learn excludes --suggest and --apply");
  if (request.learns_environment && request.learn.empty())
    return problem.fail({}, "--learn-env needs --learn");
  if (request.learns_calls && request.learn.empty())
    return problem.fail({}, "--calls needs --learn");
  if (request.command == 0)
    return problem.fail({},
                        "no command to run\n"
                        "ll-trace [options] [--] command [argument...]; ll-trace --help says more");
  return true;
}

}  // namespace ll
