// probe VERB [ARGUMENT...]: one operation, so that a test sees whether a sandbox allows it.
// Static, so that a policy need only grant this file. A failed call is printed on
// standard error as "VERB: EACCES", and the exit status is 1.
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/random.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

extern char **environ;

namespace {

const char *const *words;  // after the verb, up to a null pointer

const char *word(int i) {
  for (int k = 0; k < i; k++)
    if (words[k] == nullptr) break;
  if (words[i] == nullptr) {
    fputs("probe: an argument is missing\n", stderr);
    exit(2);
  }
  return words[i];
}

int number(int i) { return atoi(word(i)); }

std::string errno_name(int error) {
  switch (error) {
    case EACCES: return "EACCES";
    case EPERM: return "EPERM";
    case ENOENT: return "ENOENT";
    case EXDEV: return "EXDEV";
    case EBADF: return "EBADF";
    case EINVAL: return "EINVAL";
    case ENOSYS: return "ENOSYS";
    case EISDIR: return "EISDIR";
    case ENOTTY: return "ENOTTY";
    case EAGAIN: return "EAGAIN";
    case ENOMEM: return "ENOMEM";
    case EADDRINUSE: return "EADDRINUSE";
    case EADDRNOTAVAIL: return "EADDRNOTAVAIL";
    case EAFNOSUPPORT: return "EAFNOSUPPORT";
    case ECONNREFUSED: return "ECONNREFUSED";
    case EPROTONOSUPPORT: return "EPROTONOSUPPORT";
    case ESOCKTNOSUPPORT: return "ESOCKTNOSUPPORT";
    default: return "errno " + std::to_string(error);
  }
}

// ---- files: each returns -1 and sets errno, as the call that it makes

int open_and_close(const char *path, int flags) {
  const int file = open(path, flags | O_CLOEXEC, 0644);
  return file < 0 ? -1 : close(file);
}

int print_file(const char *path) {
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  char buffer[65536];
  for (ssize_t got = 0; (got = read(file, buffer, sizeof buffer)) != 0;) {
    if (got < 0) return -1;
    fwrite(buffer, 1, static_cast<size_t>(got), stdout);
  }
  return close(file);
}

int list(const char *path) {
  DIR *folder = opendir(path);
  if (folder == nullptr) return -1;
  while (const dirent *entry = readdir(folder)) puts(entry->d_name);
  return closedir(folder);
}

int truncate_opened(const char *path) {
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  return file < 0 ? -1 : ftruncate(file, 0);
}

// random(4): any user may ask, if Landlock lets the ioctl through.
int ask_entropy(const char *path) {
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  int bits = 0;
  return file < 0 ? -1 : ioctl(file, RNDGETENTCNT, &bits);
}

// ---- sockets

sockaddr_in loopback(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

template <typename Address>
const sockaddr *generic(const Address &address) {
  return reinterpret_cast<const sockaddr *>(&address);
}

int bind_port(int type, int port) {
  const int socket_ = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return -1;
  const sockaddr_in address = loopback(port);
  const int yes = 1;  // another test may have the same port
  setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  return bind(socket_, generic(address), sizeof address);
}

int connect_port(int type, int port) {
  const int socket_ = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  return socket_ < 0 ? -1 : connect(socket_, generic(address), sizeof address);
}

// A name with a leading @ is abstract.
socklen_t unix_address(const char *name, sockaddr_un &address) {
  address = {};
  address.sun_family = AF_UNIX;
  const size_t size = strlen(name);
  if (size >= sizeof address.sun_path) exit(2);
  memcpy(address.sun_path, name, size);
  if (name[0] == '@') address.sun_path[0] = '\0';
  return static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size);
}

int on_unix(const char *name, decltype(connect) *act) {
  const int socket_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address;
  const socklen_t size = unix_address(name, address);
  return socket_ < 0 ? -1 : act(socket_, generic(address), size);
}

// Listens until the test that started it ends.
int serve(std::string_view kind) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const bool tcp = kind == "tcp";
  const int socket_ = socket(tcp ? AF_INET : AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (tcp) {
    if (bind(socket_, generic(address), size) != 0) return -1;
  } else {
    sockaddr_un name;
    const socklen_t name_size = unix_address(word(1), name);
    if (bind(socket_, generic(name), name_size) != 0) return -1;
  }
  // Nothing is accepted: a test may connect more often than there are ABIs.
  if (listen(socket_, 64) != 0) return -1;
  if (tcp) getsockname(socket_, reinterpret_cast<sockaddr *>(&address), &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  alarm(600);
  for (;;) pause();
}

// ---- the process

int make_shared_memory() {
  const int id = shmget(IPC_PRIVATE, 4096, 0600);
  return id < 0 ? -1 : (shmctl(id, IPC_RMID, nullptr), 0);
}

int print_descriptors(int most) {
  for (int i = 0; i < most; i++)
    if (fcntl(i, F_GETFD) >= 0) printf("%d\n", i);
  return 0;
}

int print_limits() {
  static constexpr const char *kNames[] = {
      "cpu",     "fsize", "data",  "stack",      "core",     "rss",  "nproc",  "nofile",
      "memlock", "as",    "locks", "sigpending", "msgqueue", "nice", "rtprio", "rttime"};
  for (int i = 0; i < 16; i++) {
    rlimit limit;
    getrlimit(static_cast<__rlimit_resource>(i), &limit);
    printf("%s %lld %lld\n", kNames[i], static_cast<long long>(limit.rlim_cur),
           static_cast<long long>(limit.rlim_max));
  }
  return 0;
}

// personality(2); THP_DISABLE and MDWE as prctl(2) has them.
int print_modes() {
  printf("aslr %s\n", (syscall(SYS_personality, 0xffffffff) & 0x40000) != 0 ? "off" : "on");
  printf("hugepages %s\n", prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0) == 1 ? "off" : "on");
  printf("write-execute %s\n", prctl(66, 0, 0, 0, 0) == 1 ? "denied" : "allowed");
  return 0;
}

// map BYTES PROT FLAGS [PROT]: mmap(2) of nothing, what can be written is, then mprotect(2).
int map_memory() {
  const size_t size = strtoul(word(0), nullptr, 0);
  const int protection = static_cast<int>(strtol(word(1), nullptr, 0));
  void *memory =
      mmap(nullptr, size, protection, static_cast<int>(strtol(word(2), nullptr, 0)), -1, 0);
  if (memory == MAP_FAILED) return -1;
  if ((protection & PROT_WRITE) != 0) memset(memory, 1, size);
  if (words[3] == nullptr) return 0;
  return mprotect(memory, size, static_cast<int>(strtol(word(3), nullptr, 0)));
}

// The number of children, of COUNT, that can exist at once.
int fork_bounded(int wanted) {
  pid_t children[256];
  int count = 0;
  for (; count < wanted && count < 256; count++) {
    children[count] = fork();
    if (children[count] < 0) break;
    while (children[count] == 0) pause();
  }
  printf("%d\n", count);
  for (int i = 0; i < count; i++) kill(children[i], SIGKILL);
  for (int i = 0; i < count; i++) waitpid(children[i], nullptr, 0);
  return 0;
}

int choose_every_processor() {
  cpu_set_t all;
  memset(&all, 0xff, sizeof all);
  return sched_setaffinity(0, sizeof all, &all);
}

int print_environment() {
  for (char **entry = environ; *entry != nullptr; entry++) puts(*entry);
  return 0;
}

int print_arguments() {
  for (int i = 0; words[i] != nullptr; i++) puts(words[i]);
  return 0;
}

int print_directory() {
  char path[4096];
  return getcwd(path, sizeof path) == nullptr ? -1 : puts(path);
}

int print_abi() {
  const long abi = syscall(444, nullptr, 0, 1);  // landlock_create_ruleset(2), ..._VERSION
  printf("%ld\n", abi < 0 ? 0 : abi);
  return 0;
}

// Where the shell cannot: it keeps descriptors beyond 9 for itself, and its limit is lower.
int run_with_descriptor(int wanted) {
  const rlimit limit = {static_cast<rlim_t>(wanted) + 1, static_cast<rlim_t>(wanted) + 1};
  rlimit now;
  getrlimit(RLIMIT_NOFILE, &now);
  if (now.rlim_cur <= limit.rlim_cur) {
    now.rlim_cur = limit.rlim_cur;
    if (now.rlim_max < limit.rlim_max) now.rlim_max = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &now) != 0) return -1;
  }
  const int file = open("/dev/null", O_RDONLY);
  if (file < 0 || dup2(file, wanted) < 0) return -1;
  if (file != wanted) close(file);
  word(1);
  return execv(words[1], const_cast<char *const *>(words + 1));
}

