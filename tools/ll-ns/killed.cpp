#include "killed.h"

#include "calls.h"
#include "core/seccomp/decisions.h"
#include "os/kernel/process.h"

namespace ll {

namespace {

// "syscall=101" of a record of audit. False: it has no such field.
bool number_in(Text record, Text field, uint64_t &number) {
  for (; !record.empty(); record = record.from(find(record, ' ') + 1))
    if (starts_with(record, field))
      return parse_number(record.from(field.size).first(find(record.from(field.size), ' ')),
                          UINT32_MAX, number);
  return false;
}

// The last call that this process was killed for: an AUDIT_SECCOMP (1326) record with SIGSYS. Its
// process IDs are those of the initial PID namespace.
bool logged_call(long child, uint64_t &call) {
  constexpr int kNonBlock = 04000;  // O_RDONLY | O_NONBLOCK
  constexpr int kEPIPE = 32;
  const long log = sys::open_at(uapi::kAT_FDCWD, "/dev/kmsg", kNonBlock);
  if (log < 0) return false;
  bool found = false;
  for (;;) {
    char bytes[1024];
    const long got = sys::read(static_cast<int>(log), bytes, sizeof bytes);
    if (got == -kEPIPE) continue;  // what was next is overwritten
    if (got <= 0) break;
    const Text record = {bytes, static_cast<size_t>(got)};
    uint64_t signal = 0;
    uint64_t process = 0;
    if (contains(record, "type=1326"_t) && number_in(record, "sig="_t, signal) && signal == 31 &&
        number_in(record, "pid="_t, process) && process == static_cast<uint64_t>(child))
      found = number_in(record, "syscall="_t, call);
  }
  sys::close(static_cast<int>(log));
  return found;
}

// Of this architecture. Empty: this program knows none of that number.
Text name_of(uint64_t call) {
  for (size_t row = 0; row < kCallCount; row++)
    if (const int number = number_of_call(row);
        number >= 0 && static_cast<uint64_t>(number) == call)
      return nth(kCallNames, row);
  return {};
}

}  // namespace

void format_killed(const Policy &policy, long child) {
  const Rule *action = nullptr;
  for (size_t i = 0; i < policy.rule_count; i++)
    if (is_verb(policy.rules[i], SyscallVerb::Action)) action = &policy.rules[i];
  if (action == nullptr || !(action->value == "kill"_t)) return;
  uint64_t call = 0;
  const Text name = logged_call(child, call) ? name_of(call) : Text{};
  Diagnostic problem;
  if (name.empty())
    problem.fail(action->where, "the command was killed for a system call\nll-trace names it");
  else
    problem.fail(action->where, "the command was killed for the system call %", name);
  warn(policy, problem);
}

}  // namespace ll
