// How a hosted build enters the kernel: through its libc, on any 64-bit little-endian machine.
#pragma once

#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>

namespace ll::sys {

// clang-format off
enum Number : long {
  kRead = SYS_read, kWrite = SYS_write, kClose = SYS_close, kFcntl = SYS_fcntl,
  kGetcwd = SYS_getcwd, kChdir = SYS_chdir, kExecve = SYS_execve, kExit = SYS_exit,
  kWait4 = SYS_wait4, kUname = SYS_uname, kPrctl = SYS_prctl, kGetuid = SYS_getuid,
  kCapget = SYS_capget, kCapset = SYS_capset, kReadlinkat = SYS_readlinkat,
  kOpenat = SYS_openat, kPread64 = SYS_pread64, kPrlimit64 = SYS_prlimit64,
  kFaccessat = SYS_faccessat, kUnshare = SYS_unshare, kStatx = SYS_statx,
  kGetdents64 = SYS_getdents64, kSeccomp = SYS_seccomp, kExitGroup = SYS_exit_group,
  kClone = SYS_clone, kIoctl = SYS_ioctl, kKill = SYS_kill, kSetsid = SYS_setsid,
  kRtSigaction = SYS_rt_sigaction, kRtSigprocmask = SYS_rt_sigprocmask,
  kRtSigtimedwait = SYS_rt_sigtimedwait, kPoll = SYS_ppoll, kPipe2 = SYS_pipe2,
  kMount = SYS_mount, kUmount2 = SYS_umount2, kPivotRoot = SYS_pivot_root,
  kMkdirat = SYS_mkdirat, kSymlinkat = SYS_symlinkat, kUnlinkat = SYS_unlinkat,
  kFchdir = SYS_fchdir, kGetgid = SYS_getgid, kGetpid = SYS_getpid,
  kSethostname = SYS_sethostname, kGetpgid = SYS_getpgid, kChroot = SYS_chroot,
  kExecveat = SYS_execveat,
  kPtrace = SYS_ptrace, kReadMemory = SYS_process_vm_readv, kGetsockopt = SYS_getsockopt,
  kGettime = SYS_clock_gettime, kLseek = SYS_lseek,
  kFstatfs = SYS_fstatfs,
};
// clang-format on

inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0) {
  const long result = ::syscall(number, a, b, c, d, e);
  return result == -1 ? -errno : result;
}

}  // namespace ll::sys
