#include "supervise.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "os/sys.h"

namespace ll::mcp {

namespace {

sigset_t all_signals() {
  sigset_t set;
  sigfillset(&set);
  return set;
}

void say(int descriptor, Report::Kind kind, int value) {
  const Report report = {kind, value};
  while (write(descriptor, &report, sizeof report) < 0 && errno == EINTR) {
  }
}

void keep_only(int descriptor) {
  const auto number = static_cast<unsigned>(descriptor);
  if (number > 0) sys::close_range(0, number - 1);
  sys::close_range(number + 1, UINT32_MAX);
}

// A session of its own: no terminal, and a group that it can signal without meeting others.
void prepare_command() {
  setsid();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

// None of them is among the first four: the server has those open.
bool place(const Ends &ends) {
  return dup2(ends.input, STDIN_FILENO) >= 0 && dup2(ends.output, STDOUT_FILENO) >= 0 &&
         dup2(ends.errors, STDERR_FILENO) >= 0 &&
         (ends.report < 0 || dup2(ends.report, kReport) >= 0);
}

std::vector<char *> pointers_to(const std::vector<std::string> &texts) {
  std::vector<char *> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string &text : texts) pointers.push_back(const_cast<char *>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

[[noreturn]] void become_command(const Call &call, const Start &start, const Ends &ends) {
  prepare_command();
  if (!place(ends)) {
    say(ends.supervisor, Report::NotStarted, errno);
    _exit(kFailed);
  }
  if (start.arguments.empty()) answer(call);
  const std::vector<char *> arguments = pointers_to(start.arguments);
  execve(arguments[0], arguments.data(), pointers_to(start.environment).data());
  say(ends.supervisor, Report::NotStarted, errno);
  _exit(kFailed);
}

// proc(5), /proc/PID/task/TID/children. Nobody else waits for them: the numbers stay theirs.
std::vector<pid_t> children() {
  std::vector<pid_t> numbers;
  const int list = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  if (list < 0) return numbers;
  char bytes[4096];
  pid_t number = 0;
  for (ssize_t size = 0; (size = read(list, bytes, sizeof bytes)) > 0;)
    for (ssize_t i = 0; i < size; i++) {
      if (bytes[i] != ' ') {
        number = number * 10 + (bytes[i] - '0');
        continue;
      }
      numbers.push_back(number);
      number = 0;
    }
  close(list);
  return numbers;
}

// Until the command ends, or the server says or is gone. What was orphaned is reaped meanwhile.
int wait_for_end(pid_t command) {
  const sigset_t set = all_signals();
  for (;;) {
    const int number = sigwaitinfo(&set, nullptr);
    if (number == SIGTERM) return SIGKILL;
    if (number != SIGCHLD) continue;
    int status = 0;
    for (pid_t ended = 0; (ended = waitpid(-1, &status, WNOHANG)) > 0;)
      if (ended == command) return status;
  }
}

// All children of this process, and what becomes its child by that.
void end_children() {
  for (int wait = WNOHANG;; wait = 0) {
    pid_t ended = 0;
    while ((ended = waitpid(-1, nullptr, wait)) > 0) wait = WNOHANG;
    if (ended < 0 && errno == ECHILD) return;
    // More may be started before it reaches them: look again as soon as one is gone.
    for (const pid_t child : children()) kill(child, SIGKILL);
  }
}

}  // namespace

void block_signals() {
  // What a client ignores, a command would.
  struct sigaction action = {};
  for (int number = 1; number < NSIG; number++) sigaction(number, &action, nullptr);
  const sigset_t set = all_signals();
  sigprocmask(SIG_SETMASK, &set, nullptr);
}

void end_orphans(const std::vector<int> &supervisors) {
  for (bool any = true; any;) {
    any = false;
    for (const pid_t child : children()) {
      if (std::find(supervisors.begin(), supervisors.end(), child) != supervisors.end()) continue;
      kill(child, SIGKILL);
      waitpid(child, nullptr, 0);
      any = true;
    }
  }
}

void supervise(const Call &call, const Start &start, const Ends &ends, int server) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  if (getppid() != server) _exit(kFailed);
  const pid_t command = fork();
  if (command == 0) become_command(call, start, ends);
  const int error = errno;
  keep_only(ends.supervisor);
  if (command < 0) {
    say(ends.supervisor, Report::NotStarted, error);
    _exit(kFailed);
  }
  const int status = wait_for_end(command);
  end_children();
  say(ends.supervisor, Report::Ended, status);
  _exit(0);
}

}  // namespace ll::mcp
