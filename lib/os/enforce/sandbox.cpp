#include "os/enforce/sandbox.h"

#include "os/enforce/environment.h"
#include "os/enforce/launch.h"
#include "os/enforce/probe.h"
#include "os/enforce/ruleset.h"
#include "os/enforce/sockets.h"
#include "os/enforce/supervised.h"
#include "os/input/ldd.h"
#include "os/input/sources.h"
#include "os/kernel/sys.h"
#include "os/query/access_check.h"
#include "os/query/warnings.h"

namespace ll {

void prepare(Sandbox &sandbox, Purpose purpose) {
  const auto &[process, policy, options, plan, filter, workspace, command, directory, ruleset,
               passes_all] = sandbox;
  const bool runs = purpose == Purpose::Run;
  const bool only_asked = purpose == Purpose::Ask || purpose == Purpose::Survey;
  const Probe probe = probe_kernel(policy, options, only_asked);
  plan_or_die(policy, options, probe.kernel, plan);
  plan.filters_maps =
      last_rule(policy, Directive::NoWriteExecute) != nullptr && sys::write_execute() < 0;
  if (runs && hands_over(policy, plan) && policy.supervisor == 0)
    go_beneath_supervisor(process, policy, {.verbose = options.verbose});
  sandbox.directory = purpose == Purpose::Survey ? uapi::kAT_FDCWD : enter_directory(policy);
  if (options.ldd) grant_libraries(process, policy, command, workspace.libraries);

  if (runs) sandbox.ruleset = create_ruleset(policy, plan, probe);
  if (!runs && probe.ruleset >= 0) sys::close(probe.ruleset);
  grant_paths(policy, plan, directory, ruleset, workspace.paths);
  grant_ports(policy, plan, ruleset);
  if (runs || purpose == Purpose::Ask) find_inherited_sockets(policy, plan);
  decide(policy, plan, filter);
  if (!runs || options.verbose) close_gaps(policy, filter, plan);
  check_protected(policy, plan, options.best_effort);
}

void check_before_start(const Sandbox &sandbox) {
  check_sources(sandbox.policy);
  check_inherited_sockets(sandbox.policy, sandbox.options, sandbox.plan, sandbox.filter);
}

void warn_before_start(Sandbox &sandbox) {
  const auto &[process, policy, options, plan, filter, workspace, command, directory, ruleset,
               passes_all] = sandbox;
  warn_of_gaps(policy, options, plan);
  if (options.quiet) return;
  warn_of_log(policy, filter);
  warn_of_strays(policy, plan, directory);
  warn_of_obstacles(policy, plan);
  warn_of_writable_policies(policy, plan);
  sandbox.passes_all = !warn_of_withheld(policy, process.environment, options.ldd);
}

}  // namespace ll
