// The filter's BPF program against its table: it is run for every number and for arguments of every
// class.
#include "core/seccomp/filter.h"

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "bpf.h"
#include "check.h"
#include "host.h"

using namespace ll;

namespace {

constexpr uint32_t kAllow = 0x7fff0000, kKill = 0x80000000;
constexpr uint32_t kErrno = 0x00050000, kLog = 0x7ffc0000;
#if defined(__aarch64__)
constexpr uint32_t kNative = 0xc00000b7;  // AUDIT_ARCH_AARCH64
#else
constexpr uint32_t kNative = 0xc000003e;  // AUDIT_ARCH_X86_64
#endif
constexpr uint32_t EPERM_ = 1, EACCES_ = 13, ENOSYS_ = 38, ENOPROTOOPT_ = 92, EOPNOTSUPP_ = 95;

// kernel/seccomp.c, seccomp_is_const_allow: whether the bitmap answers.
bool is_const_allow(const Program &program, uint32_t number) {
  uint32_t a = 0;
  for (size_t at = program.start; at < kMaxInstructions; at++) {
    const Instruction &i = program.code[at];
    switch (i.code) {
      case 0x20:
        if (i.k == 0)
          a = number;
        else if (i.k == 4)
          a = kNative;
        else
          return false;
        break;
      case 0x54: a &= i.k; break;
      case 0x05: at += i.k; break;
      case 0x15: at += a == i.k ? i.jump_true : i.jump_false; break;
      case 0x35: at += a >= i.k ? i.jump_true : i.jump_false; break;
      case 0x45: at += (a & i.k) != 0 ? i.jump_true : i.jump_false; break;
      case 0x06: return i.k == kAllow;
      default: return false;
    }
  }
  return false;
}

// Like EQUAL, without building strings for equal values: there are millions.
#define SAME(got, wanted)              \
  do {                                 \
    const auto is_ = (got);            \
    const auto was_ = (wanted);        \
    if (is_ != was_) EQUAL(is_, was_); \
  } while (false)

struct Compiled {
  Parsed parsed;
  std::unique_ptr<Plan> plan = std::make_unique<Plan>();
  std::unique_ptr<Filter> filter = std::make_unique<Filter>();
  std::unique_ptr<Program> program = std::make_unique<Program>();
};

Compiled compiled(const std::string &text, int abi = 7, std::vector<SocketKind> inherited = {}) {
  Compiled result;
  for (const SocketKind kind : inherited)
    result.plan->inherited[static_cast<size_t>(kind)].found = true;
  result.parsed = parse_text(text);
  CHECK(result.parsed.valid);
  Diagnostic problem;
  const Policy &policy = *result.parsed.policy;
  CHECK(make_plan(policy, kernel_of_abi(abi), true, *result.plan, problem));
  decide(policy, *result.plan, *result.filter);
  CHECK(compile(*result.filter, *result.program));
  return result;
}

int number_of(const char *name) { return number_of_call(row_named(kCallNames, c_text(name))); }

uint32_t answer(const Compiled &c, const char *name, std::vector<uint64_t> arguments) {
  Data data = {static_cast<uint32_t>(number_of(name)), kNative, 0, {}};
  for (size_t i = 0; i < arguments.size(); i++) data.arguments[i] = arguments[i];
  return run(*c.program, data);
}

Data filled(uint32_t number, uint64_t argument) {
  Data data = {number, kNative, 0, {}};
  for (uint64_t &each : data.arguments) each = argument;
  return data;
}

const char *const kPolicies[] = {
    "ro /\n",
    "ro /\nmetadata deny\n",
    "ro /\nmetadata allow\nipc sysv\nunix any\n",
    "ro /\nconnect 443 53/udp\n",
    "ro /\nconnect any any/udp\nbind any any/udp\nunix any\n",
    "ro /\nsyscall allow keyctl @mount socket\n",
    "ro /\nsyscall deny getpid @clock read\n",
    "ro /\nsyscall only @system-service\n",
    "ro /\nsyscall only @basic-io\nsyscall action kill\n",
    "ro /\nsyscall only @basic-io\nsyscall deny read\nsyscall action log\n",
    "ro /\nsyscall deny @file-system @network-io @process @signal @timer @ipc\n",
};

// The result of a decision that checks no arguments; 0 if it does.
uint32_t constant_answer(const Compiled &c, Decision decision) {
  if (decision == kAllowed) return kAllow;
  if (decision == kUnknownCall) return kErrno | ENOSYS_;
  if (decision == kLogged) return kLog;
  if (decision == kRefusedByPolicy) return c.filter->opened.kill() ? kKill : kErrno | EPERM_;
  const std::string name(answer_of(decision).data, answer_of(decision).size);
  if (name == "EPERM") return kErrno | EPERM_;
  if (name == "EACCES") return kErrno | EACCES_;
  if (name == "ENOSYS") return kErrno | ENOSYS_;
  return 0;
}

}  // namespace

