#include "listener.h"

#include "calls.h"

namespace ll {

namespace {

constexpr uint16_t kLoad = 0x20, kAnd = 0x54, kJumpEqual = 0x15, kReturn = 0x06;
constexpr uint32_t kNotify = 0x7fc00000, kAllow = 0x7fff0000, kErrno = 0x00050000;
constexpr uint32_t kNumber = 0, kArchitecture = 4;
constexpr uint32_t low_half(uint32_t argument) { return 16 + 8 * argument; }
#if defined(__aarch64__)
constexpr uint32_t kOurArchitecture = 0xc00000b7;  // AUDIT_ARCH_AARCH64

#else
constexpr uint32_t kOurArchitecture = 0xc000003e;  // AUDIT_ARCH_X86_64

#endif

struct Refused {
  uint8_t level, name, answer;
};
constexpr Refused kOptions[] = {
#define OPTION(level, name, answer, what) {level, name, answer},
#include "refused_options.def"
};

class Writer {
 public:
  explicit Writer(Instruction *code) : code_(code) {}

  void load(uint32_t offset) { add({kLoad, 0, 0, offset}); }
  void mask(uint32_t bits) { add({kAnd, 0, 0, bits}); }
  void answer(uint32_t action) { add({kReturn, 0, 0, action}); }
  // The next instruction is left out where it is not that.
  void if_equal(uint32_t value) { add({kJumpEqual, 0, 1, value}); }
  void unless_equal(uint32_t value) { add({kJumpEqual, 1, 0, value}); }
  // Where it is one of the two, the next instruction is left out.
  void unless_either(uint32_t one, uint32_t other) {
    add({kJumpEqual, 2, 0, one});
    add({kJumpEqual, 1, 0, other});
  }
  // The block that the writer writes is for that value alone.
  template <typename Write>
  void where_equal(uint32_t value, const Write &write) {
    const size_t jump = size_;
    if_equal(value);
    write();
    code_[jump].jump_false = static_cast<uint8_t>(size_ - jump - 1);
  }
  [[nodiscard]] size_t size() const { return size_; }

 private:
  void add(const Instruction &instruction) { code_[size_++] = instruction; }

  Instruction *code_;
  size_t size_ = 0;
};

void write_socket(Writer &out, bool keeps) {
  out.load(low_half(0));
  out.unless_either(uapi::kInet, uapi::kInet6);
  out.answer(kAllow);
  out.load(low_half(1));
  out.mask(uapi::kTypeMask);
  out.if_equal(uapi::kDatagram);
  out.answer(kNotify);
  if (keeps) {
    out.if_equal(uapi::kStream);
    out.answer(kNotify);
  }
  out.answer(kAllow);
}

void write_option(Writer &out) {
  for (const Refused &option : kOptions) {
    out.load(low_half(1));
    out.where_equal(option.level, [&] {
      out.load(low_half(2));
      out.if_equal(option.name);
      out.answer(kErrno | option.answer);
    });
  }
  out.answer(kAllow);
}

}  // namespace

size_t write_listener(bool keeps, Instruction *code) {
  Writer out(code);
  // What ll-exec's own filter ends.
  out.load(kArchitecture);
  out.unless_equal(kOurArchitecture);
  out.answer(kAllow);
  out.load(kNumber);
  out.if_equal(static_cast<uint32_t>(number::connect));
  out.answer(kNotify);
  if (keeps) {
    out.if_equal(static_cast<uint32_t>(number::listen));
    out.answer(kNotify);
  }
  out.where_equal(static_cast<uint32_t>(number::socket), [&] { write_socket(out, keeps); });
  out.where_equal(static_cast<uint32_t>(number::setsockopt), [&] { write_option(out); });
  out.answer(kAllow);
  return out.size();
}

}  // namespace ll
