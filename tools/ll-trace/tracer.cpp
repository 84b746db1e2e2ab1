#include "tracer.h"

#include "calls.h"
#include "calls_seen.h"
#include "name_service.h"
#include "os/kernel/process.h"
#include "peers.h"
#include "record.h"
#include "report.h"

namespace ll {

namespace {

class Watcher {
 public:
  Watcher(const Tracer &watch, int command) : watch_(watch), command_(command) {}

  void at_change(int tid, int status) {
    explain_peers(watch_.sandbox, watch_.refused_peers);
    constexpr int kStopped = 0x7f;  // WIFSTOPPED, wait(2)
    if ((status & 0xff) != kStopped) return forget_task(tid);
    const int signal = status >> 8 & 0xff;
    switch (status >> 16) {
      case 0: return signal == uapi::kSyscallStop ? at_result(tid) : at_signal(tid, signal);
      case uapi::kPTRACE_EVENT_SECCOMP: return at_filter(tid);
      case uapi::kPTRACE_EVENT_EXEC: return at_exec(tid);
      case uapi::kPTRACE_EVENT_EXIT: return at_exit(tid);
      case uapi::kPTRACE_EVENT_STOP: return at_stop(tid, signal);
      default: return go_on(tid);
    }
  }

 private:
  static constexpr uint32_t kMostError = 255;  // of what the filter answers

  [[nodiscard]] bool learns() const { return watch_.config != nullptr; }
  static long result_of(const uapi::SyscallInfo &info) {
    return static_cast<long>(info.exit.result);
  }
  // What is killed meanwhile is gone: ESRCH, and its end is told by the next wait.
  static void go_on(int tid, int signal = 0) { sys::resume(uapi::kPTRACE_CONT, tid, signal); }
  static void go_to_result(int tid) { sys::resume(uapi::kPTRACE_SYSCALL, tid, 0); }

  // A group-stop, or a task that has just started.
  static void at_stop(int tid, int signal) {
    if (!is_task(tid)) record_task(tid);
    note_task(tid);
    const bool group = signal == uapi::kSIGSTOP || signal == uapi::kSIGTSTP ||
                       signal == uapi::kSIGTTIN || signal == uapi::kSIGTTOU;
    sys::resume(group ? uapi::kPTRACE_LISTEN : uapi::kPTRACE_CONT, tid, 0);
  }

  // The filter has refused a call, and the kernel has not made it: the task is to see the errno
  // that it would have without a tracer, and no signal. Any other SIGSYS is the command's affair.
  void at_signal(int tid, int signal) {
    uapi::SignalInfo info;
    if (signal != uapi::kSIGSYS || learns()) return go_on(tid, signal);
    if (sys::signal_info(tid, info) < 0) return refuse_to_go_on(tid);
    const auto error = static_cast<uint32_t>(info.error) - kOwnTrap;
    if (info.code != uapi::kSYS_SECCOMP || error == 0 || error > kMostError)
      return go_on(tid, signal);
    Syscall call = {.number = static_cast<uint32_t>(info.number)};
    if (sys::arguments_of_trap(tid, call.arguments) < 0) return refuse_to_go_on(tid);
    refuse(tid, error);
    if (started_ && !hold_back(tid, call, error)) {
      settle_held(watch_.sandbox, tid, nullptr, {});
      explain_filter(watch_.sandbox, tid, call, error);
    }
    after(tid);
  }

  void at_filter(int tid) {
    uapi::SyscallInfo info;
    if (sys::syscall_info(tid, info) < 0 || info.kind != uapi::SyscallInfo::Seccomp)
      return go_on(tid);
    Syscall call = {.number = info.entry.number};
    for (size_t i = 0; i < 6; i++) call.arguments[i] = info.entry.arguments[i];
    const bool logged = info.entry.data == kOfLog;
    const long error = logged ? 0 : info.entry.data;
    if (logged && started_ && !learns()) explain_log(watch_.sandbox, tid, call);
    // A call that this kernel seems not to know has a substitute, which is to be learnt.
    const bool passes = learns() && started_ && error != uapi::kENOSYS;
    if (error != 0 && !passes) {
      refuse(tid, error);
      if (started_ && !learns()) explain_filter(watch_.sandbox, tid, call, error);
      return after(tid);
    }
    if (started_ && learns() && watch_.config->calls) note_call(call.number);
    Task *task = find_task(tid);
    const TracedSyscall *traced = traced_call(call.number);
    settle_held(watch_.sandbox, tid, traced, call);
    if (task == nullptr || (traced == nullptr && error == 0)) return after(tid);
    task->call = call;
    task->refused = error;
    task->traced = traced;
    task->in_call = true;
    task->needs = {};
    if ((learns() || record.on) && traced != nullptr) find_needs(tid, *traced, call, task->needs);
    go_to_result(tid);
  }

