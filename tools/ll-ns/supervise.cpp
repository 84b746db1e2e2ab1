#include "supervise.h"

#include "calls.h"
#include "os/kernel/process.h"

namespace ll {

namespace {

constexpr uint64_t kAll = UINT64_MAX;
constexpr uint64_t kGrace = 2000;  // milliseconds from SIGTERM to SIGKILL
constexpr uint64_t kLook = 100;    // milliseconds from one look at the command to the next
constexpr uint64_t kWatch =
    10000;  // milliseconds that it is looked at after a signal that it handles

// wait(2): what a status says.
bool has_exited(int status) { return (status & 0x7f) == 0; }
bool has_stopped(int status) { return (status & 0xff) == 0x7f; }
int exit_status(int status) {
  return has_exited(status) ? status >> 8 & 0xff : 128 + (status & 0x7f);
}

enum class Disposition : uint8_t { Default, Ignored, Caught };

// "SigIgn:\t0000000000001000" of /proc/PID/status, proc_pid_status(5).
uint64_t mask_in(Text status, Text field) {
  for (; !status.empty(); status = status.from(find(status, '\n') + 1)) {
    if (!starts_with(status, field)) continue;
    uint64_t mask = 0;
    for (Text rest = status.from(field.size + 1); !rest.empty() && rest[0] != '\n';
         rest = rest.from(1))
      mask = mask << 4 | static_cast<uint64_t>(rest[0] <= '9' ? rest[0] - '0' : rest[0] - 'a' + 10);
    return mask;
  }
  return 0;
}

// What the process does with a signal. Unknown, where there is no /proc, is the default.
Disposition disposition_of(long pid, int signal) {
  FixedString<64> path;
  path << "/proc/"_t << static_cast<uint64_t>(pid) << "/status"_t << '\0';
  const long file = sys::open_at(uapi::kAT_FDCWD, path.text().data, uapi::kO_RDONLY);
  if (file < 0) return Disposition::Default;
  char bytes[4096];
  const long got = sys::read(static_cast<int>(file), bytes, sizeof bytes);
  sys::close(static_cast<int>(file));
  const Text status = {bytes, got > 0 ? static_cast<size_t>(got) : 0};
  if ((mask_in(status, "SigCgt:"_t) & uapi::bit_of(signal)) != 0) return Disposition::Caught;
  if ((mask_in(status, "SigIgn:"_t) & uapi::bit_of(signal)) != 0) return Disposition::Ignored;
  return Disposition::Default;
}

bool stops(int signal) {
  return signal == uapi::kSIGTSTP || signal == uapi::kSIGTTIN || signal == uapi::kSIGTTOU;
}

// signal(7): those that end a process that does not handle them.
bool ends(int signal) {
  constexpr uint64_t kHarmless = uapi::bit_of(uapi::kSIGCHLD) | uapi::bit_of(uapi::kSIGCONT) |
                                 uapi::bit_of(23) | uapi::bit_of(28);  // SIGURG, SIGWINCH
  return !stops(signal) && signal < 32 && (kHarmless & uapi::bit_of(signal)) == 0;
}

// A shell makes its own group the foreground; once that is gone, nobody could read from the
// terminal.
void take_back(const Terminal &terminal) {
  int now = 0;
  if (terminal.descriptor < 0 || sys::get_foreground(terminal.descriptor, now) < 0) return;
  const bool gone = now == 0 || sys::send_signal(-now, 0) < 0;
  if (now != terminal.group && gone) sys::set_foreground(terminal.descriptor, terminal.group);
}

// The command is process 1 of its namespace, where the kernel drops every signal that it has no
// handler for (pid_namespaces(7)): so it is killed or stopped from here. With --init it is process
// 2, and gets its signals from process 1. A command that handles a signal, removes the handler and
// raises the signal again (node, a shell's trap) does not die of it either: it is killed after a
// grace period.
class Supervisor {
 public:
  Supervisor(long child, const Terminal &terminal, uint64_t milliseconds, bool reaper)
      : child_(child),
        terminal_(terminal),
        deadline_(milliseconds != 0 ? now() + milliseconds : 0),
        reaper_(reaper) {}

  int run() {
    for (;;) {
      uapi::SignalInfo info = {};
      const uint64_t before = now();
      const uint64_t next = next_time();
      const uint64_t wait = next > before ? next - before : 0;
      const uapi::Time time = {static_cast<int64_t>(wait / 1000),
                               static_cast<int64_t>(wait % 1000 * 1000000)};
      const long signal = sys::wait_for_signal(kAll, info, next != 0 ? &time : nullptr);
      if (signal == uapi::kSIGCHLD && reap_child()) return end();
      if (signal > 0 && signal != uapi::kSIGCHLD) pass_on(static_cast<int>(signal), info.code);
      const uint64_t after = now();
      if (handled_ != 0 && after >= look_) look_again(after);
      if (deadline_ != 0 && after >= deadline_) time_out(after);
    }
  }

 private:
  // A thread of the command that asks to be traced by its parent, this process, stops until it is
  // detached, and no thread of it ends until it is waited for: ptrace(2).
  bool reap_child() {
    for (;;) {
      int status = 0;
      const long changed = sys::wait_for_change(-1, status, uapi::kWNOHANG | uapi::kWUNTRACED);
      if (changed <= 0) return changed == -uapi::kECHILD;
      if (has_stopped(status)) {
        sys::let_go(changed, status >> 16 != 0 ? 0 : status >> 8 & 0xff);
      } else if (changed == child_) {
        status_ = status;
        return true;
      }
    }
  }

