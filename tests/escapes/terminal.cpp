// Typing into the terminal that the sandbox was started from: the shell reads it once the sandboxed
// command is gone. Standard input is that terminal.
#include "attempt.h"
#include "probes.h"

#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <cerrno>

#ifndef TIOCLINUX
#define TIOCLINUX 0x541C
#endif

namespace {

// include/uapi/linux/tiocl.h: only reads the state of the Shift keys, yet passes the check that
// selecting and pasting text passes.
constexpr char get_shift_state = 6;

// EIO: the kernel was told to refuse everybody (dev.tty.legacy_tiocsti, 6.2). ENOTTY: not a
// terminal, or for TIOCLINUX not a virtual console.
Outcome judge(const char *act, long result) {
  if (result < 0 && (errno == EIO || errno == ENOTTY)) {
    return unavailable(act, errno);
  }
  return outcome_of(act, result);
}

}  // namespace

Outcome type_into_terminal(unsigned long bits) {
  const char key = '#';
  return judge("ioctl TIOCSTI", syscall(SYS_ioctl, STDIN_FILENO, TIOCSTI | bits, &key));
}

Outcome type_into_reopened_terminal() {
  const int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (terminal < 0) {
    return failed("open /dev/tty", errno);
  }
  const char key = '#';
  return judge("ioctl TIOCSTI", syscall(SYS_ioctl, terminal, TIOCSTI, &key));
}

// The same that it has: another one, N_NULL, would take the terminal from the caller for good.
Outcome change_discipline() {
  const int tty = N_TTY;
  return judge("ioctl TIOCSETD", syscall(SYS_ioctl, STDIN_FILENO, TIOCSETD, &tty));
}

Outcome command_console(unsigned long bits) {
  char command = get_shift_state;
  return judge("ioctl TIOCLINUX", syscall(SYS_ioctl, STDIN_FILENO, TIOCLINUX | bits, &command));
}
