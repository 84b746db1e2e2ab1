// Parts of the kernel that hold what belongs to others, or that only administrators need. Calls
// that change the machine get nonsense to work on, see reached().
#include "attempt.h"
#include "numbers.h"
#include "probes.h"

#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <sys/fanotify.h>
#include <sys/klog.h>
#include <sys/swap.h>
#include <sys/timex.h>
#include <cerrno>
#include <cstdint>

namespace {

long keyctl(long operation, long one = 0, long two = 0, long three = 0) {
  return syscall(SYS_keyctl, operation, one, two, three, 0);
}

constexpr unsigned no_such_flags = 0xffffffff;

}  // namespace

Outcome make_key() {
  return outcome_of("add_key",
                    syscall(SYS_add_key, "user", "escape-probe", "x", 1, KEY_SPEC_PROCESS_KEYRING));
}

Outcome read_key() {
  char payload[sizeof secret] = {};
  const long size =
      keyctl(KEYCTL_READ, target_number("key"), reinterpret_cast<long>(payload), sizeof payload);
  if (size < 0) {
    return failed("keyctl KEYCTL_READ", errno);
  }
  return holds_secret(payload, sizeof payload) ? escaped("keyctl KEYCTL_READ")
                                               : refused("keyctl KEYCTL_READ", 0);
}

Outcome find_key() {
  return outcome_of("request_key", syscall(SYS_request_key, "user", "escape-fixture", nullptr, 0));
}

Outcome find_user_keyring() {
  return outcome_of("keyctl KEYCTL_GET_KEYRING_ID",
                    keyctl(KEYCTL_GET_KEYRING_ID, KEY_SPEC_USER_KEYRING, 1));
}

Outcome make_bpf_map() {
  bpf_attr attributes{};
  attributes.map_type = BPF_MAP_TYPE_ARRAY;
  attributes.key_size = 4;
  attributes.value_size = 4;
  attributes.max_entries = 1;
  return outcome_of("bpf BPF_MAP_CREATE",
                    syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes));
}

Outcome load_bpf_program() {
  const bpf_insn program[] = {{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0},
                              {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}};
  bpf_attr attributes{};
  attributes.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
  attributes.insn_cnt = 2;
  attributes.insns = reinterpret_cast<std::uintptr_t>(program);
  attributes.license = reinterpret_cast<std::uintptr_t>("GPL");
  return outcome_of("bpf BPF_PROG_LOAD",
                    syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof attributes));
}

Outcome count_events(pid_t process) {
  perf_event_attr attributes{};
  attributes.type = PERF_TYPE_SOFTWARE;
  attributes.size = sizeof attributes;
  attributes.config = PERF_COUNT_SW_TASK_CLOCK;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  return outcome_of("perf_event_open",
                    syscall(SYS_perf_event_open, &attributes, process, -1, -1, 0));
}

Outcome handle_page_faults() {
  constexpr int user_mode_only = 1;  // UFFD_USER_MODE_ONLY, what an ordinary user is left with
  return outcome_of("userfaultfd", syscall(SYS_userfaultfd, O_CLOEXEC | user_mode_only));
}

Outcome watch_file_system() {
  const long group =
      syscall(SYS_fanotify_init, FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_REPORT_FID, O_RDONLY);
  return outcome_of("fanotify_init", group);
}

// Not without flags: an empty kexec_load(2) unloads the kernel that is there for crashes.
Outcome load_kernel() {
  return reached("kexec_load",
                 syscall(SYS_kexec_load, 0, 0, nullptr, static_cast<unsigned long>(no_such_flags)));
}

Outcome load_kernel_file() {
  return reached("kexec_file_load", syscall(number::kexec_file_load, -1, -1, 0, nullptr,
                                            static_cast<unsigned long>(no_such_flags)));
}

Outcome load_module() { return reached("init_module", syscall(SYS_init_module, "none", 4, "")); }

Outcome load_module_file() {
  return reached("finit_module", syscall(SYS_finit_module, -1, "", no_such_flags));
}

Outcome unload_module() {
  return reached("delete_module", syscall(SYS_delete_module, "escape_probe_none", O_NONBLOCK));
}

// With wrong magic numbers nothing happens, ever (reboot(2)).
Outcome restart_machine() { return reached("reboot", syscall(SYS_reboot, 0, 0, 0, nullptr)); }

Outcome swap_on_nothing() { return reached("swapon", swapon(readwrite("none").c_str(), 0)); }

Outcome account_to_nothing() { return reached("acct", acct(readwrite("none").c_str())); }

Outcome set_own_host_name() {
  char name[256] = {};
  if (gethostname(name, sizeof name - 1) != 0) {
    broken("gethostname");
  }
  return outcome_of("sethostname", sethostname(name, std::strlen(name)));
}

Outcome set_clock_to_itself() {
  timex clock{};
  if (adjtimex(&clock) < 0) {
    return failed("adjtimex", errno);
  }
  clock.modes = ADJ_TICK;
  return outcome_of("adjtimex ADJ_TICK", adjtimex(&clock));
}

Outcome read_kernel_log() {
  constexpr int read_all = 3;
  char text[4096];
  return outcome_of("syslog", klogctl(read_all, text, sizeof text));
}

Outcome permit_port() { return outcome_of("ioperm", syscall(number::ioperm, 0x80, 1, 1)); }
