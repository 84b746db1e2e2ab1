#include "os/enforce/launch.h"

#include "os/enforce/environment.h"
#include "os/enforce/exec_failure.h"
#include "os/enforce/privileges.h"
#include "os/enforce/ruleset.h"
#include "os/enforce/seccomp.h"
#include "os/enforce/supervised.h"
#include "os/kernel/sys.h"

namespace ll {

void launch(const Sandbox &sandbox, const Program &program, const char *command, char **arguments) {
  const Policy &policy = sandbox.policy;
  char **variables = sandbox.process.environment;
  if (!sandbox.passes_all)
    variables = environment_of(policy, variables, sandbox.options.ldd, sandbox.workspace.variables);
  const long result = sys::set_no_new_privileges();
  if (result < 0) die_errno(policy, "set no_new_privs", result);
  hand_over_connections(policy, sandbox.plan);
  drop_capabilities(policy);
  set_limits(policy);
  set_modes(policy, sandbox.plan);
  restrict_self(policy, sandbox.plan, sandbox.ruleset);
  install_filter(policy, program);
  const long error = sys::execute(command, arguments, variables);
  explain_exec_failure(policy, sandbox.plan, command, error);
}

}  // namespace ll