TEST("the BPF program decides every number as the table, under every policy and ABI") {
  for (const char *text : kPolicies) {
    for (int abi = 1; abi <= kNewestAbi; abi++) {
      const Compiled c = compiled(text, abi);
      for (uint32_t number = 0; number < kCalls; number++) {
        const uint32_t wanted = constant_answer(c, c.filter->decisions[number]);
        if (wanted == 0) continue;
        for (const uint64_t argument : {uint64_t{0}, UINT64_MAX})
          SAME(run(*c.program, filled(number, argument)), wanted);
      }
    }
  }
}

TEST("action log allows calls outside of syscall only, and no other refused call") {
  const std::string list = "ro /\nsyscall only @basic-io getcwd\nsyscall deny getcwd\n";
  const Compiled refusing = compiled(list.c_str(), kNewestAbi);
  const Compiled logging = compiled((list + "syscall action log\n").c_str(), kNewestAbi);
  const Compiled without = compiled("ro /\nsyscall deny getcwd\n", kNewestAbi);
  size_t logged = 0;
  for (uint32_t number = 0; number < kCalls; number++) {
    const Decision decision = logging.filter->decisions[number];
    logged += decision == kLogged ? 1 : 0;
    EQUAL(decision == kLogged ? kAllowed : decision, without.filter->decisions[number]);
    EQUAL(decision == kLogged, refusing.filter->decisions[number] == kRefusedByPolicy &&
                                   without.filter->decisions[number] == kAllowed);
  }
  SAME(logged > 100, true);
}

TEST("a table of arbitrary decisions is compiled exactly, or refused") {
  Compiled c = compiled("ro /\nconnect 443\n", 2);
  for (uint32_t seed = 1; seed <= 200; seed++) {
    uint32_t random = seed;
    for (Decision &decision : c.filter->decisions) {
      random = random * 1664525 + 1013904223;  // Numerical Recipes' generator
      const uint32_t kind = (random >> 16) % (1 + seed % 24);
      decision = kind <= kLastRow ? static_cast<Decision>(kind) : kRefusedByPolicy;
    }
    CHECK(compile(*c.filter, *c.program));
    for (uint32_t number = 0; number < kCalls; number++) {
      const uint32_t wanted = constant_answer(c, c.filter->decisions[number]);
      if (wanted != 0) SAME(run(*c.program, filled(number, 0)), wanted);
    }
  }
}

TEST("numbers above the table and of x32 are unknown calls, and other architectures are killed") {
  const Compiled c = compiled("ro /\n");
  for (const uint32_t number : {512U, 1000U, 0x3fffffffU, 0x40000000U, 0x40000001U, 0xffffffffU})
    EQUAL(run(*c.program, filled(number, 0)), kErrno | ENOSYS_);
  for (const uint32_t architecture : {0x40000003U, 0xc00000b7U, 0U, 0xffffffffU})
    for (const uint32_t number : {0U, 39U, 231U})
      EQUAL(run(*c.program, Data{number, architecture, 0, {}}), kKill);
}

