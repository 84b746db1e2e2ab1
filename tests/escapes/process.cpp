// The user's other processes: signals, debugging, limits, scheduling.
#include "attempt.h"
#include "numbers.h"
#include "probes.h"

#include <linux/kcmp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <cerrno>
#include <csignal>
#include <cstdint>

namespace {

// Ignored by default (signal(7)): the victim stays as it is.
constexpr int harmless = SIGURG;

pid_t victim() { return target_process("victim"); }

int open_victim() { return static_cast<int>(syscall(number::pidfd_open, victim(), 0)); }

siginfo_t queued_signal() {
  siginfo_t info{};
  info.si_signo = harmless;
  info.si_code = SI_QUEUE;  // what a process may claim of itself, see rt_sigqueueinfo(2)
  info.si_pid = getpid();
  info.si_uid = getuid();
  return info;
}

void *victim_memory() { return reinterpret_cast<void *>(target_number("victim-address")); }

constexpr int ioprio_who_process = 1;
constexpr int ioprio_idle = 3 << 13;  // IOPRIO_CLASS_IDLE, ioprio_set(2)

}  // namespace

Outcome signal_by_kill() { return outcome_of("kill", kill(victim(), harmless)); }

Outcome signal_itself() { return outcome_of("kill", kill(getpid(), harmless)); }

Outcome signal_group() { return outcome_of("kill of a group", kill(-victim(), harmless)); }

Outcome signal_by_tkill() { return outcome_of("tkill", syscall(SYS_tkill, victim(), harmless)); }

Outcome signal_by_tgkill() {
  return outcome_of("tgkill", syscall(SYS_tgkill, victim(), victim(), harmless));
}

Outcome signal_by_queue() {
  siginfo_t info = queued_signal();
  return outcome_of("rt_sigqueueinfo", syscall(SYS_rt_sigqueueinfo, victim(), harmless, &info));
}

Outcome signal_by_thread_queue() {
  siginfo_t info = queued_signal();
  return outcome_of("rt_tgsigqueueinfo",
                    syscall(SYS_rt_tgsigqueueinfo, victim(), victim(), harmless, &info));
}

Outcome signal_by_pidfd() {
  const int process = open_victim();
  if (process < 0) {
    return failed("pidfd_open", errno);
  }
  return outcome_of("pidfd_send_signal",
                    syscall(number::pidfd_send_signal, process, harmless, nullptr, 0));
}

// The kernel sends the signal on behalf of the one who asked for it (fcntl(2), F_SETOWN), silently
// or not at all: the victim tells.
Outcome signal_by_owner() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    broken("pipe2");
  }
  if (fcntl(ends[0], F_SETOWN, victim()) != 0 || fcntl(ends[0], F_SETFL, O_ASYNC) != 0) {
    return failed("fcntl", errno);
  }
  if (write(ends[1], "x", 1) != 1) {
    return failed("write", errno);
  }
  return appears(readwrite("signalled")) ? escaped("F_SETOWN") : refused("F_SETOWN", EPERM);
}

Outcome trace_by_attach() {
  if (ptrace(PTRACE_ATTACH, victim(), nullptr, nullptr) != 0) {
    return failed("PTRACE_ATTACH", errno);
  }
  waitpid(victim(), nullptr, __WALL);
  ptrace(PTRACE_DETACH, victim(), nullptr, nullptr);
  return escaped("PTRACE_ATTACH");
}

Outcome trace_by_seize() {
  return outcome_of("PTRACE_SEIZE", ptrace(PTRACE_SEIZE, victim(), nullptr, nullptr));
}

Outcome read_memory() {
  char bytes[sizeof secret] = {};
  const iovec here{bytes, sizeof bytes};
  const iovec there{victim_memory(), sizeof bytes};
  if (process_vm_readv(victim(), &here, 1, &there, 1, 0) < 0) {
    return failed("process_vm_readv", errno);
  }
  return holds_secret(bytes, sizeof bytes) ? escaped("process_vm_readv")
                                           : refused("process_vm_readv", 0);
}

Outcome write_memory() {
  char byte = 'A';
  const iovec here{&byte, 1};
  const iovec there{victim_memory(), 1};
  return outcome_of("process_vm_writev", process_vm_writev(victim(), &here, 1, &there, 1, 0));
}

Outcome take_descriptor() {
  const int process = open_victim();
  if (process < 0) {
    return failed("pidfd_open", errno);
  }
  const long file = syscall(number::pidfd_getfd, process, target_descriptor("victim-file"), 0);
  return secret_read_from("pidfd_getfd", static_cast<int>(file));
}

Outcome compare_kernel_objects() {
  return outcome_of("kcmp", syscall(SYS_kcmp, getpid(), victim(), KCMP_VM, 0, 0));
}

Outcome advise_memory() {
  const int process = open_victim();
  if (process < 0) {
    return failed("pidfd_open", errno);
  }
  const iovec there{reinterpret_cast<void *>(target_number("victim-address") & ~4095L), 4096};
  return outcome_of("process_madvise",
                    syscall(number::process_madvise, process, &there, 1, MADV_WILLNEED, 0));
}

Outcome read_robust_list() {
  void *head = nullptr;
  std::size_t size = 0;
  return outcome_of("get_robust_list", syscall(SYS_get_robust_list, victim(), &head, &size));
}

Outcome read_limit() {
  rlimit limit{};
  return outcome_of("prlimit", prlimit(victim(), RLIMIT_NOFILE, nullptr, &limit));
}

Outcome set_limit() {
  const rlimit limit{10, 64};
  return outcome_of("prlimit", prlimit(victim(), RLIMIT_NOFILE, &limit, nullptr));
}

Outcome renice_process() {
  return outcome_of("setpriority", setpriority(PRIO_PROCESS, static_cast<id_t>(victim()), 5));
}

Outcome renice_group() {
  return outcome_of("setpriority of a group",
                    setpriority(PRIO_PGRP, static_cast<id_t>(victim()), 5));
}

Outcome set_affinity() {
  cpu_set_t all;
  CPU_ZERO(&all);
  for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    CPU_SET(cpu, &all);
  }
  return outcome_of("sched_setaffinity", sched_setaffinity(victim(), sizeof all, &all));
}

Outcome set_scheduler() {
  const sched_param parameter{};
  return outcome_of("sched_setscheduler", sched_setscheduler(victim(), SCHED_BATCH, &parameter));
}

Outcome set_scheduler_parameter() {
  const sched_param parameter{};
  return outcome_of("sched_setparam", sched_setparam(victim(), &parameter));
}

Outcome set_scheduler_attributes() {
  // struct sched_attr, sched_setattr(2); libc has it only from glibc 2.41 on.
  struct {
    std::uint32_t size, policy;
    std::uint64_t flags;
    std::int32_t nice;
    std::uint32_t priority;
    std::uint64_t runtime, deadline, period;
  } attributes{sizeof attributes, SCHED_BATCH, 0, 5, 0, 0, 0, 0};
  return outcome_of("sched_setattr", syscall(SYS_sched_setattr, victim(), &attributes, 0));
}

Outcome set_io_priority() {
  return outcome_of("ioprio_set",
                    syscall(SYS_ioprio_set, ioprio_who_process, victim(), ioprio_idle));
}

Outcome move_memory() {
  const unsigned long node = 1;
  return outcome_of("migrate_pages", syscall(SYS_migrate_pages, victim(), 8, &node, &node));
}
