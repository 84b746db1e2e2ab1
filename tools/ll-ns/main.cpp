// ll-ns: read the policy, enter namespaces of its own, build a root that holds what the policy
// grants, and start the command in it through ll-exec. The parent waits for its end.
#include "calls.h"
#include "cgroup.h"
#include "check.h"
#include "child.h"
#include "collect.h"
#include "core/help.h"
#include "core/peer.h"
#include "draw.h"
#include "enter.h"
#include "os/enforce/launch.h"
#include "os/enforce/supervised.h"
#include "os/input/load.h"
#include "os/input/sources.h"
#include "os/query/terminal.h"
#include "repeat.h"
#include "supervise.h"

namespace ll {

namespace {

constinit Policy policy{};
constinit Request request;
constinit Cgroup cgroup;

// Without the namespaces that this machine refuses, if the user said so.
int go_on_without(const Process &process, const Start &start, Problem &problem) {
  if (!request.best_effort || start.loader == 0 || has_overlay(request)) die(policy, problem);
  if (!request.quiet) warn_of_missing(policy, problem);
  restore_signals(policy, start.signals);
  become_loader(process, policy, start);
}

// The loader's report is kept as what the policy names is, but is not the command's.
void close_others() {
  const size_t rules = policy.rule_count;
  if (request.report != 0) {
    if (rules == kMaxRules) die_at(policy, request.report_at, "more than % rules", kMaxRules);
    policy.rules[policy.rule_count++] = {.directive = Directive::Fd,
                                         .where = request.report_at,
                                         .number = static_cast<uint64_t>(request.report)};
  }
  close_descriptors(policy);
  policy.rule_count = rules;
}

// From here on only the child can say that nothing was run.
void close_status() {
  if (policy.status == 0) return;
  sys::close(policy.status);
  policy.status = 0;
}

// Where cgroups cannot hold it, limits of each process do what they can.
void limit_processes(Problem &problem) {
  if (!request.best_effort) die(policy, problem);
  if (!request.quiet) warn_of_missing(policy, problem);
  limit_instead(policy, request);
}

// Not inlined: what it needs of the stack is checked before.
[[gnu::noinline]] int start(const Process &process) {
  load_request(process, policy, request);
  if (request.help) return print_help(policy.program), 0;
  if (request.version) return print_version(policy), 0;
  close_others();
  remember_directory(policy);
  if (request.explain) return draw_root(policy, request, ask_screen(process.environment));
  if (request.check) return check_machine(policy, request);

  if (request.rootfs.empty()) check_sources(policy);
  check_repeats(policy, request);
  if (is_supervised(policy) && !request.no_loader)
    go_beneath_supervisor(process, policy, true, request.verbose);
  repeat(process, policy, request);
  Problem problem;
  if (limits_anything(request) && !cgroup.make(policy, request, problem)) limit_processes(problem);
  Start start = prepare(process, policy, request);
  const uint64_t namespaces = namespaces_of(policy, request);
  const long child = cgroup.descriptor() == 0 ? sys::fork_into(namespaces)
                                              : sys::fork_into(namespaces, cgroup.descriptor());
  if (child == 0) run_child(process, policy, request, start);
  if (child < 0) {
    say_refusal(problem, "enter new namespaces", child);
    return go_on_without(process, start, problem);
  }
  if (!request.best_effort) close_status();
  const int status = supervise(child, start.terminal, request.timeout, request.init);
  cgroup.end(policy, request);
  if (was_refused(start, problem)) return go_on_without(process, start, problem);
  return status;
}

}  // namespace

int run(const Process &process) {
  policy.program = program_info();
  open_standard_descriptors(policy);
  check_stack(process, policy);
  return start(process);
}

}  // namespace ll