TEST("calls that are always allowed are answered from the kernel's bitmap") {
  for (const char *text : kPolicies) {
    const Compiled c = compiled(text);
    for (uint32_t number = 0; number < kCalls; number++)
      SAME(is_const_allow(*c.program, number), c.filter->decisions[number] == kAllowed);
  }
}

TEST("sockets are allowed by family, type and protocol exactly as granted") {
  struct {
    const char *text;
    bool tcp, udp, unix_sockets;
    int abi;
  } const rows[] = {{"ro /\n", false, false, false, 7},
                    {"ro /\n", false, false, true, 9},
                    {"ro /\nconnect 443\n", true, false, false, 7},
                    {"ro /\nbind 53/udp\n", false, true, true, 10},
                    {"ro /\nconnect 1 any/udp\nunix any\n", true, true, true, 10}};
  for (const auto &row : rows) {
    const Compiled c = compiled(row.text, row.abi);
    for (uint64_t family = 0; family < 50; family++)
      for (uint64_t type = 0; type < 16; type++)
        for (const uint64_t flags : {0U, 0x800U, 0x80000U, 0x80800U})
          for (const uint64_t protocol : {0U, 1U, 6U, 17U, 58U, 132U, 136U, 255U, 262U}) {
            const bool inet = family == 2 || family == 10;
            const bool tcp = inet && type == 1 && (protocol == 0 || protocol == 6) && row.tcp;
            const bool udp = inet && type == 2 && (protocol == 0 || protocol == 17) && row.udp;
            const bool route = family == 16 && protocol == 0 && (row.tcp || row.udp);
            const bool local = family == 1 && row.unix_sockets;
            const bool allowed = tcp || udp || route || local;
            // int arguments: the kernel ignores the high halves.
            for (const uint64_t high : {uint64_t{0}, uint64_t{0xffffffff00000000}})
              SAME(answer(c, "socket", {family | high, type | flags | high, protocol | high}),
                   allowed ? kAllow : kErrno | EACCES_);
          }
  }
}

TEST("a socket pair is a unix stream or seqpacket, and a datagram pair needs unix any") {
  for (const bool any : {false, true}) {
    const Compiled c = compiled(any ? "ro /\nunix any\n" : "ro /\n");
    for (uint64_t family = 0; family < 50; family++)
      for (uint64_t type = 0; type < 16; type++) {
        const bool allowed = family == 1 && (any || type == 1 || type == 5);
        EQUAL(answer(c, "socketpair", {family, type | 0x80000, 0}),
              allowed ? kAllow : kErrno | EACCES_);
      }
  }
}

