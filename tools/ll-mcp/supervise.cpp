#include "supervise.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>

#include "cgroup.h"
#include "descriptor.h"
#include "os/kernel/sys.h"
#include "questions.h"

namespace ll::mcp {

namespace {

sigset_t all_signals() {
  sigset_t set;
  sigfillset(&set);
  return set;
}

void format(int descriptor, Report::Kind kind, int value) {
  const Report report = {kind, value};
  while (write(descriptor, &report, sizeof report) < 0 && errno == EINTR) {
  }
}

[[noreturn]] void give_up(int descriptor, int error) {
  format(descriptor, Report::NotStarted, error);
  _exit(kFailed);
}

// What a supervisor keeps open.
enum Kept : int { kChildren, kSays, kKept };

bool keep(int children, int says) {
  if (dup2(children, kChildren) < 0 || dup2(says, kSays) < 0) return false;
  const long closed = sys::close_range(kKept, UINT32_MAX);
  errno = static_cast<int>(-closed);
  return closed == 0;
}

// A session of its own: no terminal, and a group that it can signal without meeting others.
bool prepare_command() {
  sigset_t none;
  sigemptyset(&none);
  return setsid() >= 0 && sigprocmask(SIG_SETMASK, &none, nullptr) >= 0;
}

// None of them is among the first six: the server has those open.
bool place(const ChildFds &ends) {
  return dup2(ends.input, STDIN_FILENO) >= 0 && dup2(ends.output, STDOUT_FILENO) >= 0 &&
         dup2(ends.errors, STDERR_FILENO) >= 0 &&
         (ends.report < 0 || dup2(ends.report, kReport) >= 0) &&
         (ends.judge < 0 || dup2(ends.judge, kJudge) >= 0) &&
         (ends.page < 0 || dup2(ends.page, kPage) >= 0);
}

std::vector<char *> pointers_to(const std::vector<std::string> &texts) {
  std::vector<char *> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string &text : texts) pointers.push_back(const_cast<char *>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

[[noreturn]] void exec_command(const ToolCall &call, const Launch &start, const ChildFds &ends,
                               const Cgroup &cgroup) {
  if (cgroup.is_made() && !cgroup.join()) give_up(ends.supervisor, errno);
  if (!prepare_command() || !place(ends)) give_up(ends.supervisor, errno);
  if (start.arguments.empty()) answer(call);
  const std::vector<char *> arguments = pointers_to(start.arguments);
  execve(arguments[0], arguments.data(), pointers_to(start.environment).data());
  give_up(ends.supervisor, errno);
}

// proc(5), /proc/PID/task/TID/children.
int open_children() { return open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC); }

// Nobody else waits for them: the numbers stay theirs.
std::vector<pid_t> children(int list) {
  std::vector<pid_t> numbers;
  if (lseek(list, 0, SEEK_SET) < 0) return numbers;
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
  return numbers;
}

// Until the command ends, or the server says or is gone. What was orphaned is reaped meanwhile: a
// few at once, for what multiplies is reaped without end, and the server is to be heard all the
// same.
int wait_for_end(pid_t command) {
  constexpr int kAtOnce = 32;
  constexpr timespec kNow = {0, 0};
  const sigset_t set = all_signals();
  for (bool more = false;;) {
    const int number = sigtimedwait(&set, nullptr, more ? &kNow : nullptr);
    if (number == SIGTERM) return SIGKILL;
    more = more || number == SIGCHLD;
    for (int i = 0; more && i < kAtOnce; i++) {
      int status = 0;
      const pid_t ended = waitpid(-1, &status, WNOHANG);
      if (ended == command) return status;
      more = ended > 0;
    }
  }
}

// All processes of a group get a signal at once: none of them forks meanwhile (kernel/fork.c,
// copy_process, looks for signals with the list of processes locked). A child by itself may have
// forked and gone when its own signal comes. Whoever is in another session than this process is in
// one that the command or a descendant began, and so are all of its group.
void kill_groups(const std::vector<pid_t> &members) {
  std::vector<pid_t> groups;
  const pid_t own = getsid(0);
  for (const pid_t member : members) {
    const pid_t group = getpgid(member);
    const pid_t session = getsid(member);
    if (group > 1 && session > 0 && session != own) groups.push_back(group);
  }
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  for (const pid_t group : groups) kill(-group, SIGKILL);
}

void kill_all(const std::vector<pid_t> &members) {
  for (const pid_t member : members) kill(member, SIGKILL);
  kill_groups(members);
}

// Kills without reaping, until no more come or so often. How many there are.
size_t kill_children(int rounds) {
  constexpr size_t kMostKept = 4096;  // others on this machine need numbers too
  size_t count = 0;
  for (int round = 0; round < rounds; round++) {
    const std::vector<pid_t> left = children(kChildren);
    kill_all(left);
    const bool settled = left.size() == count;
    count = left.size();
    if (settled || count > kMostKept) break;
  }
  return count;
}

// All children of this process, and what becomes its child by that. A short list is the fastest to
// work through. What outruns that is not reaped every other time: what has ended counts for
// `limit nproc`, and it cannot fork any more.
void end_children() {
  constexpr int kShortTries = 200, kMostRounds = 256;
  for (int tries = 0;; tries++) {
    const bool keeps = tries > kShortTries && tries % 2 == 0;
    const size_t count = kill_children(keeps ? kMostRounds : 1);
    // One at least ends; no more are reaped than were killed, for others may come without end.
    pid_t ended = waitpid(-1, nullptr, count == 0 ? WNOHANG : 0);
    for (size_t i = 1; ended > 0 && i < count; i++) ended = waitpid(-1, nullptr, WNOHANG);
    if (ended < 0 && errno == ECHILD) return;
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

bool end_orphans(const std::vector<int> &supervisors) {
  const Descriptor list(open_children());
  if (!list.is_open()) return false;
  std::vector<pid_t> orphans;
  for (const pid_t child : children(list.number()))
    if (std::find(supervisors.begin(), supervisors.end(), child) == supervisors.end())
      orphans.push_back(child);
  kill_all(orphans);
  for (const pid_t orphan : orphans) waitpid(orphan, nullptr, WNOHANG);
  return orphans.empty();
}

void supervise(const ToolCall &call, const Launch &start, const ChildFds &ends, int server) {
  // Who kills the server's group kills the server alone: this process is needed then.
  if (setpgid(0, 0) < 0 || prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 ||
      prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
    give_up(ends.supervisor, errno);
  if (getppid() != server) _exit(kFailed);
  const int list = open_children();
  if (list < 0) give_up(ends.supervisor, errno);
  Cgroup cgroup(getpid());
  cgroup.make();
  const pid_t command = fork();
  if (command == 0) exec_command(call, start, ends, cgroup);
  if (command < 0 || !keep(list, ends.supervisor)) give_up(ends.supervisor, errno);
  const int status = wait_for_end(command);
  // What left the group, for whoever may write there, is found as where there is none.
  if (cgroup.is_made()) cgroup.kill();
  end_children();
  if (cgroup.is_made()) cgroup.remove();
  format(kSays, Report::Ended, status);
  _exit(0);
}

}  // namespace ll::mcp