  // Where that fails, the call must not be made: the task does not go on.
  static void refuse(int tid, long error) {
    if (sys::answer_call(tid, -error) < 0) refuse_to_go_on(tid);
  }
  static void refuse_to_go_on(int tid) { sys::call(number::kill, tid, uapi::kSIGKILL); }

  void at_result(int tid) {
    Task *task = find_task(tid);
    uapi::SyscallInfo info;
    const bool known = task != nullptr && task->in_call && sys::syscall_info(tid, info) >= 0 &&
                       info.kind == uapi::SyscallInfo::Exit;
    if (!known) return go_on(tid);
    task->in_call = false;
    if (learns()) {
      if (started_) record_result(watch_.sandbox, *task, result_of(info));
      return go_on(tid);
    }
    if (record.on && started_) {
      record_caller(tid);
      record_result(watch_.sandbox, *task, result_of(info));
    }
    const bool counts = started_ || task->traced->kind == CallKind::Execute;
    if (info.exit.is_error != 0 && counts && !is_recorded_alone(*task))
      explain_result(watch_.sandbox, *task, static_cast<long>(-info.exit.result));
    after(tid);
  }

  // What stops for --report, and nothing refuses: a name server's answer, send(2).
  static bool is_recorded_alone(const Task &task) {
    const CallKind kind = task.traced->kind;
    return kind == CallKind::Receive || kind == CallKind::ReceiveMessage ||
           kind == CallKind::Read ||
           (record.on && kind == CallKind::Send && task.call.arguments[4] == 0);
  }

  // The thread that calls execve(2) goes on under the id of its process.
  void at_exec(int tid) {
    uint64_t message = 0;
    const long got = sys::event_message(tid, message);
    const int former = got < 0 ? tid : static_cast<int>(message);
    record_caller(former);
    if ((learns() || record.on) && is_task(former)) record_start(tid, find_task(former)->needs);
    if (former != tid) forget_task(former);
    record_start(tid);
    Task *task = find_task(tid);
    if (task != nullptr) task->in_call = false;
    started_ = true;
    explain_start(watch_.sandbox, tid);
    after(tid);
  }

  // The report comes before whoever waits for the command learns of its end.
  void at_exit(int tid) {
    uint64_t status = 0;
    if (sys::event_message(tid, status) >= 0 && (status & 0x7f) == uapi::kSIGSYS)
      explain_kill(watch_.sandbox, tid);
    settle_held(watch_.sandbox, tid, nullptr, {});
    record_end(tid, static_cast<int>(status));
    if (tid == command_) settle_all_held(watch_.sandbox);
    if (tid == command_ && learns()) generate_policy(watch_.sandbox, *watch_.config);
    if (tid == command_) report_refusals(watch_.sandbox, watch_.request, watch_.report_fds);
    if (tid == command_) write_report(watch_.sandbox, watch_.request, watch_.report_fds.report);
    after(tid);
  }

  void after(int tid) {
    while (watch_.request.verbose && seen_ < refusals.count)
      report_refusal(watch_.sandbox.policy, refusals.rows[seen_++]);
    go_on(tid);
  }

  const Tracer &watch_;
  int command_;
  bool started_ = false;  // before, it is this program that makes the calls
  size_t seen_ = 0;
};

}  // namespace

void watch(const Tracer &watch, int command) {
  Watcher watcher(watch, command);
  note_task(command);
  for (;;) {
    int status = 0;
    const long tid = sys::wait_for_any(status);
    if (tid == -uapi::kEINTR) continue;
    if (tid < 0) break;
    watcher.at_change(static_cast<int>(tid), status);
  }
  write_report(watch.sandbox, watch.request, watch.report_fds.report);
  if (refusals.reported < refusals.count)
    report_refusals(watch.sandbox, watch.request, watch.report_fds);
  sys::exit(0);
}

}  // namespace ll