int run_with_closed(const char *descriptors) {
  for (; *descriptors != '\0'; descriptors++) close(*descriptors - '0');
  word(1);
  return execv(words[1], const_cast<char *const *>(words + 1));
}

int do_file(std::string_view verb) {
  if (verb == "read") return print_file(word(0));
  if (verb == "write") return open_and_close(word(0), O_WRONLY);
  if (verb == "create") return open_and_close(word(0), O_WRONLY | O_CREAT | O_EXCL);
  if (verb == "overwrite") return open_and_close(word(0), O_WRONLY | O_CREAT | O_TRUNC);
  if (verb == "truncate") return truncate(word(0), 0);
  if (verb == "ftruncate") return truncate_opened(word(0));
  if (verb == "list") return list(word(0));
  if (verb == "mkdir") return mkdir(word(0), 0755);
  if (verb == "rmdir") return rmdir(word(0));
  if (verb == "unlink") return unlink(word(0));
  if (verb == "rename") return rename(word(0), word(1));
  if (verb == "exchange") return renameat2(AT_FDCWD, word(0), AT_FDCWD, word(1), RENAME_EXCHANGE);
  if (verb == "link") return link(word(0), word(1));
  if (verb == "symlink") return symlink(word(0), word(1));
  if (verb == "mkfifo") return mkfifo(word(0), 0644);
  if (verb == "mknod-char") return mknod(word(0), S_IFCHR | 0644, makedev(1, 3));
  if (verb == "mknod-block") return mknod(word(0), S_IFBLK | 0644, makedev(7, 0));
  if (verb == "mknod-sock") return mknod(word(0), S_IFSOCK | 0644, 0);
  if (verb == "open-truncating") return open_and_close(word(0), O_RDONLY | O_TRUNC);
  if (verb == "chmod") return chmod(word(0), 0600);
  if (verb == "ioctl") return ask_entropy(word(0));
  if (verb == "exec") return execv(word(0), const_cast<char *const *>(words));
  return -2;
}

