#include "start.h"

#include "calls.h"
#include "ll-trace/tracee_memory.h"
#include "proc.h"

namespace ll {

namespace {

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
      if (key == uapi::kAT_RANDOM) places.random = value;
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
  return sys::trace(uapi::kPTRACE_POKEUSER, tid, kSegment, kOf64Bits) >= 0;
#endif
}

bool put(int tid, uint64_t base, const Change &change) {
  return sys::poke(tid, base + change.offset, change.word) >= 0;
}

// Where the time goes, it is what that process's CLOCK_MONOTONIC is, and what is added.
bool put_offset(int tid, uint64_t base, const Vdso &vdso, int64_t own) {
  FixedString<24> process;
  process << static_cast<uint64_t>(tid);
  int64_t offset = 0;
  if (!monotonic_offset(process.text(), offset)) return false;
  const int64_t added = vdso.seconds - (offset - own);
  return offset == own || put(tid, base, {vdso.second_at, static_cast<uint64_t>(added)});
}

}  // namespace

namespace {

// The next one of a text, which goes on behind it.
Text take_word(Text &text) {
  while (starts_with(text, " "_t)) text = text.from(1);
  size_t size = 0;
  while (size < text.size && text[size] != ' ' && text[size] != '\n') size++;
  const Text word = text.first(size);
  text = text.from(size);
  return word;
}

}  // namespace

// "monotonic      -7200         0", and more lines. A kernel need not have it.
bool monotonic_offset(Text process, int64_t &seconds) {
  Text rest = read_proc(process, "timens_offsets"_t);
  seconds = 0;
  if (rest.empty()) return true;
  if (!(take_word(rest) == "monotonic"_t)) return false;
  const Text word = take_word(rest);
  const bool negative = starts_with(word, "-"_t);
  uint64_t number = 0;
  if (!parse_number(word.from(negative ? 1 : 0), INT64_MAX, number)) return false;
  seconds = negative ? -static_cast<int64_t>(number) : static_cast<int64_t>(number);
  return take_word(rest) == "0"_t;
}

Started hold_program(int tid, uint64_t stack, const Vdso &vdso, int64_t own_offset,
                     Stream *stream) {
  Places places;
  if (!Stack(tid, stack).read(places)) return Started::Unknown;
  if (places.vdso != 0 && !is_known(tid, places.vdso, vdso)) return Started::Unknown;
  if (places.vdso != 0) {
    for (size_t i = 0; i < vdso.change_count; i++)
      if (!put(tid, places.vdso, vdso.changes[i])) return Started::Gone;
    if (vdso.moves && !put_offset(tid, places.vdso, vdso, own_offset)) return Started::Unknown;
  }
  if (stream == nullptr || places.random == 0) return Started::Held;
  uint8_t bytes[16];
  stream->fill(bytes, sizeof bytes);
  return sys::write_memory(tid, places.random, bytes, sizeof bytes) == sizeof bytes ? Started::Held
                                                                                    : Started::Gone;
}

void end_program(int tid, uint64_t place) {
  if (!put_end(tid, place)) sys::call(number::kill, tid, uapi::kSIGKILL);
}

}  // namespace ll
