#include "command.h"

#include "calls.h"

namespace ll {

namespace {

constexpr uint64_t kAll = UINT64_MAX;
constexpr int kLimitCore = 4;  // RLIMIT_CORE

bool has_exited(int status) { return (status & 0x7f) == 0; }
bool has_stopped(int status) { return (status & 0xff) == 0x7f; }
bool has_continued(int status) { return status == 0xffff; }

}  // namespace

long Command::start(long child) {
  child_ = child;
  // signal(7): a child that is ignored is not waited for.
  long result = sys::set_signal_mask(uapi::kSIG_SETMASK, &kAll, nullptr);
  if (result >= 0) result = sys::set_signal_action(uapi::kSIGCHLD, {});
  // What is left behind by its parent in the command is this process's to read: Yama.
  if (result >= 0) result = sys::set_process(uapi::kPR_SET_CHILD_SUBREAPER, 1);
  return result < 0 ? result : sys::make_signal_descriptor(kAll);
}

void Command::follow_stop() {
  stopped_ = true;
  sys::send_signal(sys::process_id(), uapi::kSIGSTOP);
}

// A thread of the command that asks to be traced by its parent, which is this process, stops until
// it is let go: ptrace(2).
bool Command::reap() {
  for (;;) {
    int status = 0;
    const long changed =
        sys::wait_for_change(-1, status, uapi::kWNOHANG | uapi::kWUNTRACED | uapi::kWCONTINUED);
    if (changed == -uapi::kEINTR) continue;
    if (changed <= 0) {
      if (changed == 0) return false;
      status_ = kFailed << 8;  // it was not to be waited for
      return true;
    }
    if (has_continued(status)) {
      if (changed == child_) stopped_ = false;
    } else if (has_stopped(status)) {
      const int signal = status >> 8 & 0xff;
      if (sys::let_go(changed, status >> 16 != 0 ? 0 : signal) < 0 && changed == child_)
        follow_stop();
    } else if (changed == child_) {
      status_ = status;
      return true;
    }
  }
}

bool Command::on_signal(int descriptor) {
  uapi::SignalRecord record;
  while (sys::read(descriptor, &record, sizeof record) == sizeof record) {
    const auto signal = static_cast<int>(record.number);
    if (signal == uapi::kSIGCHLD) {
      if (reap()) return true;
    } else if (signal == uapi::kSIGCONT) {
      if (stopped_) sys::send_signal(child_, signal);
      stopped_ = false;
    } else if (record.code != uapi::kSI_KERNEL) {
      sys::send_signal(child_, signal);  // a terminal's have reached it already
    }
  }
  return false;
}

void Command::end_as_it_did() const {
  if (has_exited(status_)) sys::exit(status_ >> 8 & 0xff);
  const int signal = status_ & 0x7f;
  const uapi::ResourceLimit none = {};
  sys::set_limit(kLimitCore, none);
  sys::set_signal_action(signal, {});
  const uint64_t set = uapi::bit_of(signal);
  sys::send_signal(sys::process_id(), signal);
  sys::set_signal_mask(uapi::kSIG_UNBLOCK, &set, nullptr);
  sys::exit(128 + signal);
}

}  // namespace ll
