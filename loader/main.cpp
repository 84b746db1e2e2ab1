// ll-exec, and the launcher in ll-net: reads the policy, probes what the kernel can enforce,
// restricts this process, and executes the command.
#include "run_loader.h"

#include "core/explain.h"
#include "core/help.h"
#include "os/enforce/launch.h"
#include "os/enforce/sandbox.h"
#include "os/enforce/seccomp.h"
#include "os/enforce/supervised.h"
#include "os/input/find_command.h"
#include "os/input/load.h"
#include "os/query/access_check.h"
#include "os/query/self_check.h"
#include "os/query/terminal.h"
#include "request.h"

namespace ll {

namespace {

constexpr size_t kPage = 4096;

// Every page touched costs 3 us. The BPF program is written from its end: in the middle of a page,
// of which what else a small policy needs takes the rest. The policy has the next ones.
struct Code {
  char unused[kPage / 2];
  Program program;
};
[[gnu::section(".bss.hot.a")]] alignas(kPage) constinit Code code{};
[[gnu::section(".bss.hot.b")]] constinit ExecRequest request;
[[gnu::section(".bss.hot.b")]] constinit Filter filter{};
[[gnu::section(".bss.hot.c")]] constinit Plan plan{};
[[gnu::section(".bss.hot.d")]] alignas(kPage) constinit Policy policy{};
constinit Workspace workspace{};

// --explain and --why, which run nothing. Returns the exit status.
int answer(const Process &process) {
  if (!request.why.right.empty()) return answer_why(policy, plan, request.why);
  if (request.json)
    explain_json(policy, plan, filter);
  else
    explain(policy, plan, filter, detect_terminal(process.environment), request.verbose);
  return 0;
}

}  // namespace

int run_loader(const Process &process, int supervisor) {
  policy.supervisor = supervisor;
  policy.program = program_info();
  open_standard_descriptors(policy);
  check_stack(process, policy);
  load_request(process, policy, request);
  if (request.help) return go_on_as_ll_net(policy), print_help(policy.program), 0;
  if (request.list != Listed::Nothing) return print_list(request.list), 0;
  if (request.version) return print_version(policy), 0;
  if (request.check) {
    check_by_ll_net(policy);
    return check_machine(policy, request, request.json);
  }
  close_descriptors(policy);

  const bool asks = request.explain || !request.why.right.empty();
  Sandbox sandbox = {process, policy, request, plan, filter, workspace, request.command};
  prepare(sandbox, asks ? Purpose::Ask : Purpose::Run);
  if (asks) return answer(process);

  check_before_start(sandbox);
  write_filter(policy, filter, code.program);
  warn_before_start(sandbox);
  char **arguments = process.arguments + request.command;
  launch(sandbox, code.program, find_command(process, policy, *arguments), arguments);
}

}  // namespace ll
