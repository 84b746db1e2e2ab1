#include "os/enforce/launch.h"

#include "os/enforce/environment.h"
#include "os/enforce/exec_failure.h"
#include "os/enforce/privileges.h"
#include "os/enforce/ruleset.h"
#include "os/enforce/seccomp.h"
#include "os/enforce/supervised.h"
#include "os/input/load.h"
#include "os/kernel/sys.h"

namespace ll {

int enter_directory(Policy &policy) {
  const Rule *rule = last_rule(policy, Directive::Chdir);
  if (rule == nullptr) return uapi::kAtCwd;
  // `deny` and `protect` have to find relative paths from where they were meant.
  const long known = remember_directory(policy);
  if (known < 0)
    die_at(policy, rule->where,
           "the current directory has no path: %\n"
           "run it from one that has, or leave out chdir",
           Error{known});
  const long start = sys::open_at(uapi::kAtCwd, ".", uapi::kPathOnly);
  if (start < 0) die_of(policy, "open the current directory", start);
  const long result = sys::change_directory(rule->value.data);
  if (result < 0) die_at(policy, rule->where, "cannot start in %: %", rule->value, Error{result});
  return static_cast<int>(start);
}

// What the command starts with, and all that it starts.
static void set_modes(const Policy &policy, const Plan &plan) {
  const auto says = [&](Directive directive) { return last_rule(policy, directive) != nullptr; };
  long result = 0;
  if (says(Directive::Aslr)) {
    result = sys::set_personality(uapi::kAskPersonality);
    if (result >= 0) result = sys::set_personality(result | uapi::kNoRandomAddresses);
  }
  if (says(Directive::HugePages)) result |= sys::set_mode(uapi::kSetNoHugePages);
  if (says(Directive::NoWriteExecute) && !plan.filters_maps)
    result |= sys::set_mode(uapi::kSetWriteExecute);
  if (result < 0) die_of(policy, "set a mode", result);
}

void launch(const Sandbox &sandbox, const Program &program, const char *command, char **arguments) {
  const Policy &policy = sandbox.policy;
  char **variables = environment_of(policy, sandbox.process.environment, sandbox.options.ldd,
                                    sandbox.workspace.variables);
  const long result = sys::set_no_new_privileges();
  if (result < 0) die_of(policy, "set no_new_privs", result);
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
