#include "alone.h"

#include "calls.h"
#include "child.h"
#include "ending.h"
#include "launcher_arguments.h"
#include "limits.h"
#include "os/enforce/environment.h"
#include "places.h"
#include "supervise.h"
#include "temporary.h"

namespace ll {

namespace {

constinit TemporaryFolder temporary_folder;

constexpr const char kTemporary[] = "TMPDIR\0TMP\0TEMP\0TEMPDIR\0";

bool is_variable(Text variable, Text name) { return variable.first(find(variable, '=')) == name; }

bool names_temporary(Text variable) {
  return row_named(kTemporary, variable.first(find(variable, '='))) != kNpos;
}

Text assignment(Policy &policy, Text name, Text value) {
  const size_t start = policy.arena.used;
  Text kept;
  if (!policy.arena.push(name) || !policy.arena.push('=') || !policy.arena.push(value) ||
      !policy.arena.finish(start, kept))
    die_at(policy, kNoLocation, kTooMuchText, kMaxText);
  return kept;
}

// With this run's private paths instead of the caller's.
char **environment_in(Policy &policy, char **inherited, Text start) {
  static char *variables[kMaxVariables + 2];
  size_t count = 0;
  for (char **entry = inherited; *entry != nullptr; entry++) {
    const Text variable = c_text(*entry);
    if (names_temporary(variable) || (!start.empty() && is_variable(variable, "PWD"_t))) continue;
    if (!start.empty() && is_variable(variable, "OLDPWD"_t)) continue;
    if (count == kMaxVariables)
      die_at(policy, kNoLocation, "more than % environment variables to pass", kMaxVariables);
    variables[count++] = *entry;
  }
  variables[count++] =
      const_cast<char *>(assignment(policy, "TMPDIR"_t, temporary_folder.path()).data);
  if (!start.empty())
    variables[count++] = const_cast<char *>(assignment(policy, "PWD"_t, start).data);
  variables[count] = nullptr;
  return variables;
}

// Where a line names what is passed, it names this too; else all is passed but secrets.
void pass_temporary(Policy &policy) {
  if (last_rule(policy, Directive::Env) == nullptr) return;
  for (size_t i = 0; i < policy.rule_count; i++)
    if (policy.rules[i].directive == Directive::Env && find(policy.rules[i].value, '=') != kNpos &&
        is_variable(policy.rules[i].value, "TMPDIR"_t))
      return;
  if (policy.rule_count == kMaxRules) die_at(policy, kNoLocation, "more than % rules", kMaxRules);
  Rule &rule = policy.rules[policy.rule_count++];
  rule = {};
  rule.directive = Directive::Env;
  rule.value = assignment(policy, "TMPDIR"_t, temporary_folder.path());
}

[[noreturn]] void exec_launcher_in(const Process &process, Policy &policy, const NsRequest &request,
                                   const ChildSetup &start, char **arguments, char **environment,
                                   Text folder) {
  if (!folder.empty()) {
    const long result = sys::change_directory(folder.data);
    if (result < 0) die_at(policy, kNoLocation, "cannot start in %: %", folder, Error{result});
  }
  restore_signals(policy, start.signals);
  install_limits(policy, request);
  const Process moved = {.argument_count = process.argument_count,
                         .arguments = process.arguments,
                         .environment = environment,
                         .executable = process.executable};
  start_launcher(moved, policy, start, arguments);
}

// The process in between: it adopts the command's orphans, and outlives the waiting process until
// they are killed.
class Keeper {
 public:
  Keeper(const Policy &policy, long parent) : policy_(policy), parent_(parent) {}

  void begin(const ChildSetup &start) {
    long result = adopt_orphans();
    if (result >= 0) result = sys::set_death_signal(uapi::kSIGTERM);
    if (result < 0) die_errno(policy_, "become a child subreaper", result);
    uapi::PollFd watched = {.descriptor = start.parent, .wanted = 1};
    if (sys::poll(watched, {}) != 0) sys::exit(kFailed);
  }

