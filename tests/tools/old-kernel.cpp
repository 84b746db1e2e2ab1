// old-kernel KERNEL PROGRAM [ARGUMENT...]: run a program as on a kernel with less Landlock.
//   KERNEL  absent (ENOSYS), off (EOPNOTSUPP), an ABI such as 4, or an ABI without one right as
//           some distributors ship it: 6-scope1 has no signal scope, 6-fs14 no truncation right
// A seccomp filter passes the three calls on to this process, which answers as that kernel would
// where it would refuse; the real kernel does the rest. The exit status is the program's.
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <optional>
#include <string>

namespace {

constexpr int kCreate = 444, kAdd = 445, kRestrict = 446;

struct Level {
  int fs, net, scope;  // how many bits each field has
  uint64_t size;       // of landlock_ruleset_attr
  int flags;           // how many bits landlock_restrict_self takes
  int rule_flags;      // and landlock_add_rule
};
// One row an ABI, from none on: include/uapi/linux/landlock.h up to Linux 7.3.
constexpr Level kLevels[] = {{},
                             {13, 0, 0, 8, 0, 0},
                             {14, 0, 0, 8, 0, 0},
                             {15, 0, 0, 8, 0, 0},
                             {15, 2, 0, 16, 0, 0},
                             {16, 2, 0, 16, 0, 0},
                             {16, 2, 2, 24, 0, 0},
                             {16, 2, 2, 24, 3, 0},
                             {16, 2, 2, 24, 4, 0},
                             {17, 2, 2, 24, 4, 0},
                             {17, 4, 2, 48, 4, 1},
                             {17, 4, 2, 48, 5, 1}};
constexpr int kNewest = std::size(kLevels) - 1;

struct Imitated {
  int error = 0;  // of every call; 0: see abi
  int abi = 0;
  uint64_t fs = 0, net = 0, scope = 0;
};

constexpr uint64_t low_bits(int count) { return (uint64_t{1} << count) - 1; }

std::optional<Imitated> parse(const std::string &name) {
  if (name == "absent") return Imitated{.error = ENOSYS};
  if (name == "off") return Imitated{.error = EOPNOTSUPP};
  const int abi = atoi(name.c_str());
  if (abi < 1 || abi > kNewest) return std::nullopt;
  Imitated kernel = {.abi = abi,
                     .fs = low_bits(kLevels[abi].fs),
                     .net = low_bits(kLevels[abi].net),
                     .scope = low_bits(kLevels[abi].scope)};
  const size_t dash = name.find('-');
  if (dash == std::string::npos) return kernel;
  const std::string without = name.substr(dash + 1);
  const size_t digit = without.find_first_of("0123456789");
  if (digit == std::string::npos) return std::nullopt;
  const uint64_t bit = uint64_t{1} << atoi(without.c_str() + digit);
  const std::string field = without.substr(0, digit);
  if (field == "fs") kernel.fs &= ~bit;
  if (field == "net") kernel.net &= ~bit;
  if (field == "scope") kernel.scope &= ~bit;
  return kernel;
}

// The answer to a call: a negative errno, a value, or nothing where the real kernel shall answer.
using Answer = std::optional<int64_t>;

Answer answer_create(const Imitated &kernel, const seccomp_notif &call) {
  const auto &arguments = call.data.args;
  if (arguments[2] == 1) return kernel.abi;  // LANDLOCK_CREATE_RULESET_VERSION
  uint64_t attr[32] = {};
  if (arguments[1] > sizeof attr) return -E2BIG;
  const iovec here = {attr, arguments[1]};
  const iovec there = {reinterpret_cast<void *>(arguments[0]), arguments[1]};
  const ssize_t got = process_vm_readv(static_cast<pid_t>(call.pid), &here, 1, &there, 1, 0);
  if (got != static_cast<ssize_t>(arguments[1])) return -EFAULT;
  for (size_t i = kLevels[kernel.abi].size / sizeof *attr; i < sizeof attr / sizeof *attr; i++)
    if (attr[i] != 0) return -E2BIG;
  if ((attr[0] & ~kernel.fs) != 0 || (attr[1] & ~kernel.net) != 0 || (attr[2] & ~kernel.scope) != 0)
    return -EINVAL;
  return std::nullopt;
}

Answer answer(const Imitated &kernel, const seccomp_notif &call) {
  if (kernel.error != 0) return -kernel.error;
  switch (call.data.nr) {
    case kCreate: return answer_create(kernel, call);
    case kAdd: {
      const bool known = call.data.args[1] == 1 || (call.data.args[1] == 2 && kernel.abi >= 4);
      const bool plain = (call.data.args[3] & ~low_bits(kLevels[kernel.abi].rule_flags)) == 0;
      return known && plain ? Answer{} : -EINVAL;
    }
    default: {
      const bool known = (call.data.args[1] & ~low_bits(kLevels[kernel.abi].flags)) == 0;
      return known ? Answer{} : -EINVAL;
    }
  }
}

// PR_SET_MDWE and PR_GET_MDWE came with Linux 6.3, between ABI 3 and ABI 4.
bool hide_write_execute() {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 65, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 66, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
  };
  const sock_fprog program = {sizeof filter / sizeof *filter, filter};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

int install_filter() {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, kCreate, 0, 2),
      BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, kRestrict, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program = {sizeof filter / sizeof *filter, filter};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  return static_cast<int>(
      syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program));
}

