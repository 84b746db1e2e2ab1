#include "request.h"

namespace ll {

namespace {

constexpr OptionRow kOptions[] = {
#define OPTION(id, letter, name, metavar, help) {letter, name, metavar, help},
#include "options.def"
};
constexpr char kUsage[] =
    "ll-net --control=N --child=PID [options]\n"
    "Decide the connections of a command by host and address. ll-exec starts it by itself.\n";

}  // namespace

ProgramInfo program_info() {
  return {.name = c_text(kProgramName),
          .version = LL_VERSION ""_t,
          .usage = c_text(kUsage),
          .options = {kOptions, sizeof kOptions / sizeof *kOptions}};
}

Step read_arguments(Policy &policy, Request &request, Arguments &arguments, Word &use,
                    Problem &problem) {
  size_t command = 0;
  return read_options(policy, arguments, command, use, problem, [&](Taken &taken) {
    switch (static_cast<Option>(taken.option)) {
      case Option::Policy: return Item::Use;
      case Option::Control:
        if (!read_descriptor_option(taken.value, policy.supervisor, problem)) return Item::Error;
        break;
      case Option::Child:
        if (!parse_number(taken.value.value, INT32_MAX, request.child) || request.child == 0) {
          problem.fail(taken.value.where, "'%' is not a process", taken.value.value);
          return Item::Error;
        }
        break;
      case Option::Keep: request.keeps = true; break;
      case Option::Verbose: request.verbose = true; break;
      case Option::Help: request.help = true; break;
      case Option::Version: request.version = true; break;
    }
    return Item::Option;
  });
}

bool check_request(const Request &request, Problem &problem) {
  if (request.help || request.version || request.child != 0) return true;
  return problem.fail(kNowhere,
                      "ll-exec starts this by itself, where a policy names hosts\n"
                      "write a line such as connect api.example.com:443, and run ll-exec");
}

}  // namespace ll
