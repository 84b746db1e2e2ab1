#include "child.h"

#include "calls.h"
#include "core/host.h"
#include "launcher_arguments.h"
#include "limits.h"
#include "mount_root.h"
#include "os/enforce/environment.h"
#include "os/enforce/privileges.h"
#include "os/input/find_command.h"
#include "os/input/load.h"
#include "repeat.h"

namespace ll {

namespace {

constinit MountTree root_tree{};

// Beside this program, unless --loader names it.
void open_launcher(const Process &process, const Policy &policy, const NsRequest &request,
                   ChildSetup &start) {
  static char beside[kMaxPath + 9];
  const Text named = request.launcher.empty() ? c_text(process.executable) : request.launcher;
  Text path = request.launcher;
  if (path.empty() || policy.supervisor != 0) {
    const long size = resolve({}, named, beside, kMaxPath);
    if (size < 0) die_errno(policy, "find ll-exec beside this program", size);
    const Text whole = {beside, static_cast<size_t>(size)};
    const size_t slash = find_last(whole, '/');
    const bool watched = request.refused_peers != 0;
    if (!request.launcher.empty() && !watched && !(whole.from(slash + 1) == "ll-exec"_t))
      die_at(policy, kNoLocation, "a policy with hosts needs ll-exec as the launcher, not %",
             request.launcher);
    Builder(beside + slash + 1, 9) << (watched                  ? "ll-trace\0"_t
                                       : policy.supervisor != 0 ? "ll-net\0"_t
                                                                : "ll-exec\0"_t);
    path = c_text(beside);
  }
  const long opened = sys::open_at(uapi::kAT_FDCWD, path.data, uapi::kO_PATH);
  if (opened < 0)
    die_at(policy, {}, "cannot open the launcher %: %\nname it with --loader", path, Error{opened});
  start.launcher = static_cast<int>(opened);
  start.launcher_path = path.data;
}

// Rules that no mount can express, which only the launcher can enforce.
void check_without_launcher(const Policy &policy) {
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Rule &rule = policy.rules[i];
    if (is_path(rule.directive) || rule.directive == Directive::Deny ||
        rule.directive == Directive::Chdir || rule.directive == Directive::Fd)
      continue;
    die_at(policy, rule.where, "'%' is enforced by ll-exec\nleave out --no-loader",
           name_of(rule.directive));
  }
}

// The launcher would refuse it as well, but name its option instead of the policy line. If there is
// no Landlock at all, the launcher reports that.
void check_with_launcher(const Policy &policy, const NsRequest &request) {
  static constinit Plan plan{};
  const long abi = sys::landlock_abi();
  if (abi <= 0) return;
  Kernel kernel = kernel_of_abi(abi < kNewestAbi ? static_cast<int>(abi) : kNewestAbi);
  kernel.exempt_from_nproc = exempt_from_nproc();
  Diagnostic problem;
  if (!make_plan(policy, kernel, request.best_effort, plan, problem)) die(policy, problem);
}

[[noreturn]] void refuse(const Policy &policy, const ChildSetup &start, const char *what,
                         long error) {
  if (start.refusal[1] != 0) {
    const char number = static_cast<char>(-error);
    host_write(start.refusal[1], {&number, 1});
    sys::exit(kFailed);
  }
  Diagnostic problem;
  format_refusal(problem, what, error);
  die(policy, problem);
}

// The parent may have died before this was set.
void die_with_parent(const Policy &policy, const ChildSetup &start) {
  const long result = sys::set_death_signal(uapi::kSIGKILL);
  if (result < 0) die_errno(policy, "set the parent-death signal", result);
  uapi::PollFd parent = {.descriptor = start.parent, .wanted = 1};
  if (sys::poll(parent, {}) != 0) sys::exit(kFailed);
}

void start_in(const Policy &policy, const NsRequest &request) {
  const Text folder = start_of(policy, request);
  if (policy.directory.empty() && request.rootfs.empty() && !request.quiet) {
    Diagnostic problem;
    problem.fail(kNoLocation,
                 "warning: the current directory no longer has a path, so the command starts in /\n"
                 "change to another first");
    warn(policy, problem);
  }
  const long result = sys::change_directory(folder.data);
  if (result < 0) die_at(policy, {}, "cannot start in %: %", folder, Error{result});
  const Rule *rule = last_rule(policy, Directive::Chdir);
  if (!request.no_launcher || rule == nullptr) return;  // else the launcher goes on from here
  const long changed = sys::change_directory(rule->value.data);
  if (changed < 0) die_at(policy, rule->where, "cannot start in %: %", rule->value, Error{changed});
}

void drop_privileges(const Policy &policy) {
  const long result = sys::set_no_new_privileges();
  if (result < 0) die_errno(policy, "set no_new_privs", result);
  drop_capabilities(policy);
}

// From here on this process only waits: the command must not access it.
void stay_as_reaper(const Policy &policy) {
  const long command = sys::fork_into(0);
  if (command < 0) die_errno(policy, "start the command", command);
  if (command == 0) return;
  long result = sys::forbid_tracing();
  if (result >= 0) result = sys::close_range(0, UINT32_MAX);
  if (result < 0) die_errno(policy, "close the command's descriptors", result);
  sys::exit(reap(command));
}

// Where overlays keep what is written, if --disk bounds it: only here, and gone with the
// sandbox and with ll-changes, which has it open.
void mount_layers(const Policy &policy, const NsRequest &request) {
  if (request.layers == 0) return;
  const long place = sys::open_at(uapi::kAT_FDCWD, request.layers_place.data,
                                  uapi::kO_PATH | uapi::kO_DIRECTORY | uapi::kO_NOFOLLOW);
  long result = place;
  if (result >= 0) result = sys::attach(request.layers, static_cast<int>(place));
  if (result < 0)
    die_at(policy, request.layers_at, "cannot mount the layer at %: %", request.layers_place,
           Error{result});
  sys::close(static_cast<int>(place));
  sys::close(request.layers);
}

// Whether what is written to that place stays there. What the policy names it by.
bool is_writable(const Policy &policy, const NsRequest &request, Text name) {
  char path[kMaxPath];
  if (!request.rootfs.empty()) return false;
  const long size = resolve(policy.directory, name, path, sizeof path);
  if (size < 0) return false;
  const Node *node = node_of(root_tree, {path, static_cast<size_t>(size)});
  if (node == nullptr) return root_tree.base == Node::Bind && (root_tree.base_grants & Write) != 0;
  return node->kind == Node::Bind && (node->grants & Write) != 0;
}

bool shows_what_is_written() {
  if (root_tree.base == Node::Bind && (root_tree.base_grants & Write) != 0) return true;
  for (size_t i = 0; i < root_tree.count; i++)
    if (root_tree.at(i).kind == Node::Bind && (root_tree.at(i).grants & Write) != 0) return true;
  return false;
}

// The launcher, inside, has no policy that it has read.
void warn_of_policies(const Policy &policy, const NsRequest &request) {
  if (!shows_what_is_written()) return;
  for (size_t i = 1; i < policy.source_count; i++) {
    const Source &source = policy.sources[i];
    if (source.inode == 0) continue;
    if (is_writable(policy, request, source.name))
      warn_of_writable_policy(policy, kNoLocation, source.name);
    else if (source.names_beside && is_writable(policy, request, source.folder))
      warn_of_planted_policy(policy, kNoLocation, source.folder);
  }
}

}  // namespace

