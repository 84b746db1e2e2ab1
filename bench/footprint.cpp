// Looks at a launcher in the moment before it becomes the command: footprint :: NAME COMMAND...
//
// wait4's ru_maxrss cannot answer this: it has the launcher, the command and, after a vfork, even
// the parent in one number. So the launcher is traced, and stopped where its last execve enters the
// kernel. Its address space is complete there, and what it has called is counted. Prints CSV:
//
//   NAME,RESIDENT_KIB,PRIVATE_KIB,SYSTEM_CALLS,HEAP_CALLS    the calls include that last execve
#include "traced.h"

#include <sys/syscall.h>
#include <cstdio>
#include <fstream>

namespace {

struct Footprint {
  long resident_kib = 0;
  long private_kib = 0;
  long system_calls = 0;
  long heap_calls = 0;
};

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

Footprint trace(const Command &command) {
  Footprint footprint;
  follow_launcher(command, [&](pid_t child, const ptrace_syscall_info &call) {
    footprint.system_calls += 1;
    footprint.heap_calls += is_heap_call(call.entry.nr) ? 1 : 0;
    if (is_execve(call.entry.nr)) {
      read_memory(child,
                  footprint);  // one that fails is followed by another, which overwrites this
    }
  });
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
