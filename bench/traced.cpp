#include "traced.h"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace {

template <typename Data>
long call_ptrace(long request, pid_t child, unsigned long size, Data data) {
  return syscall(SYS_ptrace, request, child, size, data);
}

pid_t start_traced(const Command &command) {
  const pid_t child = fork();
  if (child < 0) {
    fail_with_errno("cannot fork");
  }
  if (child == 0) {
    if (call_ptrace(PTRACE_TRACEME, 0, 0, 0L) != 0) {
      fail_with_errno("cannot be traced");
    }
    raise(SIGSTOP);  // so that the parent can set its options before anything happens
    execv(command.words[0], command.words.data());
    fail_with_errno(std::string("cannot start ") + command.words[0]);
  }
  return child;
}

int wait_for_stop(pid_t child, const Command &command) {
  int status = 0;
  while (waitpid(child, &status, 0) != child) {
  }
  if (!WIFSTOPPED(status)) {
    fail("'" + command.name + "' ended with " + describe_status(status) +
         " before it executed anything");
  }
  return status;
}

void go_on(pid_t child, int signal) {
  if (call_ptrace(PTRACE_SYSCALL, child, 0, long{signal}) != 0) {
    fail_with_errno("cannot trace");
  }
}

bool is_exec_event(int status) { return status >> 8 == (SIGTRAP | (PTRACE_EVENT_EXEC << 8)); }
bool is_system_call(int status) { return WSTOPSIG(status) == (SIGTRAP | 0x80); }
void note_call(pid_t child, const OnCall &on_call) {
  ptrace_syscall_info info{};
  if (call_ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info) <= 0) {
    fail_with_errno("cannot read a system call (Linux 5.3 or later is needed)");
  }
  if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
    on_call(child, info);
  }
}

void skip_to_launcher(pid_t child, const Command &command) {
  wait_for_stop(child, command);
  const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
  if (call_ptrace(PTRACE_SETOPTIONS, child, 0, options) != 0) {
    fail_with_errno("cannot set the tracing options");
  }
  do {
    go_on(child, 0);
  } while (!is_exec_event(wait_for_stop(child, command)));
}

void finish(pid_t child, const Command &command) {
  int status = 0;
  call_ptrace(PTRACE_DETACH, child, 0, 0L);
  while (waitpid(child, &status, 0) != child) {
  }
  if (status != 0) {
    fail("'" + command.name + "' ended with " + describe_status(status));
  }
}

}  // namespace

void fail_with_errno(const std::string &what) { fail(what + ": " + std::strerror(errno)); }

void follow_launcher(const Command &command, const OnCall &on_call) {
  const pid_t child = start_traced(command);
  skip_to_launcher(child, command);
  for (int signal = 0;;) {
    go_on(child, signal);
    const int status = wait_for_stop(child, command);
    if (is_exec_event(status)) {
      break;
    }
    if (is_system_call(status)) {
      note_call(child, on_call);
      signal = 0;
    } else {
      signal = WSTOPSIG(status);
    }
  }
  finish(child, command);
}
