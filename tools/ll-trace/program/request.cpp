#include "program/request.h"

namespace ll {

namespace {

bool set_abi(Request &request, const Word &value, Problem &problem) {
  uint64_t abi = 0;
  if (!parse_number(value.value, kNewestAbi, abi) || abi == 0)
    return problem.fail(value.where, "'%' is not a Landlock ABI\na number from 1 to %"_packed,
                        value.value, uint64_t{kNewestAbi});
  request.abi = static_cast<int>(abi);
  return true;
}

// A policy that is to be written to has a name that says where it is.
bool is_file(const Word &value, Problem &problem) {
  if (find(value.value, '/') != kNone || find(value.value, '.') != kNone) return true;
  return problem.fail(value.where, "'%' does not name a file\nwrite ./%"_packed, value.value,
                      value.value);
}

bool set_json(Request &request, const Word &value, Problem &problem) {
  request.json = value.value;
  request.json_at = value.where;
  return !value.value.empty() || problem.fail(value.where, "--json needs a file"_packed);
}

bool set_option(Request &request, const Taken &taken, Problem &problem) {
  switch (static_cast<Option>(taken.option)) {
    case Option::Abi: return set_abi(request, taken.value, problem);
    case Option::Json: return set_json(request, taken.value, problem);
    case Option::Suggest: request.suggest = taken.value.value; break;
    case Option::Apply: request.apply = taken.value.value; break;
    case Option::Ldd: request.ldd = true; break;
    case Option::BestEffort: request.best_effort = true; break;
    case Option::NoLandlock: request.no_landlock = true; break;
    case Option::Quiet: request.quiet = true; break;
    case Option::Verbose: request.verbose = true; break;
    case Option::Help: request.help = true; break;
    case Option::Version: request.version = true; break;
    case Option::Policy: return false;
  }
  return true;
}

}  // namespace

Step read_arguments(Policy &policy, Request &request, Arguments &arguments, Word &use,
                    Problem &problem) {
  for (;;) {
    Taken taken;
    const Item item = next_argument(policy, arguments, taken, problem);
    use = taken.value;
    if (item == Item::End) {
      if (arguments.at < policy.argument_count) request.command = arguments.at;
      return Step::End;
    }
    if (item == Item::Error) return Step::Error;
    const auto option = static_cast<Option>(taken.option);
    if (item == Item::Use || option == Option::Policy) return Step::Use;
    if (!set_option(request, taken, problem)) return Step::Error;
    const bool named = option == Option::Suggest || option == Option::Apply;
    if (named) return is_file(use, problem) ? Step::Use : Step::Error;
  }
}

bool check_request(const Request &request, Problem &problem) {
  if (request.help || request.version) return true;
  if (!request.suggest.empty() && !request.apply.empty())
    return problem.fail({}, "--suggest and --apply exclude each other"_packed);
  if (request.command == 0)
    return problem.fail(
        {},
        "no command to run\n"
        "ll-trace [options] [--] command [argument...]; ll-trace --help says more"_packed);
  return true;
}

}  // namespace ll
