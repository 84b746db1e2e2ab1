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

// exit_group(125).
#if defined(__aarch64__)
constexpr uint64_t kEnd[] = {0xd2800fa0d2800bc8, 0xd4000001};  // mov x8, 94; mov x0, 125; svc 0
#else
constexpr uint64_t kEnd[] = {0x007dbf000000e7b8,
                             0x050f0000};  // mov 231, eax; mov 125, edi; syscall
#endif

bool put_end(int tid, uint64_t place) {
  for (const uint64_t word : kEnd) {
    if (sys::poke(tid, place, word) < 0) return false;
    place += sizeof word;
  }
#if defined(__aarch64__)
  return true;
#else
  // Of 32 bits it becomes one of 64, whose calls the filter lets through.
  constexpr long kSegment = 17L * 8, kOf64Bits = 0x33;  // struct user: cs; __USER_CS
  return sys::trace(uapi::kPokeUser, tid, kSegment, kOf64Bits) >= 0;
#endif
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

void end_program(int tid, uint64_t place) {
  if (!put_end(tid, place)) sys::call(number::kill, tid, uapi::kSigKill);
}

}  // namespace ll
