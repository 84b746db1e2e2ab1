// report FOLDER: what this process may do, one fact per line. Run as a command by ll-exec, and
// without it to get the facts of an unrestricted process.
//   NAME yes | NAME no:ERRNO    an attempt
//   +NAME HEX                   a set of capabilities and the like: none may be added
//   <NAME NUMBER                a limit: it may not be higher
//   =NAME VALUE                 must be equal
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <string>

extern char **environ;

namespace {

std::string folder;

std::string in(const char *name) { return folder + "/" + name; }

// An attempt that fails in one of these ways was not refused: the operation itself failed.
void fact(const char *name, long result, std::initializer_list<int> passed = {}) {
  const int error = errno;
  bool may = result >= 0;
  for (const int one : passed) may = may || error == one;
  if (may)
    printf("%s yes\n", name);
  else
    printf("%s no:%s\n", name, strerrorname_np(error));
}

long opened(const std::string &path, int flags) {
  const int file = open(path.c_str(), flags | O_CLOEXEC, 0644);
  return file < 0 ? -1 : close(file);
}

long created(const std::string &path) {
  if (opened(path, O_WRONLY | O_CREAT) < 0) return -1;
  return unlink(path.c_str());
}

void report_files() {
  fact("read-secret", opened(in("secret/file"), O_RDONLY));
  fact("write-secret", opened(in("secret/file"), O_WRONLY));
  fact("list-secret", opened(in("secret"), O_RDONLY | O_DIRECTORY));
  fact("create-secret", created(in("secret/new")));
  fact("read-granted", opened(in("granted/file"), O_RDONLY));
  fact("write-granted", opened(in("granted/file"), O_WRONLY));
  fact("truncate-granted", truncate(in("granted/file").c_str(), 4));
  fact("create-granted", created(in("granted/new")));
  fact("read-open", opened(in("granted/open/file"), O_RDONLY));
  fact("read-denied", opened(in("granted/denied/file"), O_RDONLY));
  fact("write-denied", opened(in("granted/denied/file"), O_WRONLY));
  fact("create-denied", created(in("granted/denied/new")));
  fact("write-protected", opened(in("protected/dir/file"), O_WRONLY));
  fact("delete-protected", rmdir(in("protected/dir").c_str()), {ENOTEMPTY});
  fact("read-twin", opened(in("twin/granted/file"), O_RDONLY));
  fact("read-twin-denied", opened(in("twin/granted/denied/file"), O_RDONLY));
  fact("metadata", chmod(in("granted/file").c_str(), 0666));
  char *const nothing[] = {nullptr};
  fact("execute", execve(in("other").c_str(), nothing, nothing), {ENOEXEC});
}

long reached(int type, bool binds) {
  const int socket_ = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return -1;
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = binds ? 0 : htons(9);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto *generic = reinterpret_cast<const sockaddr *>(&address);
  const long result =
      binds ? bind(socket_, generic, sizeof address) : connect(socket_, generic, sizeof address);
  const int error = errno;
  close(socket_);
  errno = error;
  return result;
}

long reached_unix(const std::string &name) {
  const int socket_ = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return -1;
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  memcpy(address.sun_path, name.data(), name.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  const long result = connect(socket_, reinterpret_cast<const sockaddr *>(&address), size);
  const int error = errno;
  close(socket_);
  errno = error;
  return result;
}

void report_network() {
  fact("tcp-connect", reached(SOCK_STREAM, false), {ECONNREFUSED});
  fact("tcp-bind", reached(SOCK_STREAM, true));
  fact("udp-connect", reached(SOCK_DGRAM, false), {ECONNREFUSED});
  fact("udp-bind", reached(SOCK_DGRAM, true));
  fact("unix", reached_unix(in("socket")));
  fact("unix-abstract", reached_unix(std::string(1, '\0') + in("socket")));
  fact("raw", socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP));
  fact("packet", socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  fact("netlink", socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 9));
  fact("mptcp", socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 262));
}

long shared_memory() {
  const int id = shmget(IPC_PRIVATE, 4096, 0);
  return id < 0 ? -1 : shmctl(id, IPC_RMID, nullptr);
}

void report_kernel() {
  fact("signal", kill(getppid(), 0));
  fact("uring", syscall(SYS_io_uring_setup, 1, nullptr), {EFAULT});
  fact("key", syscall(SYS_keyctl, 0, -3, 0));
  fact("sysv", shared_memory());
  fact("bpf", syscall(SYS_bpf, 0, nullptr, 0), {EINVAL, EFAULT, E2BIG});
  char byte = 0;
  fact("tiocsti", ioctl(0, TIOCSTI, &byte), {ENOTTY});
  void *memory =
      mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  fact("write-execute", memory == MAP_FAILED ? -1 : 0);
  fact("personality", syscall(SYS_personality, 0xffffffff) < 0 ? -1 : 0);
  printf("=huge-pages-off %d\n", prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
  fact("userns", unshare(CLONE_NEWUSER));
}

void report_privileges() {
  printf("=no_new_privs %d\n=seccomp %d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0),
         prctl(PR_GET_SECCOMP, 0, 0, 0, 0));
  __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2] = {};
  syscall(SYS_capget, &header, data);
  unsigned long long bounding = 0, ambient = 0;
  for (int i = 0; i < 64; i++) {
    if (prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1) bounding |= 1ULL << i;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i, 0, 0) == 1) ambient |= 1ULL << i;
  }
  const auto whole = [](unsigned low, unsigned high) { return low | 1ULL * high << 32; };
  printf("+cap-permitted %llx\n", whole(data[0].permitted, data[1].permitted));
  printf("+cap-effective %llx\n", whole(data[0].effective, data[1].effective));
  printf("+cap-inheritable %llx\n", whole(data[0].inheritable, data[1].inheritable));
  printf("+cap-bounding %llx\n+cap-ambient %llx\n", bounding, ambient);
}

void report_process() {
  unsigned long long descriptors = 0;
  for (int i = 0; i < 64; i++)
    if (fcntl(i, F_GETFD) >= 0) descriptors |= 1ULL << i;
  printf("+descriptors %llx\n", descriptors);
  for (int i = 0; i < 16; i++) {
    rlimit limit = {};
    getrlimit(static_cast<__rlimit_resource>(i), &limit);
    printf("<limit-%d %llu\n<limit-%d-hard %llu\n", i,
           static_cast<unsigned long long>(limit.rlim_cur), i,
           static_cast<unsigned long long>(limit.rlim_max));
  }
  for (char **entry = environ; *entry != nullptr; entry++) printf("env:%s yes\n", *entry);
  char path[4096];
  printf("=directory %s\n", getcwd(path, sizeof path) == nullptr ? "?" : path);
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  folder = argv[1];
  struct stat output = {};
  fstat(1, &output);
  // Opened by ll-exec when it is told that descriptor 1 is closed.
  if (S_ISCHR(output.st_mode) || S_ISFIFO(output.st_mode)) dup2(2, 1);
  report_process();
  report_privileges();
  report_files();
  report_network();
  report_kernel();
  puts("=end here");
  return 0;
}
