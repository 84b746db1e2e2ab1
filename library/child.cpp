#include "child.h"

#include <csignal>
#include <cstring>

#include "os/enforce/launch.h"
#include "os/enforce/seccomp.h"
#include "os/enforce/sockets.h"
#include "os/enforce/supervised.h"
#include "os/input/find_command.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

constexpr int kSignals = 64;
// The kernel's struct sigaction: rt_sigaction(2).
struct Action {
  uintptr_t handler;
  unsigned long flags;
  uintptr_t restorer;
  uint64_t mask;
};
constexpr uintptr_t kDefault = 0, kIgnored = 1;
constexpr int kSetCloseOnExec = 4;  // CLOSE_RANGE_CLOEXEC
constexpr int kCloseOnExec = 1;     // FD_CLOEXEC
constexpr int kSigPipe = 13, kSigXfsz = 25;

long change_action(int signal, const Action *action, Action *old) {
  return sys::call(number::rt_sigaction, signal, sys::address(action), sys::address(old),
                   sizeof action->mask);
}

// A handler would run in the caller's memory.
void reset_signals(const Policy &policy) {
  for (int signal = 1; signal <= kSignals; signal++) {
    if (signal == uapi::kSIGKILL || signal == uapi::kSIGSTOP) continue;
    Action action = {};
    long result = change_action(signal, nullptr, &action);
    const bool stays = action.handler == kDefault ||
                       (action.handler == kIgnored && signal != kSigPipe && signal != kSigXfsz);
    action = {};
    if (result >= 0 && !stays) result = change_action(signal, &action, nullptr);
    if (result < 0) die_errno(policy, "reset the signals", result);
  }
  const uint64_t none = 0;
  const long result = sys::set_signal_mask(uapi::kSIG_SETMASK, &none, nullptr);
  if (result < 0) die_errno(policy, "unblock signals", result);
}

class Descriptors {
 public:
  explicit Descriptors(Child &child)
      : child_(child), how_(*child.how), policy_(child.made->compiled().policy) {}

  // Those of the command at their numbers; those of the library above.
  void place() {
    int above = 3;
    for (size_t i = 0; i < how_.fd_count; i++)
      if (how_.fds[i].to >= above) above = how_.fds[i].to + 1;
    child_.ruleset = move_up(child_.ruleset, above);
    child_.start = move_up(child_.made->start, above);
    child_.alive = move_up(child_.alive, above);
    for (size_t i = 0; i < how_.fd_count; i++) park(i, above);
    for (size_t i = 0; i < how_.fd_count; i++) put(i);
  }

  void close_others() {
    const long closed =
        sys::call(number::close_range, 3, static_cast<long>(UINT32_MAX), kSetCloseOnExec);
    if (closed < 0) mark_one_by_one();
    for (size_t i = 0; i < how_.fd_count; i++) keep(how_.fds[i].to);
    for (size_t i = 0; i < policy_.rule_count; i++)
      if (policy_.rules[i].directive == Directive::Fd) keep_named(policy_.rules[i]);
  }

  // ll-net, which is started in between, has none of them but the three.
  void mark_passed(int flags) const {
    for (size_t i = 0; i < how_.fd_count; i++)
      if (how_.fds[i].to > 2) mark(how_.fds[i].to, flags);
    for (size_t i = 0; i < policy_.rule_count; i++)
      if (policy_.rules[i].directive == Directive::Fd)
        mark(static_cast<int>(policy_.rules[i].number), flags);
  }

  void look_for_sockets(Plan &plan) const {
    for (uint32_t i = 0; i < 3; i++) look_at_descriptor(i, plan);
    for (size_t i = 0; i < how_.fd_count; i++)
      look_at_descriptor(static_cast<uint32_t>(how_.fds[i].to), plan);
    for (size_t i = 0; i < policy_.rule_count; i++)
      if (policy_.rules[i].directive == Directive::Fd)
        look_at_descriptor(static_cast<uint32_t>(policy_.rules[i].number), plan);
  }

