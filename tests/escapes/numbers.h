// System call numbers that this libc's headers may be too old for, or that the architecture never
// had: then the number is one that no kernel knows, and the probe sees ENOSYS. From 424 on a number
// is the same everywhere (the kernel's scripts/syscall.tbl).
#pragma once

#include <sys/syscall.h>

namespace number {
inline constexpr long none = 0x3fff;

inline constexpr long pidfd_send_signal = 424;
inline constexpr long io_uring_setup = 425;
inline constexpr long io_uring_enter = 426;
inline constexpr long io_uring_register = 427;
inline constexpr long open_tree = 428;
inline constexpr long move_mount = 429;
inline constexpr long fsopen = 430;
inline constexpr long fsconfig = 431;
inline constexpr long fspick = 433;
inline constexpr long pidfd_open = 434;
inline constexpr long clone3 = 435;
inline constexpr long openat2 = 437;
inline constexpr long pidfd_getfd = 438;
inline constexpr long process_madvise = 440;
inline constexpr long mount_setattr = 442;
inline constexpr long fchmodat2 = 452;
inline constexpr long statmount = 457;
inline constexpr long setxattrat = 463;
inline constexpr long removexattrat = 466;
inline constexpr long open_tree_attr = 467;
inline constexpr long file_setattr = 469;

// x86-64 only, and exempt from seccomp: the kernel itself lets them run from its trampolines alone.
#ifdef __x86_64__
inline constexpr long uretprobe = 335;
inline constexpr long uprobe = 336;
#else
inline constexpr long uretprobe = none;
inline constexpr long uprobe = none;
#endif

// The calls that newer architectures (aarch64) never got.
#ifdef SYS_open
inline constexpr long open = SYS_open;
inline constexpr long creat = SYS_creat;
inline constexpr long chmod = SYS_chmod;
inline constexpr long chown = SYS_chown;
inline constexpr long lchown = SYS_lchown;
inline constexpr long utime = SYS_utime;
inline constexpr long utimes = SYS_utimes;
inline constexpr long futimesat = SYS_futimesat;
#else
inline constexpr long open = none;
inline constexpr long creat = none;
inline constexpr long chmod = none;
inline constexpr long chown = none;
inline constexpr long lchown = none;
inline constexpr long utime = none;
inline constexpr long utimes = none;
inline constexpr long futimesat = none;
#endif

#ifdef SYS_kexec_file_load
inline constexpr long kexec_file_load = SYS_kexec_file_load;
#else
inline constexpr long kexec_file_load = none;
#endif

#ifdef SYS_ioperm
inline constexpr long ioperm = SYS_ioperm;
#else
inline constexpr long ioperm = none;
#endif
}  // namespace number
