// ll-trace: read the policy, ask the kernel what it can enforce, split in two: one restricts itself
// and becomes the command, as ll-exec does; the other watches what it is refused, and says so.
#include "attach.h"
#include "core/help.h"
#include "lesson.h"
#include "observe.h"
#include "os/enforce/ruleset.h"
#include "os/input/find_command.h"
#include "os/enforce/environment.h"
#include "os/enforce/launch.h"
#include "os/input/ldd.h"
#include "os/input/load.h"
#include "os/enforce/probe.h"
#include "os/query/warnings.h"
#include "os/enforce/seccomp.h"
#include "os/enforce/sockets.h"
#include "os/input/sources.h"
#include "os/query/access_check.h"
#include "watch.h"

namespace ll {

namespace {

constinit Program program{};
constinit Request request;
constinit Filter filter{};
constinit Policy policy{};
constinit Plan plan{};

// Calls with an address say which ports and sockets a command uses: they are looked at as calls,
// not as what the filter of an empty policy would refuse.
void let_addresses_through() {
  constexpr char kNames[] = "connect\0bind\0sendto\0sendmsg\0sendmmsg\0";
  for (size_t i = 0; i < 5; i++) {
    const int number = number_of_call(row_named(kCallNames, text_at(kNames, i)));
    if (number >= 0) filter.decisions[number] = kAllowed;
  }
}

}  // namespace

int run(const Process &process) {
  open_standard_descriptors(policy);
  check_stack(process, policy);
  load_request(process, policy, request);
  if (request.help) return print_help(), 0;
  if (request.version) return print_version(), 0;
  Outlet outlet;
  open_report(policy, request, outlet);

  const bool learns = !request.learn.empty();
  const int outcome = learns ? start_lesson(process, policy, request) : -1;
  remember_directory(policy);
  const Text directory = policy.directory;

  const Probe probe = probe_kernel(policy, request);
  plan_or_die(policy, request, probe.kernel, plan);
  const int start = enter_directory(policy);
  if (request.ldd) grant_libraries(process, policy, request);
  const int ruleset = learns ? kNoRuleset : create_ruleset(policy, plan, probe);
  grant_paths(policy, plan, start, ruleset);
  grant_ports(policy, plan, ruleset);
  if (!learns) find_inherited_sockets(policy, plan);
  decide(policy, plan, filter);
  if (learns) let_addresses_through();
  close_gaps(policy, filter, plan);
  check_protected(policy, plan, request.best_effort);
  if (!learns) check_sources(policy);
  check_inherited_sockets(policy, request, plan, filter);
  write_filter(policy, filter, program);
  if (!learns) warn_of_gaps(policy, request, plan);
  if (!learns && !request.quiet) warn_of_strays(policy, plan, start);
  if (!learns && !request.quiet) warn_of_obstacles(policy, plan);
  if (!learns && !request.quiet) warn_of_writable_policies(policy, plan);
  if (!learns && !request.quiet) warn_of_withheld(policy, process.environment, request.ldd);
  const char *command = find_command(process, policy, process.arguments[request.command]);

  const int traced = split(policy);
  if (traced != 0) {
    const char *argument = process.arguments[request.command + 1];
    Teacher teacher = {.command = c_text(process.arguments[request.command]),
                       .argument = argument == nullptr ? Text{} : c_text(argument),
                       .file = request.learn,
                       .exists = request.learns_more,
                       .home = {},
                       .directory = directory,
                       .environment = process.environment,
                       .all_variables = request.learns_environment,
                       .outcome = outcome};
    const Surroundings surroundings = {process.environment, directory};
    lookup(surroundings, "HOME"_t, teacher.home);
    watch({{policy, plan, filter, request.verbose, traced, request.tolerated, surroundings},
           request,
           outlet,
           learns ? &teacher : nullptr},
          traced);
  }
  observe(policy, program, learns);
  launch(process, policy, request, plan, program, ruleset, command);
}

}  // namespace ll
