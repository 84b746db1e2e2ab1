// The child, from its namespaces to the command.
#pragma once

#include "os/kernel/process.h"
#include "plan_mounts.h"
#include "supervise.h"
#include "user_namespace.h"

namespace ll {

// What is made before the namespaces are entered.
struct ChildSetup {
  Identity outside;
  Terminal terminal;
  Signals signals;
  int parent = 0;         // of the process that waits
  int launcher = 0;       // 0: none
  int refused_peers = 0;  // of NsRequest
  const char *launcher_path = nullptr;
  char **arguments = nullptr;  // of the loader, if it goes on alone
  int refusal[2] = {};         // a pipe: how the child says that it was refused
};

ChildSetup prepare(const Process &process, Policy &policy, const NsRequest &request);
[[noreturn]] void run_child(const Process &process, Policy &policy, const NsRequest &request,
                            const ChildSetup &start);
[[noreturn]] void exec_command(const Process &process, Policy &policy, const NsRequest &request,
                               const ChildSetup &start);
// Without namespaces: a sandbox around this one may refuse to start what is only open.
[[noreturn]] void exec_launcher(const Process &process, const Policy &policy,
                                const ChildSetup &start);
[[noreturn]] void start_launcher(const Process &process, const Policy &policy,
                                 const ChildSetup &start, char **arguments);
// A terminal sends its signals to a group: the command stays in it. Elsewhere it has its own, which
// is all that it can signal.
void leave_session(const Policy &policy);
// Whether the child went no further than to the refusal that it reported.
bool was_refused(const ChildSetup &start, Diagnostic &problem);
// "not isolated: WHY; going on with ll-exec alone"
void warn_of_missing(const Policy &policy, const Diagnostic &problem);

}  // namespace ll