 private:
  [[noreturn]] void fail(int descriptor, long error) const {
    die_at(policy_, kNoLocation, "cannot pass descriptor %: %", static_cast<uint64_t>(descriptor),
           Error{error});
  }

  void mark(int descriptor, int flags) const {
    const long result = sys::set_descriptor_flags(descriptor, flags);
    if (result < 0) fail(descriptor, result);
  }

  int duplicate(int descriptor, int above) {
    const long moved = sys::call(number::fcntl, descriptor, kDuplicate, above);
    if (moved < 0) fail(descriptor, moved);
    return static_cast<int>(moved);
  }

  // A number that the command gets, or that is one of its three.
  int move_up(int descriptor, int above) {
    return descriptor >= 0 && descriptor < above ? duplicate(descriptor, above) : descriptor;
  }

  [[nodiscard]] bool is_target(int descriptor) const {
    for (size_t i = 0; i < how_.fd_count; i++)
      if (how_.fds[i].to == descriptor) return true;
    return false;
  }

  [[nodiscard]] bool is_ours(int descriptor) const {
    const std::vector<int> &held = child_.made->held;
    for (const int one : held)
      if (one == descriptor) return true;
    return descriptor == child_.ruleset || descriptor == child_.start || descriptor == child_.alive;
  }

  // What would be overwritten before its turn.
  void park(size_t index, int above) {
    const auto &[from, to] = how_.fds[index];
    if (is_ours(from)) fail(from, -uapi::kEBADF);
    child_.parked[index] = from != to && is_target(from) ? duplicate(from, above) : from;
  }

  void put(size_t index) {
    const auto &[from, to] = how_.fds[index];
    const int source = child_.parked[index];
    const long result =
        source == to ? sys::set_descriptor_flags(to, 0) : sys::call(number::dup3, source, to, 0);
    if (result < 0) fail(from, result);
  }

  void keep(int descriptor) {
    const long result = sys::set_descriptor_flags(descriptor, 0);
    if (result < 0) fail(descriptor, result);
  }

  // What the library holds is nobody's, whatever its number.
  void keep_named(const Rule &rule) {
    const auto descriptor = static_cast<int>(rule.number);
    long result = -uapi::kEBADF;
    if (is_target(descriptor) || !is_ours(descriptor))
      result = sys::set_descriptor_flags(descriptor, 0);
    if (result < 0)
      die_at(policy_, rule.where, "descriptor % is not open\nopen it, or pass one as it",
             rule.number);
  }

  void mark_one_by_one() {
    constexpr uint64_t kDefaultMost = 1048576;  // fs.nr_open, proc_sys_fs(5)
    uapi::ResourceLimit limit = {};
    const long result = sys::get_limit(uapi::kRLIMIT_NOFILE, limit);
    if (result < 0) die_errno(policy_, "read the limit of descriptors", result);
    const bool above = limit.hard != uapi::kRLIM_INFINITY && limit.hard > kDefaultMost;
    const uint64_t most = above ? limit.hard : kDefaultMost;
    for (uint64_t i = 3; i < most; i++) {
      const long marked = sys::set_descriptor_flags(static_cast<int>(i), kCloseOnExec);
      if (marked < 0 && marked != -uapi::kEBADF) die_errno(policy_, "close descriptors", marked);
    }
  }

  Child &child_;
  const struct ll_start &how_;
  const Policy &policy_;
};

void enter(Child &child) {
  const Policy &policy = child.made->compiled().policy;
  const char *cwd = child.how->cwd;
  if (cwd != nullptr) {
    const long result = sys::change_directory(cwd);
    if (result < 0) die_at(policy, kNoLocation, "cannot start in %: %", cwd, Error{result});
  }
  if (child.start < 0) return;
  const long result = sys::call(number::fchdir, child.start);
  const Rule &rule = *last_rule(policy, Directive::Chdir);
  if (result < 0) die_at(policy, rule.where, "cannot start in %: %", rule.value, Error{result});
}

