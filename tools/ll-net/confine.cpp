#include "confine.h"

#include "core/seccomp/filter.h"

namespace ll {

namespace {

constexpr uint16_t kLoad = 0x20, kJumpEqual = 0x15, kReturn = 0x06;  // BPF_LD, BPF_JEQ, BPF_RET
constexpr uint32_t kKillProcess = 0x80000000, kAllow = 0x7fff0000;
constexpr size_t kMostCalls = 64;

}  // namespace

bool close_all_but(int descriptor) {
  const auto kept = static_cast<uint32_t>(descriptor);
  return (kept == 0 || sys::close_range(0, kept - 1) >= 0) &&
         sys::close_range(kept + 1, UINT32_MAX) >= 0;
}

long allow_only(const int16_t *numbers, size_t count) {
  Instruction code[2 * kMostCalls + 2];
  size_t size = 0;
  code[size++] = {kLoad, 0, 0, 0};
  for (size_t i = 0; i < count; i++) {
    code[size++] = {kJumpEqual, 0, 1, static_cast<uint32_t>(numbers[i])};
    code[size++] = {kReturn, 0, 0, kAllow};
  }
  code[size++] = {kReturn, 0, 0, kKillProcess};
  return sys::set_filter(0, {.length = static_cast<uint16_t>(size), .code = code});
}

long forbid_all_paths() {
  const long abi = sys::landlock_abi();
  if (abi < 0) return abi;
  const int known = abi < kNewestAbi ? static_cast<int>(abi) : kNewestAbi;
  const long ruleset = sys::create_ruleset({.handled_access_fs = rights_of_abi(Field::Fs, known),
                                            .handled_access_net = rights_of_abi(Field::Net, known),
                                            .scoped = rights_of_abi(Field::Scope, known)});
  if (ruleset < 0) return ruleset;
  const long result = sys::restrict_self(static_cast<int>(ruleset), 0);
  sys::close(static_cast<int>(ruleset));
  return result;
}

}  // namespace ll
