#include "attach.h"

#include "calls.h"
#include "core/host.h"
#include "os/kernel/process.h"

namespace ll {

namespace {

bool receive(int from, long &value) {
  return sys::read(from, &value, sizeof value) == sizeof value;
}
void send(int to, long value) {
  host_write(to, {reinterpret_cast<const char *>(&value), sizeof value});
}

void make_pipe(const Policy &policy, int (&ends)[2]) {
  const long result = sys::make_pipe(ends);
  if (result < 0) die_errno(policy, "make a pipe", result);
}

// Signals that the terminal sends to the command's group are not for the tracer: it ends when there
// is nothing left to be traced.
void detach_terminal() {
  sys::new_session();
  const uint64_t all = UINT64_MAX;
  sys::set_signal_mask(uapi::kSIG_SETMASK, &all, nullptr);
  sys::close(0);
  sys::close(1);
}

long seize(long pid) {
  constexpr long kOptions = uapi::kPTRACE_O_TRACESYSGOOD | uapi::kPTRACE_O_TRACEFORK |
                            uapi::kPTRACE_O_TRACEVFORK | uapi::kPTRACE_O_TRACECLONE |
                            uapi::kPTRACE_O_TRACEEXEC | uapi::kPTRACE_O_TRACEEXIT |
                            uapi::kPTRACE_O_TRACESECCOMP | uapi::kPTRACE_O_EXITKILL;
  return sys::seize(pid, kOptions);
}

[[noreturn]] void fail_to_trace(const Policy &policy, long error) {
  die_at(policy, {},
         "cannot trace the command: %\n"
         "another tracer, a container's filter or kernel.yama.ptrace_scope forbids it",
         Error{error});
}

}  // namespace

// The tracer's parent is gone before the command starts: a command that waits for all its children
// (wait(2)) would wait for its tracer. Yama lets only ancestors trace, and who is named: prctl(2),
// PR_SET_PTRACER, which a kernel without it does not know.
int split(const Policy &policy) {
  int to_tracer[2] = {-1, -1};
  int to_traced[2] = {-1, -1};
  make_pipe(policy, to_tracer);
  make_pipe(policy, to_traced);
  const long traced = sys::process_id();
  const long middle = sys::fork();
  if (middle < 0) die_errno(policy, "start the tracer", middle);
  if (middle == 0) {
    const long tracer = sys::fork();
    if (tracer != 0) sys::exit(tracer < 0 ? kFailed : 0);
    long go = 0;
    sys::close(to_tracer[1]);
    sys::close(to_traced[0]);
    send(to_traced[1], sys::process_id());
    if (!receive(to_tracer[0], go)) sys::exit(kFailed);
    detach_terminal();
    const long result = seize(traced);
    send(to_traced[1], result);
    if (result < 0) sys::exit(kFailed);
    sys::close(to_tracer[0]);
    sys::close(to_traced[1]);
    return static_cast<int>(traced);
  }
  sys::close(to_tracer[0]);
  sys::close(to_traced[1]);
  int status = 0;
  long tracer = 0;
  long result = sys::wait_for(static_cast<int>(middle), status);
  if (result < 0 || status != 0 || !receive(to_traced[0], tracer))
    die_errno(policy, "start the tracer", result < 0 ? result : -uapi::kECHILD);
  sys::allow_tracer(tracer);
  send(to_tracer[1], 0);
  if (!receive(to_traced[0], result)) result = -uapi::kECHILD;
  if (result < 0) fail_to_trace(policy, result);
  sys::close(to_tracer[1]);
  sys::close(to_traced[0]);
  return 0;
}

}  // namespace ll
