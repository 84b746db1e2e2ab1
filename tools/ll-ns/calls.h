// The system calls that only ll-ns makes, as os/kernel/sys.h. Sources:
// include/uapi/linux/{mount,sched,openat2}.h, asm-generic/signal.h.
#pragma once

#include "os/kernel/sys.h"

namespace ll::uapi {

constexpr unsigned kAtRecursive = 0x8000;        // AT_RECURSIVE
constexpr unsigned kCloneTree = 1;               // OPEN_TREE_CLONE
constexpr unsigned kTreeCloseOnExec = 02000000;  // OPEN_TREE_CLOEXEC
constexpr unsigned kFromEmptyPath = 4;           // MOVE_MOUNT_F_EMPTY_PATH
constexpr unsigned kToEmptyPath = 0x40;          // MOVE_MOUNT_T_EMPTY_PATH
constexpr unsigned kFsCloseOnExec = 1;           // FSOPEN_CLOEXEC, FSMOUNT_CLOEXEC
constexpr unsigned kSetFlag = 0;                 // FSCONFIG_SET_FLAG
constexpr unsigned kSetString = 1;               // FSCONFIG_SET_STRING
constexpr unsigned kCreateFs = 6;                // FSCONFIG_CMD_CREATE

// MOUNT_ATTR_*, whose lowest four are also mount(2)'s flags.
constexpr uint64_t kMountReadOnly = 1, kMountNoSuid = 2, kMountNoDev = 4, kMountNoExec = 8;
constexpr uint64_t kDetach = 2;  // MNT_DETACH
struct MountAttr {
  uint64_t set, clear, propagation, user_namespace;
};

constexpr uint64_t kNewMounts = 0x00020000;    // CLONE_NEWNS
constexpr uint64_t kIntoCgroup = 0x200000000;  // CLONE_INTO_CGROUP
struct CloneArgs {
  uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
      set_tid_size, cgroup;
};

constexpr int kDeathSignal = 1;  // PR_SET_PDEATHSIG
constexpr int kSetDumpable = 4;  // PR_SET_DUMPABLE
constexpr int kGetSeccomp = 21;  // PR_GET_SECCOMP

// The head of siginfo_t, which is 128 bytes.
struct SignalInfo {
  int32_t number, error, code;
  int32_t rest[29];
};
constexpr int kFromKernel = 128;  // SI_KERNEL: a terminal's, for one

// The kernel's struct sigaction; the restorer is not used where the handler is not a function.
struct SignalAction {
  uint64_t handler, flags, restorer, mask;
};

struct PollFd {
  int32_t descriptor;
  int16_t wanted, found;
};

// waitid(2), wait(2)
constexpr int kNoHang = 1, kUntraced = 2;

constexpr long kGetForeground = 0x540f, kSetForeground = 0x5410;  // TIOCGPGRP, TIOCSPGRP

constexpr int kEAGAIN = 11, kEEXIST = 17, kENODEV = 19, kENOSPC = 28;

}  // namespace ll::uapi

