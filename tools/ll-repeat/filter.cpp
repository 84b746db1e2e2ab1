#include "filter.h"

#include "core/seccomp/syscalls.h"
#include "held.h"

namespace ll {

namespace {

using namespace bpf;

constexpr uint32_t kTrace = 0x7ff00000;  // SECCOMP_RET_TRACE
constexpr uint32_t kOfX32 = 0x40000000;  // __X32_SYSCALL_BIT

class FilterWriter {
 public:
  explicit FilterWriter(Program &program)
      : out_(program), allow_(out_.answer(kAllow)), next_(allow_) {}

  // What the part answers to that call. Written last, it is looked at first.
  void at(int number, Label part) {
    if (number >= 0) next_ = out_.equals(static_cast<uint32_t>(number), part, next_);
  }
  Label trace() { return out_.answer(kTrace); }

  // One of the clocks that are held, by an argument.
  Label held_clock(uint32_t argument, Label yes) {
    Label part = out_.answer(kAllow);
    for (const uint32_t clock : kHeldClocks) part = out_.equals(clock, yes, part);
    return out_.load(low_half(argument), part);
  }
  Label with_bit(uint32_t argument, uint32_t bit, Label yes) {
    const Label no = out_.answer(kAllow);
    return out_.load(low_half(argument), out_.any_bit(bit, yes, no));
  }
  // futex(2): the operations whose end is a time of day.
  Label timed_futex(Label yes) {
    const Label no = out_.answer(kAllow);
    const Label of_clock = out_.load(low_half(1), out_.any_bit(kFutexRealtime, yes, no));
    const Label lock = out_.equals(kFutexLock, yes, out_.equals(kFutexWait, no, of_clock));
    return out_.load(low_half(1), out_.mask(kFutexCommand, lock));
  }

  void end() {
    const Label unknown = out_.answer(errno_action(38));  // ENOSYS
    const Label known = out_.test(kJumpAtLeast, kOfX32, unknown, next_);
    out_.check_architecture(out_.load(kNumber, known));
  }

 private:
  BpfAssembler out_;
  Label allow_;
  Label next_;
};

}  // namespace

void write_tracing_filter(const Settings &settings, Program &program) {
  FilterWriter out(program);
  if (settings.seeded) out.at(number::getrandom, out.trace());
  if (settings.has_clock) {
    out.at(number::timer_settime, out.with_bit(1, kAbsolute, out.trace()));
    out.at(number::timerfd_settime, out.with_bit(1, kAbsolute, out.trace()));
    out.at(number::clock_nanosleep, out.with_bit(1, kAbsolute, out.held_clock(0, out.trace())));
    out.at(number::time, out.trace());
    out.at(number::gettimeofday, out.trace());
    out.at(number::clock_gettime, out.held_clock(0, out.trace()));
    out.at(number::futex_wait, out.held_clock(5, out.trace()));
    out.at(number::futex_waitv, out.held_clock(4, out.trace()));
    out.at(number::futex, out.timed_futex(out.trace()));
  }
  out.end();
}

}  // namespace ll