TEST("each argument check refuses what it is for, and nothing else") {
  const Compiled c = compiled("ro /\nmetadata deny\nconnect 443\n", 2);
  const uint64_t high = 0xffffffff00000000;
  struct {
    const char *name;
    std::vector<uint64_t> arguments;
    uint32_t wanted;
  } const rows[] = {
      {"ioctl", {0, 0x5401}, kAllow},
      {"ioctl", {0, 0x5412}, kErrno | EPERM_},
      {"ioctl", {0, 0x5412 | high}, kErrno | EPERM_},
      {"ioctl", {0, 0x541c}, kErrno | EPERM_},
      {"ioctl", {0, 0x5423}, kErrno | EPERM_},
      {"ioctl", {0, 0x5423 | high}, kErrno | EPERM_},
      {"ioctl", {0, 0x5424}, kAllow},
      {"ioctl", {0, 0x40086602}, kErrno | EPERM_},
      {"ioctl", {0, 0x401c5820}, kErrno | EPERM_},
      {"clone", {17}, kAllow},
      {"clone", {0x3d0f00}, kAllow},  // what pthread_create passes
      {"clone", {0x10000000 | 17}, kErrno | EPERM_},
      {"clone", {0x20000 | 17 | high}, kErrno | EPERM_},
      {"clone", {0x40000000}, kErrno | EPERM_},
      {"clone", {0x80}, kAllow},
      {"unshare", {0x600}, kAllow},
      {"unshare", {0x80}, kErrno | EPERM_},
      {"unshare", {0x10000000}, kErrno | EPERM_},
      {"memfd_create", {0, 1}, kErrno | ENOSYS_},
      {"memfd_create", {0, 0x10}, kErrno | ENOSYS_},
      {"memfd_create", {0, 9}, kErrno | ENOSYS_},
      {"setrlimit", {4}, kAllow},
      {"setsockopt", {3, 1, 2}, kAllow},
      {"setsockopt", {3, 6, 1}, kAllow},
      {"setsockopt", {3, 6, 31}, kErrno | ENOPROTOOPT_},
      {"setsockopt", {3, 6 | high, 31 | high}, kErrno | ENOPROTOOPT_},
      {"setsockopt", {3, 17, 100}, kErrno | ENOPROTOOPT_},
      {"setsockopt", {3, 0, 4}, kErrno | ENOPROTOOPT_},
      {"setsockopt", {3, 41, 57}, kErrno | ENOPROTOOPT_},
      {"setsockopt", {3, 41, 6}, kErrno | ENOPROTOOPT_},
      {"setsockopt", {3, 41, 26}, kAllow},
      {"connect", {0}, kAllow},
      {"bind", {0}, kAllow},
      {"execveat", {0, 0, 0, 0, 0}, kAllow},
      {"execveat", {0, 0, 0, 0, 0x1000}, kErrno | EPERM_},
      {"execveat", {0, 0, 0, 0, 0x1100 | high}, kErrno | EPERM_},
      {"fcntl", {3, 1024, 0}, kErrno | EPERM_},  // F_SETLEASE
      {"fcntl", {3, 1024 | high, 1}, kErrno | EPERM_},
      {"fcntl", {3, 1040, 0}, kErrno | EPERM_},  // F_SETDELEG
      {"fcntl", {3, 1025}, kAllow},              // F_GETLEASE
      {"fcntl", {3, 1030, 3}, kAllow},           // F_DUPFD_CLOEXEC
      {"fcntl", {3, 6, 0}, kAllow},              // F_SETLK
      {"fcntl", {3, 3}, kAllow},                 // F_GETFL
      {"prlimit64", {0, 7, 1, 1}, kAllow},
      {"prlimit64", {1, 7, 1, 0}, kErrno | EPERM_},
      {"prlimit64", {1, 7, 0, 1}, kErrno | EPERM_},
      {"setpriority", {0, 0, 5}, kAllow},
      {"setpriority", {0, 7, 5}, kErrno | EPERM_},
      {"setpriority", {1, 0, 5}, kErrno | EPERM_},
      {"setpriority", {2, 0, 5}, kErrno | EPERM_},
      {"ioprio_set", {1, 0, 0}, kAllow},
      {"ioprio_set", {1, 9, 0}, kErrno | EPERM_},
      {"ioprio_set", {2, 0, 0}, kErrno | EPERM_},
      {"sched_setaffinity", {0, 8, 1}, kAllow},
      {"sched_setaffinity", {1, 8, 1}, kErrno | EPERM_},
      {"sendto", {3, 0, 0, 0x4000, 0, 0}, kAllow},
      {"sendto", {3, 0, 0, 0x4000, 0x7fff0000, 16}, kAllow},  // to the kernel, by netlink
      {"sendto", {3, 0, 0, 0x20000000, 0, 0}, kErrno | EOPNOTSUPP_},
      {"sendmsg", {3, 0, 0x20004000}, kErrno | EOPNOTSUPP_},
      {"sendmsg", {3, 0, 0x4000}, kAllow},
      {"sendmmsg", {3, 0, 1, 0x20000000}, kErrno | EOPNOTSUPP_},
      {"listen", {3, 5}, kErrno | EACCES_},
      {"mknod", {0, 0100644, 0}, kAllow},
      {"mknod", {0, 010644, 0}, kAllow},  // a named pipe
      {"mknod", {0, 020600, 0}, kErrno | EACCES_},
      {"mknodat", {0, 0, 060600, 0}, kErrno | EACCES_},
      {"mknodat", {0, 0, 0140600, 0}, kAllow},  // a socket
      {"renameat2", {0, 0, 0, 0, 3}, kAllow},
      {"renameat2", {0, 0, 0, 0, 4}, kErrno | EPERM_},
      {"openat", {0, 0, 0}, kAllow},
      {"openat", {0, 0, 01000}, kErrno | EACCES_},  // O_RDONLY | O_TRUNC
      {"openat", {0, 0, 01003}, kErrno | EACCES_},  // mode 3
      {"openat", {0, 0, 01001}, kAllow},
      {"openat", {0, 0, 01102}, kAllow},
      {"open", {0, 01000}, kErrno | EACCES_},
      {"open", {0, 01001}, kAllow},
      {"openat2", {}, kErrno | ENOSYS_},
      {"truncate", {}, kErrno | EACCES_},
      {"ftruncate", {}, kAllow},
  };
  for (const auto &row : rows) EQUAL(answer(c, row.name, row.arguments), row.wanted);
}

