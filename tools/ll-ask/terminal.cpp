#include "terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <string_view>

#include "asked/words.h"
#include "request.h"

namespace ll::asking {

namespace {

constexpr int kGone = POLLHUP | POLLRDHUP | POLLERR | POLLNVAL;
constexpr uint64_t kLook = 100;  // milliseconds, until the foreground is looked at again

volatile sig_atomic_t interrupted = 0;
volatile sig_atomic_t resumed = 0;

void on_interrupt(int /*number*/) { interrupted = 1; }
void on_resumption(int /*number*/) { resumed = 1; }

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t size = ::write(descriptor, text.data(), text.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return;
    text.remove_prefix(static_cast<size_t>(size));
  }
}

int patience(uint64_t deadline) {
  if (deadline == UINT64_MAX) return -1;
  const uint64_t time = now();
  return time >= deadline ? 0 : static_cast<int>(std::min<uint64_t>(deadline - time, INT32_MAX));
}

}  // namespace

uint64_t now() {
  timespec time = {};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1000 + static_cast<uint64_t>(time.tv_nsec) / 1000000;
}

void heed_interrupts() {
  struct sigaction action = {};
  action.sa_handler = on_interrupt;  // without SA_RESTART
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGQUIT, &action, nullptr);
  // After Ctrl-Z and fg.
  action.sa_handler = on_resumption;
  sigaction(SIGCONT, &action, nullptr);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, nullptr);
  // A command that waits for an answer does not stop before it has it.
  sigaction(SIGTSTP, &action, nullptr);
  // Of who changes a terminal's modes, or its foreground, from the background.
  sigaction(SIGTTOU, &action, nullptr);
}

// The terminal as a line is typed at it, whatever the command made of it; and as it was, at the
// end.
class Terminal::Held {
 public:
  explicit Held(int descriptor) : descriptor_(descriptor), group_(::tcgetpgrp(descriptor)) {
    if (::tcgetattr(descriptor_, &before_) < 0) return;
    termios lines = before_;
    lines.c_iflag |= ICRNL;
    lines.c_oflag |= OPOST | ONLCR;
    lines.c_lflag |= ICANON | ECHO | ECHOE | ISIG;
    lines.c_lflag &= ~static_cast<tcflag_t>(NOFLSH);
    // What was typed before the question is no answer to it.
    changed_ = ::tcsetattr(descriptor_, TCSAFLUSH, &lines) == 0;
    if (group_ > 0 && group_ != ::getpgrp()) taken_ = ::tcsetpgrp(descriptor_, ::getpgrp()) == 0;
  }
  Held(const Held &) = delete;
  Held &operator=(const Held &) = delete;
  ~Held() {
    if (changed_) ::tcsetattr(descriptor_, TCSADRAIN, &before_);
    if (!taken_) return;
    ::tcsetpgrp(descriptor_, group_);
    // Who read meanwhile was stopped.
    ::kill(-group_, SIGCONT);
  }

 private:
  int descriptor_;
  pid_t group_;
  termios before_ = {};
  bool changed_ = false;
  bool taken_ = false;
};

bool Terminal::is_gone() const {
  pollfd asker = {asker_, POLLRDHUP, 0};
  return ::poll(&asker, 1, 0) > 0 && (asker.revents & kGone) != 0;
}

// Ours, or of who asks: who is in the background waits, as whoever reads from a terminal does. A
// terminal that is not the one of this session has no foreground.
End Terminal::take_foreground(int descriptor, int64_t process, uint64_t deadline) const {
  bool told = false;
  for (;;) {
    const pid_t group = ::tcgetpgrp(descriptor);
    const bool asks = process > 0 && group == ::getpgid(static_cast<pid_t>(process));
    if (group < 0 || group == ::getpgrp() || asks) return End::Line;
    if (is_gone()) return End::Gone;
    if (now() >= deadline) return End::Late;
    if (!told)
      write_all(descriptor, "\nll-ask: a question waits for the job to be in the foreground: fg\n");
    told = true;
    ::poll(nullptr, 0, static_cast<int>(kLook));
  }
}

End Terminal::wait(int descriptor, const std::string &question, uint64_t deadline,
                   std::string &line) const {
  line.clear();
  for (;;) {
    if (resumed != 0) {
      resumed = 0;
      write_all(descriptor, question);
    }
    std::array<pollfd, 2> polled = {{{descriptor, POLLIN, 0}, {asker_, POLLRDHUP, 0}}};
    const int ready = ::poll(polled.data(), polled.size(), patience(deadline));
    if (interrupted != 0) return End::Interrupt;
    if (ready == 0) return End::Late;
    if (ready < 0) continue;
    if ((polled[1].revents & kGone) != 0) return End::Gone;
    if (polled[0].revents == 0) continue;
    std::array<char, 256> bytes;
    const ssize_t size = ::read(descriptor, bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size == 0) return End::Interrupt;  // Ctrl-D
    if (size < 0) return End::NoTerminal;
    line.append(bytes.data(), static_cast<size_t>(size));
    const size_t end = line.find('\n');
    if (end == std::string::npos) continue;
    line.resize(end);
    return End::Line;
  }
}

End Terminal::ask(const std::string &question, int64_t process, uint64_t deadline,
                  std::string &line) {
  const int descriptor = ::open(path_.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) return End::NoTerminal;
  End end =
      ::isatty(descriptor) == 0 ? End::NoTerminal : take_foreground(descriptor, process, deadline);
  if (end == End::Line) {
    interrupted = 0;
    resumed = 1;
    const Held held(descriptor);
    end = wait(descriptor, question, deadline, line);
    if (end != End::Line) write_all(descriptor, "\n");
  }
  ::close(descriptor);
  return end;
}

void Terminal::show(const std::string &text) const {
  const int descriptor = ::open(path_.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) return;
  if (::isatty(descriptor) != 0) write_all(descriptor, text);
  ::close(descriptor);
}

}  // namespace ll::asking
