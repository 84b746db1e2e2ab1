#include "tracer.h"

#include "answer.h"
#include "ll-trace/tracee_memory.h"
#include "os/kernel/process.h"
#include "proc.h"
#include "start.h"

namespace ll {

namespace {

class Tracer {
 public:
  Tracer(const Policy &policy, const Settings &settings, const Vdso &vdso, const Clock &clock)
      : policy_(policy), settings_(settings), vdso_(vdso), clock_(clock) {
    if (!monotonic_offset("self"_t, offset_))
      die_at(policy, kNoLocation, "this process's time namespace is not known");
  }

  void add_first(int tid) const {
    Task *task = find_task(tid);
    task->process = tid;
    task->known = true;
    task->stream = Stream(settings_.seed);
  }

  void at_change(int tid, int status) {
    constexpr int kStopped = 0x7f;  // WIFSTOPPED, wait(2)
    if ((status & 0xff) != kStopped) return at_end(tid);
    const int signal = status >> 8 & 0xff;
    switch (status >> 16) {
      case 0: return signal == uapi::kSyscallStop ? at_result(tid) : go_on(tid, signal);
      case uapi::kPTRACE_EVENT_FORK:
      case uapi::kPTRACE_EVENT_VFORK:
      case uapi::kPTRACE_EVENT_CLONE: return at_birth(tid);
      case uapi::kPTRACE_EVENT_EXEC: return at_exec(tid);
      case uapi::kPTRACE_EVENT_SECCOMP: return at_filter(tid);
      case uapi::kPTRACE_EVENT_STOP: return at_stop(tid, signal);
      default: return go_on(tid);
    }
  }

 private:
  // What is killed meanwhile is gone: ESRCH, and its end is told by the next wait.
  static void go_on(int tid, int signal = 0) { sys::resume(uapi::kPTRACE_CONT, tid, signal); }
  static void end(int tid) { sys::call(number::kill, tid, uapi::kSIGKILL); }

  Task *task_of(int tid) {
    Task *task = find_task(tid);
    if (task == nullptr) die_at(policy_, kNoLocation, "the command has too many threads: killed");
    return task;
  }

  // A group-stop, or a task that has just started: it goes on when its parent has told of it.
  void at_stop(int tid, int signal) {
    if (!task_of(tid)->known) return let_wait(tid);
    const bool group = signal == uapi::kSIGSTOP || signal == uapi::kSIGTSTP ||
                       signal == uapi::kSIGTTIN || signal == uapi::kSIGTTOU;
    sys::resume(group ? uapi::kPTRACE_LISTEN : uapi::kPTRACE_CONT, tid, 0);
  }

  void at_birth(int tid) {
    uint64_t message = 0;
    if (sys::event_message(tid, message) >= 0) place(static_cast<int>(message), tid);
    go_on(tid);
  }

  // A thread has its process's stream, and a process one of its own.
  void place(int child, int parent) {
    Task *task = task_of(child);
    if (task->known) return;
    const int process = find_task(parent)->process;
    task->known = true;
    task->process = sys::is_process(child) ? child : process;
    if (task->process == child) task->stream = stream_of(process).next_child();
    if (end_wait(child)) go_on(child);
  }

  Stream &stream_of(int process) { return task_of(process)->stream; }

  // A parent that is killed tells of no child: such a one is placed by who is its parent now.
  void at_end(int tid) {
    forget_task(tid);
    end_wait(tid);
    for (size_t i = 0; i < waiting_count();) {
      const int child = waiting(i);
      const int parent = parent_of(child);
      if (is_task(parent) && parent != tid) {
        i++;
        continue;
      }
      Task *task = task_of(child);
      task->known = true;
      task->process = process_of(child);
      task->stream = Stream(settings_.seed).next_child();
      end_wait(child);
      go_on(child);
    }
  }

  // proc_pid_status(5)
  static int parent_of(int tid) {
    const uint64_t parent = number_behind(read_proc(tid, "status"_t), "\nPPid:\t"_t);
    return parent > INT32_MAX ? 0 : static_cast<int>(parent);
  }

  // The thread that calls execve(2) goes on under the id of its process.
  void at_exec(int tid) {
    uint64_t former = 0;
    if (sys::event_message(tid, former) >= 0 && former != static_cast<uint64_t>(tid))
      forget_task(static_cast<int>(former));
    Task *task = task_of(tid);
    task->lent = false;
    task->process = tid;
    uapi::SyscallInfo info = {};
    if (sys::syscall_info(tid, info) < 0) return end(tid);
    Stream *stream = settings_.seeded ? &task->stream : nullptr;
    switch (hold_program(tid, info.stack, vdso_, offset_, stream)) {
      case Started::Held: break;
      case Started::Gone: return end(tid);
      case Started::Unknown: refuse(tid, info.instruction); break;
    }
    go_on(tid);
  }

  void refuse(int tid, uint64_t place) {
    char name[64];
    Diagnostic problem;
    problem.fail(kNoLocation,
                 "% was killed: its vDSO is not supported\n"
                 "a program of another architecture, or whose file is not readable, would see the "
                 "machine's time",
                 name_of_task(tid, name));
    warn(policy_, problem);
    end_program(tid, place);
  }

  void at_filter(int tid) {
    uapi::SyscallInfo info = {};
    if (sys::syscall_info(tid, info) < 0 || info.kind != uapi::SyscallInfo::Seccomp)
      return end(tid);
    Task *task = task_of(tid);
    switch (answer(info, {clock_, stream_of(task->process)}, *task)) {
      case Answered::Made:
      case Answered::Left: return go_on(tid);
      case Answered::Lent: sys::resume(uapi::kPTRACE_SYSCALL, tid, 0); return;
      case Answered::Closed: warn_of_closed(tid); return go_on(tid);
      case Answered::Gone: return end(tid);
    }
  }

  void warn_of_closed(int tid) {
    if (has_warned_) return;
    has_warned_ = true;
    char name[64];
    Diagnostic problem;
    problem.fail(kNoLocation,
                 "warning: not all calls of % are intercepted: it made itself undumpable\n"
                 "as root, or in sandbox.sh, they are",
                 name_of_task(tid, name));
    warn(policy_, problem);
  }

  void at_result(int tid) {
    Task *task = task_of(tid);
    if (task->lent && sys::set_argument(tid, task->lent_index, task->argument) < 0) return end(tid);
    task->lent = false;
    go_on(tid);
  }

  const Policy &policy_;
  const Settings &settings_;
  const Vdso &vdso_;
  const Clock &clock_;
  bool has_warned_ = false;
  int64_t offset_ = 0;  // of this process's CLOCK_MONOTONIC to the machine's
};

}  // namespace

void trace_all(const Policy &policy, const Settings &settings, const Vdso &vdso, const Clock &clock,
               int first) {
  Tracer tracer(policy, settings, vdso, clock);
  tracer.add_first(first);
  for (;;) {
    int status = 0;
    const long tid = sys::wait_for_any(status);
    if (tid == -uapi::kEINTR) continue;
    if (tid < 0) break;
    tracer.at_change(static_cast<int>(tid), status);
  }
  sys::exit(0);
}

}  // namespace ll