// A descriptor over a socket, unix(7).
union Envelope {
  cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(int))];
};

bool send_descriptor(int over, int descriptor) {
  char byte = 0;
  iovec data = {&byte, 1};
  Envelope envelope = {};
  msghdr message = {};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = &envelope;
  message.msg_controllen = sizeof envelope;
  envelope.header = {CMSG_LEN(sizeof descriptor), SOL_SOCKET, SCM_RIGHTS};
  memcpy(CMSG_DATA(&envelope.header), &descriptor, sizeof descriptor);
  return sendmsg(over, &message, 0) == 1;
}

int receive_descriptor(int over) {
  char byte = 0;
  iovec data = {&byte, 1};
  Envelope envelope = {};
  msghdr message = {};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = &envelope;
  message.msg_controllen = sizeof envelope;
  if (recvmsg(over, &message, MSG_CMSG_CLOEXEC) != 1 || message.msg_controllen == 0) return -1;
  int descriptor = -1;
  memcpy(&descriptor, CMSG_DATA(&envelope.header), sizeof descriptor);
  return descriptor;
}

[[noreturn]] void become(const Imitated &kernel, char **command, int over) {
  if (kernel.abi < 4 && !hide_write_execute()) {
    perror("old-kernel: seccomp");
    _exit(99);
  }
  const int listener = install_filter();
  if (listener < 0 || !send_descriptor(over, listener)) {
    perror("old-kernel: seccomp");
    _exit(99);
  }
  close(listener);
  execvp(command[0], command);
  perror(command[0]);
  _exit(99);
}

void answer_all(const Imitated &kernel, int listener) {
  for (pollfd waiting = {listener, POLLIN, 0};
       poll(&waiting, 1, -1) >= 0 && (waiting.revents & POLLHUP) == 0;) {
    seccomp_notif call = {};
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0) continue;
    seccomp_notif_resp response = {};
    response.id = call.id;
    const Answer given = answer(kernel, call);
    if (!given)
      response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    else if (*given < 0)
      response.error = static_cast<int>(*given);
    else
      response.val = *given;
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
  }
}

}  // namespace

int main(int argc, char **argv) {
  const std::optional<Imitated> kernel = argc > 2 ? parse(argv[1]) : std::nullopt;
  if (!kernel) {
    fputs("usage: old-kernel absent|off|ABI[-FIELDBIT] PROGRAM [ARGUMENT...]\n", stderr);
    return 99;
  }
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return 99;
  const pid_t child = fork();
  if (child == 0) become(*kernel, argv + 2, pair[1]);
  close(pair[1]);
  const int listener = receive_descriptor(pair[0]);
  if (listener >= 0) answer_all(*kernel, listener);
  int status = 0;
  if (waitpid(child, &status, 0) < 0) return 99;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
