#include "tracer.h"

#include <elf.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>

namespace {

// Younger than some libcs' headers.
#ifndef SYS_landlock_create_ruleset
constexpr long SYS_landlock_create_ruleset = 444, SYS_landlock_add_rule = 445,
               SYS_landlock_restrict_self = 446;
#endif

constexpr size_t kMostCalls = 4000;  // that are watched: then the loader is let go
// Where it closes each descriptor, it goes on from kNearlyLast: from kFirstUnused on none is open.
constexpr unsigned long kFirstUnused = 64, kNearlyLast = 1048570;
constexpr unsigned kSeconds = 120;  // that it may take

int errno_named(const std::string &name) {
  for (int i = 1; i < 134; i++)
    if (errno_name(i) == name) return i;
  fprintf(stderr, "faults: no errno is named %s\n", name.c_str());
  exit(2);
}

std::vector<int> errnos_in(const char *names) {
  std::vector<int> errnos;
  std::istringstream words(names);
  for (std::string name; words >> name;) errnos.push_back(errno_named(name));
  return errnos;
}

size_t row_of(const __ptrace_syscall_info &info) {
  const std::vector<FaultRow> &rows = fault_rows();
  for (size_t i = 0; i < rows.size(); i++) {
    if (rows[i].call != static_cast<long>(info.entry.nr)) continue;
    if (rows[i].argument < 0 || info.entry.args[rows[i].argument] == rows[i].value) return i;
  }
  return rows.size();
}

// Instead of the call, one that does nothing: number -1 would go through the filter as such.
void replace_call(pid_t process) {
#if defined(__x86_64__)
  ptrace(PTRACE_POKEUSER, process, offsetof(user_regs_struct, orig_rax), SYS_getpid);
#else
  int number = SYS_getpid;
  iovec part = {&number, sizeof number};
  ptrace(PTRACE_SETREGSET, process, 0x404, &part);  // NT_ARM_SYSCALL
#endif
}

void replace_result(pid_t process, int error) {
#if defined(__x86_64__)
  ptrace(PTRACE_POKEUSER, process, offsetof(user_regs_struct, rax), static_cast<long>(-error));
#else
  user_regs_struct registers = {};
  iovec all = {&registers, sizeof registers};
  ptrace(PTRACE_GETREGSET, process, NT_PRSTATUS, &all);
  registers.regs[0] = static_cast<unsigned long>(-static_cast<long>(error));
  ptrace(PTRACE_SETREGSET, process, NT_PRSTATUS, &all);
#endif
}

// The general registers, in any order.
std::vector<unsigned long> registers_of(pid_t process) {
  std::vector<unsigned long> registers(sizeof(user_regs_struct) / sizeof(unsigned long));
  iovec all = {registers.data(), sizeof(user_regs_struct)};
  ptrace(PTRACE_GETREGSET, process, NT_PRSTATUS, &all);
  return registers;
}

// What has been counted from one set of registers to the other, up to `count`, goes on from
// `later`.
void count_from(pid_t process, const std::vector<unsigned long> &before, unsigned long count,
                unsigned long later) {
  std::vector<unsigned long> registers = registers_of(process);
  for (size_t i = 0; i < registers.size(); i++)
    if (registers[i] == count && before[i] == count - 1) registers[i] = later;
  iovec all = {registers.data(), sizeof(user_regs_struct)};
  ptrace(PTRACE_SETREGSET, process, NT_PRSTATUS, &all);
}

// The output of ll-exec goes to files in memory, which never block.
struct Sink {
  int descriptor = memfd_create("faults", MFD_CLOEXEC);
  ~Sink() { close(descriptor); }
  [[nodiscard]] std::string text() const {
    std::string all(65536, '\0');
    const ssize_t size = pread(descriptor, all.data(), all.size(), 0);
    all.resize(size > 0 ? static_cast<size_t>(size) : 0);
    return all;
  }
};

std::vector<char *> pointers(const std::vector<std::string> &texts) {
  std::vector<char *> all;
  for (const std::string &text : texts) all.push_back(const_cast<char *>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

[[noreturn]] void become(const Start &start, int output, int errors) {
  const auto check = [](bool done) {
    if (!done) _exit(99);
  };
  dup2(output, 1);
  dup2(errors, 2);
  for (const int descriptor : start.inherited) check(dup2(0, descriptor) == descriptor);
  for (const int descriptor : start.closed) close(descriptor);
  check(chdir(start.folder.c_str()) == 0);
  umask(022);
  if (start.user != 0) {
    check(setgroups(0, nullptr) == 0);
    check(setresgid(start.user, start.user, start.user) == 0);
    check(setresuid(start.user, start.user, start.user) == 0);
  }
  std::vector<char *> arguments = pointers(start.arguments);
  std::vector<char *> environment = pointers(start.environment);
  alarm(kSeconds);
  check(ptrace(PTRACE_TRACEME, 0, 0, 0) == 0);
  raise(SIGSTOP);
  execve(arguments[0], arguments.data(), environment.data());
  _exit(99);
}

class Tracer {
 public:
  Tracer(pid_t loader, const std::vector<Fault> &faults, How how, Outcome &outcome)
      : loader_(loader), faults_(faults), how_(how), outcome_(outcome) {}

  // Until the loader, or the command that it became, has ended; its status.
  int follow() {
    for (;;) {
      int status = 0;
      const pid_t process = waitpid(-1, &status, __WALL);
      if (process < 0) return -1;
      if (!WIFSTOPPED(status)) {
        if (process == loader_) return status;
        continue;
      }
      handle(process, status);
    }
  }

 private:
  void handle(pid_t process, int status) {
    const int signal = WSTOPSIG(status);
    if (signal == (SIGTRAP | 0x80)) return handle_call(process);
    const int event = status >> 16;
    if (event == PTRACE_EVENT_EXEC && ++executions_ == 2) return let_go(process);
    if (event != 0) return go_on(process);
    if (signal == SIGSTOP) {
      if (process == loader_)
        ptrace(PTRACE_SETOPTIONS, process, 0,
               PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL | PTRACE_O_TRACEFORK |
                   PTRACE_O_TRACECLONE);
      return go_on(process);
    }
    ptrace(PTRACE_SYSCALL, process, 0, signal);
  }

  void handle_call(pid_t process) {
    __ptrace_syscall_info info = {};
    ptrace(static_cast<__ptrace_request>(PTRACE_GET_SYSCALL_INFO), process, sizeof info, &info);
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY && executions_ == 1)
      enter(process, info);
    else if (info.op == PTRACE_SYSCALL_INFO_EXIT && failing_process_ == process)
      leave(process);
    const bool done = how_ == How::UpToFaults && !wants_more() && failing_process_ == 0 &&
                      (!closes_each() || has_skipped_);
    if (done || outcome_.calls.size() >= kMostCalls) return let_go(process);
    go_on(process);
  }

  void enter(pid_t process, const __ptrace_syscall_info &info) {
    const size_t row = row_of(info);
    if (row == fault_rows().size()) {
      outcome_.unknown = "call " + std::to_string(info.entry.nr);
      return;
    }
    outcome_.calls.push_back(row);
    if (info.entry.nr == SYS_close && how_ != How::WithAllCloses)
      skip_unused(process, info.entry.args[0]);
    const size_t occurrence = seen_[row]++;
    for (const Fault &fault : faults_) {
      if (fault.row != row || (!fault.always && fault.occurrence != occurrence)) continue;
      failing_process_ = process;
      failing_with_ = fault.error;
      outcome_.injected = &fault == &faults_.back() || outcome_.injected;
      // close(2): whatever it returns, the descriptor is closed.
      if (info.entry.nr != SYS_close) replace_call(process);
      return;
    }
  }

  void leave(pid_t process) {
    replace_result(process, failing_with_);
    failing_process_ = 0;
  }

  // A million calls, half a second.
  void skip_unused(pid_t process, unsigned long descriptor) {
    if (descriptor == kFirstUnused) before_ = registers_of(process);
    if (descriptor != kFirstUnused + 1 || before_.empty()) return;
    count_from(process, before_, descriptor, kNearlyLast);
    has_skipped_ = true;
  }

  // Whether a close_range(2) has failed: then each is closed.
  [[nodiscard]] bool closes_each() const {
    return std::any_of(faults_.begin(), faults_.end(), [](const Fault &fault) {
      return fault_rows()[fault.row].call == SYS_close_range;
    });
  }

  [[nodiscard]] bool wants(const Fault &fault) const {
    return fault.always || fault.occurrence >= seen_[fault.row];
  }

  [[nodiscard]] bool wants_more() const {
    return std::any_of(faults_.begin(), faults_.end(),
                       [this](const Fault &fault) { return wants(fault); });
  }

  static void go_on(pid_t process) { ptrace(PTRACE_SYSCALL, process, 0, 0); }
  static void let_go(pid_t process) { ptrace(PTRACE_DETACH, process, 0, 0); }

  pid_t loader_;
  const std::vector<Fault> &faults_;
  const How how_;
  Outcome &outcome_;
  int executions_ = 0;
  std::vector<size_t> seen_ = std::vector<size_t>(fault_rows().size());  // calls, by row
  pid_t failing_process_ = 0;  // between the entry and the exit of a call that fails
  int failing_with_ = 0;
  std::vector<unsigned long> before_;  // registers, when the first unused descriptor was closed
  bool has_skipped_ = false;
};

}  // namespace

std::string errno_name(int error) {
  const char *name = strerrorname_np(error);
  return name == nullptr ? "?" : error == ENOTSUP ? "EOPNOTSUPP" : name;
}

const std::vector<FaultRow> &fault_rows() {
  static const std::vector<FaultRow> rows = {
#define FAULT(name, call, argument, value, errnos) \
  {name, SYS_##call, argument, value, errnos_in(errnos)},
#include "errnos.def"
  };
  return rows;
}

Outcome run_with(const Start &start, const std::vector<Fault> &faults, How how) {
  Outcome outcome;
  const Sink output, errors;
  const pid_t loader = fork();
  if (loader == 0) become(start, output.descriptor, errors.descriptor);
  const int status = Tracer(loader, faults, how, outcome).follow();
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.output = output.text();
  outcome.errors = errors.text();
  return outcome;
}
