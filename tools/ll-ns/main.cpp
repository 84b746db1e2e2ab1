// ll-ns: reads the policy, enters new namespaces, mounts a root with what the policy grants, and
// starts the command in it through ll-exec. The parent waits for the command.
#include "alone.h"
#include "calls.h"
#include "cgroup.h"
#include "check.h"
#include "child.h"
#include "core/help.h"
#include "core/peer.h"
#include "core/policy/judging.h"
#include "explain_root.h"
#include "killed.h"
#include "limits.h"
#include "os/enforce/launch.h"
#include "os/enforce/supervised.h"
#include "os/input/load.h"
#include "os/input/sources.h"
#include "os/query/terminal.h"
#include "plan_mounts.h"
#include "repeat.h"
#include "spawn.h"
#include "supervise.h"
#include "user_namespace.h"

namespace ll {

namespace {

constinit Policy policy{};
constinit NsRequest request;
constinit Cgroup cgroup;

// --best-effort: goes on without the namespaces that this machine refuses.
int go_on_without(const Process &process, const ChildSetup &start, Diagnostic &problem) {
  if (!request.best_effort || start.launcher == 0 || has_overlay(request)) die(policy, problem);
  if (!request.quiet) warn_of_missing(policy, problem);
  restore_signals(policy, start.signals);
  exec_launcher(process, policy, start);
}

void keep(int descriptor, const SourceSpan &where) {
  if (descriptor == 0) return;
  if (policy.rule_count == kMaxRules) die_at(policy, where, "more than % rules", kMaxRules);
  policy.rules[policy.rule_count++] = {
      .directive = Directive::Fd, .where = where, .number = static_cast<uint64_t>(descriptor)};
}

// Keeps the descriptors of the launcher's reports and of the layers' file system open, like those
// of `fd`, but not for the command.
void close_others() {
  const size_t rules = policy.rule_count;
  keep(request.report, request.report_at);
  keep(request.record, request.record_at);
  keep(request.layers, request.layers_at);
  close_descriptors(policy);
  policy.rule_count = rules;
}

// From here on only the child can report that nothing was run. It may still read the number.
void close_status() {
  if (policy.status != 0) sys::close(policy.status);
}

// Without a cgroup the user namespace enforces the limits; with --best-effort, which may run
// without it, each process is limited.
void divide_cgroup(Diagnostic &problem) {
  request.has_cgroup = cgroup.make(policy, request, problem);
  if (request.has_cgroup) return;
  if (needs_cgroup(request)) {
    if (!request.best_effort) die(policy, problem);
    if (!request.quiet) warn_of_missing(policy, problem);
  }
  if (request.best_effort && !request.no_launcher) limit_instead(policy, request);
}

// Whether ll-net is needed.
bool needs_supervisor(const Policy &rules) {
  Diagnostic problem;
  if (!check_judging(rules.judging, false, problem)) die(rules, problem);
  if (!is_judged(rules)) return is_supervised(rules);
  if (request.no_launcher)
    die_at(rules, kNoLocation, "--judge needs ll-exec\nleave out --no-loader");
  if (ends_with(request.launcher, "/ll-trace"_t))
    die_at(rules, kNoLocation,
           "ll-trace and --judge exclude each other\n-v prints what is refused");
  return true;
}

// ll-trace cannot see what ll-net refuses, so ll-net reports it on a pipe.
void supervise_connections(const Process &process) {
  int refused_peers[] = {0, 0};
  const bool watched = ends_with(request.launcher, "/ll-trace"_t);
  if (watched) open_refused_peers(policy, refused_peers);
  const Supervision how = {.own_sockets = true,
                           .verbose = request.verbose && !watched,
                           .refused_peers = refused_peers[1]};
  go_beneath_supervisor(process, policy, how);
  // The parent is ll-net now. If it has died, there is no listener, and the command does not start.
  const long result = sys::set_death_signal(uapi::kSIGKILL);
  if (result < 0) die_errno(policy, "set the parent-death signal", result);
  if (watched) sys::close(refused_peers[1]);
  request.refused_peers = refused_peers[0];
}

// Whether the child works in this process's memory until it executes the command: a copy takes as
// long as a tenth of the mounts. Not where this process goes on with what the child may have
// changed, and not where the child stays.
bool shares_memory() {
  return kSpawns && !request.best_effort && !request.init && cgroup.descriptor() == 0 &&
         !request.repeats.hold_anything();
}

struct Child {
  const Process *process;
  ChildSetup *start;
};

[[noreturn]] void begin_child(void *argument) {
  const Child &child = *static_cast<Child *>(argument);
  run_child(*child.process, policy, request, *child.start);
}

// `child` must last until it has executed the command.
long start_child(Child &child) {
  const uint64_t namespaces = namespaces_of(policy, request);
  if (shares_memory()) {
    alignas(16) static char stack[kSpawnedStack];
    return sys::spawn(namespaces, stack + sizeof stack, begin_child, &child);
  }
  const long made = cgroup.descriptor() == 0 ? sys::fork_into(namespaces)
                                             : sys::fork_into(namespaces, cgroup.descriptor());
  if (made == 0) begin_child(&child);
  return made;
}

// Not inlined: the stack that it needs is checked before the call.
[[gnu::noinline]] int start(const Process &process) {
  load_request(process, policy, request);
  if (request.help) return print_help(policy.program), 0;
  if (request.version) return print_version(policy), 0;
  close_others();
  remember_directory(policy);
  if (request.explain) return explain_root(policy, request, detect_terminal(process.environment));
  if (request.check) return check_machine(policy, request);

  if (request.rootfs.empty()) check_sources(policy);
  check_limits(policy, request);
  check_repeats(policy, request);
  if (needs_supervisor(policy) && !request.no_launcher) supervise_connections(process);
  repeat(process, policy, request);
  Diagnostic problem;
  if (limits_anything(request)) divide_cgroup(problem);
  limit_each(policy, request);
  if (request.no_namespaces) return run_alone(process, policy, request, cgroup);
  ChildSetup start = prepare(process, policy, request);
  Child made = {&process, &start};
  const long child = start_child(made);
  if (child < 0) {
    format_refusal(problem, "enter new namespaces", child);
    return go_on_without(process, start, problem);
  }
  if (!request.best_effort) close_status();
  const int status = supervise(child, start.terminal, request.timeout, request.init);
  cgroup.end(policy, request);
  const bool traced = ends_with(request.launcher, "/ll-trace"_t);
  if (status == kKilledByFilter && !request.quiet && !traced) format_killed(policy, child);
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