TEST("times of an open file can be set where a file is granted for writing, and by name never") {
  struct {
    const char *text;
    Kind kind;
    uint32_t open, named;
  } const rows[] = {
      {"rw /f\n", Kind::File, kAllow, kErrno | EPERM_},
      {"rwx /f\n", Kind::File, kAllow, kErrno | EPERM_},
      {"ro /f\n", Kind::File, kErrno | EPERM_, kErrno | EPERM_},
      {"rw /f\nmetadata deny\n", Kind::File, kErrno | EPERM_, kErrno | EPERM_},
      {"rw /f\nmetadata allow\n", Kind::File, kAllow, kAllow},
      {"rw /f\n", Kind::Directory, kAllow, kAllow},
      {"rw -/f\n", Kind::Missing, kErrno | EPERM_, kErrno | EPERM_},
  };
  for (const auto &row : rows) {
    Compiled c = compiled(row.text);
    c.plan->entries[0].found.kind = row.kind;
    *c.filter = {};
    decide(*c.parsed.policy, *c.plan, *c.filter);
    CHECK(compile(*c.filter, *c.program));
    EQUAL(answer(c, "utimensat", {3, 0, 0, 0}), row.open);
    for (const uint64_t path : {uint64_t{1}, uint64_t{1} << 32, UINT64_MAX})
      EQUAL(answer(c, "utimensat", {3, path, 0, 0}), row.named);
    EQUAL(answer(c, "fchmod", {3, 0644}), row.named);
  }
}

TEST("a device node can be created where fs make_char grants it") {
  const Compiled c = compiled("fs make_char /\n");
  EQUAL(answer(c, "mknod", {0, 020600, 0}), kAllow);
  EQUAL(answer(c, "renameat2", {0, 0, 0, 0, 4}), kAllow);
}

TEST("syscall allow allows a call whatever its default, and deny overrides it") {
  const Compiled open = compiled("ro /\nsyscall allow keyctl ioctl clone3\n");
  EQUAL(answer(open, "keyctl", {}), kAllow);
  EQUAL(answer(open, "ioctl", {0, 0x5412}), kAllow);
  EQUAL(answer(open, "clone3", {}), kAllow);
  EQUAL(answer(open, "add_key", {}), kErrno | EPERM_);
  const Compiled both = compiled("ro /\nsyscall deny keyctl\nsyscall allow keyctl\n");
  EQUAL(answer(both, "keyctl", {}), kErrno | EPERM_);
}

TEST("syscall only leaves the named calls, and those that start and end a program") {
  const Compiled c = compiled("ro /\nsyscall only @basic-io ioctl\nsyscall action kill\n");
  EQUAL(answer(c, "read", {}), kAllow);
  EQUAL(answer(c, "execve", {}), kAllow);
  EQUAL(answer(c, "exit_group", {}), kAllow);
  EQUAL(answer(c, "ioctl", {0, 0x5412}), kErrno | EPERM_);
  EQUAL(answer(c, "ioctl", {0, 0x5401}), kAllow);
  EQUAL(answer(c, "getdents64", {}), kKill);
  EQUAL(answer(c, "clone3", {}), kKill);
}

