// Running code that no directive grants for execution.
#include "attempt.h"
#include "numbers.h"
#include "probes.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <cerrno>
#include <csignal>

namespace {

constexpr char script[] = "#!/bin/sh\nexit 42\n";

#if defined(__x86_64__)
constexpr char dynamic_loader[] = "/lib64/ld-linux-x86-64.so.2";
#elif defined(__aarch64__)
constexpr char dynamic_loader[] = "/lib/ld-linux-aarch64.so.1";
#else
constexpr char dynamic_loader[] = "/lib/ld.so.1";
#endif

// A copy of this program in memory that belongs to no file system, or -1.
int program_in_memory() {
  const int memory = memfd_create("escape", MFD_CLOEXEC);
  if (memory < 0) {
    return memory;
  }
  const std::string program = file_content(target("probe"));
  if (write(memory, program.data(), program.size()) != static_cast<ssize_t>(program.size())) {
    broken("write to a memfd");
  }
  return memory;
}

void execute_descriptor(int file) {
  char *arguments[] = {const_cast<char *>("probe"), const_cast<char *>(executed_word), nullptr};
  syscall(SYS_execveat, file, "", arguments, environ, AT_EMPTY_PATH);
}

std::string copy_to_readwrite(const std::string &program, const char *name) {
  const std::string content = file_content(program);
  const std::string copy = readwrite(name);
  write_file(copy, content.data(), content.size(), 0700);
  return copy;
}

}  // namespace

Outcome execute_file(const std::string &path) {
  return execution_of("execve", [&] { execl(path.c_str(), path.c_str(), executed_word, nullptr); });
}

Outcome execute_copy() { return execute_file(copy_to_readwrite(target("probe"), "copy")); }

Outcome execute_script() {
  const std::string path = readwrite("script");
  write_file(path, script, sizeof script - 1, 0700);
  return execute_file(path);
}

Outcome make_memory_file() {
  const int memory = memfd_create("escape", MFD_CLOEXEC);
  if (memory < 0) {
    return failed("memfd_create", errno);
  }
  struct stat status {};
  fstat(memory, &status);
  return (status.st_mode & 0111) != 0 ? escaped("memfd_create") : refused("memfd_create", EACCES);
}

Outcome execute_memory() {
  const int memory = program_in_memory();
  if (memory < 0) {
    return failed("memfd_create", errno);
  }
  return execution_of("execveat", [&] { execute_descriptor(memory); });
}

Outcome execute_memory_by_path() {
  const int memory = program_in_memory();
  if (memory < 0) {
    return failed("memfd_create", errno);
  }
  return execute_file("/proc/self/fd/" + std::to_string(memory));
}

Outcome execute_descriptor_of(const std::string &path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return failed("open", errno);
  }
  return execution_of("execveat AT_EMPTY_PATH", [&] { execute_descriptor(file); });
}

// Written, then without a name.
Outcome execute_removed_file() {
  const std::string path = copy_to_readwrite(target("probe"), "removed");
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0 || unlink(path.c_str()) != 0) {
    broken("unlink in the directory that the policy grants rw");
  }
  return execution_of("execveat AT_EMPTY_PATH", [&] { execute_descriptor(file); });
}

Outcome execute_by_dynamic_loader(const std::string &shell) {
  if (access(dynamic_loader, X_OK) != 0) {
    return unavailable("there is no dynamic loader", ENOSYS);
  }
  return execution_of("ld.so", [&] {
    execl(dynamic_loader, dynamic_loader, shell.c_str(), "-c", "exit 42", nullptr);
  });
}

Outcome execute_copy_by_dynamic_loader() {
  return execute_by_dynamic_loader(copy_to_readwrite("/bin/sh", "shell"));
}

// Sealed against execve, but not against being read and mapped. 8: MFD_NOEXEC_SEAL, Linux 6.3.
Outcome execute_memory_by_dynamic_loader() {
  int memory = memfd_create("escape", 8);
  if (memory < 0 && errno == EINVAL) {
    memory = memfd_create("escape", 0);
  }
  if (memory < 0) {
    return failed("memfd_create", errno);
  }
  const std::string program = file_content("/bin/sh");
  if (write(memory, program.data(), program.size()) != static_cast<ssize_t>(program.size())) {
    broken("write to a memfd");
  }
  return execute_by_dynamic_loader("/proc/self/fd/" + std::to_string(memory));
}

Outcome execute_by_interpreter() {
  const std::string path = readwrite("script");
  write_file(path, script, sizeof script - 1, 0600);
  return execution_of("/bin/sh", [&] { execl("/bin/sh", "sh", path.c_str(), nullptr); });
}

// seccomp does not see these numbers: the kernel must refuse them itself, by signal or errno.
Outcome call_trampoline(long number) {
  const pid_t child = fork();
  if (child == 0) {
    _exit(syscall(number) >= 0 ? executed_status : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  const bool ran = WIFEXITED(status) && WEXITSTATUS(status) == executed_status;
  return ran ? escaped("trampoline call")
             : refused("trampoline call", WIFSIGNALED(status) ? 0 : ENXIO);
}