// A filter of the program itself, with these answers to the calls that a sandbox's filter refuses.
int install_filter(uint32_t answer, unsigned flags) {
  constexpr uint32_t kAll[] = {SYS_socket,       SYS_add_key, SYS_io_uring_setup,
                               SYS_memfd_create, SYS_shmget,  SYS_unshare};
  sock_filter code[3 + 6];
  code[0] = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0);
  for (uint8_t i = 0; i < 6; i++)
    code[1 + i] = BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kAll[i], static_cast<uint8_t>(6 - i), 0);
  code[7] = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  code[8] = BPF_STMT(BPF_RET | BPF_K, answer);
  const sock_fprog program = {9, code};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return -1;
  return static_cast<int>(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program));
}

// The listener answers that the call may go on.
[[noreturn]] void let_all_pass(int asked) {
  for (;;) {
    seccomp_notif question = {};
    if (ioctl(asked, SECCOMP_IOCTL_NOTIF_RECV, &question) < 0) {
      if (errno == EINTR || errno == ENOENT) continue;
      exit(1);
    }
    seccomp_notif_resp answer = {};
    answer.id = question.id;
    answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    ioctl(asked, SECCOMP_IOCTL_NOTIF_SEND, &answer);
  }
}

int install_notifier() {
  const int asked = install_filter(SECCOMP_RET_USER_NOTIF, SECCOMP_FILTER_FLAG_NEW_LISTENER);
  if (asked < 0) return -1;
  const pid_t asking = getpid();
  const pid_t answering = fork();
  if (answering == 0) {
    // It may have ended before it was asked for.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != asking) exit(1);
    let_all_pass(asked);
  }
  return answering < 0 ? -1 : 0;
}

void note_signal(int number) { printf("signal %d\n", number); }

pid_t fork_at_last() {
  for (;;) {
    const pid_t child = fork();
    if (child >= 0) return child;
    sched_yield();
  }
}

// So many processes, each of which forks and ends, and so on for ever. They keep the pipe of that
// name open, and it is told when all of them are there. What has ended and is not reaped yet counts
// for the limit of processes: a fork that is refused is tried again.
int relay(int runners, std::string_view kind, const char *pipe) {
  const int ledger = open(pipe, O_WRONLY);
  if (ledger < 0) return -1;
  for (int i = 0; i < runners; i++) {
    const pid_t runner = fork_at_last();
    while (runner == 0) {
      if (kind == "own") setsid();
      if (fork_at_last() != 0) _exit(0);
    }
  }
  return write(ledger, "all", 3) == 3 ? pause() : -1;
}

void *stop_for_parent(void *) {
  if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) < 0) return nullptr;
  // Ignored, but the tracer is told of it first.
  syscall(SYS_tkill, syscall(SYS_gettid), SIGURG);
  pause();
  return nullptr;
}