TEST("file system ioctls are matched by type and number, and only reading ones allowed") {
  struct {
    uint32_t command;
    bool allowed, with_metadata;
  } const rows[] = {
      {0x5401, true, true},                                    // TCGETS
      {0x5421, true, true},                                    // FIONBIO
      {0x541b, true, true},                                    // FIONREAD
      {0x8910, true, true},                                    // SIOCGIFNAME
      {0xc0186201, true, true},                                // DMA_BUF_IOCTL_SYNC's type
      {0x2, true, true},                                       // FIGETBSZ
      {0x40049409, true, true},                                // FICLONE
      {0x4020940d, true, true},                                // FICLONERANGE
      {0xc0189436, false, false},                              // FIDEDUPERANGE
      {0x80086601, true, true},                                // FS_IOC_GETFLAGS
      {0x40086602, false, true},                               // FS_IOC_SETFLAGS
      {0x40046602, false, true},                               // FS_IOC32_SETFLAGS
      {0x801c581f, true, true},                                // FS_IOC_FSGETXATTR
      {0x401c5820, false, true},                               // FS_IOC_FSSETXATTR
      {0x40087602, false, true},                               // FS_IOC_SETVERSION
      {0x40047211, false, true},                               // FAT_IOCTL_SET_ATTRIBUTES
      {0xc020660b, true, true},                                // FS_IOC_FIEMAP
      {0x5000940e, false, false},                              // BTRFS_IOC_SUBVOL_CREATE
      {0x50009418, false, false},                              // BTRFS_IOC_SUBVOL_CREATE_V2
      {0x50009401, false, false},                              // BTRFS_IOC_SNAP_CREATE
      {0x50009417, false, false},                              // BTRFS_IOC_SNAP_CREATE_V2
      {0x5000940f, false, false},                              // BTRFS_IOC_SNAP_DESTROY
      {0x5000943f, false, false},                              // BTRFS_IOC_SNAP_DESTROY_V2
      {0x4008941a, false, false},                              // BTRFS_IOC_SUBVOL_SETFLAGS
      {0xd0009412, false, false},                              // BTRFS_IOC_INO_LOOKUP
      {0x4048943e, false, false}, {0x800c6613, false, false},  // FS_IOC_SET_ENCRYPTION_POLICY
      {0xc0506617, false, false},                              // FS_IOC_ADD_ENCRYPTION_KEY
      {0xc0406618, false, false},                              // FS_IOC_REMOVE_ENCRYPTION_KEY
      {0xc0406619, false, false},  // FS_IOC_REMOVE_ENCRYPTION_KEY_ALL_USERS
      {0xc0096616, true, true},    // FS_IOC_GET_ENCRYPTION_POLICY_EX
      {0x40806685, false, false},  // FS_IOC_ENABLE_VERITY
      {0xc0046686, true, true},    // FS_IOC_MEASURE_VERITY
      {0x6609, false, false},      // EXT4_IOC_MIGRATE
      {0x6611, false, false},      // EXT4_IOC_SWAP_BOOT
      {0xc0045877, false, false},  // FIFREEZE
      {0x8004587d, false, false},  // FS_IOC_SHUTDOWN
      {0x4030582a, true, true},    // FS_IOC_RESVSP64
      {0xf501, false, false},      // F2FS_IOC_START_ATOMIC_WRITE
      {0x4008bc10, false, false},  // BCH_IOCTL_SUBVOLUME_CREATE
      {0x40186f04, false, false},  // OCFS2_IOC_REFLINK
  };
  const Compiled closed = compiled("ro /\nmetadata deny\n");
  const Compiled open = compiled("ro /\nmetadata allow\n");
  for (const auto &row : rows)
    for (const uint64_t high : {uint64_t{0}, uint64_t{0xffffffff00000000}}) {
      EQUAL(answer(closed, "ioctl", {3, row.command | high}),
            row.allowed ? kAllow : kErrno | EPERM_);
      EQUAL(answer(open, "ioctl", {3, row.command | high}),
            row.with_metadata ? kAllow : kErrno | EPERM_);
    }
}

