// The kernel's interface as far as this program uses it. Our own, because a build machine's headers
// may be older than the kernels that the program runs on: Debian 12's end at Landlock ABI 2.
// Sources:
// include/uapi/linux/{landlock,fcntl,stat,prctl,capability,resource,utsname,close_range}.h.
#pragma once

#include <cstdint>

namespace ll::uapi {

constexpr int kAT_FDCWD = -100;
constexpr int kAT_SYMLINK_NOFOLLOW = 0x100;
constexpr int kAT_EMPTY_PATH = 0x1000;
constexpr int kO_RDONLY = 0;
constexpr int kO_WRONLY = 1;
constexpr int kO_RDWR = 2;
constexpr int kO_ACCMODE = 3;
constexpr int kO_CREAT = 0100;
constexpr int kO_EXCL = 0200;
constexpr int kO_NOCTTY = 0400;
constexpr int kO_TRUNC = 01000;
constexpr int kO_APPEND = 02000;
constexpr int kO_NONBLOCK = 04000;  // SOCK_NONBLOCK, too
// arch/arm64/include/uapi/asm/fcntl.h has its own values for these two.
#if defined(__aarch64__)
constexpr int kO_NOFOLLOW = 0100000;
constexpr int kO_DIRECTORY = 040000;
#else
constexpr int kO_NOFOLLOW = 0400000;
constexpr int kO_DIRECTORY = 0200000;
#endif
constexpr int kO_CLOEXEC = 02000000;
constexpr int kO_PATH = 010000000;
// openat2(2)
struct OpenHow {
  uint64_t flags, mode, resolve;
};
constexpr uint64_t kRESOLVE_BENEATH_NO_LINKS =
    0x08 | 0x04 | 0x02;  // RESOLVE_BENEATH, _NO_SYMLINKS, _NO_MAGICLINKS

constexpr int kF_OK = 0;
constexpr int kX_OK = 1;

constexpr int kF_GETFD = 1;
constexpr int kF_SETFD = 2;

constexpr int kS_IFMT = 0170000;
constexpr int kS_IFDIR = 0040000;
constexpr int kS_IFCHR = 0020000;
constexpr int kS_IFBLK = 0060000;
constexpr int kS_IFREG = 0100000;
constexpr int kS_IFLNK = 0120000;
constexpr int kS_IFIFO = 0010000;
constexpr int kO_NONBLOCK_NOCTTY = kO_NONBLOCK | kO_NOCTTY;
constexpr int kS_IFSOCK = 0140000;

// STATX_TYPE, STATX_MODE, STATX_UID, STATX_INO, STATX_MNT_ID (Linux 5.8)
constexpr uint32_t kStatxMask = 0x1 | 0x2 | 0x8 | 0x100 | 0x1000;

struct Statx {
  uint32_t mask, blksize;
  uint64_t attributes;
  uint32_t nlink, uid, gid;
  uint16_t mode, spare0;
  uint64_t ino, size, blocks, attributes_mask;
  uint64_t times[8];
  uint32_t rdev_major, rdev_minor, dev_major, dev_minor;
  uint64_t mount_id;
  uint64_t spare[13];
};
static_assert(sizeof(Statx) == 256);

constexpr uint64_t device_of(const Statx &stat) {
  return uint64_t{stat.dev_major} << 32 | stat.dev_minor;
}

constexpr uint32_t kLANDLOCK_CREATE_RULESET_VERSION = 1;
constexpr int kLANDLOCK_RULE_PATH_BENEATH = 1;
constexpr int kLANDLOCK_RULE_NET_PORT = 2;

// Older kernels know less of it and accept the rest as long as it is zero.
struct RulesetAttr {
  uint64_t handled_access_fs, handled_access_net, scoped;
};
struct __attribute__((packed)) PathBeneathAttr {
  uint64_t allowed_access;
  int32_t parent_fd;
};
struct NetPortAttr {
  uint64_t allowed_access, port;
};

constexpr int kSECCOMP_SET_MODE_FILTER = 1;
constexpr uint32_t kSECCOMP_FILTER_FLAG_LOG = 2;
// struct sock_fprog, linux/filter.h
struct SockFprog {
  uint16_t length;
  const void *code;
};

// SECCOMP_FILTER_FLAG_NEW_LISTENER (Linux 5.0), _WAIT_KILLABLE_RECV (5.19)
constexpr uint32_t kNewListenerFlags = 8 | 32;

// socket(7), unix(7): what passes descriptors.
constexpr int kAF_UNIX = 1, kSOCK_SEQPACKET = 5;
constexpr int kSCM_RIGHTS = 1;
struct ConstIoVec {  // struct iovec
  const void *base;
  size_t size;
};
struct MsgHdr {  // struct msghdr
  const void *name;
  uint32_t name_size;
  const ConstIoVec *vectors;
  size_t vector_count;
  void *control;
  size_t control_size;
  int flags;
};
struct PassedDescriptor {  // struct cmsghdr with one descriptor, cmsg(3)
  size_t size = 16 + sizeof(int);
  int level = 1;  // SOL_SOCKET
  int type = kSCM_RIGHTS;
  int descriptor = -1;
  int padding = 0;
};

constexpr int kPR_SET_PDEATHSIG = 1;
constexpr int kPR_SET_DUMPABLE = 4;
constexpr int kPR_SET_NO_NEW_PRIVS = 38;
constexpr int kPR_SET_THP_DISABLE = 41;
constexpr int kPR_SET_MDWE = 65;
constexpr int kPR_GET_MDWE = 66;
constexpr long kPersonalityQuery = 0xffffffff;
constexpr long kADDR_NO_RANDOMIZE = 0x40000;
constexpr int kPR_CAPBSET_DROP = 24;
constexpr int kPR_CAP_AMBIENT = 47;
constexpr int kPR_CAP_AMBIENT_RAISE = 2;
constexpr int kPR_CAP_AMBIENT_CLEAR_ALL = 4;
constexpr uint32_t kLINUX_CAPABILITY_VERSION_3 = 0x20080522;  // _LINUX_CAPABILITY_VERSION_3
constexpr int kCAP_SETPCAP = 8;

struct CapabilityHeader {
  uint32_t version;
  int32_t pid;
};
struct CapabilityData {
  uint32_t effective, permitted, inheritable;
};

constexpr int kRLIMIT_NOFILE = 7;
constexpr uint64_t kRLIM_INFINITY = UINT64_MAX;
struct ResourceLimit {
  uint64_t soft, hard;
};

// struct linux_dirent64, getdents64(2)
struct DirectoryEntry {
  uint64_t inode;
  int64_t next;
  uint16_t length;
  uint8_t type;
  char name[1];
};

constexpr int kSIGCHLD = 17;
enum Signal : int {
  kSIGINT = 2,
  kSIGTRAP = 5,
  kSIGKILL = 9,
  kSIGTERM = 15,
  kSIGCONT = 18,
  kSIGSTOP = 19,
  kSIGTSTP = 20,
  kSIGTTIN = 21,
  kSIGTTOU = 22,
  kSIGSYS = 31,
};
constexpr uint64_t bit_of(int signal) { return uint64_t{1} << (signal - 1); }
constexpr int kSI_KERNEL = 128;              // sent by the kernel, as for a terminal
constexpr int kWNOHANG = 1, kWUNTRACED = 2;  // wait(2)
constexpr int kSIG_UNBLOCK = 1, kSIG_SETMASK = 2;

constexpr long kTIOCGWINSZ = 0x5413;  // TIOCGWINSZ, ioctl_tty(2)
struct WindowSize {
  uint16_t rows, columns, width, height;
};

struct Time {
  int64_t seconds, nanoseconds;
};
constexpr long kCLONE_NEWUSER = 0x10000000;
constexpr long kCLONE_NEWNET = 0x40000000;

struct Uname {
  char sysname[65], nodename[65], release[65], version[65], machine[65], domain[65];
};

// Auxiliary vector, getauxval(3).
constexpr uint64_t kAT_RANDOM = 25;
constexpr uint64_t kAT_EXECFN = 31;

// errno(3)
constexpr int kEPERM = 1, kENOENT = 2, kEINTR = 4, kE2BIG = 7, kENOEXEC = 8, kENOMEM = 12,
              kERANGE = 34, kEBADF = 9, kECHILD = 10, kEAGAIN = 11, kEFAULT = 14, kEEXIST = 17,
              kENOSPC = 28, kEACCES = 13, kENOTDIR = 20, kEISDIR = 21, kEINVAL = 22, kESPIPE = 29,
              kEMFILE = 24, kENOSYS = 38, kELOOP = 40, kEBADFD = 77, kEOPNOTSUPP = 95, kENOMSG = 42,
              kENOTSOCK = 88, kEBUSY = 16;

}  // namespace ll::uapi
