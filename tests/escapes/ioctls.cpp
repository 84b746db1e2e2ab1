// Commands that change a file system through a descriptor that is open for reading. The kernel of
// the test need not have such a file system: what it does not know it answers with ENOTTY, and a
// filter that refuses it answers before that.
#include "attempt.h"
#include "probes.h"

#include <sys/ioctl.h>
#include <cerrno>

Outcome command_directory(unsigned long command) {
  const int directory = open(readonly(".").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) {
    return failed("open", errno);
  }
  char nothing[8192] = {};
  return reached("ioctl", ioctl(directory, command, nothing));
}