  // It holds all of the command's descriptors: the command must not access it.
  [[noreturn]] void keep(long command) {
    long result = sys::forbid_tracing();
    if (result >= 0) result = sys::close_range(0, UINT32_MAX);
    const int status = result < 0 ? kFailed << 8 : wait_for(command);
    end_descendants(0);
    (void)temporary_folder.remove();
    end_as(status);
  }

 private:
  [[nodiscard]] bool is_orphan() const { return sys::call(number::getppid) != parent_; }

  // wait(2)'s status.
  int wait_for(long command) const {
    for (;;) {
      uapi::SignalInfo info = {};
      const long signal = sys::wait_for_signal(UINT64_MAX, info, nullptr);
      if (is_orphan()) return kFailed << 8;
      if (signal > 0 && signal != uapi::kSIGCHLD && info.code != uapi::kSI_KERNEL)
        sys::send_signal(command, static_cast<int>(signal));
      int status = 0;
      if (signal == uapi::kSIGCHLD && reap(command, status)) return status;
    }
  }

  // A process that asks to be traced stops until it is detached: ptrace(2).
  static bool reap(long command, int &status) {
    for (;;) {
      int changed = 0;
      const long process = sys::wait_for_change(-1, changed, uapi::kWNOHANG);
      if (process <= 0) return false;
      if ((changed & 0xff) == 0x7f) {
        sys::let_go(process, changed >> 16 != 0 ? 0 : changed >> 8 & 0xff);
      } else if (process == command) {
        status = changed;
        return true;
      }
    }
  }

  [[noreturn]] static void end_as(int status) {
    if ((status & 0x7f) == uapi::kSIGINT) die_of_interrupt();
    sys::exit((status & 0x7f) == 0 ? status >> 8 & 0xff : 128 + (status & 0x7f));
  }

