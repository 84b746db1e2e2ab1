#include "os/enforce/supervised.h"

#include "core/peer.h"
#include "core/policy/serialize.h"
#include "os/enforce/beside.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

void write_argument(Policy &policy, const Rule &rule, const char *&argument) {
  Text option;
  if (!write_option(policy.arena, rule, option)) die_at(policy, rule.where, kTooMuchText, kMaxText);
  argument = option.data;
}

[[noreturn]] void become_supervisor(const Process &process, Policy &policy, int control, long child,
                                    const Supervision &supervision) {
  const char *arguments[kMaxRules + 3];
  Line<64> how;
  how << "--supervise="_t << static_cast<uint32_t>(control) << ',' << static_cast<uint64_t>(child)
      << ',' << uint32_t{supervision.own_sockets} << ',' << uint32_t{supervision.verbose} << ','
      << static_cast<uint32_t>(supervision.told) << '\0';
  size_t count = 0;
  arguments[count++] = "ll-net";
  arguments[count++] = how.text().data;
  for (size_t i = 0; i < policy.rule_count; i++) {
    const Directive directive = policy.rules[i].directive;
    const Value value = row_of(directive).value;
    if (value == Value::Port || value == Value::NoHost || directive == Directive::Cap)
      write_argument(policy, policy.rules[i], arguments[count++]);
  }
  arguments[count] = nullptr;
  BesidePath path;
  write_beside(process, policy, "ll-net"_t, path);
  const long error = sys::execute(path, const_cast<char *const *>(arguments), process.environment);
  die_at(policy, kNowhere, "cannot start the supervisor %: %\nit is installed beside ll-exec",
         c_text(path), Error{error});
}

}  // namespace

void make_told(const Policy &policy, int (&ends)[2]) {
  constexpr int kWaitless = 04000;  // O_NONBLOCK
  long result = sys::call(number::pipe2, sys::address(ends), uapi::kCloseOnExec | kWaitless);
  if (result >= 0) result = sys::set_descriptor_flags(ends[1], 0);
  if (result < 0) die_of(policy, "make a pipe", result);
}

void start_supervisor(const Process &process, Policy &policy, const Supervision &how) {
  const long self = sys::process_id();
  int ends[2];
  const long paired = sys::make_socket_pair(uapi::kPackets, ends);
  if (paired < 0) die_of(policy, "make a pair of sockets", paired);
  const long child = sys::fork();
  if (child < 0) die_of(policy, "start a process", child);
  sys::close(ends[child == 0 ? 0 : 1]);
  if (child != 0) become_supervisor(process, policy, ends[0], child, how);
  policy.supervisor = ends[1];
  let_go_of_judge(policy);
  follow_process(policy, self);
}

}  // namespace ll
