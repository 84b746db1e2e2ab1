// System calls that only ll-ns makes; the others are in os/kernel/sys.h. Sources:
// include/uapi/linux/{mount,sched,openat2}.h, asm-generic/signal.h.
#pragma once

#include "os/kernel/sys.h"

namespace ll::uapi {

constexpr unsigned kAT_RECURSIVE = 0x8000;
constexpr unsigned kOPEN_TREE_CLONE = 1;
constexpr unsigned kOPEN_TREE_CLOEXEC = 02000000;
constexpr unsigned kMOVE_MOUNT_F_EMPTY_PATH = 4;
constexpr unsigned kMOVE_MOUNT_T_EMPTY_PATH = 0x40;
constexpr unsigned kFSOPEN_CLOEXEC = 1;  // FSOPEN_CLOEXEC, FSMOUNT_CLOEXEC
constexpr unsigned kFSCONFIG_SET_FLAG = 0;
constexpr unsigned kFSCONFIG_SET_STRING = 1;
constexpr unsigned kFSCONFIG_CMD_CREATE = 6;

// MOUNT_ATTR_*, whose lowest four are also mount(2)'s flags.
constexpr uint64_t kMOUNT_ATTR_RDONLY = 1, kMOUNT_ATTR_NOSUID = 2, kMOUNT_ATTR_NODEV = 4,
                   kMOUNT_ATTR_NOEXEC = 8;
constexpr uint64_t kMNT_DETACH = 2;
struct MountAttr {
  uint64_t set, clear, propagation, user_namespace;
};

constexpr uint64_t kCLONE_NEWNS = 0x00020000;
constexpr uint64_t kCLONE_INTO_CGROUP = 0x200000000;
struct CloneArgs {
  uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
      set_tid_size, cgroup;
};

constexpr int kPR_GET_SECCOMP = 21;

constexpr uint64_t kRESOLVE_NO_MAGIC_LINKS = 0x02, kRESOLVE_NO_LINKS = 0x04 | 0x02;

// The first fields of siginfo_t, which has 128 bytes.
struct SignalInfo {
  int32_t number, error, code;
  int32_t rest[29];
};

// The kernel's struct sigaction; without a handler function the restorer is not used.
struct SignalAction {
  uint64_t handler, flags, restorer, mask;
};

struct PollFd {
  int32_t descriptor;
  int16_t wanted, found;
};

constexpr long kTIOCGPGRP = 0x540f, kTIOCSPGRP = 0x5410;

constexpr int kENODEV = 19;

}  // namespace ll::uapi

