// ll-exec: read the policy, ask the kernel what it can enforce, restrict this process, become the
// command.
#include "core/explain.h"
#include "core/seccomp/filter.h"
#include "core/help.h"
#include "os/enforce/ruleset.h"
#include "os/query/self_check.h"
#include "os/input/find_command.h"
#include "os/enforce/environment.h"
#include "os/enforce/launch.h"
#include "os/input/ldd.h"
#include "os/input/load.h"
#include "os/enforce/probe.h"
#include "os/query/warnings.h"
#include "os/query/terminal.h"
#include "os/enforce/seccomp.h"
#include "os/enforce/sockets.h"
#include "os/input/sources.h"
#include "os/query/access_check.h"

namespace ll {

namespace {

constexpr size_t kPage = 4096;

// A page that is touched costs 2 us: the program, which is written from its end, ends with a page;
// all else that a small policy needs follows on the next, and the plan is on one of its own.
[[gnu::section(".bss.hot.a")]] alignas(kPage) constinit Program program{};
[[gnu::section(".bss.hot.b")]] constinit Request request;
[[gnu::section(".bss.hot.b")]] constinit Filter filter{};
[[gnu::section(".bss.hot.c")]] constinit Policy policy{};
alignas(kPage) constinit Plan plan{};

// What only asks a question and runs nothing; the exit status.
int answer(const Process &process) {
  if (!request.why_right.empty()) return answer_why(policy, plan, request);
  if (request.json)
    explain_json(policy, plan, filter);
  else
    explain(policy, plan, filter, ask_screen(process.environment), request.verbose);
  return 0;
}

}  // namespace

int run(const Process &process) {
  open_standard_descriptors(policy);
  check_stack(process, policy);
  load_request(process, policy, request);
  if (request.help) return print_help(), 0;
  if (request.list != Listed::Nothing) return print_list(request.list), 0;
  if (request.version) return print_version(), 0;
  if (request.check) return check_machine(policy, request);
  close_descriptors(policy);

  const Probe probe = probe_kernel(policy, request);
  plan_or_die(policy, request, probe.kernel, plan);
  const int start = enter_directory(policy);
  if (request.ldd) grant_libraries(process, policy, request);

  const bool asks = request.explain || !request.why_right.empty();
  const int ruleset = asks ? kNoRuleset : create_ruleset(policy, plan, probe);
  grant_paths(policy, plan, start, ruleset);
  grant_ports(policy, plan, ruleset);
  find_inherited_sockets(policy, plan);
  decide(policy, plan, filter);
  if (asks || request.verbose) close_gaps(policy, filter, plan);
  check_protected(policy, plan, request.best_effort);
  if (asks) return answer(process);

  check_sources(policy);
  check_inherited_sockets(policy, request, plan, filter);
  write_filter(policy, filter, program);
  warn_of_gaps(policy, request, plan);
  if (!request.quiet) warn_of_strays(policy, plan, start);
  if (!request.quiet) warn_of_obstacles(policy, plan);
  if (!request.quiet) warn_of_writable_policies(policy, plan);
  if (!request.quiet) warn_of_withheld(policy, process.environment, request.ldd);
  launch(process, policy, request, plan, program, ruleset,
         find_command(process, policy, process.arguments[request.command]));
}

}  // namespace ll
