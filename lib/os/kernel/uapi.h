// The kernel's interface as far as this program uses it. Our own, because a build machine's headers
// may be older than the kernels that the program runs on: Debian 12's end at Landlock ABI 2.
// Sources:
// include/uapi/linux/{landlock,fcntl,stat,prctl,capability,resource,utsname,close_range}.h.
#pragma once

#include <cstdint>

namespace ll::uapi {

constexpr int kAtCwd = -100;        // AT_FDCWD
constexpr int kAtNoFollow = 0x100;  // AT_SYMLINK_NOFOLLOW
constexpr int kAtEmptyPath = 0x1000;
constexpr int kReadOnly = 0;
constexpr int kWriteOnly = 1;
constexpr int kCreate = 0100;  // O_CREAT
// arch/arm64/include/uapi/asm/fcntl.h has its own values for these two.
#if defined(__aarch64__)
constexpr int kNoFollow = 0100000;      // O_NOFOLLOW
constexpr int kDirectoryOnly = 040000;  // O_DIRECTORY
#else
constexpr int kNoFollow = 0400000;
constexpr int kDirectoryOnly = 0200000;
#endif
constexpr int kCloseOnExec = 02000000;  // O_CLOEXEC
constexpr int kPathOnly = 010000000;    // O_PATH
// openat2(2)
struct OpenHow {
  uint64_t flags, mode, resolve;
};
constexpr uint64_t kNoLinks = 0x08 | 0x04 | 0x02;  // RESOLVE_BENEATH, _NO_SYMLINKS, _NO_MAGICLINKS

constexpr int kExists = 0;      // F_OK
constexpr int kExecutable = 1;  // X_OK

constexpr int kGetDescriptorFlags = 1;  // F_GETFD
constexpr int kSetDescriptorFlags = 2;  // F_SETFD

constexpr int kFileType = 0170000;  // S_IFMT
constexpr int kDirectory = 0040000;
constexpr int kCharacterDevice = 0020000;
constexpr int kBlockDevice = 0060000;
constexpr int kRegular = 0100000;
constexpr int kSymbolicLink = 0120000;
constexpr int kFifo = 0010000;
constexpr int kAsIs = 04000 | 0400;  // O_NONBLOCK, O_NOCTTY
constexpr int kSocket = 0140000;

// STATX_TYPE, STATX_MODE, STATX_UID, STATX_INO, STATX_MNT_ID (Linux 5.8)
constexpr uint32_t kStatWanted = 0x1 | 0x2 | 0x8 | 0x100 | 0x1000;

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

constexpr uint32_t kRulesetVersion = 1;  // LANDLOCK_CREATE_RULESET_VERSION
constexpr int kPathBeneath = 1;          // LANDLOCK_RULE_PATH_BENEATH
constexpr int kNetPort = 2;              // LANDLOCK_RULE_NET_PORT

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

constexpr int kSetFilter = 1;       // SECCOMP_SET_MODE_FILTER
constexpr uint32_t kFilterLog = 2;  // SECCOMP_FILTER_FLAG_LOG
// struct sock_fprog, linux/filter.h
struct FilterProgram {
  uint16_t length;
  const void *code;
};

// SECCOMP_FILTER_FLAG_NEW_LISTENER (Linux 5.0), _WAIT_KILLABLE_RECV (5.19)
constexpr uint32_t kListener = 8 | 32;

// socket(7), unix(7): what passes descriptors.
constexpr int kUnixFamily = 1, kPackets = 5;  // SOCK_SEQPACKET
constexpr int kRights = 1;                    // SCM_RIGHTS
struct Vector {                               // struct iovec
  const void *base;
  size_t size;
};
struct Message {  // struct msghdr
  const void *name;
  uint32_t name_size;
  const Vector *vectors;
  size_t vector_count;
  void *control;
  size_t control_size;
  int flags;
};
struct PassedDescriptor {  // struct cmsghdr with one descriptor, cmsg(3)
  size_t size = 16 + sizeof(int);
  int level = 1;  // SOL_SOCKET
  int type = kRights;
  int descriptor = -1;
  int padding = 0;
};

constexpr int kSetNoNewPrivs = 38;    // PR_SET_NO_NEW_PRIVS
constexpr int kSetNoHugePages = 41;   // PR_SET_THP_DISABLE
constexpr int kSetWriteExecute = 65;  // PR_SET_MDWE
constexpr int kGetWriteExecute = 66;  // PR_GET_MDWE
constexpr long kAskPersonality = 0xffffffff;
constexpr long kNoRandomAddresses = 0x40000;         // ADDR_NO_RANDOMIZE
constexpr int kDropBoundingSet = 24;                 // PR_CAPBSET_DROP
constexpr int kAmbient = 47;                         // PR_CAP_AMBIENT
constexpr int kAmbientRaise = 2;                     // PR_CAP_AMBIENT_RAISE
constexpr int kAmbientClearAll = 4;                  // PR_CAP_AMBIENT_CLEAR_ALL
constexpr uint32_t kCapabilityVersion = 0x20080522;  // _LINUX_CAPABILITY_VERSION_3
constexpr int kCapSetpcap = 8;

struct CapabilityHeader {
  uint32_t version;
  int32_t pid;
};
struct CapabilityData {
  uint32_t effective, permitted, inheritable;
};

constexpr int kLimitFiles = 7;  // RLIMIT_NOFILE
constexpr uint64_t kUnlimited = UINT64_MAX;
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

constexpr int kSigchld = 17;
enum Signal : int {
  kSigInt = 2,
  kSigTrap = 5,
  kSigKill = 9,
  kSigTerm = 15,
  kSigCont = 18,
  kSigStop = 19,
  kSigTstp = 20,
  kSigTtin = 21,
  kSigTtou = 22,
  kSigSys = 31,
};
constexpr uint64_t bit_of(int signal) { return uint64_t{1} << (signal - 1); }
constexpr int kUnblock = 1, kSetMask = 2;  // SIG_UNBLOCK, SIG_SETMASK

constexpr long kGetWindowSize = 0x5413;  // TIOCGWINSZ, ioctl_tty(2)
struct WindowSize {
  uint16_t rows, columns, width, height;
};

struct Time {
  int64_t seconds, nanoseconds;
};
constexpr long kNewUser = 0x10000000;  // CLONE_NEWUSER

struct Uname {
  char sysname[65], nodename[65], release[65], version[65], machine[65], domain[65];
};

// Auxiliary vector, getauxval(3).
constexpr uint64_t kAuxRandom = 25;    // AT_RANDOM
constexpr uint64_t kAuxExecFile = 31;  // AT_EXECFN

// errno(3)
constexpr int kEPERM = 1, kENOENT = 2, kEINTR = 4, kE2BIG = 7, kENOEXEC = 8, kENOMEM = 12,
              kEBADF = 9, kECHILD = 10, kEACCES = 13, kENOTDIR = 20, kEISDIR = 21, kEINVAL = 22,
              kESPIPE = 29, kEMFILE = 24, kENOSYS = 38, kELOOP = 40, kEBADFD = 77, kEOPNOTSUPP = 95,
              kENOMSG = 42, kENOTSOCK = 88, kEBUSY = 16;

}  // namespace ll::uapi