  const Policy &policy_;
  long parent_;
};

[[noreturn]] void run_keeper(const Process &process, Policy &policy, NsRequest &request,
                             const ChildSetup &start, long parent) {
  Keeper keeper(policy, parent);
  keeper.begin(start);
  hold_limits(policy, request);
  leave_session(policy);
  const Text folder = start_in_copy(policy, request);
  move_places(policy, request, temporary_folder.path());
  pass_temporary(policy);
  char **arguments = launcher_arguments(process, policy, request, nullptr);
  char **environment = environment_in(policy, process.environment, folder);
  const long self = sys::process_id();
  const long command = sys::fork_into(0);
  if (command < 0) die_errno(policy, "start the command", command);
  if (command != 0) keeper.keep(command);
  const long result = sys::set_death_signal(uapi::kSIGKILL);
  if (result < 0) die_errno(policy, "set the parent-death signal", result);
  if (sys::call(number::getppid) != self) sys::exit(kFailed);
  exec_launcher_in(process, policy, request, start, arguments, environment, folder);
}

// No other path leads to a copy.
void check_start(Policy &policy, const NsRequest &request) {
  if (request.mount_option_count == 0) return;
  const MountOption &extra = request.mount_options[0];
  if (request.mount_option_count > 1)
    die_at(policy, request.mount_options[1].where,
           "without namespaces there can be only one --overlay\n"
           "the command starts in its copy: name a directory that holds both");
  const Rule *rule = last_rule(policy, Directive::Chdir);
  char path[kMaxPath];
  const Text named = rule != nullptr ? rule->value : policy.directory;
  const long size = resolve(policy.directory, named, path, sizeof path);
  if (size >= 0 && is_in({path, static_cast<size_t>(size)}, extra.source)) return;
  die_at(policy, extra.where,
         "the command does not start in %: without namespaces it would not find the copy\n"
         "start it there: -C %",
         extra.source, extra.source);
}

void check_copies(const Policy &policy, const NsRequest &request) {
  for (size_t i = 0; i < request.mount_option_count; i++) {
    const MountOption &extra = request.mount_options[i];
    FixedString<kMaxPath> path;
    path << extra.layer << '/' << c_text(kCopy) << '\0';
    const long opened = sys::open_at(uapi::kAT_FDCWD, path.text().data,
                                     uapi::kO_PATH | uapi::kO_DIRECTORY | uapi::kO_NOFOLLOW);
    if (opened < 0)
      die_at(policy, extra.where,
             "no copy of % in %: %\n"
             "ll-changes run --no-namespaces makes one; sandbox.sh calls it",
             extra.source, extra.layer, Error{opened});
    sys::close(static_cast<int>(opened));
  }
}

// Without a user namespace all processes of a user are counted together.
void check_counted(const Policy &policy, const NsRequest &request) {
  if (request.has_cgroup || request.processes == 0) return;
  die_at(policy, request.pids,
         "--pids without namespaces needs a cgroup, and this user cannot create one here\n"
         "start it with systemd-run --user --scope -p Delegate=yes");
}

void clean_up(const Policy &policy) {
  const long removed = temporary_folder.remove();
  if (removed >= 0) return;
  Diagnostic problem;
  problem.fail(kNoLocation, "warning: cannot remove %: %\nit holds files that the command left",
               temporary_folder.path(), Error{removed});
  warn(policy, problem);
}

// Of MountOption::Kind.
constexpr const char kExtraNames[] = "--bind\0--ro-bind\0--tmpfs\0";

const char *namespaced(const NsRequest &request) {
  if (!request.rootfs.empty()) return "--rootfs";
  if (request.host_root) return "--host-root";
  if (!request.hostname.empty()) return "--hostname";
  if (request.root) return "--root";
  if (request.init) return "--init";
  if (request.shared != 0) return "--share";
  if (request.proc) return "--proc";
  if (request.dev) return "--private-dev";
  if (request.disk != 0 || request.layers != 0) return "--disk";
  if (request.no_launcher) return "--no-loader";
  if (request.repeats.hold_anything()) return "--clock and --seed";
  if (request.network == Network::None) return "--net none";
  if (request.explain) return "--explain";
  return nullptr;
}

}  // namespace

bool check_alone(const NsRequest &request, Diagnostic &problem) {
  const char *named = namespaced(request);
  Text option = named != nullptr ? c_text(named) : Text{};
  SourceSpan where;
  for (size_t i = 0; i < request.mount_option_count && option.empty(); i++) {
    const MountOption &extra = request.mount_options[i];
    if (extra.kind == MountOption::Overlay) continue;
    option = nth(kExtraNames, static_cast<size_t>(extra.kind));
    where = extra.where;
  }
  if (option.empty()) return true;
  return problem.fail(where, "% needs namespaces: it excludes --no-namespaces\nleave out one",
                      option);
}

int run_alone(const Process &process, Policy &policy, NsRequest &request, Cgroup &cgroup) {
  check_counted(policy, request);
  check_start(policy, request);
  check_copies(policy, request);
  if (!sees_descendants())
    die_at(policy, kNoLocation,
           "--no-namespaces needs /proc, to kill what the command leaves running\n"
           "mount it, or use ll-exec, which kills nothing");
  ChildSetup start = prepare(process, policy, request);
  const long adopts = adopt_orphans();
  if (adopts < 0) die_errno(policy, "become a child subreaper", adopts);
  temporary_folder.make(process, policy);
  const long self = sys::process_id();
  const long child =
      cgroup.descriptor() == 0 ? sys::fork_into(0) : sys::fork_into(0, cgroup.descriptor());
  if (child == 0) run_keeper(process, policy, request, start, self);
  if (child < 0) {
    clean_up(policy);
    die_errno(policy, "start a process", child);
  }
  if (policy.status != 0) sys::close(policy.status);
  policy.status = 0;
  // The keeper has already done this, unless it was killed.
  const int status = supervise(child, start.terminal, request.timeout, true);
  if (!end_descendants(cgroup.sweeper())) {
    Diagnostic problem;
    problem.fail(kNoLocation, "warning: a process that the command has started cannot be killed");
    warn(policy, problem);
  }
  clean_up(policy);
  cgroup.end(policy, request);
  return status;
}

}  // namespace ll