TEST("connect, bind, listen and send to an address are refused where no rule grants a socket") {
  for (const int abi : {1, 3, 4, 7, 8}) {
    const Compiled c = compiled("ro /\n", abi);
    for (const char *name : {"connect", "bind", "listen"})
      EQUAL(answer(c, name, {0}), kErrno | EACCES_);
    EQUAL(answer(c, "sendto", {0, 0, 1, 0, 0, 0}), kAllow);
    EQUAL(answer(c, "sendto", {0, 0, 1, 0, 0x1000, 16}), kErrno | EACCES_);
    EQUAL(answer(c, "sendto", {0, 0, 1, 0, uint64_t{1} << 32, 16}), kErrno | EACCES_);
    EQUAL(answer(c, "sendto", {0, 0, 1, 0x20000000, 0, 0}), kErrno | EOPNOTSUPP_);
    EQUAL(answer(c, "sendmsg", {0, 0x1000, 0}), kAllow);
  }
}

TEST("an inherited socket can reach only its peer, with messages as well") {
  for (int abi = 1; abi <= kNewestAbi; abi++) {
    // From ABI 10 on, Landlock restricts UDP; unix sockets are allowed from 9 on.
    const Compiled udp = compiled("ro /\n", abi, {SocketKind::Udp});
    const bool held = abi >= 10;
    EQUAL(answer(udp, "sendmsg", {0, 0x1000, 0}), held ? kAllow : kErrno | EACCES_);
    EQUAL(answer(udp, "sendmmsg", {0, 0x1000, 1, 0}), held ? kAllow : kErrno | EACCES_);
    EQUAL(answer(udp, "connect", {0}), held ? kAllow : kErrno | EACCES_);
    const Compiled tcp = compiled("ro /\n", abi, {SocketKind::Tcp});
    EQUAL(answer(tcp, "sendmsg", {0, 0x1000, 0}), kAllow);
    EQUAL(answer(tcp, "listen", {0}), kErrno | EACCES_);
    EQUAL(answer(tcp, "connect", {0}), abi >= 9 ? kAllow : kErrno | EACCES_);
    const Compiled other = compiled("ro /\n", abi, {SocketKind::Other});
    EQUAL(answer(other, "connect", {0}), kErrno | EACCES_);
    EQUAL(answer(other, "sendmsg", {0}), kErrno | EACCES_);
  }
  // What the policy opens needs these calls: that nothing holds the other socket is found out.
  CHECK(compiled("ro /\nconnect 443\n", 7, {SocketKind::Udp}).filter->opened.loose != 0);
  CHECK(compiled("ro /\nconnect 443\n", 10, {SocketKind::Udp}).filter->opened.loose == 0);
  CHECK(compiled("ro /\nconnect 443\n", 7, {SocketKind::Tcp}).filter->opened.loose == 0);
  CHECK(compiled("ro /\nunix any\n", 3, {SocketKind::Tcp}).filter->opened.loose != 0);
  CHECK(compiled("ro /\nunix any\n", 4, {SocketKind::Tcp}).filter->opened.loose == 0);
}

TEST("limit core=0 cannot be changed to a limit of 0, which would start the core pipe") {
  const Compiled c = compiled("ro /\nlimit core=0\n");
  EQUAL(answer(c, "setrlimit", {4, 0x1000}), kErrno);
  EQUAL(answer(c, "setrlimit", {7, 0x1000}), kAllow);
  EQUAL(answer(c, "prlimit64", {0, 4, 0x1000, 0}), kErrno);
  EQUAL(answer(c, "prlimit64", {0, 4, uint64_t{1} << 32, 0}), kErrno);
  EQUAL(answer(c, "prlimit64", {0, 4, 0, 0x1000}), kAllow);
  EQUAL(answer(c, "prlimit64", {0, 7, 0x1000, 0}), kAllow);
  EQUAL(answer(c, "prlimit64", {1, 4, 0, 0x1000}), kErrno | EPERM_);
}
