#include "beneath.h"

#include "filter.h"
#include "os/kernel/sys.h"

namespace ll {

namespace {

// Signals that the terminal sends to the command's group are not for the tracer: it ends when there
// is nothing left to be traced.
void detach_terminal(int kept) {
  sys::new_session();
  const uint64_t all = UINT64_MAX;
  sys::set_signal_mask(uapi::kSIG_SETMASK, &all, nullptr);
  sys::close(0);
  sys::close(1);
  if (kept > 3) sys::close_range(3, static_cast<uint32_t>(kept) - 1);
  sys::close_range(static_cast<uint32_t>(kept) + 1, UINT32_MAX);
}

// Not the first of all: that is everybody's. Where it cannot be, there are several.
void stay_on_this_processor() {
  uint32_t processor = 0;
  constexpr uint32_t kMax = 1024;
  if (sys::call(number::getcpu, sys::address(&processor), 0) < 0 || processor >= kMax) return;
  uint64_t set[kMax / 64] = {};
  set[processor / 64] = uint64_t{1} << processor % 64;
  sys::call(number::sched_setaffinity, 0, sizeof set, sys::address(set));
}

void place_all_alike(const Policy &policy) {
  constexpr long kAsk = 0xffffffff, kNoRandomPlaces = 0x0040000;  // ADDR_NO_RANDOMIZE
  const long before = sys::call(number::personality, kAsk);
  const long result =
      before < 0 ? before : sys::call(number::personality, before | kNoRandomPlaces);
  if (result < 0) die_errno(policy, "place programs at the same addresses", result);
}

void install_filter(const Policy &policy, const Settings &settings) {
  static constinit Program program{};
  write_tracing_filter(settings, program);
  long result = sys::set_no_new_privileges();
  if (result < 0) die_errno(policy, "set no_new_privs", result);
  result = sys::set_filter(0, {.length = static_cast<uint16_t>(kMaxInstructions - program.start),
                               .code = program.code + program.start});
  if (result < 0) die_errno(policy, "install the seccomp filter", result);
}

[[noreturn]] void fail_to_trace(const Policy &policy, long error) {
  die_at(policy, kNoLocation,
         "cannot trace the command: %\n"
         "another tracer, a container's seccomp filter or kernel.yama.ptrace_scope forbids it",
         Error{error});
}

// Yama lets only ancestors trace, and who is named: prctl(2), PR_SET_PTRACER, which a kernel
// without it does not know.
void be_traced(const Policy &policy, int socket) {
  long tracer = 0;
  long result = 0;
  if (!receive(socket, tracer)) die_at(policy, kNoLocation, "the tracer has not started");
  constexpr long kSetTracer = 0x59616d61;  // PR_SET_PTRACER
  sys::call(number::prctl, kSetTracer, tracer, 0, 0, 0);
  if (!send(socket, 0) || !receive(socket, result)) result = -uapi::kECHILD;
  if (result < 0) fail_to_trace(policy, result);
  sys::close(socket);
}

}  // namespace

bool receive(int from, long &value) {
  long got = -uapi::kEINTR;
  while (got == -uapi::kEINTR) got = sys::read(from, &value, sizeof value);
  return got == sizeof value;
}
bool send(int to, long value) { return sys::write(to, &value, sizeof value) == sizeof value; }

// The tracer's parent is gone before the command starts: a command that waits for all its children
// (wait(2)) would wait for its tracer.
Split split(const Policy &policy, const Settings &settings) {
  if (settings.seeded) stay_on_this_processor();
  int ends[2] = {-1, -1};
  const long paired = sys::make_socket_pair(uapi::kSOCK_SEQPACKET | uapi::kO_CLOEXEC, ends);
  if (paired < 0) die_errno(policy, "make a pair of sockets", paired);
  const long traced = sys::process_id();
  const long middle = sys::fork();
  if (middle < 0) die_errno(policy, "start the tracer", middle);
  if (middle == 0) {
    const long tracer = sys::fork();
    if (tracer != 0) sys::exit(tracer < 0 ? kFailed : 0);
    detach_terminal(ends[0]);
    return {ends[0], traced};
  }
  sys::close(ends[0]);
  int status = 0;
  const long waited = sys::wait_for(static_cast<int>(middle), status);
  if (waited < 0 || status != 0)
    die_errno(policy, "start the tracer", waited < 0 ? waited : -uapi::kECHILD);
  be_traced(policy, ends[1]);
  if (settings.seeded) place_all_alike(policy);
  install_filter(policy, settings);
  return {};
}

}  // namespace ll
