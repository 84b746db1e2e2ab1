// The child: from entering the namespaces to executing the command.
#pragma once

#include "os/kernel/process.h"
#include "plan_mounts.h"
#include "supervise.h"
#include "user_namespace.h"

namespace ll {

// Prepared before the namespaces are entered.
struct ChildSetup {
  Identity outside;
  Terminal terminal;
  Signals signals;
  int parent = 0;         // of the process that waits
  int launcher = 0;       // 0: none
  int refused_peers = 0;  // as in NsRequest
  const char *launcher_path = nullptr;
  char **arguments = nullptr;  // of the launcher, if it runs without namespaces
  int refusal[2] = {};         // a pipe on which the child reports a refusal
};

ChildSetup prepare(const Process &process, Policy &policy, const NsRequest &request);
[[noreturn]] void run_child(const Process &process, Policy &policy, const NsRequest &request,
                            const ChildSetup &start);
[[noreturn]] void exec_command(const Process &process, Policy &policy, const NsRequest &request,
                               const ChildSetup &start);
// Without namespaces. By path: a sandbox around this one may refuse to execute a descriptor.
[[noreturn]] void exec_launcher(const Process &process, const Policy &policy,
                                const ChildSetup &start);
[[noreturn]] void start_launcher(const Process &process, const Policy &policy,
                                 const ChildSetup &start, char **arguments);
// On a terminal the command stays in the process group that gets the terminal's signals. Elsewhere
// it gets its own session.
void leave_session(const Policy &policy);
// Whether the child reported a refusal and stopped.
bool was_refused(const ChildSetup &start, Diagnostic &problem);
// "not isolated: WHY; going on with ll-exec alone"
void warn_of_missing(const Policy &policy, const Diagnostic &problem);

}  // namespace ll