void leave_session(const Policy &policy) {
  constexpr int kNoControl = 0400;  // O_NOCTTY
  const long terminal = sys::open_at(uapi::kAT_FDCWD, "/dev/tty", uapi::kO_RDONLY | kNoControl);
  if (terminal >= 0) {
    sys::close(static_cast<int>(terminal));
    return;
  }
  const long session = sys::new_session();
  if (session < 0) die_errno(policy, "start a session", session);
}

ChildSetup prepare(const Process &process, Policy &policy, const NsRequest &request) {
  ChildSetup start = {.outside = identity(), .terminal = own_terminal()};
  if (request.no_launcher) {
    check_without_launcher(policy);
  } else {
    check_with_launcher(policy, request);
    open_launcher(process, policy, request, start);
    start.refused_peers = request.refused_peers;
    if (request.best_effort)
      start.arguments = launcher_arguments(process, policy, request, nullptr);
  }
  const long self = sys::open_process(sys::process_id());
  if (self < 0) die_errno(policy, "watch this process", self);
  start.parent = static_cast<int>(self);
  if (request.best_effort) {
    const long piped = sys::make_pipe(start.refusal);
    if (piped < 0) die_errno(policy, "make a pipe", piped);
  }
  start.signals = block_signals(policy);
  return start;
}

