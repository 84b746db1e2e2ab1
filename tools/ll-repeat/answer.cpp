#include "answer.h"

#include "held.h"
#include "proc.h"

namespace ll {

namespace {

constexpr long kFault = -uapi::kEFAULT;

class Answer {
 public:
  Answer(const uapi::SyscallInfo &call, const Held &held, Task &task)
      : call_(call), held_(held), task_(task) {}

  Answered give() {
    switch (static_cast<long>(call_.entry.number)) {
      case number::clock_gettime: return made(report_clock());
      case number::gettimeofday: return made(report_day());
      case number::getrandom: return made(fill());
      case number::futex: return lend(3, 0);
      case number::futex_wait: return lend(4, 0);
      case number::futex_waitv: return lend(3, 0);
      case number::clock_nanosleep: return lend(2, 0);
      case number::timerfd_settime:
        return is_held(clock_of_descriptor()) ? lend(2, 1) : Answered::Left;
      case number::timer_settime: return is_held(clock_of_timer()) ? lend(2, 1) : Answered::Left;
#if !defined(__aarch64__)
      case number::time: return made(report_seconds());
#endif
      default: return Answered::Left;
    }
  }

 private:
  [[nodiscard]] uint64_t argument(size_t index) const { return call_.entry.arguments[index]; }
  [[nodiscard]] bool write(uint64_t to, const void *bytes, size_t size) {
    const long written = sys::write_memory(task_.tid, to, bytes, size);
    closed_ = written == -uapi::kEPERM;
    return written == static_cast<long>(size);
  }
  [[nodiscard]] bool read(uint64_t from, void *bytes, size_t size) {
    const long got = sys::read_memory(task_.tid, from, bytes, size);
    closed_ = got == -uapi::kEPERM;
    return got == static_cast<long>(size);
  }
  [[nodiscard]] Answered made(long result) const {
    if (closed_) return Answered::Closed;
    return sys::answer_call(task_.tid, result) < 0 ? Answered::Gone : Answered::Made;
  }

  long report_clock() {
    const uapi::Time time = held_.clock.tell();
    return write(argument(1), &time, sizeof time) ? 0 : kFault;
  }

  long report_day() {
    uapi::Time time = held_.clock.tell();
    time.nanoseconds /= 1000;
    if (argument(0) != 0 && !write(argument(0), &time, sizeof time)) return kFault;
    constexpr uint64_t kUtc = 0;  // struct timezone
    return argument(1) == 0 || write(argument(1), &kUtc, sizeof kUtc) ? 0 : kFault;
  }

#if !defined(__aarch64__)
  long report_seconds() {
    const uapi::Time time = held_.clock.tell();
    const bool written = argument(0) == 0 || write(argument(0), &time.seconds, sizeof time.seconds);
    return written ? time.seconds : kFault;
  }
#endif

  // getrandom(2): all of it, up to what the kernel gives at once.
  long fill() {
    constexpr uint64_t kKnownFlags = 7, kMax = 33554431;
    constexpr uint64_t kBoth = 6;  // GRND_RANDOM, GRND_INSECURE
    const uint64_t flags = argument(2) & UINT32_MAX;
    if ((flags & ~kKnownFlags) != 0 || (flags & kBoth) == kBoth) return -uapi::kEINVAL;
    const uint64_t size = argument(1) < kMax ? argument(1) : kMax;
    static uint8_t bytes[65536];
    for (uint64_t done = 0; done < size;) {
      const size_t part = size - done < sizeof bytes ? size - done : sizeof bytes;
      held_.stream.fill(bytes, part);
      if (!write(argument(0) + done, bytes, part)) return kFault;
      done += part;
    }
    return static_cast<long>(size);
  }

  // The end of a wait is put below the stack, where the psABI keeps nothing, and is that by the
  // machine's clock. `skipped`: how many times stand before it.
  Answered lend(size_t index, size_t skipped) {
    constexpr uint64_t kBelow = 1024;
    uapi::Time times[2];
    const uint64_t from = argument(index);
    const size_t size = (skipped + 1) * sizeof *times;
    if (from == 0 || !read(from, times, size)) return closed_ ? Answered::Closed : Answered::Left;
    uapi::Time &end = times[skipped];
    const bool stops = skipped != 0 && end.seconds == 0 && end.nanoseconds == 0;
    if (stops || end.seconds < 0 || end.nanoseconds < 0 || end.nanoseconds >= kBillion)
      return Answered::Left;
    end = held_.clock.machine_time(end);
    const uint64_t place = (call_.stack - kBelow) & ~uint64_t{15};
    if (!write(place, times, size)) return made(-uapi::kENOMEM);
    if (sys::set_argument(task_.tid, index, place) < 0) return Answered::Gone;
    task_.lent = true;
    task_.argument = from;
    task_.lent_index = static_cast<uint8_t>(index);
    return Answered::Lent;
  }

  // proc_pid_fdinfo(5)
  [[nodiscard]] uint64_t clock_of_descriptor() const {
    FixedString<32> name;
    name << "fdinfo/"_t << (argument(0) & UINT32_MAX);
    return number_behind(read_proc(task_.tid, name.text()), "\nclockid: "_t);
  }

  // proc_pid_timers(5): a part for each, which begins with "ID: 0".
  [[nodiscard]] uint64_t clock_of_timer() const {
    Text rest = read_proc(task_.process, "timers"_t);
    while (number_behind(rest, "ID: "_t) != (argument(0) & UINT32_MAX)) {
      const size_t end = end_of_timer(rest);
      if (end == kNpos) return kNpos;
      rest = rest.from(end);
    }
    return number_behind(rest, "\nClockID: "_t);
  }
  static size_t end_of_timer(Text text) {
    for (size_t at = 1; at < text.size; at++)
      if (text[at - 1] == '\n' && starts_with(text.from(at), "ID: "_t)) return at;
    return kNpos;
  }

  const uapi::SyscallInfo &call_;
  const Held &held_;
  Task &task_;
  bool closed_ = false;
};

}  // namespace

Answered answer(const uapi::SyscallInfo &call, const Held &held, Task &task) {
  return Answer(call, held, task).give();
}

}  // namespace ll
