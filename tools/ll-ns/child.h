// The child, from its namespaces to the command.
#pragma once

#include "collect.h"
#include "enter.h"
#include "os/kernel/process.h"
#include "supervise.h"

namespace ll {

// What is made before the namespaces are entered.
struct Start {
  Identity outside;
  Terminal terminal;
  Signals signals;
  int parent = 0;  // of the process that waits
  int loader = 0;  // 0: none
  int told = 0;    // of Request
  const char *loader_path = nullptr;
  char **arguments = nullptr;  // of the loader, if it goes on alone
  int refusal[2] = {};         // a pipe: how the child says that it was refused
};

Start prepare(const Process &process, Policy &policy, const Request &request);
[[noreturn]] void run_child(const Process &process, Policy &policy, const Request &request,
                            const Start &start);
[[noreturn]] void become_command(const Process &process, Policy &policy, const Request &request,
                                 const Start &start);
// Without namespaces: a sandbox around this one may refuse to start what is only open.
[[noreturn]] void become_loader(const Process &process, const Policy &policy, const Start &start);
[[noreturn]] void start_loader(const Process &process, const Policy &policy, const Start &start,
                               char **arguments);
// A terminal sends its signals to a group: the command stays in it. Elsewhere it has its own, which
// is all that it can signal.
void leave_session(const Policy &policy);
// Whether the child went no further than to the refusal that it reported.
bool was_refused(const Start &start, Problem &problem);
// "not isolated: WHY; going on with ll-exec alone"
void warn_of_missing(const Policy &policy, const Problem &problem);

}  // namespace ll
