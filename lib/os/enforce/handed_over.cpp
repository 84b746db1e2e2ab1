#include "core/seccomp/filter.h"
#include "os/enforce/supervised.h"
#include "os/kernel/sys.h"

namespace ll {

Process without_first_argument(const Process &process) {
  Process rest = process;
  rest.arguments[1] = rest.arguments[0];
  rest.arguments++;
  rest.argument_count--;
  return rest;
}

void follow_process(Policy &policy, long before) {
  FixedString<32> old_path;
  old_path << "/proc/"_t << static_cast<uint64_t>(before);
  for (size_t i = 0; i < policy.rule_count; i++) {
    Text &value = policy.rules[i].value;
    const Text rest = value.from(old_path.text().size);
    if (!starts_with(value, old_path.text()) || (!rest.empty() && rest[0] != '/')) continue;
    FixedString<32> path;
    path << "/proc/"_t << static_cast<uint64_t>(sys::process_id());
    const size_t start = policy.arena.used;
    if (!policy.arena.push(path.text()) || !policy.arena.push(rest) ||
        !policy.arena.finish(start, value))
      die_at(policy, policy.rules[i].where, kTooMuchText, kMaxText);
  }
}

void let_go_of_judge(Policy &policy) {
  if (policy.judging.descriptor != 0) sys::close(policy.judging.descriptor);
  policy.judging.descriptor = 0;
}

void hand_over_connections(const Policy &policy, const Plan &plan) {
  if (!hands_over(policy, plan)) return;
  // Without ll-net these calls must not be allowed.
  if (policy.supervisor == 0)
    die_at(policy, kNoLocation,
           "connections by host are decided by ll-net, which this program cannot start\n"
           "run it with ll-exec or sandbox.sh");
  note_floor(policy, plan);
  static Instruction code[128];
  const long got = sys::read(policy.supervisor, code, sizeof code);
  // ll-net has reported the reason.
  if (got <= 0) sys::exit(kFailed);
  const uapi::SockFprog program = {
      .length = static_cast<uint16_t>(static_cast<size_t>(got) / sizeof *code), .code = code};
  const long listener = sys::set_filter(uapi::kNewListenerFlags, program);
  if (listener == -uapi::kEBUSY)
    die_at(policy, kNoLocation,
           "this process has a seccomp listener already (WSL2, another sandbox): the kernel"
           " allows one");
  if (listener < 0) die_errno(policy, "hand over connections to the supervisor", listener);
  const long passed = sys::pass_descriptor(policy.supervisor, static_cast<int>(listener));
  if (passed < 0) die_errno(policy, "hand over connections to the supervisor", passed);
  sys::close(static_cast<int>(listener));
  sys::close(policy.supervisor);
}

}  // namespace ll
