#include "traced_syscalls.h"

namespace ll {

constexpr TracedSyscall kTracedSyscalls[kTracedSyscallCount] = {
#define TRACED(name, kind, directory, path, more) \
  {number::name, CallKind::kind, directory, path, more},
#include "traced_syscalls.def"
};

namespace {

constexpr TracedSyscall kAnswers[] = {{number::recvfrom, CallKind::Receive, 0, 1, 2},
                                      {number::recvmsg, CallKind::ReceiveMessage, 0, 1, kNo},
                                      {number::read, CallKind::Read, 0, 1, 2}};
// What Go's own resolver reads, which asks a socket that is connected: the size of RFC 6891 that
// it offers, and that of RFC 1035.
constexpr uint32_t kSizesOfAnswer[] = {1232, 512};

const TracedSyscall *find_in(const TracedSyscall *rows, size_t count, uint64_t number) {
  for (size_t i = 0; i < count; i++)
    if (rows[i].number >= 0 && static_cast<uint64_t>(rows[i].number) == number) return &rows[i];
  return nullptr;
}

}  // namespace

const TracedSyscall *traced_call(uint64_t number) {
  const TracedSyscall *found = find_in(kTracedSyscalls, kTracedSyscallCount, number);
  return found != nullptr ? found : find_in(kAnswers, sizeof kAnswers / sizeof *kAnswers, number);
}

size_t row_of_call(uint64_t number) {
  size_t row = 0;
  for (const char *name = kCallNames; *name != '\0'; name += c_text(name).size + 1, row++) {
    const int own = number_of_call(row);
    if (own >= 0 && static_cast<uint64_t>(own) == number) return row;
  }
  return kNpos;
}

Text name_of_call(uint64_t number) {
  const size_t row = row_of_call(number);
  return row == kNpos ? "a call that ll-trace does not know"_t : nth(kCallNames, row);
}

namespace {

using namespace bpf;

// linux/seccomp.h: actions
constexpr uint32_t kStop = 0x7ff00000, kErrno = 0x00050000, kTrap = 0x00030000;
constexpr uint32_t kAction = 0xffff0000;
// Above all errnos, which a stop may say as well.
static_assert(kOfLog > 4095);

// fs/ioctl.c does these itself, for every file; Landlock lets them pass (security/landlock/fs.c,
// is_masked_device_ioctl): FIOCLEX, FIONCLEX, FIONBIO, FIOASYNC, FIONREAD.
constexpr uint32_t kHarmless[] = {0x5451, 0x5450, 0x5421, 0x5452, 0x541b};

}  // namespace

// A call that is neither looked at nor refused costs a look into the kernel's table of such calls
// (kernel/seccomp.c, seccomp_cache_check_allow), so that the order here does not matter.
void write_trace_filter(Program &program, bool all, bool calls) {
  BpfAssembler out(program);
  const Label stop = out.answer(kStop);
  const Label allow = calls ? stop : out.answer(kAllow);
  // sendto(2) without an address is send(2).
  const Label send = all ? stop : out.load(low_half(4), out.equals(0, allow, stop));
  Label command = stop;
  for (const uint32_t harmless : kHarmless) command = out.equals(harmless, allow, command);
  const Label ioctl = out.load(low_half(1), command);
  Label next = allow;
  if (all) {
    Label read = allow;
    for (const uint32_t size : kSizesOfAnswer) read = out.equals(size, stop, read);
    read = out.load(low_half(2), read);
    for (const TracedSyscall &traced : kAnswers)
      next = out.equals(static_cast<uint32_t>(traced.number),
                        traced.kind == CallKind::Read ? read : stop, next);
  }
  for (const TracedSyscall &traced : kTracedSyscalls) {
    if (traced.number < 0) continue;
    const Label target = traced.kind == CallKind::Ioctl  ? ioctl
                         : traced.kind == CallKind::Send ? send
                                                         : stop;
    next = out.equals(static_cast<uint32_t>(traced.number), target, next);
  }
  out.load(kNumber, next);
}

// seccomp(2): of the answers of all filters the first in the order of kill, trap, errno, notify,
// trace, log, allow wins, and the newest of equals: a stop can be outwitted by a filter that the
// command installs, a trap cannot.
static void answer_instead(Program &program, uint32_t answer) {
  for (size_t i = program.start; i < kMaxInstructions; i++) {
    Instruction &instruction = program.code[i];
    if (instruction.code == kReturn && (instruction.k & kAction) == kErrno)
      instruction.k = answer | (instruction.k & ~kAction);
    if (instruction.code == kReturn && instruction.k == kLog) instruction.k = kStop | kOfLog;
  }
}

void trap_instead(Program &program) { answer_instead(program, kTrap | kOwnTrap); }
void stop_instead(Program &program) { answer_instead(program, kStop); }

}  // namespace ll
