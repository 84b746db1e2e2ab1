// ll-ns: read the policy, enter namespaces of its own, build a root that holds what the policy
// grants, and start the command in it through ll-exec. The parent waits for its end.
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
#include "supervise.h"
#include "user_namespace.h"

namespace ll {

namespace {

constinit Policy policy{};
constinit NsRequest request;
constinit Cgroup cgroup;

// Without the namespaces that this machine refuses, if the user said so.
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

// The loader's report and the file system of the layers are kept as what the policy names is, but
// are not the command's.
void close_others() {
  const size_t rules = policy.rule_count;
  keep(request.report, request.report_at);
  keep(request.record, request.record_at);
  keep(request.layers, request.layers_at);
  close_descriptors(policy);
  policy.rule_count = rules;
}

// From here on only the child can say that nothing was run.
void close_status() {
  if (policy.status == 0) return;
  sys::close(policy.status);
  policy.status = 0;
}

// Where there is none, and none is needed, the namespaces are what holds it; and where that
// may be missing, limits of each process do what they can.
void divide_cgroup(Diagnostic &problem) {
  request.has_cgroup = cgroup.make(policy, request, problem);
  if (request.has_cgroup) return;
  if (needs_cgroup(request)) {
    if (!request.best_effort) die(policy, problem);
    if (!request.quiet) warn_of_missing(policy, problem);
  }
  if (request.best_effort && !request.no_launcher) limit_instead(policy, request);
}

// Whether ll-net is to be there.
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

// What watches the command cannot see what ll-net refuses.
void supervise_connections(const Process &process) {
  int refused_peers[] = {0, 0};
  const bool watched = ends_with(request.launcher, "/ll-trace"_t);
  if (watched) open_refused_peers(policy, refused_peers);
  const Supervision how = {.own_sockets = true,
                           .verbose = request.verbose && !watched,
                           .refused_peers = refused_peers[1]};
  go_beneath_supervisor(process, policy, how);
  // Who is killed then is ll-net. If it is gone by now, there will be no listener, and no command.
  const long result = sys::set_death_signal(uapi::kSIGKILL);
  if (result < 0) die_errno(policy, "set the parent-death signal", result);
  if (watched) sys::close(refused_peers[1]);
  request.refused_peers = refused_peers[0];
}

// Not inlined: what it needs of the stack is checked before.
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
  const uint64_t namespaces = namespaces_of(policy, request);
  const long child = cgroup.descriptor() == 0 ? sys::fork_into(namespaces)
                                              : sys::fork_into(namespaces, cgroup.descriptor());
  if (child == 0) run_child(process, policy, request, start);
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
