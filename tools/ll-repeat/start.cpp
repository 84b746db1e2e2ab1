#include "start.h"

#include "calls.h"
#include "ll-trace/tracee.h"

namespace ll {

namespace {

constexpr uint64_t kAuxVdso = 33;  // AT_SYSINFO_EHDR

struct Places {
  uint64_t vdso = 0, random = 0;
};

// What execve(2) has put on the stack, word by word: argc, argv, a null, the environment, a null,
// the auxiliary vector.
class Stack {
 public:
  Stack(int tid, uint64_t from) : tid_(tid), from_(from) {}

  bool read(Places &places) {
    uint64_t count = 0;
    if (!next(count)) return false;
    for (uint64_t i = 0; i <= count; i++)
      if (uint64_t word = 0; !next(word)) return false;
    for (uint64_t word = 1; word != 0;)
      if (!next(word)) return false;
    for (uint64_t key = 1; key != 0;) {
      uint64_t value = 0;
      if (!next(key) || !next(value)) return false;
      if (key == kAuxVdso) places.vdso = value;
      if (key == uapi::kAuxRandom) places.random = value;
    }
    return true;
  }

 private:
  // Not over the end of the stack: a part of a page at a time.
  bool next(uint64_t &word) {
    if (at_ == size_) {
      const size_t part = kPart - from_ % kPart;
      if (!read_bytes(tid_, from_, words_, part)) return false;
      from_ += part;
      at_ = 0;
      size_ = part / sizeof word;
    }
    word = words_[at_++];
    return true;
  }

  static constexpr size_t kPart = 2048;
  int tid_;
  uint64_t from_;
  size_t at_ = 0, size_ = 0;
  uint64_t words_[kPart / 8];
};

bool is_known(int tid, uint64_t at, const Vdso &vdso) {
  uint64_t head[8];
  if (!read_bytes(tid, at, head, sizeof head)) return false;
  for (size_t i = 0; i < 8; i++)
    if (head[i] != vdso.head[i]) return false;
  return true;
}

}  // namespace

Started hold_program(int tid, uint64_t stack, const Vdso &vdso, Stream *stream) {
  Places places;
  if (!Stack(tid, stack).read(places)) return Started::Unknown;
  if (places.vdso != 0 && !is_known(tid, places.vdso, vdso)) return Started::Unknown;
  if (places.vdso != 0)
    for (size_t i = 0; i < vdso.change_count; i++) {
      const Change &change = vdso.changes[i];
      if (sys::poke(tid, places.vdso + change.offset, change.word) < 0) return Started::Gone;
    }
  if (stream == nullptr || places.random == 0) return Started::Held;
  uint8_t bytes[16];
  stream->fill(bytes, sizeof bytes);
  return sys::write_memory(tid, places.random, bytes, sizeof bytes) == sizeof bytes ? Started::Held
                                                                                    : Started::Gone;
}

// exit_group(125). Of 32 bits it becomes one of 64, whose calls the filter lets through.
void end_program(int tid) {
  constexpr long kOfAll = 1;  // NT_PRSTATUS
#if defined(__aarch64__)
  uint64_t registers[34];
  constexpr size_t kPlace = 32, kNumber = 8, kStatus = 0;
  constexpr uint64_t kCall = 0xd4000001;  // svc 0
#else
  uint64_t registers[27];
  constexpr size_t kPlace = 16, kNumber = 10, kStatus = 14, kSegment = 17;
  constexpr uint64_t kCall = 0x050f, kOf64Bits = 0x33;  // syscall; __USER_CS
#endif
  constexpr uint64_t kFailed = 125;
  const uapi::Stretch stretch = {registers, sizeof registers};
  if (sys::trace(uapi::kGetRegisters, tid, kOfAll, sys::address(&stretch)) >= 0 &&
      stretch.size == sizeof registers) {
    registers[kNumber] = number::exit_group;
    registers[kStatus] = kFailed;
#if !defined(__aarch64__)
    registers[kSegment] = kOf64Bits;
    registers[15] = UINT64_MAX;  // orig_rax: it is in no call
#endif
    if (sys::poke(tid, registers[kPlace], kCall) >= 0 &&
        sys::trace(uapi::kSetRegisters, tid, kOfAll, sys::address(&stretch)) >= 0)
      return;
  }
  sys::call(number::kill, tid, uapi::kSigKill);
}

}  // namespace ll
