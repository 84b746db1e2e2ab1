// The steps that many probes share.
#pragma once

#include "outcome.h"
#include "targets.h"

#include <fcntl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cstring>

// True if the next bytes of this descriptor hold the secret; waits for them at most half a second.
bool reads_secret(int descriptor);
bool holds_secret(const void *bytes, std::size_t size);

// Escaped only if the descriptor is open and yields the secret: another file of the same name in a
// private root is no escape.
Outcome secret_read_from(const char *act, int descriptor);

// Waits for a file that the outside world creates once it noticed the act.
bool appears(const std::string &path);

void write_file(const std::string &path, const void *bytes, std::size_t size, mode_t mode);
std::string file_content(const std::string &path);

// Runs exec_call in a child. Escaped if a program was executed by it and answered as it should.
template <class Call>
Outcome execution_of(const char *act, Call exec_call) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) {
    broken("pipe2");
  }
  const pid_t child = fork();
  if (child == 0) {
    exec_call();
    const int error = errno;
    if (write(report[1], &error, sizeof error) != sizeof error) {
      _exit(125);
    }
    _exit(126);
  }
  close(report[1]);
  int error = 0;
  const bool exec_failed = read(report[0], &error, sizeof error) == sizeof error;
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) {
    broken("fork or waitpid");
  }
  if (exec_failed) {
    return failed(act, error);
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == executed_status) {
    return escaped(act);
  }
  // ld.so and interpreters report by exit status what the kernel or they themselves refused.
  return refused(act, WIFSIGNALED(status) ? 0 : EACCES);
}
