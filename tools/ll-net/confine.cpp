#include "confine.h"

#include "core/seccomp/filter.h"

namespace ll {

long close_all_but(uint32_t first, int one, int other, int third) {
  const int kept[] = {one, other, third};
  for (;;) {
    uint32_t next = UINT32_MAX;
    for (const int descriptor : kept)
      if (const auto number = static_cast<uint32_t>(descriptor); number >= first && number < next)
        next = number;
    if (next == UINT32_MAX) return sys::close_range(first, UINT32_MAX);
    if (next > first)
      if (const long result = sys::close_range(first, next - 1); result < 0) return result;
    first = next + 1;
  }
}

long allow_only(const int16_t *numbers, size_t count) {
  static constinit Program program{};
  BpfAssembler out(program);
  const Label allowed = out.answer(bpf::kAllow);
  Label next = out.answer(bpf::kKillProcess);
  for (size_t i = 0; i < count; i++)
    next = out.equals(static_cast<uint32_t>(numbers[i]), allowed, next);
  out.check_architecture(out.load(bpf::kNumber, next));
  return sys::set_filter(0, {.length = static_cast<uint16_t>(kMaxInstructions - program.start),
                             .code = program.code + program.start});
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
