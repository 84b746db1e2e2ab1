// Looks at a launcher in the moment before it becomes the command: footprint :: NAME COMMAND...
//
// wait4's ru_maxrss cannot answer this: it has the launcher, the command and, after a vfork, even
// the parent in one number. So the launcher is traced, and stopped where its last execve enters the
// kernel. Its address space is complete there, and what it has called is counted. Prints CSV:
//
//   NAME,RESIDENT_KIB,PRIVATE_KIB,SYSTEM_CALLS,HEAP_CALLS    the calls include that last execve
#include "commands.h"

#include <linux/ptrace.h>  // not sys/ptrace.h: every libc declares other parts of it
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace {

struct Footprint {
  long resident_kib = 0;
  long private_kib = 0;
  long system_calls = 0;
  long heap_calls = 0;
};

[[noreturn]] void fail_with_errno(const std::string &what) {
  fail(what + ": " + std::strerror(errno));
}

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
bool is_heap_call(unsigned long long number) {
  return number == SYS_brk || number == SYS_mmap || number == SYS_mremap;
}
bool is_execve(unsigned long long number) { return number == SYS_execve || number == SYS_execveat; }

// Reads the page tables. statm would be quicker, but the kernel keeps it only approximately.
void read_memory(pid_t child, Footprint &footprint) {
  const std::string path = "/proc/" + std::to_string(child) + "/smaps_rollup";
  std::ifstream file(path);
  std::string word;
  long kib = 0;
  footprint.resident_kib = footprint.private_kib = 0;
  while (file >> word) {
    if (word == "Rss:" && file >> kib) {
      footprint.resident_kib = kib;
    } else if ((word == "Private_Clean:" || word == "Private_Dirty:") && file >> kib) {
      footprint.private_kib += kib;
    }
  }
  if (footprint.resident_kib == 0) {
    fail("cannot read " + path);
  }
}

void note_system_call(pid_t child, Footprint &footprint) {
  ptrace_syscall_info info{};
  if (call_ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info) <= 0) {
    fail_with_errno("cannot read a system call (Linux 5.3 or later is needed)");
  }
  if (info.op != PTRACE_SYSCALL_INFO_ENTRY) {
    return;
  }
  footprint.system_calls += 1;
  footprint.heap_calls += is_heap_call(info.entry.nr) ? 1 : 0;
  if (is_execve(info.entry.nr)) {
    read_memory(child, footprint);  // one that fails is followed by another, which overwrites this
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

Footprint trace(const Command &command) {
  Footprint footprint;
  const pid_t child = start_traced(command);
  skip_to_launcher(child, command);
  for (int signal = 0;;) {
    go_on(child, signal);
    const int status = wait_for_stop(child, command);
    if (is_exec_event(status)) {
      break;
    }
    if (is_system_call(status)) {
      note_system_call(child, footprint);
      signal = 0;
    } else {
      signal = WSTOPSIG(status);
    }
  }
  finish(child, command);
  return footprint;
}

}  // namespace

int main(int argc, char **argv) {
  const std::vector<Command> commands = parse_commands(argc, argv, 1);
  std::printf("name,resident_kib,private_kib,system_calls,heap_calls\n");
  std::fflush(stdout);  // or a forked child would print it again
  for (const Command &command : commands) {
    const Footprint seen = trace(command);
    std::printf("%s,%ld,%ld,%ld,%ld\n", command.name.c_str(), seen.resident_kib, seen.private_kib,
                seen.system_calls, seen.heap_calls);
    std::fflush(stdout);
  }
}
