#include "run.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <csignal>

#include "commit.h"
#include "disk.h"
#include "fail.h"
#include "links.h"
#include "report_changes.h"

namespace ll {

namespace {

// ll-ns, in the same process group: a terminal's signals reach it and the command, others are
// passed on, and it stops and goes on for both.
class Child {
 public:
  Child() {
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, &mask_);
    ::signal(SIGCHLD, SIG_DFL);
  }

  void start(const ChangesRequest &request, const Layer &layer) {
    std::vector<std::string> options;
    if (request.no_namespaces) options.emplace_back("--no-namespaces");
    if (layer.disk.is_open())
      options.push_back("--layers=" + std::to_string(layer.disk.number()) + ":" + layer.path);
    for (size_t i = 0; i < layer.parts.size(); i++) {
      options.emplace_back("--overlay");
      options.push_back(layer.parts[i].directory);
      options.push_back(layer.path + "/" + std::to_string(i));
    }
    std::vector<char *> arguments = {request.program[0]};
    for (std::string &option : options) arguments.push_back(option.data());
    for (char **argument = request.program + 1; *argument != nullptr; argument++)
      arguments.push_back(*argument);
    arguments.push_back(nullptr);
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ < 0) fail_errno("start", arguments[0]);
    if (pid_ > 0) return;
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || ::getppid() != parent) ::_exit(kFailed);
    if (layer.disk.is_open()) ::fcntl(layer.disk.number(), F_SETFD, 0);
    restore_signals();
    ::execv(arguments[0], arguments.data());
    report_error("cannot run " + shown(arguments[0]));
    ::_exit(kFailed);
  }

  // Its wait status.
  [[nodiscard]] int wait() const {
    for (;;) {
      sigset_t all;
      ::sigfillset(&all);
      siginfo_t info;
      const int signal = ::sigwaitinfo(&all, &info);
      int status = 0;
      if (signal == SIGCHLD && ::waitpid(pid_, &status, WNOHANG | WUNTRACED) == pid_) {
        if (!WIFSTOPPED(status)) return status;
        ::raise(SIGSTOP);
        ::kill(pid_, SIGCONT);
      } else if (signal > 0 && signal != SIGCHLD && info.si_code != SI_KERNEL) {
        ::kill(pid_, signal);
      }
    }
  }

  // What the one that was started has left, if it was killed, comes here, and ends soon.
  static void wait_for_all() {
    while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR) continue;
  }

  void restore_signals() const { ::sigprocmask(SIG_SETMASK, &mask_, nullptr); }

 private:
  sigset_t mask_;
  pid_t pid_ = 0;
};

// A copy takes its time: a signal that ends this program comes when what is made of it is removed.
class HeldSignals {
 public:
  HeldSignals() {
    sigset_t ending;
    ::sigemptyset(&ending);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&ending, signal);
    ::sigprocmask(SIG_BLOCK, &ending, &mask_);
  }
  HeldSignals(const HeldSignals &) = delete;
  HeldSignals &operator=(const HeldSignals &) = delete;
  ~HeldSignals() { ::sigprocmask(SIG_SETMASK, &mask_, nullptr); }

 private:
  sigset_t mask_;
};

Layer make_quietly(const ChangesRequest &request) {
  if (!request.no_namespaces) return make_layer(request);
  const HeldSignals held;
  return make_layer(request);
}

void keep(Layer &layer) {
  if (layer.disk.is_open()) {
    report_error("the other changes are lost: --disk kept them in memory");
    drop_layer(layer);
    return;
  }
  tell("the changes are kept in " + shown(layer.path) +
       "\n  ll-changes list, diff, commit or drop " + shown(layer.path));
}

bool is_empty(const Layer &layer) {
  return std::ranges::all_of(layer.parts, [](const OverlayDir &part) {
    Baseline baseline(part);
    return scan(part, baseline).empty();
  });
}

Action action_after(int result, const ChangesRequest &request, const Layer &layer) {
  const bool works = WIFEXITED(result) && WEXITSTATUS(result) == 0;
  const Action action = works ? request.on_success : request.on_failure;
  const bool killed = WIFSIGNALED(result) && WTERMSIG(result) != SIGINT;
  if (killed && layer.disk.is_open()) return Action::Discard;
  if (killed && action == Action::Commit) return Action::Keep;
  const bool failed = WIFEXITED(result) && WEXITSTATUS(result) == kFailed;
  if (failed && action == Action::Keep && is_empty(layer)) return Action::Discard;
  return action;
}

// Whether all was done. What was to be thrown away is, although it cannot be told.
bool finish(Layer &layer, int result, const ChangesRequest &request, const Telling &telling) {
  Action action = Action::Keep;
  bool done = true;
  try {
    done = finish_copies(layer);
    action = action_after(result, request, layer);
    if (action == Action::Commit && layer.disk.is_open() && is_full(layer.opened)) {
      report_error("nothing is committed: the limit of --disk is reached");
      action = Action::Discard;
      done = false;
    }
    if (request.dry_run || !request.changes.empty() || request.diff || request.json)
      report_changes(layer, telling);
  } catch (const Failure &) {
    done = false;
    if (action == Action::Commit) action = Action::Keep;
  }
  try {
    if (action == Action::Discard) return drop_layer(layer), done;
    if (action == Action::Commit && commit_layer(layer, {})) return done;
  } catch (const Failure &) {
    done = false;
  }
  keep(layer);
  return done && action == Action::Keep;
}

// As the command did: a shell ends its loop when it sees that.
[[noreturn]] void die_errno(int signal, const Child &child) {
  ::signal(signal, SIG_DFL);
  ::raise(signal);
  child.restore_signals();
  ::_exit(128 + signal);
}

}  // namespace

int run_with_layer(const ChangesRequest &request) {
  const Descriptor changes = request.changes.empty() ? Descriptor() : create_named(request.changes);
  const Telling telling = {
      changes.is_open() ? changes.number() : 2, request.json, request.diff, {}};
  Layer layer = make_quietly(request);
  // Before there is a child that could be orphaned.
  if (request.no_namespaces) ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  Child child;
  try {
    child.start(request, layer);
  } catch (const Failure &) {
    if (is_empty(layer)) drop_layer(layer);
    throw;
  }
  const int result = child.wait();
  if (request.no_namespaces) Child::wait_for_all();
  allow_many_files();
  if (!finish(layer, result, request, telling)) return kFailed;
  if (WIFSIGNALED(result)) die_errno(WTERMSIG(result), child);
  child.restore_signals();
  return WEXITSTATUS(result);
}

}  // namespace ll
