#include "run.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>

#include "commit.h"
#include "fail.h"
#include "tell.h"

namespace ll {

namespace {

// ll-ns, in the same process group: a terminal's signals reach it and the command, others are
// passed on, and it stops and goes on for both.
class Child {
 public:
  Child(const Request &request, const Layer &layer) {
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, &mask_);
    ::signal(SIGCHLD, SIG_DFL);
    start(request, layer);
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

  void restore_signals() const { ::sigprocmask(SIG_SETMASK, &mask_, nullptr); }

 private:
  void start(const Request &request, const Layer &layer) {
    std::vector<std::string> options;
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
    if (pid_ < 0) fail_of("start", arguments[0]);
    if (pid_ > 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(kFailed);
    restore_signals();
    ::execv(arguments[0], arguments.data());
    tell_error("cannot run " + shown(arguments[0]));
    ::_exit(kFailed);
  }

  sigset_t mask_;
  pid_t pid_ = 0;
};

int open_changes(const std::string &path) {
  if (path.empty()) return 2;
  const int opened = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (opened < 0) fail_of("write", path);
  return opened;
}

void keep(const Layer &layer) {
  tell_error("the changes are kept in " + shown(layer.path) +
             "\n  ll-changes list, diff, commit or drop " + shown(layer.path));
}

bool is_empty(const Layer &layer) {
  for (const Part &part : layer.parts) {
    Meanwhile meanwhile(part);
    if (!scan(part, meanwhile).empty()) return false;
  }
  return true;
}

// What to do, and whether it was done.
bool finish(Layer &layer, Action action) {
  switch (action) {
    case Action::Commit: return commit_layer(layer, false) || (keep(layer), false);
    case Action::Discard: drop_layer(layer); break;
    case Action::Keep: keep(layer); break;
  }
  return true;
}

// As the command did: a shell ends its loop when it sees that.
[[noreturn]] void die_of(int signal, const Child &child) {
  ::signal(signal, SIG_DFL);
  ::raise(signal);
  child.restore_signals();
  ::_exit(128 + signal);
}

}  // namespace

int run_with_layer(const Request &request) {
  const Telling telling = {open_changes(request.changes), request.json, request.diff};
  Layer layer = make_layer(request);
  Child child(request, layer);
  const int result = child.wait();
  allow_many_files();
  const int status = WIFEXITED(result) ? WEXITSTATUS(result) : 128 + WTERMSIG(result);
  if (request.dry_run || !request.changes.empty() || request.diff || request.json)
    tell_changes(layer, telling);
  Action action = status == 0 ? request.on_success : request.on_failure;
  const bool killed = WIFSIGNALED(result) && WTERMSIG(result) != SIGINT;
  if (killed && action == Action::Commit) action = Action::Keep;
  if (status == kFailed && action == Action::Keep && is_empty(layer)) action = Action::Discard;
  if (!finish(layer, action)) return kFailed;
  if (WIFSIGNALED(result)) die_of(WTERMSIG(result), child);
  child.restore_signals();
  return status;
}

}  // namespace ll