// The parent is made the tracer of so many threads, one after the other, and has to let them go.
int be_traced(int count, int milliseconds) {
  for (int i = 0; i < count; i++) {
    pthread_t thread;
    errno = pthread_create(&thread, nullptr, stop_for_parent, nullptr);
    if (errno != 0) return -1;
    usleep(static_cast<useconds_t>(milliseconds) * 1000);
  }
  exit(0);
}

// A call that the sandbox's filter refuses, under a filter with another answer.
int do_behind(std::string_view kind);

int do_other(std::string_view verb) {
  if (verb == "behind") return do_behind(word(0));
  if (verb == "relay") return relay(number(0), word(1), word(2));
  if (verb == "add-key")
    return static_cast<int>(syscall(SYS_add_key, "user", "probe", "x", 1, -2 /* process */));
  if (verb == "memfd") return static_cast<int>(syscall(SYS_memfd_create, "probe", 0));
  if (verb == "connect") return connect_port(SOCK_STREAM, number(0));
  if (verb == "bind") return bind_port(SOCK_STREAM, number(0));
  if (verb == "connect-udp") return connect_port(SOCK_DGRAM, number(0));
  if (verb == "bind-udp") return bind_port(SOCK_DGRAM, number(0));
  if (verb == "socket") return socket(number(0), number(1), number(2));
  if (verb == "connect-unix") return on_unix(word(0), connect);
  if (verb == "bind-unix") return on_unix(word(0), bind);
  if (verb == "serve") return serve(word(0));
  if (verb == "shmget") return make_shared_memory();
  if (verb == "unshare-user") return unshare(CLONE_NEWUSER);
  if (verb == "io-uring") return static_cast<int>(syscall(SYS_io_uring_setup, 1, nullptr));
  if (verb == "kill") return kill(number(0), number(1));
  if (verb == "raise") return raise(number(0));
  if (verb == "wait") return pause();
  if (verb == "be-traced") return be_traced(number(0), number(1));
  if (verb == "exit") exit(number(0));
  if (verb == "descriptors") return print_descriptors(number(0));
  if (verb == "first-descriptor") exit(open(word(0), O_RDONLY));
  if (verb == "write-to") return write(number(0), "x", 1) == 1 ? 0 : -1;
  if (verb == "limits") return print_limits();
  if (verb == "modes") return print_modes();
  if (verb == "map") return map_memory();
  if (verb == "forks") return fork_bounded(number(0));
  if (verb == "every-processor") return choose_every_processor();
  if (verb == "personality") return static_cast<int>(syscall(SYS_personality, number(0)));
  if (verb == "environment") return print_environment();
  if (verb == "arguments") return print_arguments();
  if (verb == "directory") return print_directory();
  if (verb == "pid") return printf("%d\n", getpid());
  if (verb == "abi") return print_abi();
  if (verb == "with-descriptor") return run_with_descriptor(number(0));
  if (verb == "with-closed") return run_with_closed(word(0));
  fprintf(stderr, "probe: unknown verb %s\n", std::string(verb).c_str());
  exit(2);
}

int do_behind(std::string_view kind) {
  int result = 0;
  if (kind == "trace") result = install_filter(SECCOMP_RET_TRACE, 0);
  if (kind == "notify") result = install_notifier();
  if (kind == "log") result = install_filter(SECCOMP_RET_LOG, 0);
  if (kind == "trap") {
    signal(SIGSYS, note_signal);
    result = install_filter(SECCOMP_RET_TRAP | 13, 0);
  }
  if (kind == "handler") signal(SIGSYS, note_signal);
  if (result < 0) {
    fprintf(stderr, "filter: %s\n", errno_name(errno).c_str());
    exit(3);
  }
  const char *const verb = word(1);
  words += 2;
  result = do_other(verb);
  if (result < 0) fprintf(stderr, "%s: %s\n", verb, errno_name(errno).c_str());
  fflush(stdout);
  exit(result < 0 ? 1 : 0);
}

}  // namespace

int main(int argc, char **argv) {
  if (argc < 2) {
    fputs("usage: probe VERB [ARGUMENT...]\n", stderr);
    return 2;
  }
  words = argv + 2;
  const std::string_view verb = argv[1];
  int result = do_file(verb);
  if (result == -2) result = do_other(verb);
  if (result >= 0) return 0;
  fprintf(stderr, "%s: %s\n", argv[1], errno_name(errno).c_str());
  return 1;
}