namespace ll::sys {

inline long open_in_root(int root, const char *path) {
  constexpr uint64_t kResolveInRoot = 0x10;  // RESOLVE_IN_ROOT
  return open_path(root, path, kResolveInRoot);
}
// One name in that directory, not through a link; what is mounted on it.
inline long open_part(int directory, const char *name) {
  const uapi::OpenHow how = {.flags = uapi::kPathOnly | uapi::kDirectoryOnly | uapi::kCloseOnExec,
                             .resolve = uapi::kNoLinks};
  return call(number::openat2, directory, address(name), address(&how), sizeof how);
}
// Through no link; one at the end is opened itself, and what is mounted on it.
inline long open_target(const char *path) {
  const uapi::OpenHow how = {.flags = uapi::kPathOnly | uapi::kNoFollow | uapi::kCloseOnExec,
                             .resolve = uapi::kNoLinks};
  return call(number::openat2, uapi::kAtCwd, address(path), address(&how), sizeof how);
}
inline long make_directory(const char *path, int mode, int in = uapi::kAtCwd) {
  return call(number::mkdirat, in, address(path), mode);
}
inline long make_link(const char *target, const char *path, int in = uapi::kAtCwd) {
  return call(number::symlinkat, address(target), in, address(path));
}
inline long link(int folder, const char *name, const char *other) {
  return call(number::linkat, folder, address(name), folder, address(other), 0);
}
inline long remove(const char *path, int flags) {
  return call(number::unlinkat, uapi::kAtCwd, address(path), flags);
}
inline long enter_directory(int descriptor) { return call(number::fchdir, descriptor); }

inline long mount(const char *type, const char *target, uint64_t flags, const char *options) {
  return call(number::mount, address(type), address(target), address(type),
              static_cast<long>(flags), address(options));
}
// A copy of what is mounted at a descriptor, and beneath.
inline long copy_tree(int descriptor) {
  constexpr unsigned kFlags =
      uapi::kCloneTree | uapi::kTreeCloseOnExec | uapi::kAtRecursive | uapi::kAtEmptyPath;
  return call(number::open_tree, descriptor, address(""), kFlags);
}
inline long attach_to_root(int tree) {
  return call(number::move_mount, tree, address(""), uapi::kAtCwd, address("/"),
              uapi::kFromEmptyPath);
}
inline long attach(int tree, int target) {
  return call(number::move_mount, tree, address(""), target, address(""),
              uapi::kFromEmptyPath | uapi::kToEmptyPath);
}
inline long change_mount(int directory, const char *path, unsigned flags,
                         const uapi::MountAttr &attr) {
  return call(number::mount_setattr, directory, address(path), flags, address(&attr), sizeof attr);
}
inline long open_file_system(const char *type) {
  return call(number::fsopen, address(type), uapi::kFsCloseOnExec);
}
inline long configure(int file_system, const char *key, const char *value) {
  return call(number::fsconfig, file_system, uapi::kSetString, address(key), address(value), 0);
}
inline long set_flag(int file_system, const char *key) {
  return call(number::fsconfig, file_system, uapi::kSetFlag, address(key), 0, 0);
}
inline long create(int file_system) {
  return call(number::fsconfig, file_system, uapi::kCreateFs, 0, 0, 0);
}
inline long mount_detached(int file_system, uint64_t attributes) {
  return call(number::fsmount, file_system, uapi::kFsCloseOnExec, static_cast<long>(attributes));
}
inline long pivot_root(const char *root, const char *old) {
  return call(number::pivot_root, address(root), address(old));
}
inline long change_root(const char *path) { return call(number::chroot, address(path)); }
inline long unmount(const char *path, uint64_t flags) {
  return call(number::umount2, address(path), static_cast<long>(flags));
}

// As fork(2), in new namespaces.
inline long fork_into(uint64_t namespaces) {
  return call(number::clone, static_cast<long>(namespaces | uapi::kSigchld), 0, 0, 0, 0);
}
inline long fork_into(uint64_t namespaces, int cgroup) {
  const uapi::CloneArgs args = {.flags = namespaces | uapi::kIntoCgroup,
                                .exit_signal = uapi::kSigchld,
                                .cgroup = static_cast<uint64_t>(cgroup)};
  return call(number::clone3, address(&args), sizeof args);
}
// clone3(2) with a thread ID that there is not: it never makes one, but is counted before. EINVAL
// where one more could be.
inline long clone_nothing() {
  constexpr uint64_t kShareAll = 0x100 | 0x200 | 0x400;  // CLONE_VM, CLONE_FS, CLONE_FILES
  const int32_t none = 0;
  const uapi::CloneArgs args = {.flags = kShareAll,
                                .exit_signal = uapi::kSigchld,
                                .set_tid = static_cast<uint64_t>(address(&none)),
                                .set_tid_size = 1};
  return call(number::clone3, address(&args), sizeof args);
}
// How many bytes of the mask the kernel uses.
inline long get_processors(void *mask, size_t size) {
  return call(number::sched_getaffinity, 0, size, address(mask));
}
inline long set_processors(const void *mask, size_t size) {
  return call(number::sched_setaffinity, 0, size, address(mask));
}
// 0 where the kernel does not say.
inline size_t current_processor() {
  uint32_t processor = 0;
  return call(number::getcpu, address(&processor), 0, 0) < 0 ? 0 : processor;
}
inline long process_group() { return call(number::getpgid, 0); }
inline long group() { return call(number::getgid); }
inline long set_death_signal(int signal) {
  return call(number::prctl, uapi::kDeathSignal, signal, 0, 0, 0);
}
inline long forbid_tracing() { return call(number::prctl, uapi::kSetDumpable, 0, 0, 0, 0); }
inline long seccomp_mode() { return call(number::prctl, uapi::kGetSeccomp, 0, 0, 0, 0); }
inline long set_host_name(Text name) {
  return call(number::sethostname, address(name.data), static_cast<long>(name.size));
}
inline long execute_opened(int descriptor, char *const *arguments, char *const *environment) {
  return call(number::execveat, descriptor, address(""), address(arguments), address(environment),
              uapi::kAtEmptyPath);
}

inline long set_signal_action(int signal, const uapi::SignalAction *action,
                              uapi::SignalAction *old) {
  return call(number::rt_sigaction, signal, address(action), address(old), sizeof(uint64_t));
}
// EAGAIN when the time is over; no time: for ever.
inline long wait_for_signal(uint64_t set, uapi::SignalInfo &info, const uapi::Time *time) {
  return call(number::rt_sigtimedwait, address(&set), address(&info), address(time), sizeof set);
}
inline long get_monotonic_time(uapi::Time &time) {
  return call(number::clock_gettime, 1, address(&time));
}
inline long send_signal(long pid, int signal) { return call(number::kill, pid, signal); }
inline long wait_for_change(long pid, int &status, int flags) {
  return call(number::wait4, pid, address(&status), flags, 0);
}
// PTRACE_DETACH, with the signal that it has stopped for; ESRCH of what is not traced.
inline long let_go(long task, int signal) { return call(number::ptrace, 17, task, 0, signal); }
inline long poll(uapi::PollFd &descriptor, const uapi::Time &time) {
  return call(number::ppoll, address(&descriptor), 1, address(&time), 0, 0);
}
inline long get_foreground(int terminal, int &group) {
  return call(number::ioctl, terminal, uapi::kGetForeground, address(&group));
}
inline long set_foreground(int terminal, const int &group) {
  return call(number::ioctl, terminal, uapi::kSetForeground, address(&group));
}

}  // namespace ll::sys