bool has_sockets(const Plan &plan) {
  for (const Inherited &inherited : plan.inherited)
    if (inherited.found) return true;
  return false;
}

// What the command runs under: the compiled policy as it is, or what had to be made anew of it.
class Wall {
 public:
  Wall(Child &child, ApiCall &call) : child_(child), call_(call), own_(child.made->compiled()) {}

  // Before other descriptors are found there.
  void build(const Process &process) {
    if (!child_.made->names_process) return;
    memcpy(static_cast<void *>(&child_.policy), &own_.policy, sizeof child_.policy);
    follow_process(child_.policy, child_.made->process_id);
    call_.directory = child_.made->directory;
    Sandbox sandbox = {process,     child_.policy, child_.made->request,
                       child_.plan, child_.filter, child_.workspace};
    prepare(sandbox, Purpose::Run);
    write_filter(child_.policy, child_.filter, child_.program);
    child_.ruleset = sandbox.ruleset;
    policy_ = &child_.policy;
    plan_ = &child_.plan;
    program_ = &child_.program;
  }

  // A socket may need a filter of its own.
  void heed(const Descriptors &descriptors) {
    Inherited inherited[kSocketKinds];
    for (Inherited &one : child_.plan.inherited) one = {};
    descriptors.look_for_sockets(child_.plan);
    if (!has_sockets(child_.plan)) return;
    memcpy(inherited, child_.plan.inherited, sizeof inherited);
    if (plan_ != &child_.plan) memcpy(static_cast<void *>(&child_.plan), plan_, sizeof child_.plan);
    memcpy(child_.plan.inherited, inherited, sizeof inherited);
    child_.filter = {};
    decide(*policy_, child_.plan, child_.filter);
    check_inherited_sockets(*policy_, child_.made->request, child_.plan, child_.filter);
    write_filter(*policy_, child_.filter, child_.program);
    program_ = &child_.program;
  }

  // The caller's child becomes ll-net, and a child of that the command.
  void go_beneath(const Process &process, const Descriptors &descriptors) {
    if (!own_.plan.supervised) return;
    memcpy(static_cast<void *>(&child_.policy), policy_, sizeof child_.policy);
    policy_ = &child_.policy;
    descriptors.mark_passed(kCloseOnExec);
    const Process beside = {0, process.arguments, process.environment,
                            child_.made->programs.c_str()};
    start_supervisor(beside, child_.policy, {});
    call_.tell(*child_.failure);
    descriptors.mark_passed(0);
  }

  [[noreturn]] void enter_and_launch(const Process &process) {
    const Sandbox sandbox = {.process = process,
                             .policy = *policy_,
                             .options = child_.made->request,
                             .plan = *plan_,
                             .filter = child_.filter,
                             .workspace = child_.workspace,
                             .ruleset = child_.ruleset};
    char **arguments = process.arguments;
    launch(sandbox, *program_, find_command(process, *policy_, child_.arena, arguments[0]),
           arguments);
  }

 private:
  Child &child_;
  ApiCall &call_;
  Compiled &own_;
  Policy *policy_ = &own_.policy;
  Plan *plan_ = &own_.plan;
  const Program *program_ = &own_.program;
};

}  // namespace

int run_child(void *memory) {
  Child &child = *static_cast<Child *>(memory);
  Compiled &own = child.made->compiled();
  ApiCall call(child.call);
  reset_signals(own.policy);
  if ((child.how->flags & LL_NEW_SESSION) != 0) {
    const long result = sys::new_session();
    if (result < 0) die_errno(own.policy, "start a session", result);
  }
  const Process process = {0, const_cast<char **>(child.how->argv), child.environment, nullptr};
  open_standard_descriptors(own.policy);
  child.ruleset = child.made->ruleset;
  Wall wall(child, call);
  wall.build(process);
  Descriptors descriptors(child);
  descriptors.place();
  enter(child);
  descriptors.close_others();
  wall.heed(descriptors);
  wall.go_beneath(process, descriptors);
  wall.enter_and_launch(process);
}

}  // namespace ll
