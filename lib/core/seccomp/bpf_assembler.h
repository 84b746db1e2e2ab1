// Writes a seccomp filter: seccomp(2), Documentation/networking/filter.rst of Linux.
#pragma once

#include "core/text.h"

namespace ll {

// linux/filter.h: struct sock_filter.
struct Instruction {
  uint16_t code;
  uint8_t jump_true, jump_false;
  uint32_t k;
};
constexpr size_t kMaxInstructions = 1023;  // two pages together with `start`
struct Program {
  Instruction code[kMaxInstructions];
  size_t start;  // index of the first instruction: the program is written from the end
};

// The program is written from its end to its start, so that the target of a jump always exists.
// A label is the distance of an instruction from the end.
using Label = size_t;

namespace bpf {

// linux/bpf_common.h
constexpr uint16_t kLoad = 0x20;         // BPF_LD | BPF_W | BPF_ABS
constexpr uint16_t kAnd = 0x54;          // BPF_ALU | BPF_AND | BPF_K
constexpr uint16_t kJump = 0x05;         // BPF_JMP | BPF_JA
constexpr uint16_t kJumpEqual = 0x15;    // BPF_JMP | BPF_JEQ | BPF_K
constexpr uint16_t kJumpAtLeast = 0x35;  // BPF_JMP | BPF_JGE | BPF_K
constexpr uint16_t kJumpSet = 0x45;      // BPF_JMP | BPF_JSET | BPF_K
constexpr uint16_t kReturn = 0x06;       // BPF_RET | BPF_K

// linux/seccomp.h: struct seccomp_data, and actions.
constexpr uint32_t kNumber = 0;
constexpr uint32_t kArchitecture = 4;
constexpr uint32_t low_half(uint32_t argument) { return 16 + 8 * argument; }
constexpr uint32_t kKillProcess = 0x80000000;
constexpr uint32_t kLog = 0x7ffc0000;
constexpr uint32_t kAllow = 0x7fff0000;
constexpr uint32_t errno_action(uint32_t number) { return 0x00050000 | number; }

#if defined(__aarch64__)
constexpr uint32_t kOurArchitecture = 0xc00000b7;  // AUDIT_ARCH_AARCH64
#else
constexpr uint32_t kOurArchitecture = 0xc000003e;  // AUDIT_ARCH_X86_64
#endif

}  // namespace bpf

class BpfAssembler {
 public:
  explicit BpfAssembler(Program &program) : program_(program) { program_.start = kMaxInstructions; }

  // False: the program is too long.
  [[nodiscard]] bool fits() const { return fits_; }

  Label emit(Instruction instruction) {
    if (program_.start == 0) {
      fits_ = false;
      return kMaxInstructions;
    }
    program_.code[--program_.start] = instruction;
    return here();
  }
  [[nodiscard]] Label here() const { return kMaxInstructions - program_.start; }
  // The jump offset to `target` from the instruction that is emitted next.
  [[nodiscard]] size_t distance(Label target) const { return here() - target; }

  Label answer(uint32_t action) { return emit({bpf::kReturn, 0, 0, action}); }

  // A conditional jump reaches 255 instructions; beyond that, an unconditional jump is inserted.
  Label near(Label target) {
    return distance(target) < 250
               ? target
               : emit({bpf::kJump, 0, 0, static_cast<uint32_t>(distance(target))});
  }

  [[nodiscard]] bool is_answer(Label label) const {
    return program_.code[kMaxInstructions - label].code == bpf::kReturn;
  }

  // If both outcomes are the same, neither the test nor the load before it is needed.
  Label test(uint16_t code, uint32_t k, Label yes, Label no) {
    if (yes == no) return yes;
    const Label near_yes = near(yes);
    const Label near_no = near(no);
    return emit({code, static_cast<uint8_t>(distance(near_yes)),
                 static_cast<uint8_t>(distance(near_no)), k});
  }
  Label equals(uint32_t k, Label yes, Label no) { return test(bpf::kJumpEqual, k, yes, no); }
  Label any_bit(uint32_t k, Label yes, Label no) { return test(bpf::kJumpSet, k, yes, no); }

  // Makes `next` the continuation: falls through, or jumps.
  Label follow(Label next) {
    return next == here() ? next : emit({bpf::kJump, 0, 0, static_cast<uint32_t>(distance(next))});
  }
  Label load(uint32_t offset, Label next) {
    if (is_answer(next)) return next;
    follow(next);
    return emit({bpf::kLoad, 0, 0, offset});
  }
  Label mask(uint32_t k, Label next) {
    if (is_answer(next)) return next;
    follow(next);
    return emit({bpf::kAnd, 0, 0, k});
  }

  // Reuses a return instruction that is within reach.
  Label shared(Label &label, uint32_t action) {
    if (label == 0 || distance(label) >= 250) label = answer(action);
    return label;
  }

  // The first test: a system call of another architecture kills the process.
  Label check_architecture(Label ours) {
    const Label foreign = answer(bpf::kKillProcess);
    return load(bpf::kArchitecture, test(bpf::kJumpEqual, bpf::kOurArchitecture, ours, foreign));
  }

 private:
  Program &program_;
  bool fits_ = true;
};

}  // namespace ll
