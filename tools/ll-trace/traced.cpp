#include "traced.h"

namespace ll {

namespace {

enum Numbers : int16_t {
#if defined(__aarch64__)
#define SYSCALL(name, x86_64, arm64, group, more) kNumberOf_##name = arm64,
#else
#define SYSCALL(name, x86_64, arm64, group, more) kNumberOf_##name = x86_64,
#endif
#include "core/seccomp/syscalls.def"
};

}  // namespace

constexpr Traced kTraced[kTracedCount] = {
#define TRACED(name, kind, directory, path, more) \
  {kNumberOf_##name, CallKind::kind, directory, path, more},
#include "traced.def"
};

const Traced *traced_call(uint64_t number) {
  for (const Traced &traced : kTraced)
    if (traced.number >= 0 && static_cast<uint64_t>(traced.number) == number) return &traced;
  return nullptr;
}

size_t row_of_call(uint64_t number) {
  size_t row = 0;
  for (const char *name = kCallNames; *name != '\0'; name += c_text(name).size + 1, row++) {
    const int own = number_of_call(row);
    if (own >= 0 && static_cast<uint64_t>(own) == number) return row;
  }
  return kNone;
}

Text name_of_call(uint64_t number) {
  const size_t row = row_of_call(number);
  return row == kNone ? "a call that ll-trace does not know"_t : text_at(kCallNames, row);
}

namespace {

// linux/filter.h, linux/seccomp.h
constexpr uint16_t kLoad = 0x20, kJumpEqual = 0x15, kReturn = 0x06;
constexpr uint32_t kAllow = 0x7fff0000, kStop = 0x7ff00000, kErrno = 0x00050000;
constexpr uint32_t kTrap = 0x00030000;
constexpr uint32_t kAction = 0xffff0000;
constexpr uint32_t low_half(uint32_t argument) { return 16 + 8 * argument; }

// fs/ioctl.c does these itself, for every file; Landlock lets them pass (security/landlock/fs.c,
// is_masked_device_ioctl): FIOCLEX, FIONCLEX, FIONBIO, FIOASYNC, FIONREAD.
constexpr uint32_t kHarmless[] = {0x5451, 0x5450, 0x5421, 0x5452, 0x541b};

}  // namespace

// A call that is neither looked at nor refused costs a look into the kernel's table of such calls
// (kernel/seccomp.c, seccomp_cache_check_allow), so that the order here does not matter.
void write_observer(Program &program, bool all) {
  program.start = kMaxInstructions;
  const auto emit = [&](Instruction instruction) { program.code[--program.start] = instruction; };
  const auto here = [&] { return kMaxInstructions - program.start; };
  emit({kReturn, 0, 0, kStop});
  const size_t stop = here();
  emit({kReturn, 0, 0, kAllow});
  const size_t allow = here();
  const auto to = [&](size_t label) { return static_cast<uint8_t>(here() - label); };
  // sendto(2) without an address is send(2).
  emit({kJumpEqual, to(allow), to(stop), 0});
  emit({kLoad, 0, 0, low_half(4)});
  const size_t send = all ? stop : here();
  for (const uint32_t &command : kHarmless) {
    const bool last = &command == &kHarmless[0];
    emit({kJumpEqual, to(allow), last ? to(stop) : uint8_t{0}, command});
  }
  emit({kLoad, 0, 0, low_half(1)});
  const size_t ioctl = here();
  bool last = true;
  for (const Traced &traced : kTraced) {
    if (traced.number < 0) continue;
    const size_t target = traced.kind == CallKind::Ioctl  ? ioctl
                          : traced.kind == CallKind::Send ? send
                                                          : stop;
    emit({kJumpEqual, to(target), last ? to(allow) : uint8_t{0},
          static_cast<uint32_t>(traced.number)});
    last = false;
  }
  emit({kLoad, 0, 0, 0});  // the number
}

// seccomp(2): of the answers of all filters the first in the order of kill, trap, errno, notify,
// trace, log, allow wins, and the newest of equals: a stop can be outwitted by a filter that the
// command installs, a trap cannot.
static void answer_instead(Program &program, uint32_t answer) {
  for (size_t i = program.start; i < kMaxInstructions; i++) {
    Instruction &instruction = program.code[i];
    if (instruction.code == kReturn && (instruction.k & kAction) == kErrno)
      instruction.k = answer | (instruction.k & ~kAction);
  }
}

void trap_instead(Program &program) { answer_instead(program, kTrap | kOwnTrap); }
void stop_instead(Program &program) { answer_instead(program, kStop); }

}  // namespace ll