  // Milliseconds since the machine was started.
  static uint64_t now() {
    uapi::Time time = {};
    sys::get_monotonic_time(time);
    return static_cast<uint64_t>(time.seconds) * 1000 +
           static_cast<uint64_t>(time.nanoseconds) / 1000000;
  }

  // The next deadline. 0: none, only signals.
  [[nodiscard]] uint64_t next_time() const {
    if (handled_ == 0 || (deadline_ != 0 && deadline_ < look_)) return deadline_;
    return look_;
  }

  void watch(int signal) {
    handled_ = signal;
    unhandled_ = 0;
    watched_ = now() + kWatch;
    look_ = now() + kLook;
  }

  // After a signal that was handled, and would end the command if it came now.
  void look_again(uint64_t time) {
    look_ = time + kLook;
    if (disposition_of(child_, handled_) != Disposition::Default) {
      unhandled_ = 0;
      if (time >= watched_) handled_ = 0;
      return;
    }
    if (unhandled_ == 0) unhandled_ = time;
    if (time - unhandled_ < kGrace) return;
    cause_ = handled_;
    handled_ = 0;
    sys::send_signal(child_, uapi::kSIGKILL);
  }

  void pass_on(int signal, int code) {
    const Disposition does =
        reaper_ && !stops(signal) ? Disposition::Caught : disposition_of(child_, signal);
    const bool has_it = code == uapi::kSI_KERNEL;  // of a terminal, whose group it is in
    if (does == Disposition::Caught && !has_it) sys::send_signal(child_, signal);
    if (does == Disposition::Caught && !reaper_ && ends(signal)) watch(signal);
    if (signal == uapi::kSIGCONT) sys::send_signal(child_, signal);
    if (does != Disposition::Default) return;
    if (stops(signal)) return stop();
    if (!ends(signal)) return;
    cause_ = signal;
    sys::send_signal(child_, uapi::kSIGKILL);
  }

  void stop() const {
    sys::send_signal(child_, uapi::kSIGSTOP);
    sys::send_signal(sys::process_id(), uapi::kSIGSTOP);
    sys::send_signal(child_, uapi::kSIGCONT);
  }

  void time_out(uint64_t time) {
    const bool first = !timed_out_;
    timed_out_ = true;
    deadline_ = time + kGrace;
    if (first && (reaper_ || disposition_of(child_, uapi::kSIGTERM) == Disposition::Caught))
      sys::send_signal(child_, uapi::kSIGTERM);
    else
      sys::send_signal(child_, uapi::kSIGKILL);
  }

  int end() {
    take_back(terminal_);
    if (timed_out_) return kTimedOut;
    if (cause_ != 0 && !has_exited(status_)) status_ = cause_;
    // A shell ends its loop when it sees that the command died of this.
    if (status_ == uapi::kSIGINT) die_of_interrupt();
    return exit_status(status_);
  }

  long child_;
  const Terminal &terminal_;
  uint64_t deadline_;  // when its time is over; 0: never
  bool reaper_;
  int status_ = 0;
  int cause_ = 0;  // the signal in whose place it was killed
  bool timed_out_ = false;
  int handled_ = 0;         // the last signal that the command handles, and that ends who does not
  uint64_t unhandled_ = 0;  // since when its handler is gone; 0: it is there
  uint64_t watched_ = 0;    // until when that matters
  uint64_t look_ = 0;       // when it is looked at next
};

}  // namespace

Signals block_signals(const Policy &policy) {
  Signals signals = {};
  long result = sys::set_signal_mask(uapi::kSIG_SETMASK, &kAll, &signals.mask);
  // signal(7): a child that is ignored is not waited for.
  const uapi::SignalAction action = {};
  if (result >= 0) result = sys::set_signal_action(uapi::kSIGCHLD, &action, nullptr);
  if (result < 0) die_errno(policy, "block the signals", result);
  return signals;
}

void restore_signals(const Policy &policy, const Signals &signals) {
  const long result = sys::set_signal_mask(uapi::kSIG_SETMASK, &signals.mask, nullptr);
  if (result < 0) die_errno(policy, "unblock the signals", result);
}

Terminal own_terminal() {
  Terminal terminal = {.group = static_cast<int>(sys::process_group())};
  for (int i = 0; i < 3 && terminal.descriptor < 0; i++) {
    int foreground = 0;
    if (sys::get_foreground(i, foreground) >= 0 && foreground == terminal.group)
      terminal.descriptor = i;
  }
  return terminal;
}

void die_of_interrupt() {
  const uapi::SignalAction action = {};
  sys::set_signal_action(uapi::kSIGINT, &action, nullptr);
  const uint64_t set = uapi::bit_of(uapi::kSIGINT);
  sys::send_signal(sys::process_id(), uapi::kSIGINT);
  sys::set_signal_mask(uapi::kSIG_UNBLOCK, &set, nullptr);
}

int supervise(long child, const Terminal &terminal, uint64_t milliseconds, bool reaper) {
  return Supervisor(child, terminal, milliseconds, reaper).run();
}

int reap(long child) {
  for (;;) {
    uapi::SignalInfo info = {};
    const long signal = sys::wait_for_signal(kAll, info, nullptr);
    if (signal <= 0) continue;
    if (signal != uapi::kSIGCHLD) {
      if (info.code != uapi::kSI_KERNEL) sys::send_signal(child, static_cast<int>(signal));
      continue;
    }
    for (;;) {
      int status = 0;
      const long ended = sys::wait_for_change(-1, status, uapi::kWNOHANG);
      if (ended <= 0) break;
      // As above.
      if (has_stopped(status))
        sys::let_go(ended, status >> 16 != 0 ? 0 : status >> 8 & 0xff);
      else if (ended == child)
        return exit_status(status);
    }
  }
}

}  // namespace ll