namespace ll::sys {

inline long open_in_root(int root, const char *path) {
  constexpr uint64_t kResolveInRoot = 0x10;  // RESOLVE_IN_ROOT
  return open_path(root, path, kResolveInRoot);
}
// Opens one name in that directory, through no symbolic link; crosses a mount point.
inline long open_part(int directory, const char *name) {
  const uapi::OpenHow how = {.flags = uapi::kO_PATH | uapi::kO_DIRECTORY | uapi::kO_CLOEXEC,
                             .resolve = uapi::kRESOLVE_BENEATH_NO_LINKS};
  return call(number::openat2, directory, address(name), address(&how), sizeof how);
}
// Opens a path through no symbolic link; a link at its end is opened itself. Crosses mount points.
inline long open_target(const char *path) {
  const uapi::OpenHow how = {.flags = uapi::kO_PATH | uapi::kO_NOFOLLOW | uapi::kO_CLOEXEC,
                             .resolve = uapi::kRESOLVE_BENEATH_NO_LINKS};
  return call(number::openat2, uapi::kAT_FDCWD, address(path), address(&how), sizeof how);
}
inline long make_directory(const char *path, int mode, int in = uapi::kAT_FDCWD) {
  return call(number::mkdirat, in, address(path), mode);
}
// An empty file that nobody may open.
inline long make_file(const char *path, int in) {
  return call(number::mknodat, in, address(path), uapi::kS_IFREG, 0);
}
inline long make_link(const char *target, const char *path, int in = uapi::kAT_FDCWD) {
  return call(number::symlinkat, address(target), in, address(path));
}
inline long link(int folder, const char *name, const char *other) {
  return call(number::linkat, folder, address(name), folder, address(other), 0);
}
inline long remove(const char *path, int flags) {
  return call(number::unlinkat, uapi::kAT_FDCWD, address(path), flags);
}
inline long enter_directory(int descriptor) { return call(number::fchdir, descriptor); }

inline long mount(const char *type, const char *target, uint64_t flags, const char *options) {
  return call(number::mount, address(type), address(target), address(type),
              static_cast<long>(flags), address(options));
}
// Clones the mounts at a descriptor and beneath.
inline long copy_tree(int descriptor) {
  constexpr unsigned kFlags = uapi::kOPEN_TREE_CLONE | uapi::kOPEN_TREE_CLOEXEC |
                              uapi::kAT_RECURSIVE | uapi::kAT_EMPTY_PATH;
  return call(number::open_tree, descriptor, address(""), kFlags);
}
inline long attach_to_root(int tree) {
  return call(number::move_mount, tree, address(""), uapi::kAT_FDCWD, address("/"),
              uapi::kMOVE_MOUNT_F_EMPTY_PATH);
}
inline long attach(int tree, int target) {
  return call(number::move_mount, tree, address(""), target, address(""),
              uapi::kMOVE_MOUNT_F_EMPTY_PATH | uapi::kMOVE_MOUNT_T_EMPTY_PATH);
}
// Follows no link at the name.
inline long attach_at(int tree, int directory, const char *name) {
  return call(number::move_mount, tree, address(""), directory, address(name),
              uapi::kMOVE_MOUNT_F_EMPTY_PATH);
}
inline long change_mount(int directory, const char *path, unsigned flags,
                         const uapi::MountAttr &attr) {
  return call(number::mount_setattr, directory, address(path), flags, address(&attr), sizeof attr);
}
inline long open_file_system(const char *type) {
  return call(number::fsopen, address(type), uapi::kFSOPEN_CLOEXEC);
}
inline long configure(int file_system, const char *key, const char *value) {
  return call(number::fsconfig, file_system, uapi::kFSCONFIG_SET_STRING, address(key),
              address(value), 0);
}
inline long set_flag(int file_system, const char *key) {
  return call(number::fsconfig, file_system, uapi::kFSCONFIG_SET_FLAG, address(key), 0, 0);
}
inline long create(int file_system) {
  return call(number::fsconfig, file_system, uapi::kFSCONFIG_CMD_CREATE, 0, 0, 0);
}
inline long mount_detached(int file_system, uint64_t attributes) {
  return call(number::fsmount, file_system, uapi::kFSOPEN_CLOEXEC, static_cast<long>(attributes));
}
inline long pivot_root(const char *root, const char *old) {
  return call(number::pivot_root, address(root), address(old));
}
inline long change_root(const char *path) { return call(number::chroot, address(path)); }
inline long unmount(const char *path, uint64_t flags) {
  return call(number::umount2, address(path), static_cast<long>(flags));
}

// fork(2) into new namespaces.
inline long fork_into(uint64_t namespaces) {
  return call(number::clone, static_cast<long>(namespaces | uapi::kSIGCHLD), 0, 0, 0, 0);
}
inline long fork_into(uint64_t namespaces, int cgroup) {
  const uapi::CloneArgs args = {.flags = namespaces | uapi::kCLONE_INTO_CGROUP,
                                .exit_signal = uapi::kSIGCHLD,
                                .cgroup = static_cast<uint64_t>(cgroup)};
  return call(number::clone3, address(&args), sizeof args);
}
// clone3(2) with an invalid thread ID never makes a process, but checks the limit first: EINVAL if
// one more process is allowed.
inline long clone_nothing() {
  constexpr uint64_t kShareAll = 0x100 | 0x200 | 0x400;  // CLONE_VM, CLONE_FS, CLONE_FILES
  const int32_t none = 0;
  const uapi::CloneArgs args = {.flags = kShareAll,
                                .exit_signal = uapi::kSIGCHLD,
                                .set_tid = static_cast<uint64_t>(address(&none)),
                                .set_tid_size = 1};
  return call(number::clone3, address(&args), sizeof args);
}
// Returns the size in bytes of the kernel's mask.
inline long get_processors(void *mask, size_t size) {
  return call(number::sched_getaffinity, 0, static_cast<long>(size), address(mask));
}
inline long set_processors(const void *mask, size_t size) {
  return call(number::sched_setaffinity, 0, static_cast<long>(size), address(mask));
}
// 0 if the kernel does not report it.
inline size_t current_processor() {
  uint32_t processor = 0;
  return call(number::getcpu, address(&processor), 0, 0) < 0 ? 0 : processor;
}
inline long process_group() { return call(number::getpgid, 0); }
inline long group() { return call(number::getgid); }
inline long set_death_signal(int signal) {
  return call(number::prctl, uapi::kPR_SET_PDEATHSIG, signal, 0, 0, 0);
}
inline long forbid_tracing() { return call(number::prctl, uapi::kPR_SET_DUMPABLE, 0, 0, 0, 0); }
inline long seccomp_mode() { return call(number::prctl, uapi::kPR_GET_SECCOMP, 0, 0, 0, 0); }
inline long set_host_name(Text name) {
  return call(number::sethostname, address(name.data), static_cast<long>(name.size));
}
inline long execute_opened(int descriptor, char *const *arguments, char *const *environment) {
  return call(number::execveat, descriptor, address(""), address(arguments), address(environment),
              uapi::kAT_EMPTY_PATH);
}

inline long set_signal_action(int signal, const uapi::SignalAction *action,
                              uapi::SignalAction *old) {
  return call(number::rt_sigaction, signal, address(action), address(old), sizeof(uint64_t));
}
// EAGAIN on timeout; without `time` it waits indefinitely.
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
// PTRACE_DETACH, delivering the signal that stopped the task; ESRCH if it is not traced.
inline long let_go(long task, int signal) { return call(number::ptrace, 17, task, 0, signal); }
inline long poll(uapi::PollFd &descriptor, const uapi::Time &time) {
  return call(number::ppoll, address(&descriptor), 1, address(&time), 0, 0);
}
inline long get_foreground(int terminal, int &group) {
  return call(number::ioctl, terminal, uapi::kTIOCGPGRP, address(&group));
}
inline long set_foreground(int terminal, const int &group) {
  return call(number::ioctl, terminal, uapi::kTIOCSPGRP, address(&group));
}

}  // namespace ll::sys
