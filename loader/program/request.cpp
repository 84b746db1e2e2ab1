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

bool set_list(Request &request, const Word &value, Problem &problem) {
  request.list = true;
  return value.value == "syscalls"_t ||
         problem.fail(value.where, "'%' cannot be listed\nwrite --list syscalls"_packed,
                      value.value);
}

bool set_option(Request &request, const Taken &taken, Problem &problem) {
  switch (static_cast<Option>(taken.option)) {
    case Option::Abi: return set_abi(request, taken.value, problem);
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
    case Option::Policy:
    case Option::Why: return false;
  }
  return true;
}

bool set_why(Policy &policy, Request &request, Arguments &arguments, Taken &taken,
             Problem &problem) {
  request.why_right = taken.value.value;
  request.why = taken.value.where;
  if (!take_another(policy, arguments, taken, problem)) return false;
  request.why_target = taken.value.value;
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
    const bool set = option == Option::Why ? set_why(policy, request, arguments, taken, problem)
                                           : set_option(request, taken, problem);
    if (!set) return Step::Error;
  }
}

bool check_request(const Request &request, Problem &problem) {
  const bool asks = request.explain || request.check || request.help || request.list ||
                    request.version || !request.why_right.empty();
  if (request.json && !request.explain && !request.check)
    return problem.fail({}, "--json belongs to --explain or --check"_packed);
  if (request.command == 0 && (request.ldd || !asks))
    return problem.fail(
        {},
        "no command to run\n"
        "ll-exec [options] [--] command [argument...]; ll-exec --help says more"_packed);
  return true;
}

}  // namespace ll
