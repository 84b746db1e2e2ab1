// An interpreter of classic BPF, as far as seccomp(2) allows it. Source: kernel/bpf/core.c.
#pragma once

#include <cstring>

#include "check.h"
#include "core/seccomp/filter.h"

namespace ll {

struct Data {  // struct seccomp_data
  uint32_t number, architecture;
  uint64_t pointer;
  uint64_t arguments[6];
};

inline uint32_t run(const Program &program, const Data &data) {
  uint32_t a = 0;
  for (size_t at = program.start; at < kMaxInstructions; at++) {
    const Instruction &i = program.code[at];
    switch (i.code) {
      case 0x20:
        CHECK(i.k % 4 == 0 && i.k + 4 <= sizeof data);
        std::memcpy(&a, reinterpret_cast<const char *>(&data) + i.k, 4);
        break;
      case 0x54: a &= i.k; break;
      case 0x05: at += i.k; break;
      case 0x15: at += a == i.k ? i.jump_true : i.jump_false; break;
      case 0x35: at += a >= i.k ? i.jump_true : i.jump_false; break;
      case 0x45: at += (a & i.k) != 0 ? i.jump_true : i.jump_false; break;
      case 0x06: return i.k;
      default: CHECK(i.code == 0x06); return 0;  // one that the kernel does not take
    }
  }
  CHECK(program.start > kMaxInstructions);  // it runs past its end
  return 0;
}

}  // namespace ll