void run_child(const Process &process, Policy &policy, const NsRequest &request,
               const ChildSetup &start) {
  die_with_parent(policy, start);
  long result = map_identity(start.outside, request.root);
  if (result < 0) refuse(policy, start, "map this user into a namespace", result);
  result = start_clocks(request);
  if (result < 0) refuse(policy, start, "set the clocks of a time namespace", result);
  result = separate_mounts();
  if (result < 0) refuse(policy, start, "change a mount", result);
  hold_limits(policy, request);
  mount_layers(policy, request);
  // The launcher's filter refuses them, too.
  result = forbid_user_namespaces();
  if (result < 0 && request.no_launcher) die_errno(policy, "forbid more user namespaces", result);
  if (!request.hostname.empty()) {
    result = sys::set_host_name(request.hostname);
    if (result < 0) die_errno(policy, "set the host name", result);
  }
  leave_session(policy);
  Links links = {.arena = policy.arena};
  plan_mounts(policy, request, root_tree, links);
  if (!request.quiet) warn_of_policies(policy, request);
  check_disk(policy, request, root_tree);
  mount_root(policy, request, root_tree, links);
  start_in(policy, request);
  drop_privileges(policy);
  if (request.init) stay_as_reaper(policy);
  restore_signals(policy, start.signals);
  exec_command(process, policy, request, start);
}

namespace {

// The launcher says there why it runs nothing; and who decides its connections.
void hand_over_status(const Policy &policy, const ChildSetup &start) {
  const int descriptors[] = {policy.status, policy.supervisor, start.refused_peers};
  for (const int descriptor : descriptors) {
    if (descriptor == 0) continue;
    const long result = sys::set_descriptor_flags(descriptor, 0);
    if (result < 0) die_errno(policy, "pass on a descriptor", result);
  }
}

}  // namespace

void exec_command(const Process &process, Policy &policy, const NsRequest &request,
                  const ChildSetup &start) {
  if (start.launcher != 0) {
    char **arguments = launcher_arguments(process, policy, request, &root_tree);
    hand_over_status(policy, start);
    install_limits(policy, request);
    const long error = sys::execute_opened(start.launcher, arguments, process.environment);
    die_errno(policy, "start the launcher", error);
  }
  char **arguments = process.arguments + request.command;
  const char *command = find_command(process, policy, arguments[0]);
  if (!request.quiet) warn_of_withheld(policy, process.environment, false);
  static char *variables[kMaxVariables + 1];
  char **environment = environment_of(policy, process.environment, false, variables);
  hold_data(policy, request);
  install_limits(policy, request);
  const long error = sys::execute(command, arguments, environment);
  die_at(policy, {}, "cannot run '%': %", c_text(command), Error{error});
}

void exec_launcher(const Process &process, const Policy &policy, const ChildSetup &start) {
  start_launcher(process, policy, start, start.arguments);
}

void start_launcher(const Process &process, const Policy &policy, const ChildSetup &start,
                    char **arguments) {
  hand_over_status(policy, start);
  // A relative path is one of the directory that this program was started in.
  const long error = start.launcher_path[0] == '/'
                         ? sys::execute(start.launcher_path, arguments, process.environment)
                         : sys::execute_opened(start.launcher, arguments, process.environment);
  die_errno(policy, "start the launcher", error);
}

bool was_refused(const ChildSetup &start, Diagnostic &problem) {
  if (start.refusal[0] == 0) return false;
  sys::close(start.refusal[1]);
  char number = 0;
  if (sys::read(start.refusal[0], &number, 1) != 1) return false;
  format_refusal(problem, "mount in a user namespace", -number);
  return true;
}

void warn_of_missing(const Policy &policy, const Diagnostic &problem) {
  const Text message = problem.message.text();
  Diagnostic warning;
  warning.fail({}, "NOT enforced, as --best-effort allows: %", message.first(find(message, '\n')));
  warn(policy, warning);
}

}  // namespace ll
