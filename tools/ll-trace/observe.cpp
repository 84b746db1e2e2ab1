#include "observe.h"

#include "os/kernel/process.h"
#include "os/kernel/sys.h"
#include "traced_syscalls.h"

namespace ll {

void observe(const Policy &policy, Program &program, const Observed &observed) {
  static constinit Program observer{};
  write_trace_filter(observer, observed.all, observed.calls);
  observed.learns ? stop_instead(program) : trap_instead(program);
  // The privileges that a filter is not to be for are given up before, not at the launch.
  long result = sys::set_no_new_privileges();
  if (result < 0) die_errno(policy, "set no_new_privs", result);
  const uapi::SockFprog loaded = {
      .length = static_cast<uint16_t>(kMaxInstructions - observer.start),
      .code = observer.code + observer.start};
  result = sys::set_filter(0, loaded);
  if (result < 0) die_errno(policy, "install the observing filter", result);
}

}  // namespace ll
